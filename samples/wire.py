"""Messages of a dialogue → frames by scapy → bytes of a capture file, the same on every machine."""

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import CookedLinuxV2, Dot1Q, Ether
from scapy.packet import Packet as Layer

from analyzer.annotate.dialogue import parse_dialogue
from analyzer.annotate.dialogue_pcap import Packet

ETHERNET, LINUX_SLL2 = 1, 276
"""LINKTYPE numbers."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame and when it was captured."""

    time_ns: int
    data: bytes


def _packets(dialogue: str, name: str, start: str) -> list[Packet]:
    seconds = int(datetime.fromisoformat(start).replace(tzinfo=UTC).timestamp())
    return parse_dialogue(dialogue, start_ns=seconds * 10**9, name=name)


def _mac(address: str) -> str:
    return f"02:00:00:00:00:{int(address.rpartition('.')[2]):02x}"


def _ipv4(packet: Packet) -> Layer:
    (source, sport), (destination, dport) = packet.source, packet.destination
    header = IP(src=source, dst=destination, id=packet.identification, ttl=64)
    return header / UDP(sport=sport, dport=dport) / packet.payload


def ip_packets(dialogue: str, name: str, start: str) -> list[tuple[int, Layer]]:
    """Return time and IPv4 packet of each message of a dialogue, for what carries them."""
    return [(packet.time_ns, _ipv4(packet)) for packet in _packets(dialogue, name, start)]


def ethernet(dialogue: str, name: str, start: str) -> list[Frame]:
    """Send a dialogue over Ethernet and IPv4, from `start` (UTC)."""
    return [
        Frame(
            packet.time_ns,
            bytes(
                Ether(src=_mac(packet.source[0]), dst=_mac(packet.destination[0])) / _ipv4(packet)
            ),
        )
        for packet in _packets(dialogue, name, start)
    ]


def vlan_ipv6(dialogue: str, name: str, start: str, vlans: Sequence[int]) -> list[Frame]:
    """Send a dialogue over Ethernet with 802.1Q tags and IPv6, 192.0.2.x becoming 2001:db8::x."""
    frames = []
    for packet in _packets(dialogue, name, start):
        (source, sport), (destination, dport) = packet.source, packet.destination
        layers: Layer = Ether(src=_mac(source), dst=_mac(destination))
        for vlan in vlans:
            layers /= Dot1Q(vlan=vlan)
        layers /= IPv6(src=_ipv6(source), dst=_ipv6(destination), hlim=64)
        layers /= UDP(sport=sport, dport=dport) / packet.payload
        frames.append(Frame(packet.time_ns, bytes(layers)))
    return frames


def _ipv6(address: str) -> str:
    return f"2001:db8::{address.rpartition('.')[2]}"


def linux_cooked(dialogue: str, name: str, start: str) -> list[Frame]:
    """Capture a dialogue as `tcpdump -i any` does on Linux, at the first party."""
    packets = _packets(dialogue, name, start)
    here = packets[0].source
    return [
        Frame(
            packet.time_ns,
            bytes(
                CookedLinuxV2(
                    proto=0x0800,
                    ifindex=2,
                    lladdrtype=1,
                    pkttype=4 if packet.source == here else 0,
                    lladdrlen=6,
                    src=bytes.fromhex(_mac(packet.source[0]).replace(":", "")) + bytes(2),
                )
                / _ipv4(packet)
            ),
        )
        for packet in packets
    ]


def pcap(frames: Iterable[Frame], link_type: int = ETHERNET, snap_length: int = 262_144) -> bytes:
    """Return a pcap file with times in microseconds."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snap_length, link_type)]
    for frame in frames:
        seconds, rest = divmod(frame.time_ns, 10**9)
        kept = frame.data[:snap_length]
        parts.append(struct.pack("<IIII", seconds, rest // 1000, len(kept), len(frame.data)))
        parts.append(kept)
    return b"".join(parts)


def pcapng(
    interfaces: Sequence[Sequence[Frame]], comment: str, link_types: Sequence[int] = ()
) -> bytes:
    """Return a pcapng file: one section, a comment, and for each list of frames an interface whose
    times are in nanoseconds; Ethernet where no link types are given.
    """
    section = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + _option(1, comment.encode()) + _option(0)
    blocks = [_block(0x0A0D0D0A, section)]
    for link_type in link_types or [ETHERNET] * len(interfaces):
        description = struct.pack("<HHI", link_type, 0, 262_144) + _option(9, b"\x09") + _option(0)
        blocks.append(_block(1, description))
    numbered = [(each, index) for index, frames in enumerate(interfaces) for each in frames]
    for frame, index in sorted(numbered, key=lambda pair: pair[0].time_ns):
        high, low = divmod(frame.time_ns, 1 << 32)
        head = struct.pack("<IIIII", index, high, low, len(frame.data), len(frame.data))
        blocks.append(_block(6, head + _padded(frame.data)))
    return b"".join(blocks)


def _block(kind: int, body: bytes) -> bytes:
    length = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + length + body + length


def _option(code: int, value: bytes = b"") -> bytes:
    return struct.pack("<HH", code, len(value)) + _padded(value)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def gzip(data: bytes) -> bytes:
    """Return a gzip file of one stored block (RFC 1951 §3.2.4): no zlib packs it its own way."""
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    stored = struct.pack("<BHH", 1, len(data), len(data) ^ 0xFFFF) + data
    return head + stored + struct.pack("<II", zlib.crc32(data), len(data))


def write_beside(script: str, suffix: str, data: bytes) -> None:
    """Write a capture beside the script that makes it, under the same name."""
    Path(script).with_suffix(suffix).write_bytes(data)
