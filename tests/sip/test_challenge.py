"""Challenges and credentials (analyzer.sip.challenge), by RFC 3261 §22.4 and RFC 8760."""

import pytest

from analyzer.sip.challenge import Authentication, parse_authentication

OF_RFC_3261 = (
    'Digest realm="biloxi.com", qop="auth,auth-int", '
    'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
)


def test_challenge() -> None:
    """The challenge that RFC 3261 §22.4 prints; a comma in quotes divides nothing."""
    (found,) = parse_authentication([OF_RFC_3261])
    assert (found.scheme, found.is_digest, found.algorithm) == ("Digest", True, "MD5")
    assert found.parameter("realm") == "biloxi.com"
    assert found.parameter("nonce") == "dcd98b7102dd2f0e8b11d0f600bfb0c093"
    assert found.parameter("qop") == "auth,auth-int"
    assert not found.is_stale


@pytest.mark.parametrize("written", ["true", "TRUE", '"true"'])
def test_stale(written: str) -> None:
    """`stale` does not tell case apart (RFC 7616 §3.3); some quote it."""
    (found,) = parse_authentication([f'Digest realm="a", nonce="b", stale={written}'])
    assert found.is_stale


@pytest.mark.parametrize("together", [True, False])
def test_several(*, together: bool) -> None:
    """A server offers algorithms as header lines, or as a list in one (RFC 8760 §2.3, §2.4)."""
    lines = ['Digest realm="a", algorithm=SHA-256, nonce="1"', 'Digest realm="a", nonce="2"']
    found = parse_authentication([", ".join(lines)] if together else lines)
    assert [each.algorithm for each in found] == ["SHA-256", "MD5"]
    assert [each.parameter("nonce") for each in found] == ["1", "2"]


def test_no_secret_is_kept() -> None:
    """Of credentials the response, which can be tried against passwords, is left out."""
    (found,) = parse_authentication(
        ['Digest username="bob", realm="a", nonce="n", uri="sip:a", response="6629fae4", nc=1']
    )
    assert "6629fae4" not in repr(found)
    assert found.parameter("username") == "bob"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('Bearer authz_server="https://a"', (Authentication("Bearer"),)),
        ("NTLM", (Authentication("NTLM"),)),
        ("", ()),
        ('Digest realm="never ends', (Authentication("Digest", (("realm", "never ends"),)),)),
        (
            'Digest nonce = "a" ,\trealm=b',
            (Authentication("Digest", (("nonce", "a"), ("realm", "b"))),),
        ),
    ],
)
def test_others(value: str, expected: tuple[Authentication, ...]) -> None:
    """Other schemes have no algorithm; what is damaged gives what can be read."""
    assert parse_authentication([value]) == expected


@pytest.mark.parametrize("piece", ["A", "a=", "a ", '"', "\\", "a,"])
def test_long_values_take_no_long_time(piece: str) -> None:
    """A head full of one piece is read in linear time: nobody can stall the analysis with it."""
    assert len(parse_authentication([f"Digest {piece * 60_000}"])) >= 1
