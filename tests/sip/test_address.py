"""Addresses (analyzer.sip.address), by RFC 3261 §20.10, §25.1 and RFC 4475."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip.address import Address, scan_address, scan_tagged

MALFORMED = ("address-malformed",)
UNTERMINATED = ("unterminated-quote",)


@pytest.mark.parametrize(
    ("text", "display", "uri", "tag", "faults"),
    [
        ('"Bob" <sip:bob@example.com>;tag=a6c', "Bob", "sip:bob@example.com", "a6c", ()),
        ("<sip:bob@example.com>", "", "sip:bob@example.com", None, ()),
        ("sip:bob@example.com;tag=1", "", "sip:bob@example.com", "1", ()),
        ("caller<sip:caller@example.com>;tag=323", "caller", "sip:caller@example.com", "323", ()),
        ("T. Watson <sip:w@example.org>", "T. Watson", "sip:w@example.org", None, ()),
        (r'"J \"R\" \\" <sip:j@e.com>', 'J "R" \\', "sip:j@e.com", None, ()),
        ("<sip:a@b;tag=in>;TAG=out", "", "sip:a@b;tag=in", "out", ()),
        ('"a>b" <sip:a@b> ; tag = x ', "a>b", "sip:a@b", "x", ()),
        ("Bell, A <sip:a@b>;tag=43", "Bell, A", "sip:a@b", "43", MALFORMED),
        ("< sip:a@b >", "", "sip:a@b", None, MALFORMED),
        ("<sip:a@b", "", "sip:a@b", None, MALFORMED),
        ("sip:a@b?Route=c", "", "sip:a@b?Route=c", None, MALFORMED),
        ('"Mr. J. <sip:j@b>;tag=9', '"Mr. J.'[1:], "sip:j@b", "9", UNTERMINATED),
        ('"no end', "", '"no end', None, UNTERMINATED),
        ("alan@example.com", "", "alan@example.com", None, MALFORMED),
        ("<sip:a@b>;;;", "", "sip:a@b", None, MALFORMED),
        ("<sip:a@b>;tag=", "", "sip:a@b", None, MALFORMED),
        ("", "", "", None, MALFORMED),
        ("<>", "", "", None, MALFORMED),
    ],
)
def test_parse(text: str, display: str, uri: str, tag: str | None, faults: tuple[str, ...]) -> None:
    """Both forms are read; faults are named and the rest of the address is there."""
    address = Address.parse(text)
    assert (address.display, address.uri, address.tag) == (display, uri, tag)
    assert address.faults == faults


def test_uri_in_parts_and_folds() -> None:
    """A folded address is the same address."""
    folded = Address.parse('"Bob"\r\n <sip:bob@example.com>\r\n ;tag=1')
    assert folded == Address.parse('"Bob" <sip:bob@example.com> ;tag=1')
    assert folded.uri_parts.user == "bob"
    assert folded.parameter("tag") == "1"


def test_list_of_addresses() -> None:
    """Commas in quotes and angle brackets separate nothing; empty values are left out."""
    found = Address.parse_list('"a, b" <sip:a,b@c>;q=0.5, <tel:+1>,, sip:d@e')
    assert [each.uri for each in found] == ["sip:a,b@c", "tel:+1", "sip:d@e"]


ADDRESS_TEXTS = st.text(alphabet='sip:a@b.c<>";=,? \t\r\n\\tagTAG', max_size=40)


@given(ADDRESS_TEXTS, st.sampled_from(["", "<sip:a@b>", "sip:a@b", '"x" <sip:a@b>;tag=t']))
def test_quick_look_equals_full_scan(text: str, begin: str) -> None:
    """The pattern for ordinary addresses gives what the full scan gives."""
    text = begin + text
    spans = scan_address(text, 0, len(text))
    tags = [each.span for each in spans.parameters if each.name == "tag" and each.span[1]]
    assert scan_tagged(text, 0, len(text)) == (tags[0] if tags else (0, 0), spans.faults)


@given(ADDRESS_TEXTS)
def test_spans_lie_in_the_text(text: str) -> None:
    """Any text gives spans inside it."""
    spans = scan_address(text, 0, len(text))
    for start, length in (spans.display, spans.uri, *(each.span for each in spans.parameters)):
        assert 0 <= start <= start + length <= len(text)
    assert Address.parse_list(text) is not None
