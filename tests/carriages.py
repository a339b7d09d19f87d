"""Builds what carries packets, byte by byte, as the specification of each lays it out.

`IN_IP` puts an IP packet into another one, `IN_FRAME` into an Ethernet frame, `FRAME_IN_IP` a frame
into an IP packet, `ON_LINK` an IP packet on another kind of link, `MIRRORED` the message alone.
"""

from collections.abc import Callable
from struct import pack, unpack_from

from frames import MACS, ethernet, ipv4, ipv6, udp

Wrap = Callable[[bytes], bytes]
BEACON = b"\x80\x00" + bytes(22)
"""An 802.11 management frame."""


def ether_type(packet: bytes) -> int:
    """Return the EtherType of an IP packet."""
    return 0x0800 if packet[0] >> 4 == 4 else 0x86DD


def frame(packet: bytes) -> bytes:
    """Return an Ethernet frame with an IP packet in it."""
    return ethernet(ether_type(packet), packet)


def ppp(packet: bytes) -> bytes:
    """Return a PPP packet without address and control (RFC 1661 §2)."""
    return pack(">H", 0x0021 if packet[0] >> 4 == 4 else 0x0057) + packet


def labels(payload: bytes, *numbers: int) -> bytes:
    """Return an MPLS label stack (RFC 3032 §2.1) before its payload."""
    last = len(numbers) - 1
    stack = (pack(">I", each << 12 | (at == last) << 8 | 64) for at, each in enumerate(numbers))
    return b"".join(stack) + payload


def gre(kind: int, payload: bytes, *, flags: int = 0, fields: bytes = b"") -> bytes:
    """Return GRE with what its flags announce (RFC 2784, RFC 2890, RFC 2637)."""
    return pack(">HH", flags, kind) + fields + payload


def pptp(payload: bytes, *, acknowledgement: bytes = b"") -> bytes:
    """Return enhanced GRE (RFC 2637 §4.1): key with length and call, sequence number."""
    flags = 0x3001 | (0x0080 if acknowledgement else 0)
    fields = pack(">HHI", len(payload), 7, 3) + acknowledgement
    return gre(0x880B, payload, flags=flags, fields=fields)


def gtpu(payload: bytes, *, flags: int = 0x30, kind: int = 255, fields: bytes = b"") -> bytes:
    """Return GTP-U; the length counts what follows the first 8 bytes (TS 29.281 §5.1)."""
    return pack(">BBHI", flags, kind, len(fields) + len(payload), 99) + fields + payload


