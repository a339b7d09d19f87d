"""Texts with `{field}` placeholders: parsed once, filled per row.

Captured text fills a placeholder as it is and is never read as a template. Durations are rounded
for reading (`4.2 s`), times are those of a zone; a value with words of its own
(`annotate.fields.Field.choices`) gives them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache

import numpy as np

from analyzer.annotate.fields import UNKNOWN, Judged, Value, find_field
from analyzer.frozen import frozen

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

_ABSENT = {"en": "(none)", "ja": "（なし）"}
_UNKNOWN = {"en": "(not in the capture)", "ja": "（キャプチャになし）"}
_DURATIONS = {
    "en": ("{:.0f} ms", "{:.1f} s", "{:.0f} min {:02.0f} s"),
    "ja": ("{:.0f} ミリ秒", "{:.1f} 秒", "{:.0f} 分 {:02.0f} 秒"),
}
_JOINTS = {"en": "; ", "ja": "。"}
_SECONDS = {"en": "{} s", "ja": "{} 秒"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@frozen
class Template:
    """A text cut at its placeholders: a literal, a field, a literal, and so on."""

    literals: tuple[str, ...]
    fields: tuple[str, ...]

    def fill(
        self, judged: Judged, rows: Sequence[int], language: str, zone: tzinfo | None = UTC
    ) -> list[str]:
        """Return the text with the values of each row, times in a zone, None the system's."""
        if not self.fields:
            return [self.literals[0]] * len(rows)
        texts = [self.literals[0]] * len(rows)
        for name, literal in zip(self.fields, self.literals[1:], strict=True):
            column = judged.values(name).used(np.asarray(rows, np.int64))
            shown = [show(name, value, language, zone) + literal for value in column.values]
            codes = column.codes.tolist()
            texts = [text + shown[code] for text, code in zip(texts, codes, strict=True)]
        return texts


@cache
def template(text: str) -> Template:
    """Cut a text of a rule at its placeholders."""
    pieces = PLACEHOLDER.split(text)
    return Template(tuple(pieces[::2]), tuple(pieces[1::2]))


def placeholders(text: str) -> list[str]:
    """Return the fields that a text of a rule names."""
    return PLACEHOLDER.findall(text)


def show(name: str, value: Value, language: str, zone: tzinfo | None = UTC) -> str:
    """Return a value of a field as a person reads it."""
    if value is None:
        return _ABSENT.get(language, _ABSENT["en"])
    if value is UNKNOWN:
        return _UNKNOWN.get(language, _UNKNOWN["en"])
    shown = _shown_by(name, language, zone)
    return shown(value) if shown else str(value)


@cache
def _shown_by(name: str, language: str, zone: tzinfo | None) -> Callable[[Value], str] | None:
    """Return what turns the values of a field into text, None when `str` does."""
    field = find_field(name)
    if field.kind == "duration_ms":
        return lambda value: (
            show_duration(value, language) if isinstance(value, float) else str(value)
        )
    if field.kind == "seconds":
        return lambda value: _SECONDS.get(language, _SECONDS["en"]).format(value)
    if field.kind == "time_ns":
        return lambda value: show_time(value, zone) if isinstance(value, int) else str(value)
    if field.choices:
        words = {key: text.get(language) or text["en"] for key, text in field.choices.items()}
        return lambda value: _in_words(str(value), words, _JOINTS.get(language, _JOINTS["en"]))
    return None


def _in_words(value: str, words: Mapping[str, str], joint: str) -> str:
    """Return the words for a value, or for several separated by commas; others as they are."""
    parts = value.split(", ")
    return joint.join(words[each] for each in parts) if words.keys() >= {*parts} else value


def show_time(time_ns: int, zone: tzinfo | None) -> str:
    """Return a time to the second as a person reads it in a zone, with the zone, since it may be
    quoted to somebody in another one: `2026-03-01 14:05:10 +09:00`, or `… UTC`.
    """
    moment = _EPOCH
    try:
        moment += timedelta(seconds=time_ns // 10**9)
        moment = moment.astimezone(zone)
    except (OverflowError, OSError, ValueError):
        # neither the calendar nor the system's zone reaches what damaged captures state
        pass
    offset = f"{moment:%z}"
    zone_name = "UTC" if moment.utcoffset() == timedelta(0) else f"{offset[:3]}:{offset[3:5]}"
    return f"{moment:%Y-%m-%d %H:%M:%S} {zone_name}"


def show_duration(milliseconds: float, language: str) -> str:
    """Return a duration as a person reads it: `240 ms`, `4.2 s`, `2 min 05 s`."""
    short, seconds, long = _DURATIONS.get(language, _DURATIONS["en"])
    if round(milliseconds) < 1000:
        return short.format(milliseconds)
    if milliseconds < 119_950:
        return seconds.format(milliseconds / 1000)
    whole = round(milliseconds / 1000)
    return long.format(whole // 60, whole % 60)
