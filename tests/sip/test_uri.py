"""URIs (analyzer.sip.uri), by RFC 3261 §19.1 and RFC 3966."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip.uri import Uri, has_headers, has_scheme


def test_sip_uri_in_its_parts() -> None:
    """The example of §19.1.1 with all parts."""
    uri = Uri.parse("sip:user:password@Host:5070;transport=tcp;lr?subject=hi&priority=urgent")
    assert (uri.scheme, uri.user, uri.password, uri.host, uri.port) == (
        "sip",
        "user",
        "password",
        "Host",
        5070,
    )
    assert uri.parameter("transport") == "tcp"
    assert [each.name for each in uri.parameters] == ["transport", "lr"]
    assert Uri.parse("sip:b;;lr").parameters == Uri.parse("sip:b;lr").parameters
    assert uri.headers == (("subject", "hi"), ("priority", "urgent"))
    assert uri.address_of_record == "sip:user@host:5070"


@pytest.mark.parametrize(
    ("text", "scheme", "user", "host", "port"),
    [
        ("sip:example.com", "sip", "", "example.com", None),
        ("SIPS:bob@[2001:db8::1]:5061", "sips", "bob", "[2001:db8::1]", 5061),
        ("sip:user;par=u%40x.net@x.com", "sip", "user;par=u%40x.net", "x.com", None),
        ("sip:a?b@c", "sip", "a?b", "c", None),
        ("tel:+81312345678;phone-context=jp", "tel", "+81312345678", "", None),
        ("http://www.example.com", "http", "", "", None),
        ("alan@example.com", "", "", "", None),
        ("sip:host:port", "sip", "", "host:port", None),
        ("", "", "", "", None),
    ],
)  # fmt: skip
def test_parse(text: str, scheme: str, user: str, host: str, port: int | None) -> None:
    """Schemes are case-insensitive; the last @ ends the user part; other schemes are opaque."""
    uri = Uri.parse(text)
    assert (uri.scheme, uri.user, uri.host, uri.port) == (scheme, user, host, port)
    assert uri.text == text


def test_escapes_are_resolved_once() -> None:
    """Escapes are never resolved twice (RFC 4475 §3.1.1.3)."""
    assert Uri.parse("sip:a%2540b@example.com").plain_user == "a%40b"
    assert Uri.parse("sip:null-%00-null@example.com").plain_user == "null-\0-null"
    assert Uri.parse("sip:%FF@example.com").plain_user == "\\xff"


def test_address_of_record() -> None:
    """Port 5060, parameters and the case of the host do not make another address of record."""
    assert Uri.parse("sip:bob@EXAMPLE.com:5060;lr").address_of_record == "sip:bob@example.com"
    assert Uri.parse("tel:+81").address_of_record == "tel:+81"
    assert Uri.parse("urn:service:sos").address_of_record == "urn:service:sos"


def test_has_scheme_and_headers() -> None:
    """A scheme needs something after it; only sip and sips URIs have headers."""
    assert has_scheme("urn:x")
    assert not has_scheme("urn:")
    assert not has_scheme("1a:x")
    assert has_headers("sip:a@b?Route=c")
    assert not has_headers("sip:a?b@c")
    assert not has_headers("http://a/?b")


@given(st.text(max_size=40))
def test_never_raises(text: str) -> None:
    """Any text gives a URI that keeps it."""
    for each in (text, "sip:" + text, "tel:" + text):
        uri = Uri.parse(each)
        assert uri.text == each
        assert uri.plain_user is not None
        assert uri.address_of_record is not None
