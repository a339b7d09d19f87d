"""UDP, TCP and SCTP headers, and what else IP carries with a checksum of its own."""

from analyzer.decode.protocols import IpProtocol
from analyzer.redact.checksums import crc32c, internet_checksum, pseudo_header
from analyzer.redact.header_kinds import HeaderKind
from analyzer.redact.headers import (
    FRAGMENT_KEY,
    IPV4_KEY,
    IPV6_KEY,
    KINDS,
    NFLOG_KEY,
    SCTP_KEY,
    TCP_KEY,
    UDP_KEY,
)
from analyzer.redact.packet import LONGEST, Layer, Packet

_KEPT_OPTIONS = {2: 4, 3: 3, 4: 2, 8: 10}
"""TCP options that name nobody: segment size, window scale, selective acknowledgement permitted,
timestamps (RFC 9293 §3.2, RFC 7323, RFC 2018), with their lengths.
"""
_NO_OPERATION = 1


def _tcp_size(packet: Packet, at: int, end: int) -> int:
    size = (packet.data[at + 12] >> 4) * 4
    return size if size >= 20 and at + size <= end else -1


def _hide_tcp(packet: Packet, layer: Layer) -> None:
    """Put no-operations for options that may name somebody, or count bytes that moved."""
    at = layer.start + 20
    while at < layer.stop and packet.data[at] != 0:
        kind = packet.data[at]
        if kind == _NO_OPERATION:
            at += 1
            continue
        size = packet.data[at + 1] if at + 1 < layer.stop else 0
        stop = min(at + max(size, 2), layer.stop)
        if _KEPT_OPTIONS.get(kind) != size or at + size > layer.stop:
            packet.data[at:stop] = bytes([_NO_OPERATION]) * (stop - at)
        at = stop
    packet.blank(at, layer.stop)


def ip_of(packet: Packet, layer: Layer) -> Layer | None:
    """Return the IP header that a header stands in."""
    before = packet.layers[: packet.layers.index(layer)]
    return next((each for each in reversed(before) if each.key in (IPV4_KEY, IPV6_KEY)), None)


def addresses_in(packet: Packet, ip: Layer, *, old: bool = False) -> tuple[bytes, bytes]:
    """Return source and destination of an IP header, those it had at first where `old`."""
    start, size = (ip.start + 12, 4) if ip.key == IPV4_KEY else (ip.start + 8, 16)
    data = packet.original if old else packet.data
    source = bytes(data[start : start + size])
    return source, bytes(data[start + size : start + 2 * size])


def checksum_at(packet: Packet, layer: Layer, offset: int, protocol: int) -> int:
    """Return the checksum of a transport with its pseudo header, whose field is at an offset; 0
    where not all that it covers was captured.
    """
    ip = ip_of(packet, layer)
    if layer.is_cut or ip is None:
        return 0
    covered = bytearray(packet.data[layer.start : layer.end])
    covered[offset : offset + 2] = b"\0\0"
    source, destination = addresses_in(packet, ip)
    return internet_checksum(
        pseudo_header(source, destination, protocol, len(covered)) + bytes(covered)
    )


def _finish_udp(packet: Packet, layer: Layer) -> None:
    packet.grow16(layer.start + 4)
    if packet.u16(layer.start + 6):
        # 0 says that there is none (RFC 768)
        found = checksum_at(packet, layer, 6, IpProtocol.UDP)
        packet.put16(layer.start + 6, found if layer.is_cut else found or LONGEST)


def _finish_tcp(packet: Packet, layer: Layer) -> None:
    packet.put16(layer.start + 16, checksum_at(packet, layer, 16, IpProtocol.TCP))


def _finish_sctp(packet: Packet, layer: Layer) -> None:
    packet.blank(layer.start + 8, layer.start + 12)
    covered = bytes(packet.data[layer.start : layer.end])
    found = 0 if layer.is_cut else crc32c(covered)
    packet.data[layer.start + 8 : layer.start + 12] = found.to_bytes(4, "little")


def _nflog_size(packet: Packet, at: int, end: int) -> int:
    del packet
    return min(4, end - at)


def _fields_of(packet: Packet, layer: Layer) -> "list[tuple[int, int, int, str]]":
    """Return place, length, type and byte order of the fields before the payload, it included."""
    found, at = [], layer.start + 4
    while at + 4 <= layer.stop:
        pair = packet.data[at + 2 : at + 4]
        order = "little" if int.from_bytes(pair, "little") <= int.from_bytes(pair, "big") else "big"
        length = int.from_bytes(packet.data[at : at + 2], order)  # type: ignore[arg-type]  # one of two
        kind = int.from_bytes(pair, order)  # type: ignore[arg-type]  # as above
        if length < 4:
            break
        found.append((at, length, kind, order))
        at += (length + 3) & ~3
    return found


_NFLOG_PACKET_HEADER, _NFLOG_PAYLOAD = 1, 9


def _hide_nflog(packet: Packet, layer: Layer) -> None:
    for at, length, kind, _order in _fields_of(packet, layer):
        if kind not in {_NFLOG_PACKET_HEADER, _NFLOG_PAYLOAD}:
            packet.blank(at + 4, min(at + length, layer.stop))


def _finish_nflog(packet: Packet, layer: Layer) -> None:
    for at, length, kind, order in _fields_of(packet, layer):
        if kind == _NFLOG_PAYLOAD:
            value = min(length + packet.growth, LONGEST)
            packet.data[at : at + 2] = value.to_bytes(2, order)  # type: ignore[arg-type]  # as above


ALL_KINDS = KINDS | {
    UDP_KEY: HeaderKind(lambda _packet, _at, _end: 8, finish=_finish_udp),
    TCP_KEY: HeaderKind(_tcp_size, _hide_tcp, _finish_tcp),
    SCTP_KEY: HeaderKind(lambda _packet, _at, _end: 12, finish=_finish_sctp),
    NFLOG_KEY: HeaderKind(_nflog_size, _hide_nflog, _finish_nflog),
}

_CONTROL = {
    int(IpProtocol.ICMP): 2, int(IpProtocol.ICMPV6): 2, int(IpProtocol.IGMP): 2,
}  # fmt: skip  # read side by side
"""Protocols of which type and code stay, and where their checksum is."""


def next_protocol(packet: Packet, layer: Layer) -> int:
    """Return which protocol an IP header says is next; -1 for any other header."""
    if layer.key == IPV4_KEY:
        return packet.data[layer.start + 9]
    if layer.key == IPV6_KEY:
        return packet.data[layer.start + 6]
    return packet.data[layer.start] if layer.key == FRAGMENT_KEY else -1


def control_message(packet: Packet, layer: Layer, size: int) -> bytes | None:
    """Return what stands for ICMP and its like: type and code, and zeros; None for all else."""
    protocol = next_protocol(packet, layer)
    if protocol not in _CONTROL or size < 4 or layer.is_cut:
        return None
    message = bytearray(size)
    message[:2] = packet.data[layer.stop : layer.stop + 2]
    covered = bytes(message)
    if protocol == IpProtocol.ICMPV6:
        source, destination = addresses_in(packet, layer)
        covered = pseudo_header(source, destination, protocol, size) + covered
    message[2:4] = internet_checksum(covered).to_bytes(2, "big")
    return bytes(message)
