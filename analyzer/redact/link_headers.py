"""Link headers: MAC addresses, and what else says who captured or sent."""

from analyzer.decode.protocols import LinkType, Protocol
from analyzer.redact.header_kinds import (
    KEPT,
    MAC_BYTES,
    PPP,
    HeaderKind,
    Size,
    blank_from,
    finish_pppoe,
    fixed,
    length_of_802_3,
    macs,
    with_snap,
)
from analyzer.redact.packet import Layer, Packet


def _hide_sll(packet: Packet, layer: Layer) -> None:
    _hide_link_address(packet, layer.start + 6, packet.u16(layer.start + 4))


def _hide_sll2(packet: Packet, layer: Layer) -> None:
    _hide_link_address(packet, layer.start + 12, packet.data[layer.start + 11])


def _hide_link_address(packet: Packet, at: int, length: int) -> None:
    if length == MAC_BYTES:
        packet.map_mac(at)
        packet.blank(at + MAC_BYTES, at + 8)
    else:
        packet.blank(at, at + 8)


def _wlan_size(packet: Packet, at: int, end: int) -> int:
    """Keep frame control alone of what is no data frame."""
    is_data = packet.data[at] & 0x0C == 0x08
    if not is_data:
        return 2
    size = 30 if packet.data[at + 1] & 3 == 3 else 24
    size += 2 if packet.data[at] & 0x80 else 0
    return size if at + size <= end else 2


def _hide_wlan(packet: Packet, layer: Layer) -> None:
    for offset in (4, 10, 16, 24):
        if offset == 24 and packet.data[layer.start + 1] & 3 != 3:
            continue
        if layer.start + offset + MAC_BYTES <= layer.stop:
            packet.map_mac(layer.start + offset)


def _little_16(offset: int) -> Size:
    """Keep as much as the header says in 16 bits, least significant byte first."""

    def measure(packet: Packet, at: int, _end: int) -> int:
        return int.from_bytes(packet.data[at + offset : at + offset + 2], "little")

    return measure


def _hide_radiotap(packet: Packet, layer: Layer) -> None:
    """Behind the header of radiotap the one of the frame follows at once."""
    size = int.from_bytes(packet.data[layer.start + 2 : layer.start + 4], "little")
    inner = Layer(layer.key, layer.start + size, layer.stop, layer.end)
    if inner.start + 10 <= layer.stop:
        _hide_wlan(packet, inner)


def _radiotap_size(packet: Packet, at: int, end: int) -> int:
    size = int.from_bytes(packet.data[at + 2 : at + 4], "little")
    return size + _wlan_size(packet, at + size, end) if at + size + 2 <= end else size


def _hide_prism(packet: Packet, layer: Layer) -> None:
    packet.blank(layer.start + 8, min(layer.start + 24, layer.stop))


LINKS: tuple[tuple[Protocol, HeaderKind], ...] = (
    (LinkType.ETHERNET, HeaderKind(with_snap(14), macs(0, 6), length_of_802_3(12))),
    (LinkType.LINUX_SLL, HeaderKind(with_snap(16), _hide_sll)),
    (LinkType.LINUX_SLL2, HeaderKind(fixed(20), _hide_sll2)),
    (LinkType.NULL, HeaderKind(fixed(4))),
    (LinkType.LOOP, HeaderKind(fixed(4))),
    (LinkType.RAW, KEPT),
    (LinkType.RAW_BSD, KEPT),
    (LinkType.RAW_BSDOS, KEPT),
    (LinkType.IPV4, KEPT),
    (LinkType.IPV6, KEPT),
    (LinkType.PPP, PPP),
    (LinkType.PPP_HDLC, PPP),
    (LinkType.PPP_WITH_DIR, HeaderKind(fixed(1))),
    (LinkType.PPP_PPPD, HeaderKind(fixed(1))),
    (LinkType.C_HDLC, HeaderKind(fixed(4))),
    (LinkType.PPP_ETHER, HeaderKind(fixed(6), finish=finish_pppoe)),
    (LinkType.IEEE802_11, HeaderKind(_wlan_size, _hide_wlan)),
    (LinkType.IEEE802_11_RADIOTAP, HeaderKind(_radiotap_size, _hide_radiotap)),
    (LinkType.IEEE802_11_PRISM, HeaderKind(fixed(8), _hide_prism)),
    (LinkType.IEEE802_11_AVS, HeaderKind(fixed(8))),
    (LinkType.PPI, HeaderKind(_little_16(2), blank_from(8))),
    (LinkType.PKTAP, HeaderKind(_little_16(0), blank_from(12))),
)
"""Link types, and what is done with their headers."""
