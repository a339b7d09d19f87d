"""What was signed compared with what the request says (RFC 8224 §8.3, RFC 8225)."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence

import pytest

from analyzer.annotate.dialogue import START_NS
from analyzer.annotate.facts.identity import comparison
from analyzer.annotate.fields import UNKNOWN, Value

ValuesOf = Callable[[str, int, str], list[Value]]


@pytest.mark.parametrize(
    ("signed", "named", "expected"),
    [
        (["12155551212"], ['"A" <sip:+12155551212@example.com;user=phone>;tag=1'], "same"),
        (["12155551212"], ["<tel:+1-215-555-1212>"], "same"),
        (["12155551212"], ["<sip:2155551212@example.com>"], "format"),
        (["81312345678"], ["<sip:0312345678@example.com>"], "format"),
        (["12155551212"], ["<sip:+12155551213@example.com>"], "other"),
        (["12155551212"], ["<sip:anonymous@anonymous.invalid>", "<tel:+12155551212>"], "same"),
        (["sip:alice@example.com"], ["<sip:Alice@example.com>"], "same"),
        (["100"], ["<sip:2100@example.com>"], "other"),
        (["1", "12125551213"], ["sip:12125551213@gw"], "same"),
        (["12155551212"], [""], "other"),
    ],
)
def test_comparisons(signed: Sequence[str], named: Sequence[str], expected: str) -> None:
    """Numbers are compared by their digits; national and international form end alike."""
    assert comparison(signed, named) == expected


def identity(iat: int, orig: str, dest: str) -> str:
    """Return an Identity value."""
    parts = (
        {"alg": "ES256", "ppt": "shaken", "typ": "passport", "x5u": "https://cert.example.com/a"},
        {"attest": "B", "dest": {"tn": [dest]}, "iat": iat, "orig": {"tn": orig}, "origid": "x"},
    )
    encoded = (urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    return ".".join((*encoded, "c2ln")) + ";info=<https://cert.example.com/a>;ppt=shaken"


CALL = """
-> INVITE sip:12125551213@example.com SIP/2.0
   From: <sip:+12155551212@example.com>
   To: <sip:12125551213@example.com>
   Identity: {}
<- SIP/2.0 438 Invalid Identity Header
"""


def test_fields(values_of: ValuesOf) -> None:
    """What the token says of the call stands beside what the request says."""
    signed_at = START_NS // 10**9 - 90
    dialogue = CALL.format(identity(signed_at, "12155559999", "12125551213"))
    expected = {
        "identity.signatures": 1,
        "identity.faults": None,
        "identity.certificate": "https://cert.example.com/a",
        "identity.extension": "shaken",
        "identity.attestation": "B",
        "identity.age_s": 90,
        "identity.signed_caller": "12155559999",
        "identity.signed_callee": "12125551213",
        "identity.caller": "other",
        "identity.callee": "same",
    }
    assert {name: values_of(dialogue, 438, name)[0] for name in expected} == expected


def test_unsigned(values_of: ValuesOf) -> None:
    """A request without Identity has no signature; of a missing one it is not known."""
    unsigned = "-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 428 Use Identity Header"
    missing = "<- SIP/2.0 428 Use Identity Header"
    assert values_of(unsigned, 428, "identity.signatures") == [0]
    assert values_of(unsigned, 428, "identity.caller") == [None]
    assert values_of(missing, 428, "identity.signatures") == [UNKNOWN]
    assert values_of(missing, 428, "identity.caller") == [UNKNOWN]
