"""Durations in ns → words with two or three digits that matter."""

from analyzer.i18n import Texts

_MS, _S = 10**6, 10**9


def duration(ns: int, texts: Texts) -> str:
    """Return a duration as a person would say it: `203 ms`, `4.2 s`, `1 min 12 s`, `2 h 3 min`."""
    if ns < _S:
        return texts("duration.ms", n=(ns + _MS // 2) // _MS)
    if ns < 60 * _S:
        tenths = (ns + _S // 20) // (_S // 10)
        return texts("duration.s", n=f"{tenths // 10}.{tenths % 10}")
    seconds = (ns + _S // 2) // _S
    if seconds < 3600:
        return texts("duration.min", n=seconds // 60, s=seconds % 60)
    minutes = (seconds + 30) // 60
    if minutes < 48 * 60:
        return texts("duration.h", n=minutes // 60, min=minutes % 60)
    return texts("duration.d", n=f"{minutes // 1440:,}", h=minutes % 1440 // 60)
