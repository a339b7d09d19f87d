"""IP and MAC addresses → addresses of the same kind.

Two addresses share as long a prefix as before. What a network is for stays: private addresses are
private afterwards, addresses of a link, of the host itself and of groups too. To have both, no bit
is turned on the way to such a network: what an address has in common with the nearest of them, and
one bit more, is as it was.
"""

import hashlib
import ipaddress
import re
from functools import cache

from analyzer.redact.cryptopan import CryptoPan
from analyzer.redact.key import derive

KEPT_PREFIXES = (
    "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "fc00::/7", "fe80::/10", "64:ff9b::/96",
)  # fmt: skip  # read side by side
"""Networks of which the prefix stays (RFC 1918, 6598, 3927, 4193, 4291, 6052)."""
KEPT_WHOLE = ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/127", "ff00::/8")
"""Networks that stay as they are: no address, the host itself, groups (RFC 6890, RFC 5771)."""
MAPPED_IPV4 = 0xFFFF << 32
"""IPv4 in IPv6 (RFC 4291 §2.5.5.2): the IPv4 address is what is mapped."""
MAC_BYTES = 6
_IS_GROUP = 0x01
_KIND_BITS = 0x03
"""Group or not, and whether whoever uses the address chose it (IEEE 802 §8.4)."""
_MOST_KNOWN = 1 << 16

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
IPV6 = r"(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|" + IPV4 + r")?"
_IPV4 = re.compile(IPV4)


@cache
def _networks(width: int) -> tuple[tuple[int, int, bool], ...]:
    """Return base, prefix length, and whether all of it stays, of each network of a width."""
    return tuple(
        (int(network.network_address), network.prefixlen, is_whole)
        for names, is_whole in ((KEPT_PREFIXES, False), (KEPT_WHOLE, True))
        for network in map(ipaddress.ip_network, names)
        if network.max_prefixlen == width
    )


def pinned_bits(address: int, width: int) -> int:
    """Return the bits of an address that stay, as a number with a 1 for each: see above."""
    stays = 0
    for base, length, is_whole in _networks(width):
        shared = width - (address ^ base).bit_length()
        if shared >= length:
            stays = max(stays, width if is_whole else length)
        else:
            # The bit at which the two part decides on which side the address is.
            stays = max(stays, shared + 1)
    return ((1 << stays) - 1) << (width - stays)


class Addresses:
    """The addresses of one key."""

    def __init__(self, key: bytes) -> None:
        """Derive what is needed from the key of the redaction."""
        self._pan = CryptoPan(derive(key, b"addresses"), pinned_bits)
        self._mac_key = derive(key, b"mac")
        self._known: dict[tuple[int, int], int] = {}

    def number(self, address: int, width: int) -> int:
        """Return what stands for an address of 32 or 128 bits."""
        found = self._known.get((address, width))
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            if width == 128 and address >> 32 == MAPPED_IPV4 >> 32:
                found = MAPPED_IPV4 | self.number(address & 0xFFFFFFFF, 32)
            else:
                found = self._pan.map(address, width)
            self._known[address, width] = found
        return found

    def packed(self, address: bytes) -> bytes:
        """Return what stands for an address of 4 or 16 bytes."""
        mapped = self.number(int.from_bytes(address, "big"), 8 * len(address))
        return mapped.to_bytes(len(address), "big")

    def text(self, text: str) -> str | None:
        """Return what stands for an address as text, None where it is none."""
        if _IPV4.fullmatch(text) is None and ":" not in text:
            return None
        bare, percent, _zone = text.partition("%")
        try:
            address = ipaddress.ip_address(bare)
        except ValueError:
            return None
        mapped = self.packed(address.packed)
        found = ipaddress.ip_address(mapped)
        # The zone names an interface of the sender.
        return f"{found}{percent}{'0' if percent else ''}"

    def mac(self, address: bytes) -> bytes:
        """Return what stands for a MAC address; groups and none at all stay."""
        if len(address) != MAC_BYTES or address[0] & _IS_GROUP or not any(address):
            return address
        found = bytearray(hashlib.blake2b(address, key=self._mac_key, digest_size=6).digest())
        found[0] = found[0] & ~_KIND_BITS | address[0] & _KIND_BITS
        return bytes(found)
