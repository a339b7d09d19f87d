"""Contact and Expires (analyzer.sip.contact), by RFC 3261 §10.2.2, §20.10, §20.19."""

import pytest

from analyzer.sip.contact import Contact, parse_expires


def test_list_with_parameters() -> None:
    """Each contact has its own expires and q (§10.2.1.2)."""
    first, second = Contact.parse_list(
        '"Mr. Watson" <sip:watson@example.com>;q=0.7; expires=3600, '
        '"Mr. Watson" <mailto:watson@example.com> ;q=.1x'
    )
    assert first.address is not None
    assert (first.address.uri, first.expires_s, first.q) == ("sip:watson@example.com", 3600, 0.7)
    assert (second.expires_s, second.q, second.is_star) == (None, None, False)


def test_star() -> None:
    """`*` stands for all contacts (§10.2.2)."""
    (star,) = Contact.parse_list(" * ")
    assert star.is_star


@pytest.mark.parametrize(
    ("q", "value"), [("1", 1.0), ("0.333", 0.333), ("1.1", None), ("2", None), ("0.1234", None)]
)
def test_preference(q: str, value: float | None) -> None:
    """A q value is from 0 to 1 with at most three decimals (§25.1)."""
    (contact,) = Contact.parse_list(f"<sip:a@b>;q={q}")
    assert contact.q == value


def test_expires() -> None:
    """Expires is a number of seconds."""
    assert parse_expires(" 60 ") == 60
    assert parse_expires("soon") is None
    assert parse_expires(None) is None
