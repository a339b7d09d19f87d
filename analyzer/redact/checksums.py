"""Checksums of packets: of the Internet protocols (RFC 1071) and of SCTP (RFC 9260, appendix A)."""

from functools import cache

_WORD = 0xFFFF
_CASTAGNOLI = 0x82F63B78


def internet_checksum(data: bytes) -> int:
    """Return the checksum of bytes in which its own field is 0."""
    padded = data + b"\0" if len(data) % 2 else data
    # Adding 16-bit words with their carries is taking the whole modulo 2**16 - 1.
    return _WORD - int.from_bytes(padded, "big") % _WORD


def pseudo_header(source: bytes, destination: bytes, protocol: int, length: int) -> bytes:
    """Return what a transport checksum covers of the IP header (RFC 9293 §3.1, RFC 8200 §8.1)."""
    if len(source) == 4:
        return source + destination + bytes((0, protocol)) + length.to_bytes(2, "big")
    return source + destination + length.to_bytes(4, "big") + bytes((0, 0, 0, protocol))


def crc32c(data: bytes) -> int:
    """Return the CRC of SCTP, whose bytes are sent with the least significant first."""
    table = _crc_table()
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


@cache
def _crc_table() -> tuple[int, ...]:
    found = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (_CASTAGNOLI if crc & 1 else 0)
        found.append(crc)
    return tuple(found)
