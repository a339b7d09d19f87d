"""What is done with the headers of a protocol, and what many of them have in common."""

from collections.abc import Callable

from analyzer.frozen import frozen
from analyzer.redact.packet import Layer, Packet

Key = tuple[int, int]
Size = Callable[[Packet, int, int], int]
Change = Callable[[Packet, Layer], None]

_FIRST_ETHERTYPE = 0x0600
_SNAP = b"\xaa\xaa\x03\x00\x00\x00"
MAC_BYTES = 6


def nothing(_packet: Packet, _layer: Layer) -> None:
    """Leave a header as it is."""


@frozen
class HeaderKind:
    """What to do with the headers of a protocol."""

    size: Size
    """Bytes of the header at a place, where nothing behind it was decoded; -1: it is damaged."""
    hide: Change = nothing
    """Takes out what names somebody."""
    finish: Change = nothing
    """Sets lengths and checksums, once all behind it is made."""


def fixed(size: int) -> Size:
    """Measure headers of one size."""
    return lambda _packet, _at, _end: size


def macs(*offsets: int) -> Change:
    """Exchange MAC addresses at some offsets."""

    def hide(packet: Packet, layer: Layer) -> None:
        for offset in offsets:
            packet.map_mac(layer.start + offset)

    return hide


def with_snap(size: int) -> Size:
    """Measure a header that ends with an EtherType, or with a length and LLC behind it."""

    def measure(packet: Packet, at: int, _end: int) -> int:
        is_llc = packet.u16(at + size - 2) < _FIRST_ETHERTYPE
        has_snap = is_llc and packet.data[at + size : at + size + 6] == _SNAP
        return size + 8 if has_snap else size

    return measure


def length_of_802_3(offset: int) -> Change:
    """Let the length of an 802.3 frame at an offset follow."""

    def finish(packet: Packet, layer: Layer) -> None:
        length = packet.u16(layer.start + offset)
        if 0 < length < _FIRST_ETHERTYPE:
            # what grows past the longest is no longer of this kind: nobody would read it
            packet.put16(layer.start + offset, min(length + packet.growth, _FIRST_ETHERTYPE - 1))

    return finish


def blank_from(offset: int) -> Change:
    """Leave the first bytes of a header, and zeros behind them."""

    def hide(packet: Packet, layer: Layer) -> None:
        packet.blank(min(layer.start + offset, layer.stop), layer.stop)

    return hide


def ppp_size(packet: Packet, at: int, _end: int) -> int:
    """Measure a header of PPP, with or without address and control (RFC 1662 §3.1)."""
    lead = 2 if packet.u16(at) == 0xFF03 else 0
    return lead + (1 if packet.data[at + lead] & 1 else 2)


def finish_pppoe(packet: Packet, layer: Layer) -> None:
    """Let the length of PPPoE follow (RFC 2516 §4)."""
    packet.grow16(layer.start + 4)


KEPT = HeaderKind(fixed(0))
"""No header of its own."""
PPP = HeaderKind(ppp_size)
