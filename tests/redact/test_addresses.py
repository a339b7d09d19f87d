"""Addresses of the same kind, with the same prefixes in common."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.redact.addresses import Addresses
from analyzer.sip.address_ranges import is_private

_ADDRESSES = Addresses(b"a key of thirty-two bytes, always")
_V4 = st.integers(0, 2**32 - 1)
_V6 = st.one_of(
    st.integers(0, 2**128 - 1),
    st.integers(0, 2**64 - 1),
    st.integers(0, 2**64).map(lambda low: (0xFE80 << 112) + low),
    st.integers(0, 2**64).map(lambda low: (0xFD00 << 112) + low),
)


def _class_of(address: IPv4Address | IPv6Address) -> tuple[bool, ...]:
    """Return what the standard library says an address is for."""
    return (
        is_private(str(address)),
        address.is_loopback,
        address.is_link_local,
        address.is_multicast,
        address.is_unspecified,
    )


@given(st.one_of(st.tuples(_V4, _V4), st.tuples(_V6, _V6)))
def test_prefixes_are_kept(pair: tuple[int, int]) -> None:
    """Two addresses share exactly as many leading bits as before, whatever networks they are in."""
    width = 128 if max(pair) >> 32 else 32
    if width == 128 and any(each >> 32 == 0xFFFF for each in pair):
        return
    shared = width - (pair[0] ^ pair[1]).bit_length()
    mapped = [_ADDRESSES.number(each, width) for each in pair]
    assert width - (mapped[0] ^ mapped[1]).bit_length() == shared


@given(st.one_of(_V4.map(IPv4Address), _V6.map(IPv6Address)))
def test_what_a_network_is_for_stays(address: IPv4Address | IPv6Address) -> None:
    """Private stays private, and so on for link, host, group and no address at all."""
    mapped = ip_address(_ADDRESSES.packed(address.packed))
    assert _class_of(mapped) == _class_of(address)


@pytest.mark.parametrize("text", ["127.0.0.1", "0.0.0.0", "255.255.255.255", "::1", "::"])  # noqa: S104 - no socket
def test_addresses_of_nobody_stay(text: str) -> None:
    """What names no host is as it was: holding media goes by 0.0.0.0 (RFC 3264 §8.4)."""
    assert _ADDRESSES.text(text) == text


def test_ipv4_in_ipv6() -> None:
    """An IPv4 address written as IPv6 (RFC 4291 §2.5.5.2) is still that IPv4 address."""
    mapped = IPv6Address(str(_ADDRESSES.text("::ffff:198.51.100.7")))
    assert str(mapped.ipv4_mapped) == _ADDRESSES.text("198.51.100.7")


@pytest.mark.parametrize("text", ["198.51.100", "198.51.100.256", "example.com", "", "1", "a:b"])
def test_what_is_no_address(text: str) -> None:
    """Other text has no address that could stand for it."""
    assert _ADDRESSES.text(text) is None


def test_one_address_in_two_spellings() -> None:
    """What is written differently and is the same address has one pseudonym."""
    assert _ADDRESSES.text("2001:DB8:0:0::1") == _ADDRESSES.text("2001:db8::1")
    assert _ADDRESSES.text("fe80::1%eth7") == f"{_ADDRESSES.text('fe80::1')}%0"


def test_mac_addresses() -> None:
    """A MAC address keeps the two bits that say what kind it is; groups and zeros stay."""
    own = bytes.fromhex("005056c00008")
    mapped = _ADDRESSES.mac(own)
    assert mapped != own
    assert len(mapped) == 6
    assert mapped[0] & 3 == own[0] & 3
    assert _ADDRESSES.mac(own) == mapped
    for kept in (b"\xff" * 6, bytes(6), bytes.fromhex("01005e000001")):
        assert _ADDRESSES.mac(kept) == kept


def test_another_key() -> None:
    """Nothing follows from one key for another."""
    other = Addresses(b"another key of thirty-two bytes!!")
    assert other.text("198.51.100.7") != _ADDRESSES.text("198.51.100.7")
    assert other.mac(b"\0" + b"abcde") != _ADDRESSES.mac(b"\0" + b"abcde")
