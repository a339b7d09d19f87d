"""Fields of an interval that was refused as too short: of a session (422, RFC 4028 §6), of a
registration, subscription or publication (423, RFC 3261 §21.4.17).
"""

import numpy as np

from analyzer.annotate.facts.attempts import attempts
from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.contact import Contact, parse_expires
from analyzer.sip.numbers import MAX_32_BIT
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.vector import IntArray

_SESSION_INTERVAL_TOO_SMALL = 422

VERDICTS: dict[str, Text] = {
    "too-brief": {"en": "below the minimum", "ja": "最小値より短い"},
    "long-enough": {"en": "not below the minimum", "ja": "最小値以上"},
    "not-asked": {"en": "none was asked for", "ja": "指定されていない"},
    "no-minimum": {"en": "the response names no minimum", "ja": "応答に最小値がない"},
}
RETRIES: dict[str, Text] = {
    "too-brief": {"en": "again below the minimum", "ja": "再び最小値より短い"},
    "long-enough": {"en": "not below the minimum", "ja": "最小値以上"},
    "not-asked": {"en": "without an interval", "ja": "間隔の指定なし"},
}


def read_interval(value: str | None) -> int | None:
    """Return the seconds of Session-Expires, Min-SE, Expires or Min-Expires; None when they are
    absent or no number of 32 bits.
    """
    seconds = parse_expires(value.partition(";")[0]) if value else None
    return seconds if seconds is not None and seconds <= MAX_32_BIT else None


def registration_interval(contact: str | None, expires: str | None) -> int | None:
    """Return the shortest interval that Contact asks for, else that of Expires (RFC 3261
    §10.2.1.1).
    """
    asked = [each.expires_s for each in Contact.parse_list(contact)] if contact else []
    named = [each for each in asked if each is not None]
    return min(named) if named else read_interval(expires)


def _intervals(judged: Judged, rows: Int64) -> list[Value]:
    """Return the interval that requests ask for; UNKNOWN for row -1."""
    names = ("Session-Expires", "Contact", "Expires")
    columns = [judged.headers(rows, name) for name in names]
    known: dict[tuple[Value, ...], Value] = {}
    found: list[Value] = []
    for status, *values in zip(judged.values("status"), *columns, strict=True):
        key = (status, *values)
        if key not in known:
            known[key] = _interval(key)
        found.append(known[key])
    return found


def _interval(key: tuple[Value, ...]) -> Value:
    status, *values = key
    if UNKNOWN in values:
        return UNKNOWN
    session, contact, expires = (str(each) if each is not None else None for each in values)
    if status == _SESSION_INTERVAL_TOO_SMALL:
        return read_interval(session)
    return registration_interval(contact, expires)


@field(
    "interval.asked",
    "seconds",
    en="Interval that the request asks for: Session-Expires for a 422, else expires of Contact "
    "(the shortest) or Expires.",
    ja="リクエストが求める間隔。422 では Session-Expires、それ以外では Contact の expires"
    "（最短のもの）または Expires。",
)
def _asked(judged: Judged) -> Values:
    return Coded.of(_intervals(judged, judged.request_rows))


@field(
    "interval.minimum",
    "seconds",
    en="Shortest interval that the response allows: Min-SE of a 422, else Min-Expires.",
    ja="応答が認める最短の間隔。422 では Min-SE、それ以外では Min-Expires。",
)
def _minimum(judged: Judged) -> Values:
    columns = [judged.headers(judged.response_rows, name) for name in ("Min-SE", "Min-Expires")]
    return Coded.of(
        [
            read_interval(str(se if status == _SESSION_INTERVAL_TOO_SMALL else other))
            for status, se, other in zip(judged.values("status"), *columns, strict=True)
        ]
    )


def _compare(asked: Value, minimum: Value) -> Value:
    if asked is UNKNOWN:
        return UNKNOWN
    if not isinstance(asked, int):
        return "not-asked"
    if not isinstance(minimum, int):
        return "no-minimum"
    return "too-brief" if asked < minimum else "long-enough"


@field(
    "interval",
    "text",
    en="How the interval asked for compares with the minimum that the response names.",
    ja="求められた間隔と、応答が示す最小値の比較。",
    choices=VERDICTS,
)
def _verdict(judged: Judged) -> Values:
    pairs = zip(judged.values("interval.asked"), judged.values("interval.minimum"), strict=True)
    return Coded.of([_compare(asked, minimum) for asked, minimum in pairs])


def _retry_rows(judged: Judged) -> Int64:
    requests: IntArray = judged.trace.transactions.request_row
    rows = [int(requests[each[0]]) if each else ABSENT for each in judged.kept(attempts)]
    return np.array(rows, np.int64)


@field(
    "interval.retry",
    "text",
    en="How the interval that the first retry asks for compares with the minimum.",
    ja="最初の再試行が求めた間隔と、最小値の比較。",
    choices=RETRIES,
)
def _retry(judged: Judged) -> Values:
    asked = _intervals(judged, judged.kept(_retry_rows))
    pairs = zip(asked, judged.values("interval.minimum"), strict=True)
    found = [None if each is UNKNOWN else _compare(each, minimum) for each, minimum in pairs]
    return Coded.of([None if each == "no-minimum" else each for each in found])


@field(
    "interval.retried",
    "seconds",
    en="Interval that the first retry asks for.",
    ja="最初の再試行が求めた間隔。",
)
def _retried(judged: Judged) -> Values:
    asked = _intervals(judged, judged.kept(_retry_rows))
    return Coded.of([None if each is UNKNOWN else each for each in asked])
