"""Retry-After (analyzer.sip.retry_after), by RFC 3261 §20.33, whose examples these are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip.retry_after import RetryAfter


@pytest.mark.parametrize(
    ("text", "seconds", "comment", "duration", "faults"),
    [
        ("120", 120, "", None, ()),
        ("18000;duration=3600", 18000, "", 3600, ()),
        ("120 (I'm in a meeting)", 120, "I'm in a meeting", None, ()),
        ("1 (a (b) \\) c);duration=2;x", 1, "a (b) ) c", 2, ()),
        ("1 (no end", 1, "no end", None, ()),
        ("5 later", 5, "", None, ("number-malformed",)),
        ("soon", None, "", None, ("number-malformed",)),
        ("949302838503028349304023988", 10**18, "", None, ("number-out-of-range",)),
    ],
)
def test_parse(
    text: str, seconds: int | None, comment: str, duration: int | None, faults: tuple[str, ...]
) -> None:
    """Seconds, comment and duration are read; absurd values are named."""
    value = RetryAfter.parse(text)
    assert (value.seconds, value.comment, value.duration_s) == (seconds, comment, duration)
    assert value.faults == faults


@given(st.text(alphabet="12 ()\\;=durationx", max_size=30))
def test_never_raises(text: str) -> None:
    """Any text gives a value."""
    assert RetryAfter.parse("1" + text).seconds is not None
