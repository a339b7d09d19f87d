"""Fields of the duration of a subscription: asked for, granted, and when it runs out (RFC 6665)."""

import numpy as np

from analyzer.annotate.conditions import as_number
from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.numbers import MAX_32_BIT

CHANGES: dict[str, Text] = {
    "kept": {"en": "as requested", "ja": "要求どおり"},
    "raised": {"en": "longer than requested", "ja": "要求より長い"},
    "lowered": {"en": "shorter than requested", "ja": "要求より短い"},
}


def _seconds(column: Coded) -> Coded:
    """Return delta-seconds, None for what is absent or no number (RFC 3261 §25.1)."""

    def read(value: Value) -> Value:
        if value is UNKNOWN:
            return value
        number = as_number(value.strip()) if isinstance(value, str) else None
        return int(number) if number is not None and number <= MAX_32_BIT else None

    return Coded(column.codes, [read(each) for each in column.values])


@field(
    "expires.asked",
    "seconds",
    en="Duration asked for in the Expires of the request.",
    ja="リクエストの Expires で要求された期間。",
)
def _asked(judged: Judged) -> Values:
    return _seconds(judged.values("request.expires"))


@field(
    "expires.granted",
    "seconds",
    en="Duration granted in the Expires of the response.",
    ja="応答の Expires で認められた期間。",
)
def _granted(judged: Judged) -> Values:
    return _seconds(judged.values("response.expires"))


@field(
    "expires.change",
    "text",
    en="How the duration granted compares with the one asked for.",
    ja="認められた期間と要求された期間の比較。",
    choices=CHANGES,
)
def _change(judged: Judged) -> Values:
    asked, granted = judged.values("expires.asked"), judged.values("expires.granted")
    width = len(granted.values)
    names: list[Value] = [_compare(one, other) for one in asked.values for other in granted.values]
    return Coded(asked.codes * width + granted.codes, names)


def _compare(asked: Value, granted: Value) -> Value:
    if not isinstance(asked, int) or not isinstance(granted, int):
        return None
    return "kept" if asked == granted else "raised" if granted > asked else "lowered"


@field(
    "expires.runs_out",
    "time_ns",
    en="Time of the response and the duration granted together.",
    ja="応答の時刻に、認められた期間を加えた時刻。",
)
def _runs_out(judged: Judged) -> Values:
    granted = judged.values("expires.granted")
    if not any(isinstance(each, int) for each in granted.values):
        return Coded.constant(None, len(judged))
    lasts = np.array([each if isinstance(each, int) else -1 for each in granted.values], np.int64)
    lasts = lasts[granted.codes]
    times = judged.trace.messages.time_ns[judged.message_rows] // 10**9 * 10**9
    ends = (times + lasts * 10**9).tolist()
    return [end if known else None for end, known in zip(ends, (lasts >= 0).tolist(), strict=True)]
