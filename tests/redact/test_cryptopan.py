"""Crypto-PAn (Xu, Fan, Ammar and Moon, ICNP 2002)."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.redact.cryptopan import CryptoPan

_REFERENCE_KEY = bytes(
    (
        21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16,
        216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2,
    )
)  # fmt: skip  # read side by side
"""Key of the sample that the authors published with their implementation."""


def _mapped(pan: CryptoPan, text: str) -> str:
    address = ip_address(text)
    number = pan.map(int(address), address.max_prefixlen)
    return str(ip_address(number.to_bytes(address.max_prefixlen // 8, "big")))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("128.11.68.132", "135.242.180.132"),
        ("129.118.74.4", "134.136.186.123"),
        ("130.132.252.244", "133.68.164.234"),
        ("141.223.7.43", "141.167.8.160"),
        ("24.5.0.80", "100.9.15.210"),
        ("::1", "78ff:f001:9fc0:20df:8380:b1f1:704:ed"),
        ("2001:db8::1", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e"),
    ],
)
def test_published_addresses(address: str, expected: str) -> None:
    """Addresses come out as in the sample of the authors, IPv6 as in the implementations of it."""
    assert _mapped(CryptoPan(_REFERENCE_KEY), address) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.125.244"),
        ("2001:db8::1", "27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd"),
    ],
)
def test_another_implementation(address: str, expected: str) -> None:
    """The examples that the package yacryptopan documents hold here."""
    assert _mapped(CryptoPan(b"32-char-str-for-AES-key-and-pad."), address) == expected


def test_a_short_key() -> None:
    """A key of another length is a mistake of the caller."""
    with pytest.raises(ValueError, match="16 bytes, not 32"):
        CryptoPan(bytes(16))


@given(
    st.binary(min_size=32, max_size=32), st.sampled_from((32, 128)), st.integers(0), st.integers(0)
)
def test_prefixes_are_kept(key: bytes, width: int, one: int, other: int) -> None:
    """Two addresses share exactly as many leading bits as before."""
    pan = CryptoPan(key)
    one, other = one % (1 << width), other % (1 << width)
    shared = width - (one ^ other).bit_length()
    assert width - (pan.map(one, width) ^ pan.map(other, width)).bit_length() == shared
