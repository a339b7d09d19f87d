"""Fields of Retry-After: when the called party expects to be there again (RFC 3261 §20.33)."""

from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.numbers import MAX_32_BIT
from analyzer.sip.retry_after import RetryAfter

VERDICTS: dict[str, Text] = {
    "sound": {"en": "a time to call again", "ja": "再発信できる時期"},
    "absurd": {"en": "too far away to be meant", "ja": "現実的でない長さ"},
    "unreadable": {"en": "no number of seconds", "ja": "秒数として読めない"},
}


def _parsed(judged: Judged) -> list[RetryAfter | None]:
    """Return what each different value of the header says."""
    return [RetryAfter.parse(str(each)) if each else None for each in _values(judged).values]


def _values(judged: Judged) -> Coded:
    return judged.values("response.retry_after")


def _read(judged: Judged, found: list[Value]) -> Coded:
    return Coded(_values(judged).codes, found)


@field(
    "retry_after",
    "text",
    en="Whether Retry-After names a time that can be meant.",
    ja="Retry-After が現実的な時期を示しているかどうか。",
    choices=VERDICTS,
    settings=("longest_retry_after_s",),
)
def _retry_after(judged: Judged) -> Values:
    longest = float(str(judged.settings["longest_retry_after_s"]))

    def verdict(each: RetryAfter | None) -> str | None:
        if each is None:
            return None
        if each.seconds is None:
            return "unreadable"
        return "sound" if each.seconds <= longest else "absurd"

    return _read(judged, [verdict(each) for each in judged.kept(_parsed)])


@field(
    "retry_after.seconds",
    "seconds",
    en="Seconds that Retry-After asks to wait.",
    ja="Retry-After が示す待ち時間（秒）。",
)
def _seconds(judged: Judged) -> Values:
    return _read(judged, [each.seconds if each else None for each in judged.kept(_parsed)])


@field(
    "retry_after.comment",
    "text",
    en="Comment in Retry-After.",
    ja="Retry-After のコメント。",
)
def _comment(judged: Judged) -> Values:
    return _read(
        judged, [(each.comment or None) if each else None for each in judged.kept(_parsed)]
    )


@field(
    "retry_after.duration",
    "seconds",
    en="How long the called party is then there, as Retry-After says.",
    ja="その後に応答できる時間の長さ（Retry-After の duration）。",
)
def _duration(judged: Judged) -> Values:
    return _read(judged, [each.duration_s if each else None for each in judged.kept(_parsed)])


@field(
    "retry_after.not_before",
    "time_ns",
    en="Time of the response and the seconds of Retry-After together.",
    ja="応答の時刻に Retry-After の秒数を加えた時刻。",
)
def _not_before(judged: Judged) -> Values:
    seconds = judged.values("retry_after.seconds")
    if all(each is None for each in seconds.values):
        return seconds
    times = judged.trace.messages.time_ns[judged.message_rows].tolist()
    return [
        time_ns + each * 10**9 if isinstance(each, int) and each <= MAX_32_BIT else None
        for time_ns, each in zip(times, seconds, strict=True)
    ]
