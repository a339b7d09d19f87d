"""Bytes → keyed 64-bit hash: SipHash-1-3 (Aumasson and Bernstein, 2012), little endian.

Call-IDs, branches and tags are compared by these hashes; the key is drawn anew for each analysis,
so that nobody can prepare a capture whose identifiers collide. 0 means absent: a hash that comes
out as 0 is given as 1.
"""

from functools import lru_cache

KEY_BYTES = 16
_MASK = 0xFFFF_FFFF_FFFF_FFFF


def _rotate(word: int, bits: int) -> int:
    return ((word << bits) | (word >> (64 - bits))) & _MASK


def _round(v0: int, v1: int, v2: int, v3: int) -> tuple[int, int, int, int]:
    v0 = (v0 + v1) & _MASK
    v1 = _rotate(v1, 13) ^ v0
    v0 = _rotate(v0, 32)
    v2 = (v2 + v3) & _MASK
    v3 = _rotate(v3, 16) ^ v2
    v0 = (v0 + v3) & _MASK
    v3 = _rotate(v3, 21) ^ v0
    v2 = (v2 + v1) & _MASK
    v1 = _rotate(v1, 17) ^ v2
    v2 = _rotate(v2, 32)
    return v0, v1, v2, v3


@lru_cache(maxsize=65_536)
def siphash(key: bytes, data: bytes) -> int:
    """Return the hash of `data` under a key of 16 bytes; never 0.

    The compiled twin is `analyzer.sip._spans.hash_spans`.
    """
    k0 = int.from_bytes(key[:8], "little")
    k1 = int.from_bytes(key[8:KEY_BYTES], "little")
    v0, v1 = k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D
    v2, v3 = k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573
    whole = len(data) & ~7
    words = [int.from_bytes(data[at : at + 8], "little") for at in range(0, whole, 8)]
    words.append(int.from_bytes(data[whole:], "little") | ((len(data) & 0xFF) << 56))
    for word in words:
        v3 ^= word
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        v0 ^= word
    v2 ^= 0xFF
    for _ in range(3):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return (v0 ^ v1 ^ v2 ^ v3) or 1
