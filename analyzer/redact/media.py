"""RTP, RTCP and what shares their ports → the same without speech, names and addresses.

Headers stay: streams are counted, and loss and jitter measured, by them.
"""

_RTP_HEADER, _RTCP_HEADER = 12, 4
_HAS_PADDING, _HAS_EXTENSION = 0x20, 0x10
_SENDER_REPORT, _RECEIVER_REPORT, _BYE, _EXTENDED_REPORT = 200, 201, 203, 207
_DESCRIPTION = 202
_FEEDBACK = (205, 206)
_STUN_HEADER, _DTLS_HEADER, _CHANNEL_HEADER, _ZRTP_HEADER = 20, 13, 4, 12


def blank_media(payload: bytes) -> bytes:
    """Return a payload of the same length with nothing but headers."""
    if not payload:
        return payload
    first = payload[0]
    if first >> 6 == 2:
        is_rtcp = len(payload) > 1 and 192 <= payload[1] <= 223
        return _rtcp(payload) if is_rtcp else _rtp(payload)
    kept = _CHANNEL_HEADER if first >> 4 == 4 else _STUN_HEADER
    if 20 <= first <= 25:
        kept = _DTLS_HEADER
    elif first == 0x10:
        kept = _ZRTP_HEADER
    return _kept(payload, kept)


def _kept(payload: bytes, size: int) -> bytes:
    return payload[:size] + bytes(max(0, len(payload) - size))


def _rtp(payload: bytes) -> bytes:
    size = _RTP_HEADER + 4 * (payload[0] & 0x0F)
    if payload[0] & _HAS_EXTENSION:
        size += 4
    found = bytearray(_kept(payload, size))
    if payload[0] & _HAS_PADDING and len(payload) > size:
        found[-1] = payload[-1]
    return bytes(found)


def _rtcp(payload: bytes) -> bytes:
    """Take a compound packet (RFC 3550 §6.1), packet by packet."""
    found = bytearray()
    at = 0
    while at + _RTCP_HEADER <= len(payload):
        size = 4 + 4 * int.from_bytes(payload[at + 2 : at + 4], "big")
        found += _rtcp_packet(payload[at : at + size])
        at += size
    return bytes(found) + bytes(len(payload) - len(found))


def _rtcp_packet(packet: bytes) -> bytes:
    kind = packet[1]
    if kind == _DESCRIPTION:
        return _description(packet)
    kept = {
        _SENDER_REPORT: 28 + 24 * (packet[0] & 0x1F),
        _RECEIVER_REPORT: 8 + 24 * (packet[0] & 0x1F),
        _BYE: 4 + 4 * (packet[0] & 0x1F),
        _EXTENDED_REPORT: len(packet),
    }.get(kind, 12 if kind in _FEEDBACK else 8)
    return _kept(packet, kept)


def _description(packet: bytes) -> bytes:
    """Blank the texts of a source description (RFC 3550 §6.5), names of users and hosts."""
    found = bytearray(packet)
    at = _RTCP_HEADER
    for _ in range(packet[0] & 0x1F):
        at += 4
        while at + 2 <= len(packet) and packet[at]:
            size = packet[at + 1]
            stop = min(at + 2 + size, len(packet))
            found[at + 2 : stop] = b"x" * (stop - at - 2)
            at += 2 + size
        # the item of kind 0 ends the list, on a multiple of 4 bytes
        at = (at + 4) & ~3
    found[at:] = bytes(max(0, len(found) - at))
    return bytes(found)
