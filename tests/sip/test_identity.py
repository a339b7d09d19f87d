"""The Identity header: what was signed, and what is wrong with its form (RFC 8224, RFC 8225)."""

import json
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip.identity import Identity, IdentityFault

HEADER = {"alg": "ES256", "ppt": "shaken", "typ": "passport", "x5u": "https://cert.example.com/a"}
CLAIMS = {
    "attest": "A",
    "dest": {"tn": ["12125551213"], "uri": ["sip:bob@example.com"]},
    "iat": 1_700_000_000,
    "orig": {"tn": "12155551212"},
    "origid": "123e4567-e89b-12d3-a456-426655440000",
}
INFO = ";info=<https://cert.example.com/a>;alg=ES256;ppt=shaken"


def encoded(value: object) -> str:
    """Return JSON as base64url without padding (RFC 7515 §2)."""
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def value(header: object = HEADER, claims: object = CLAIMS, rest: str = INFO) -> str:
    """Return an Identity value in full form."""
    return f"{encoded(header)}.{encoded(claims)}.c2lnbmF0dXJl{rest}"


def test_what_was_signed() -> None:
    """All that RFC 8588 §5 puts into a token is read."""
    (found,) = Identity.parse_list(value())
    assert found == Identity(
        info="https://cert.example.com/a",
        extension="shaken",
        attestation="A",
        caller="12155551212",
        callees=("12125551213", "sip:bob@example.com"),
        signed_at_s=1_700_000_000,
    )


def test_several_and_compact() -> None:
    """Values are a list; the compact form leaves out header and payload (RFC 8224 §4)."""
    full, compact = Identity.parse_list(f"{value()}, ..c2ln;info=<https://a.example.com;v=1,2>")
    assert full.faults == compact.faults == ()
    assert compact.info == "https://a.example.com;v=1,2"
    assert (compact.caller, compact.signed_at_s) == (None, None)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("c2ln;info=<https://a>", {"malformed"}),
        ("a.b.c;info=<https://a>", {"unreadable"}),
        (value([]), {"unreadable"}),
        (value(rest=""), {"no-info"}),
        (value().replace("c2lnbmF0dXJl", ""), {"no-signature"}),
        (value(rest=";info=<https://other.example.com>"), {"info-differs"}),
        (value({**HEADER, "alg": "RS256"}), {"algorithm"}),
        (value(rest=";info=<https://cert.example.com/a>;alg=RS256"), {"algorithm"}),
        (value(claims={"orig": {"tn": "1"}}), {"claims-missing"}),
        ("", {"malformed", "no-info"}),
    ],
)
def test_faults(text: str, faults: set[str]) -> None:
    """Each departure from RFC 8224 §4 and RFC 8225 §5 has its name."""
    (found,) = Identity.parse_list(text)
    assert {each.value for each in found.faults} == faults


@pytest.mark.parametrize(
    "claims",
    [
        {"orig": "1", "dest": [1], "iat": "now", "attest": 1},
        {"orig": {"tn": 1}, "dest": {"tn": {"a": 1}}, "iat": True},
        {"orig": [], "dest": None, "iat": 10**30},
    ],
)
def test_claims_of_other_types(claims: object) -> None:
    """A claim that is not of its type says nothing."""
    (found,) = Identity.parse_list(value(claims=claims))
    said = (found.caller, found.callees, found.signed_at_s, found.attestation)
    assert said == (None, (), None, None)


def test_deep_and_long_tokens() -> None:
    """A token made to exhaust the reader is unreadable, no more."""
    deep = urlsafe_b64encode(b"[" * 6_000).decode()
    long = encoded({"x": "y" * 20_000})
    for part in (deep, long):
        (found,) = Identity.parse_list(f"{part}.{part}.c2ln{INFO}")
        assert found.faults == (IdentityFault.UNREADABLE,)


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    """Whatever stands there, values come back."""
    assert all(isinstance(each, Identity) for each in Identity.parse_list(text))
