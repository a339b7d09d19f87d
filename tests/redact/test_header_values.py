"""Values of headers, where what stays and what does not lie close together."""

import pytest

from analyzer.redact.header_values import HeaderValues
from analyzer.redact.names import Names

_VALUES = HeaderValues(Names(bytes(range(32))))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CSeq", "314159 INVITE"),
        ("Date", "Sat, 13 Nov 2010 23:29:00 GMT"),
        ("Timestamp", "54.21 0.3"),
        ("RAck", "776656 1 INVITE"),
        ("Max-Forwards", "70"),
        ("Retry-After", "3600;duration=1800"),
        ("Session-Expires", "1800;refresher=uac"),
        ("Allow", "INVITE, ACK, CANCEL, OPTIONS, BYE, x-vendor"),
        ("Supported", "100rel,timer, replaces"),
        ("Accept", "application/sdp;level=1, application/vnd.3gpp.sms, text/*;q=0.5"),
        ("Event", "presence.winfo"),
        ("Subscription-State", "terminated;reason=noresource;retry-after=60"),
        ("Privacy", "id;header"),
        ("Reason", 'Q.850;cause=16;text="Terminated"'),
        ("Reason", 'SIP;cause=200;text="Call completed elsewhere"'),
        ("Content-Type", "application/sdp"),
        ("Via", "SIP/2.0/UDP localhost;branch=z9hG4bK"),
        ("Contact", "*"),
        ("From", "<sip:anonymous@anonymous.invalid>"),
        ("Session-ID", "0" * 32),
        ("X-Twilio-Error", "10001 Account is not active"),
        ("Warning", '301 localhost "Incompatible network address formats"'),
        ("P-Early-Media", "sendrecv"),
        ("To", "<urn:service:sos.police>"),
    ],
)
def test_what_stays(name: str, value: str) -> None:
    """Words and numbers of the standards are as they were: rules and people read them."""
    assert _VALUES.take(name, value) == value


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("CSeq", "1 alice", "alice"),
        ("Max-Forwards", "alice", "alice"),
        ("Content-Length", "12 203.0.113.9", "203.0"),
        ("Retry-After", "120 (alice is in a meeting)", "alice"),
        ("Supported", "203.0.113.9", "203.0"),
        ("Event", 'dialog;call-id="alice@acme.net"', "alice"),
        ("Accept", "the house of alice", "alice"),
        ("Contact", '"Alice" <sip:alice@acme.net>;alice', "lice"),
        ("Contact", "<sip:acme.net;203.0.113.9>", "203.0"),
        ("Route", "<sip:203.0.113.9:5060;received='sip:203.0.113.9'>", "203.0"),
        ("Record-Route", "<sip:acme.net;lr;vsf=YWxpY2U->", "YWxpY2U"),
        ("Contact", "<sip:alice@10.9.8.7;alias=203.0.113.9~5060~1>", "203.0"),
        (
            "Identity",
            "eyJhbGciOiJFUzI1NiJ9.eyJvcmlnIjp7InRuIjoiMTIxMjU1NTAxMjMifX0.c2ln",
            "MTIxMjU1",
        ),
        ("Identity", "nonsense-of-alice", "alice"),
        ("Authorization", 'NTLM qop="auth", gssapi-data="YWxpY2U=", targetname="acme"', "acme"),
        ("Authorization", "Basic YWxpY2U6c2VjcmV0", "YWxpY2U"),
        ("Authorization", "alice", "alice"),
        ("P-Asserted-Identity", "Alice of Acme <tel:+12125550123>", "5550123"),
        ("User-Agent", "phone of 10.9.8.7", "10.9.8.7"),
        ("User-Agent", "Phone 00:11:22:aa:bb:cc", "aa:bb"),
        ("Server", "pbx (acme.net)", "acme"),
        ("Subject", "alice", "alice"),
        ("X-Anything", "alice 203.0.113.9", "203.0"),
        ("Call-Info", "<https://acme.net/alice>;purpose=icon", "alice"),
        ("Geolocation", "<https://acme.net/alice>", "acme"),
    ],
)
def test_what_does_not(name: str, value: str, secret: str) -> None:
    """The names among them do not stay, nor does what is malformed."""
    assert secret in value
    assert secret not in _VALUES.take(name, value)


def test_a_token_says_who_called() -> None:
    """The numbers in a token (RFC 8225) are those of the headers, so rules may compare them."""
    from base64 import urlsafe_b64decode, urlsafe_b64encode  # noqa: PLC0415 - only here
    from json import dumps, loads  # noqa: PLC0415 - as above

    claims = {
        "attest": "A",
        "dest": {"tn": ["12125550199"]},
        "iat": 7,
        "orig": {"tn": "12125550123"},
    }
    parts = [
        urlsafe_b64encode(dumps(each).encode()).decode().rstrip("=")
        for each in ({"alg": "ES256", "x5u": "https://acme.net/c.pem"}, claims)
    ]
    value = f"{'.'.join(parts)}.c2lnbmF0dXJl;info=<https://acme.net/c.pem>;alg=ES256;ppt=shaken"
    found = _VALUES.take("Identity", value)
    head, payload, _ = found.partition(";")[0].split(".")
    read = [loads(urlsafe_b64decode(each + "=" * (-len(each) % 4))) for each in (head, payload)]
    assert read[1]["orig"]["tn"] == _VALUES.names.user("12125550123")
    assert read[1]["dest"]["tn"] == [_VALUES.names.user("12125550199")]
    assert (read[1]["attest"], read[1]["iat"], read[0]["alg"]) == ("A", 7, "ES256")
    assert f"info=<{read[0]['x5u']}>;alg=ES256;ppt=shaken" in found
    assert "acme" not in found
