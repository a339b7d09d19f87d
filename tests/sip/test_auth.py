"""Redaction of credentials (analyzer.sip.auth)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip import auth
from analyzer.sip.auth import redact_credentials

DIGEST = (
    'Digest username="bob", realm="biloxi.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
    'uri="sip:bob@biloxi.com", qop=auth, nc=00000001, cnonce="0a4f113b", '
    'response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
)
"""The example of RFC 3261 §22.4."""


def test_digest() -> None:
    """The response of a digest is gone, everything else is there."""
    shown = redact_credentials(DIGEST)
    assert "6629fae49393a05397450978507c4ef1" not in shown
    assert 'username="bob"' in shown
    assert "response=…" in shown
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in shown


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ('Digest RESPONSE = "abc\\"def", x=1', "abc"),
        ("Digest response=abcdef", "abcdef"),
        ('Digest response="abcdef', "abcdef"),
        ('rspauth="abcdef", qop=auth', "abcdef"),
        ('Digest response=""abcdef', "abcdef"),
        ('Digest auts="abcdef=="', "abcdef"),
        ("Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA"),
        ("Bearer eyJhbGciOi.J9", "eyJhbGciOi"),
        ("<sip:bob:secret@example.com>", "secret"),
        ("INVITE sip:bob:secret@example.com SIP/2.0", "secret"),
        ("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3|2^20|1:4", "d0RmdmcmVCspeEc3"),
        ("k=base64:c2VjcmV0IGtleQ==", "c2VjcmV0"),
        ("a=ice-pwd:asd88fgpdd777uzjYhagZg", "asd88fgpdd777uzjYhagZg"),
        ("a=key-mgmt:mikey AQAFgM0XflABAAAAAAAAAAAAAAsAyONQ6gAA", "AQAFgM0XflAB"),
    ],
)
def test_secrets(text: str, secret: str) -> None:
    """Responses, what proves them, tokens and passwords are not shown."""
    assert secret not in redact_credentials(text)


@pytest.mark.parametrize(
    "text",
    [
        "sip:bob@example.com:5060;transport=udp",
        "<sip:example.com:5060>;tag=1, <sip:a@b>",
        'Q.850;cause=16;text="Normal response"',
        "x-response=1",
        "a=rtpmap:0 PCMU/8000",
        "k=1",
    ],
)
def test_other_text_stays(text: str) -> None:
    """What is no credential is shown as it is."""
    assert redact_credentials(text) == text


@given(st.text(max_size=40))
def test_twice_is_once(text: str) -> None:
    """Redacting what is redacted changes nothing."""
    once = redact_credentials("Digest response=" + text)
    assert redact_credentials(once) == once


PIECES = (
    "response", "RSPAUTH", "auts", "ik", "cK", "\u212a", "passwd", "pa\u017fsword", "=", " ", "\n",
    '"', "a", ",", "x-", "Basic ", "BEARER ", "abcdefgh=", "sip:", "\u017fips:", "b:", "c@",
)  # fmt: skip  # a list to read


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_the_quick_look_misses_nothing(text: str) -> None:
    """What each of the searches would hide is hidden: none is left out for a text it finds."""
    expected = auth._SECRET.sub(r"\1\2…", text)  # noqa: SLF001 - the searches themselves
    expected = auth._OPAQUE.sub(r"\1 …", expected)  # noqa: SLF001 - as above
    expected = auth._URI_PASSWORD.sub(r"\1…", expected)  # noqa: SLF001 - as above
    assert redact_credentials(text) == expected
