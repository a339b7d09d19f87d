"""Pseudonyms of users, numbers, hosts and identifiers."""

import pytest

from analyzer.redact.names import Names, is_number

_KEY = b"a key of thirty-two bytes, always"
_NAMES = Names(_KEY)
_LENGTH = Names(_KEY, frozenset({"length"}))
_COUNTRY = Names(_KEY, frozenset({"length", "country"}))


@pytest.mark.parametrize("user", ["anonymous", "Anonymous", "unavailable", "", "-"])
def test_who_is_nobody_stays_nobody(user: str) -> None:
    """Users that name nobody (RFC 3323 §4.1.1.3) are as they were."""
    assert _NAMES.user(user) == user


def test_a_user_is_somebody_else() -> None:
    """A user part gives nothing away but its shape; escapes stay sound (RFC 3261 §25.1)."""
    assert _NAMES.user("alice.smith") != "alice.smith"
    assert "alice" not in _NAMES.user("alice.smith")
    assert _NAMES.user("alice") == _NAMES.user("alice")
    escaped = _NAMES.user("%61%6Cice")
    assert escaped[0] == escaped[3] == "%"
    assert escaped != "%61%6Cice"


@pytest.mark.parametrize("text", ["1001", "+81312345678", "*97", "0312-345-678", "911#"])
def test_a_number_stays_a_number(text: str) -> None:
    """A telephone number (RFC 3966) is exchanged for one."""
    found = _NAMES.user(text)
    assert is_number(found)
    assert found != text
    assert found.startswith("+") == text.startswith("+")


def test_the_length_of_numbers_is_hidden() -> None:
    """Numbers of any length from eight digits on are of one length; short ones are no secret."""
    lengths = {len(_NAMES.user("5551234567"[:size] + "89")) for size in range(6, 11)}
    assert lengths == {11}
    assert len(_NAMES.user("1234")) == 4


def test_numbers_that_end_alike_still_do() -> None:
    """National and international forms of a number are told to be the same by their ends."""
    forms = ["+81312345678", "0312345678", "0081312345678", "312345678"]
    for names in (_NAMES, _LENGTH):
        found = [names.user(each).lstrip("+") for each in forms]
        assert len({each[-9:] for each in found}) == 1
        assert names.user("0312345679")[-6:] != found[0][-6:]
    assert [len(_LENGTH.user(each)) for each in forms] == [len(each) for each in forms]


def test_the_country_code_is_kept_on_request() -> None:
    """One, two or three digits behind the plus stay (ITU-T E.164), the rest does not."""
    for number, code in (("+12125550123", "+1"), ("+81312345678", "+81"), ("+35312345678", "+353")):
        found = _COUNTRY.user(number)
        assert found.startswith(code)
        assert len(found) == len(number)
        assert found != number
    assert not _LENGTH.user("+81312345678").startswith("+81")


def test_hosts_share_their_ends() -> None:
    """Hosts of one domain are in one domain afterwards, which belongs to nobody (RFC 2606)."""
    pbx, sip = _NAMES.host("pbx.carrier.co.jp"), _NAMES.host("SIP.Carrier.co.jp")
    assert pbx.split(".")[1:] == sip.split(".")[1:]
    assert pbx.split(".")[0] != sip.split(".")[0]
    assert pbx.endswith(".example")
    assert "carrier" not in pbx
    assert _NAMES.host("carrier.net").split(".")[0] != pbx.split(".")[1]


@pytest.mark.parametrize(
    ("host", "end"),
    [("pc.invalid", ".invalid"), ("pbx.local", ".local"), ("x.example.com.", ".example.")],
)
def test_special_names_stay_special(host: str, end: str) -> None:
    """Ends that say what kind of name it is stay (RFC 6761), and so does the root dot."""
    assert _NAMES.host(host).endswith(end)
    assert _NAMES.host("anonymous.invalid") == "anonymous.invalid"
    assert _NAMES.host("localhost") == "localhost"


def test_addresses_are_the_same_everywhere() -> None:
    """A host that is an address has the pseudonym of the address, also in brackets."""
    address = _NAMES.addresses.text("198.51.100.7")
    assert _NAMES.host("198.51.100.7") == address
    assert _NAMES.host_port("198.51.100.7:5070") == f"{address}:5070"
    assert _NAMES.identifier("1-77@198.51.100.7").endswith(f"@{address}")
    six = _NAMES.addresses.text("2001:db8::7")
    assert _NAMES.host_port("[2001:db8::7]:5061") == f"[{six}]:5061"


def test_identifiers_keep_what_one_is_made_of() -> None:
    """A Call-ID made from another by something before or behind it still is."""
    own = _NAMES.identifier("f81d4fae-11@198.51.100.7")
    assert _NAMES.identifier("f81d4fae-11@198.51.100.7-b2b_1").startswith(f"{own}-")
    assert _NAMES.identifier("leg2_f81d4fae-11@198.51.100.7").endswith(f"_{own}")
    assert "f81d4fae" not in own
