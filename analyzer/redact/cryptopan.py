"""Crypto-PAn: addresses → addresses, of which two share as long a prefix as before (Xu, Fan, Ammar
and Moon, "Prefix-Preserving IP Address Anonymization", ICNP 2002).

Whether a bit is turned depends on the key and on the bits before it. `pinned` tells where none is:
then a network stays where it is, and everything else still keeps its prefixes.
"""

from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_BYTES = 32
_BLOCK = 16
_BLOCK_BITS = 128

Pinned = Callable[[int, int], int]
"""Takes an address and its width; the number has a 1 for each bit that must stay as it is."""


def nothing_pinned(_address: int, _width: int) -> int:
    """Let every bit be turned."""
    return 0


class CryptoPan:
    """The mapping of one key."""

    def __init__(self, key: bytes, pinned: Pinned = nothing_pinned) -> None:
        """Take 32 bytes: a key of AES-128, and what its pad is made of."""
        if len(key) != KEY_BYTES:
            raise ValueError(f"{len(key)} bytes, not {KEY_BYTES}")
        # One block at a time, and only as a function of it: there is nothing to chain.
        self._cipher = Cipher(algorithms.AES(key[:_BLOCK]), modes.ECB())  # noqa: S305 - see above
        self._pad = int.from_bytes(self._encrypt(key[_BLOCK:]), "big")
        self._pinned = pinned

    def map(self, address: int, width: int) -> int:
        """Return what stands for an address of 32 or 128 bits."""
        blocks = b"".join(
            self._block(address, width, position).to_bytes(_BLOCK, "big")
            for position in range(width)
        )
        found = self._encrypt(blocks)
        turned = 0
        for position in range(width):
            turned = turned << 1 | found[position * _BLOCK] >> 7
        return address ^ (turned & ~self._pinned(address, width))

    def _block(self, address: int, width: int, known: int) -> int:
        """Return the first bits of an address, and the pad behind them."""
        rest = _BLOCK_BITS - known
        head = address >> (width - known) << rest
        return head | self._pad & ((1 << rest) - 1)

    def _encrypt(self, blocks: bytes) -> bytes:
        encryptor = self._cipher.encryptor()
        return encryptor.update(blocks) + encryptor.finalize()