def geneve(kind: int, payload: bytes, *, options: bytes = b"", control: int = 0) -> bytes:
    """Return Geneve (RFC 8926 §3.4)."""
    return pack(">BBHI", len(options) // 4, control, kind, 5 << 8) + options + payload


def l2tp2(payload: bytes, *, flags: int = 0, fields: bytes = b"\0\x07\0\x08") -> bytes:
    """Return an L2TPv2 message (RFC 2661 §3.1); the fields follow the flags."""
    return pack(">H", flags | 2) + fields + payload


def hep3(packet: bytes, *more: tuple[int, bytes], skip: tuple[int, ...] = ()) -> bytes:
    """Return HEP version 3 with the UDP payload of an IPv4 packet."""
    source, destination = unpack_from(">HH", packet, 20)
    chunks = [
        (1, b"\x02"),
        (2, b"\x11"),
        (3, packet[12:16]),
        (4, packet[16:20]),
        (7, pack(">H", source)),
        (8, pack(">H", destination)),
        (11, b"\x01"),
        (12, pack(">I", 2001)),
        *more,
        (15, packet[28:]),
    ]
    body = b"".join(
        pack(">HHH", 0, kind, 6 + len(data)) + data for kind, data in chunks if kind not in skip
    )
    return b"HEP3" + pack(">H", 6 + len(body)) + body


def old_hep(packet: bytes, version: int, *, length: int = 16, time: bytes = b"") -> bytes:
    """Return HEP version 1, or 2 with a time, around the UDP payload of an IPv4 packet."""
    head = pack(">BBBB", version, length, 2, 17) + packet[20:24] + packet[12:20]
    return head + time + packet[28:]


def exported(packet: bytes, name: bytes = b"sip", *, tag: int = 12, port_kind: int = 3) -> bytes:
    """Return a PDU as Wireshark exports it (epan/exported_pdu.h)."""
    source, destination = unpack_from(">HH", packet, 20)
    tags = (
        (tag, name + bytes(-len(name) % 4)),
        (20, packet[12:16]),
        (21, packet[16:20]),
        (24, pack(">I", port_kind)),
        (25, pack(">I", source)),
        (26, pack(">I", destination)),
        (0, b""),
    )
    return b"".join(pack(">HH", number, len(data)) + data for number, data in tags) + packet[28:]


def wlan(
    packet: bytes,
    *,
    control: bytes = b"\x08\x01",
    more: bytes = b"",
    qos: bytes = b"",
    fragment: int = 0,
    padding: bytes = b"",
) -> bytes:
    """Return an 802.11 data frame (IEEE 802.11 §9.3.2) with LLC and SNAP (RFC 1042)."""
    head = control + b"\0\0" + MACS + MACS[:6] + pack("<H", 5 << 4 | fragment) + more + qos
    return head + padding + b"\xaa\xaa\x03\0\0\0" + pack(">H", ether_type(packet)) + packet


def radiotap(payload: bytes, present: tuple[int, ...], fields: bytes) -> bytes:
    """Return a radiotap header before a frame."""
    words = b"".join(pack("<I", each) for each in present)
    return pack("<BBH", 0, 0, 4 + len(words) + len(fields)) + words + fields + payload


def nflog(packet: bytes, order: str = "<", family: int | None = None) -> bytes:
    """Return what LINKTYPE_NFLOG has: fields with length and type, the payload last."""
    default = 2 if packet[0] >> 4 == 4 else 10
    fields = (
        (1, pack(">HBB", ether_type(packet), 1, 0)),
        (10, b"log\0"),
        (5, b"\0\0\0"),
        (9, packet),
    )
    body = b"".join(
        pack(order + "HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)
        for kind, data in fields
    )
    return pack(">BBH", default if family is None else family, 0, 30) + body


def in_udp(payload: bytes, port: int, source: int = 49_152) -> bytes:
    """Return an IPv4 packet that goes to a UDP port."""
    return ipv4(17, udp(payload, source, port))


IN_IP: dict[str, Wrap] = {
    "ip in IPv4": lambda packet: ipv4(4 if packet[0] >> 4 == 4 else 41, packet),
    "ip in IPv6": lambda packet: ipv6(4 if packet[0] >> 4 == 4 else 41, packet),
    "GRE": lambda packet: ipv4(47, gre(ether_type(packet), packet)),
    "GRE over IPv6": lambda packet: ipv6(47, gre(ether_type(packet), packet)),
    "GRE with checksum": lambda packet: ipv4(
        47, gre(ether_type(packet), packet, flags=0x8000, fields=b"\1\2\0\0")
    ),
    "GRE with all fields": lambda packet: ipv4(
        47, gre(ether_type(packet), packet, flags=0xB000, fields=bytes(range(12)))
    ),
    "PPTP": lambda packet: ipv4(47, pptp(ppp(packet))),
    "PPTP with acknowledgement": lambda packet: ipv4(
        47, pptp(b"\xff\x03" + ppp(packet), acknowledgement=b"\0\0\0\1") + bytes(3)
    ),
    "MPLS in GRE": lambda packet: ipv4(47, gre(0x8847, labels(packet, 17))),
    "MPLS in IP": lambda packet: ipv4(137, labels(packet, 17)),
    "MPLS in UDP": lambda packet: in_udp(labels(packet, 17, 18), 6635),
    "GTP-U": lambda packet: in_udp(gtpu(packet), 2152),
    "GTP-U with sequence number": lambda packet: in_udp(
        gtpu(packet, flags=0x32, fields=b"\0\5\0\0"), 2152
    ),
    "GTP-U with extensions": lambda packet: in_udp(
        gtpu(packet, flags=0x34, fields=b"\0\0\0\x85" + b"\1\0\0\x40" + b"\2" + bytes(6) + b"\0"),
        2152,
    ),
    "VXLAN-GPE with IP": lambda packet: in_udp(
        pack(">BBBBI", 0x0C, 0, 0, 1 if packet[0] >> 4 == 4 else 2, 5 << 8) + packet, 4790
    ),
    "Geneve with IP": lambda packet: in_udp(geneve(ether_type(packet), packet), 6081),
    "L2TPv2": lambda packet: in_udp(l2tp2(ppp(packet)), 1701, 1701),
    "L2TPv2 with all fields": lambda packet: in_udp(
        l2tp2(
            b"\xff\x03" + ppp(packet),
            flags=0x4A00,
            fields=pack(">HHHHHH", 14 + 3 + 4 + len(packet), 7, 8, 1, 0, 3) + b"pad",
        ),
        1701,
    ),
    "L2TPv3 with IP": lambda packet: ipv4(115, pack(">II", 9, 0xC00C1E) + packet),
}
"""IP packet → IP packet."""

FRAME_IN_IP: dict[str, Wrap] = {
    "EtherIP": lambda inner: ipv4(97, b"\x30\0" + inner),
    "NVGRE": lambda inner: ipv4(47, gre(0x6558, inner, flags=0x2000, fields=b"\0\0\5\0")),
    "ERSPAN I": lambda inner: ipv4(47, gre(0x88BE, inner)),
    "ERSPAN II": lambda inner: ipv4(
        47, gre(0x88BE, b"\x10\x05" + bytes(6) + inner, flags=0x1000, fields=bytes(4))
    ),
    "ERSPAN III": lambda inner: ipv4(
        47, gre(0x22EB, b"\x20\x05" + bytes(10) + inner, flags=0x1000, fields=bytes(4))
    ),
    "ERSPAN III with subheader": lambda inner: ipv4(
        47,
        gre(
            0x22EB, b"\x20\x05" + bytes(9) + b"\1" + bytes(8) + inner, flags=0x1000, fields=bytes(4)
        ),
    ),
    "VXLAN": lambda inner: in_udp(b"\x08\0\0\0\0\0\5\0" + inner, 4789),
    "VXLAN on its old port": lambda inner: in_udp(b"\x88\0\0\7\0\0\5\0" + inner, 8472),
    "Geneve": lambda inner: in_udp(geneve(0x6558, inner, options=bytes(12)), 6081),
    "L2TPv3": lambda inner: ipv4(115, pack(">I", 9) + inner),
    "L2TPv3 with sublayer": lambda inner: ipv4(115, pack(">II", 9, 0x40000001) + inner),
    "L2TPv3 with cookie": lambda inner: ipv4(115, pack(">IQ", 9, 0x1122334455667788) + inner),
    "L2TPv3 with cookie and sublayer": lambda inner: ipv4(115, pack(">IQI", 9, 7 << 60, 0) + inner),
    "L2TPv3 in UDP": lambda inner: in_udp(pack(">HHI", 3, 0, 9) + inner, 1701),
    "GTP-U with Ethernet": lambda inner: in_udp(gtpu(inner), 2152),
    "TZSP": lambda inner: in_udp(b"\1\0\0\1" + b"\x0a\1\x30" + b"\0" + b"\1" + inner, 37008),
}
"""Ethernet frame → IP packet."""

IN_FRAME: dict[str, Wrap] = {
    "Ethernet": frame,
    "VLAN": lambda packet: ethernet(0x8100, pack(">HH", 5, ether_type(packet)) + packet),
    "PPPoE": lambda packet: ethernet(
        0x8864, pack(">BBHH", 0x11, 0, 9, 2 + len(packet)) + ppp(packet) + bytes(4)
    ),
    "MPLS": lambda packet: ethernet(0x8847, labels(packet, 16)),
    "MPLS, three labels": lambda packet: ethernet(0x8848, labels(packet, 16, 1_048_575, 2)),
    "MPLS with Ethernet": lambda packet: ethernet(0x8847, labels(frame(packet), 16)),
    "MPLS with control word": lambda packet: ethernet(
        0x8847, labels(bytes(4) + frame(packet), 16, 17)
    ),
    "LLC and SNAP": lambda packet: ethernet(
        8 + len(packet), b"\xaa\xaa\x03\0\0\0" + pack(">H", ether_type(packet)) + packet
    ),
}
"""IP packet → Ethernet frame."""

_RADIOTAP_FLAGS = bytes([0x30])
ON_LINK: dict[str, tuple[int, Wrap]] = {
    "raw": (101, lambda packet: packet),
    "PPP": (9, ppp),
    "PPP, protocol of one byte": (9, lambda packet: b"\xff\x03" + ppp(packet)[1:]),
    "PPP in HDLC": (50, lambda packet: b"\xff\x03" + ppp(packet)),
    "Cisco HDLC": (104, lambda packet: b"\x0f\0" + pack(">H", ether_type(packet)) + packet),
    "Cisco HDLC as PPP": (50, lambda packet: b"\x8f\0" + pack(">H", ether_type(packet)) + packet),
    "PPP with direction": (204, lambda packet: b"\1\xff\x03" + ppp(packet)),
    "PPP of pppd": (166, lambda packet: b"\0\x03" + ppp(packet)),
    "PPPoE without Ethernet": (
        51,
        lambda packet: pack(">BBHH", 0x11, 0, 9, 2 + len(packet)) + ppp(packet),
    ),
    "802.11": (105, wlan),
    "802.11 QoS": (105, lambda packet: wlan(packet, control=b"\x88\x02", qos=b"\6\0")),
    "802.11, four addresses": (
        105,
        lambda packet: wlan(packet, control=b"\x88\x03", more=MACS[:6], qos=b"\0\0"),
    ),
    "802.11 with HT control": (
        105,
        lambda packet: wlan(packet, control=b"\x88\x81", qos=b"\0\0" + bytes(4)),
    ),
    "radiotap": (127, lambda packet: radiotap(wlan(packet), (0,), b"")),
    "radiotap with time and two words": (
        127,
        lambda packet: radiotap(
            wlan(packet, control=b"\x88\x01", qos=b"\0\0", padding=b"\0\0"),
            (0x8000_0003, 0),
            bytes(4) + bytes(8) + _RADIOTAP_FLAGS,
        ),
    ),
    "radiotap with flags": (
        127,
        lambda packet: radiotap(wlan(packet) + bytes(4), (2,), bytes([0x10])),
    ),
    "PPI": (192, lambda packet: pack("<BBHI", 0, 0, 12, 105) + b"\2\0\0\0" + wlan(packet)),
    "PPI with Ethernet": (192, lambda packet: pack("<BBHI", 0, 0, 8, 1) + frame(packet)),
    "Prism": (119, lambda packet: pack("<II", 0x44, 144) + bytes(136) + wlan(packet)),
    "AVS as Prism": (119, lambda packet: pack(">II", 0x80211001, 64) + bytes(56) + wlan(packet)),
    "AVS": (163, lambda packet: pack(">II", 0x80211002, 64) + bytes(56) + wlan(packet)),
    "NFLOG": (239, nflog),
    "NFLOG, big endian": (239, lambda packet: nflog(packet, ">")),
    "NFLOG of a bridge": (239, lambda packet: nflog(packet, family=7)),
    "PKTAP": (258, lambda packet: pack("<III", 108, 1, 1) + bytes(96) + frame(packet)),
    "PKTAP with raw IP": (258, lambda packet: pack("<III", 108, 1, 12) + bytes(96) + packet),
}
"""Link type and IP packet → frame."""

MIRRORED: dict[str, tuple[int, Wrap]] = {
    "HEP 3": (101, lambda packet: in_udp(hep3(packet), 9060)),
    "HEP 2": (101, lambda packet: in_udp(old_hep(packet, 2, time=bytes(12)), 9061)),
    "HEP 2 that counts its time": (
        101,
        lambda packet: in_udp(old_hep(packet, 2, length=28, time=bytes(12)), 9061),
    ),
    "HEP 1": (101, lambda packet: in_udp(old_hep(packet, 1), 5060)),
    "exported PDU": (252, exported),
    "exported PDU by its heuristic": (252, lambda packet: exported(packet, b"sip_udp", tag=13)),
}
"""IPv4 packet with a message in UDP → link type and frame; identifications are not stated."""
