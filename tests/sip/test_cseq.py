"""CSeq (analyzer.sip.cseq), by RFC 3261 §8.1.1.5 and §25.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip.cseq import CSeq

MALFORMED = ("cseq-malformed",)
RANGE = ("cseq-out-of-range",)


@pytest.mark.parametrize(
    ("text", "number", "method", "faults"),
    [
        ("4711 INVITE", 4711, "INVITE", ()),
        ("0009\r\n  INVITE", 9, "INVITE", ()),
        ("1\tRE%47IST%45R", 1, "RE%47IST%45R", ()),
        ("2147483647 ACK", 2**31 - 1, "ACK", ()),
        ("2147483648 ACK", 2**31, "ACK", RANGE),
        ("4294967295 ACK", 2**32 - 1, "ACK", RANGE),
        ("4294967296 ACK", -1, "ACK", RANGE),
        ("9" * 6000 + " BYE", -1, "BYE", RANGE),
        ("7", 7, "", MALFORMED),
        ("INVITE", -1, "INVITE", MALFORMED),
        ("7INVITE", 7, "INVITE", MALFORMED),
        ("-1 INVITE", -1, "", MALFORMED),
        ("", -1, "", MALFORMED),
        ("1 CANCEL x", 1, "CANCEL", MALFORMED),
    ],
)
def test_parse(text: str, number: int, method: str, faults: tuple[str, ...]) -> None:
    """A number below 2**31 and a token; what is readable of others is there."""
    assert CSeq.parse(text) == CSeq(number, method, faults)


@given(st.text(max_size=30))
def test_never_raises(text: str) -> None:
    """Any text gives a CSeq."""
    assert -1 <= CSeq.parse(text).number < 2**32
