"""Faults of header values (analyzer.sip.checks), by RFC 3261 §20 and RFC 4475."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip.checks import CHECKS

ADDRESS = ("address-malformed",)
MALFORMED = ("number-malformed",)
RANGE = ("number-out-of-range",)


@pytest.mark.parametrize(
    ("name", "value", "faults"),
    [
        ("Contact", "*", ()),
        ("Contact", "<sip:a@b;x>;expires=3600;q=0.5", ()),
        ("Contact", 'sip:a@b, "c" <sip:c@d>', ()),
        ("Contact", "<sip:a@b>\r\n ;expires=280297596632815", RANGE),
        ("Contact", "<sip:a@b>;expires=soon", MALFORMED),
        ("Contact", "sip:a@b?Route=c", ADDRESS),
        ("Contact", '"Joe" <sip:joe@example.org>;;;;', ADDRESS),
        ("Contact", "<sip:a@b>, sip:x y", ADDRESS),
        ("Contact", "", ADDRESS),
        ("Contact", "*, <sip:a@b>", ADDRESS),
        ("Date", "Sat, 13 Nov 2010 23:29:00 GMT", ()),
        ("Date", "Fri, 01 Jan 2010 16:00:00 EST", ("date-malformed",)),
        ("Date", "", ("date-malformed",)),
        ("Expires", "0", ()),
        ("Expires", "4294967295", ()),
        ("Expires", "4294967296", RANGE),
        ("Expires", "Thu, 01 Dec 1994 16:00:00 GMT", MALFORMED),
        ("Max-Forwards", "0068", ()),
        ("Max-Forwards", "255", ()),
        ("Max-Forwards", "256", RANGE),
        ("Max-Forwards", "-1", MALFORMED),
        ("Retry-After", "120", ()),
        ("Retry-After", "18000;duration=3600", ()),
        ("Retry-After", "120 (I'm in a meeting)", ()),
        ("Retry-After", "949302838503028349304023988", RANGE),
        ("Retry-After", "tomorrow", MALFORMED),
        ("Retry-After", "12x", MALFORMED),
        ("Warning", "307 isi.edu \"Session parameter 'foo' not understood\"", ()),
        ("Warning", '301 isi.edu "a, b", 370 192.0.2.1:5060 "no \\"more\\""', ()),
        ("Warning", '1812 overture "In Progress"', ("warning-malformed",)),
        ("Warning", "399 host no quotes", ("warning-malformed",)),
    ],
)
def test_faults(name: str, value: str, faults: tuple[str, ...]) -> None:
    """Each check names what does not follow the grammar, and only that."""
    assert CHECKS[name](value) == faults


@given(st.sampled_from(sorted(CHECKS)), st.text(max_size=40))
def test_never_raises(name: str, value: str) -> None:
    """Any value gives kinds of anomalies."""
    assert isinstance(CHECKS[name](value), tuple)
