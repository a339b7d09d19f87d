"""Frames without names, whatever carries the message."""

from ipaddress import ip_address
from pathlib import Path

import pytest

from analyzer.decode.protocols import decoders
from analyzer.pipeline import open_trace
from analyzer.redact.headers import EXPORTED_KEY, HEP_KEY
from analyzer.redact.transports import ALL_KINDS
from analyzer.settings import Settings
from capture_files import file_of, pcap_header, pcap_record
from carriages import FRAME_IN_IP, IN_FRAME, IN_IP, MIRRORED, ON_LINK, frame
from frames import CLIENT, CLIENT6, MACS, SERVER, SERVER6, ethernet, ipv4, ipv6, udp
from redact.equality import differences
from redact.everything import EVERYTHING, SECRETS, left_of
from redact.redacted import SETTINGS, TSHARK, bad_checksums, redacted_bytes

LINKS = {name: (1, wrap) for name, wrap in IN_FRAME.items()} | ON_LINK | MIRRORED
_NUMBERS_LIKE_ADDRESSES = "GRE with all fields"
"""Key and sequence number, which stay, happen to be made like the MAC addresses."""
NAMES = sorted({*LINKS, *IN_IP, *FRAME_IN_IP} - {_NUMBERS_LIKE_ADDRESSES})
BINARY = (CLIENT, SERVER, CLIENT6, SERVER6, MACS[:6], MACS[6:])
_CARRIED = {"LLC and SNAP": 1000}
"""What states a length up to 1500 cannot carry all (IEEE 802.3)."""
_NO_CHECKSUM = ("NFLOG, big endian", "PPP of pppd")


def carried(name: str, packet: bytes) -> bytes:
    """Return a capture of an IP packet in some carriage."""
    if name in LINKS:
        link, found = LINKS[name][0], LINKS[name][1](packet)
    else:
        inner = frame(packet) if name in FRAME_IN_IP else packet
        link, found = 1, frame({**IN_IP, **FRAME_IN_IP}[name](inner))
    return file_of([pcap_header(link=link), pcap_record(found)])


def test_every_decoder_is_thought_of() -> None:
    """What is decoded is redacted too; what is not known here would lose all that it carries."""
    assert set(decoders()) - set(ALL_KINDS) == {HEP_KEY, EXPORTED_KEY}


@pytest.mark.parametrize("name", NAMES)
def test_no_name_is_left(name: str, tmp_path: Path) -> None:
    """Neither text nor binary addresses are left, and the message is still the same message."""
    path = tmp_path / "carried.pcap"
    path.write_bytes(carried(name, ipv4(17, udp(EVERYTHING[: _CARRIED.get(name)]))))
    found = redacted_bytes(path)
    assert left_of(SECRETS, found) == []
    assert [each for each in BINARY if each in found] == []
    with open_trace([str(path)]) as original, open_trace([str(path)], SETTINGS) as redacted:
        assert len(redacted.messages) == 1
        assert differences(original, redacted) == {}


@pytest.mark.parametrize(
    "name", sorted({*IN_IP, *FRAME_IN_IP, "Ethernet"} - {_NUMBERS_LIKE_ADDRESSES})
)
def test_no_ipv6_address_is_left(name: str, tmp_path: Path) -> None:
    """The same of IPv6, whose transports need a checksum (RFC 8200 §8.1)."""
    path = tmp_path / "carried.pcap"
    path.write_bytes(carried(name, ipv6(17, udp(EVERYTHING))))
    found = redacted_bytes(path)
    assert left_of(SECRETS, found) == []
    assert [each for each in BINARY if each in found] == []


@pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")
@pytest.mark.parametrize("name", [each for each in NAMES if each not in _NO_CHECKSUM])
def test_checksums_are_right(name: str, tmp_path: Path) -> None:
    """Every checksum is right for tshark, those of what is inside tunnels too."""
    path, made = tmp_path / "carried.pcap", tmp_path / "redacted.pcapng"
    path.write_bytes(carried(name, ipv4(17, udp(EVERYTHING))))
    made.write_bytes(redacted_bytes(path))
    assert bad_checksums(made) == set()


@pytest.mark.parametrize(
    "packet",
    [
        ethernet(0x0806, b"\0\1\x08\0\6\4\0\1" + MACS[:6] + CLIENT + MACS[6:] + SERVER),
        ethernet(0x88CC, b"\2\7\4" + MACS[:6] + b"\x0a\5alice"),
        ethernet(0x1234, b"from alice at 203.0.113.9"),
        ethernet(0x0800, ipv4(1, b"\3\3\0\0\0\0\0\0" + ipv4(17, udp(EVERYTHING))[:300])),
        ethernet(0x0800, ipv4(17, udp(b"\0\7\1\0\0\1\0\0\0\0\0\0\5alice\4acme\0", 4000, 53))),
        ethernet(0x0800, ipv4(17, udp(b"<14>alice logged in from 203.0.113.9", 4000, 514))),
        ethernet(0x0800, ipv4(50, b"\0\0\0\1alice")),
        ethernet(0x0800, ipv4(89, b"\2\1\0\x2c" + CLIENT + SERVER)),
        ethernet(0x0800, ipv4(17, udp(b""), options=b"\x07\x0b\4" + CLIENT + SERVER + b"\0")),
        ethernet(0x0800, ipv4(6, b"\0\x50\x10\0" + bytes(8) + b"\x50\x18" + bytes(6) + b"alice")),
        ethernet(0x0800, ipv4(17, b"alice")),
        ethernet(0x0800, ipv4(17, udp(EVERYTHING, length=3))),
        ethernet(0x0800, b"\x45alice"),
        ethernet(0x86DD, ipv6(58, b"\x88\0\0\0\0\0\0\0" + CLIENT6 + b"\2\1" + MACS[:6])),
        MACS + b"alice",
        b"alice",
    ],
)  # fmt: skip  # read side by side
def test_what_is_no_sip_loses_its_content(packet: bytes, tmp_path: Path) -> None:
    """Of everything else headers stay, with other addresses; its length stays too."""
    path = tmp_path / "other.pcap"
    path.write_bytes(file_of([pcap_header(), pcap_record(packet)]))
    found = redacted_bytes(path)
    assert left_of(SECRETS, found) == []
    assert [each for each in BINARY if each in found] == []
    with open_trace([str(path)]) as original, open_trace([str(path)], SETTINGS) as redacted:
        assert redacted.coverage.packets == 1
        assert redacted.coverage.truncated == original.coverage.truncated


@pytest.mark.parametrize("size", [60, 200, 700, 1500])
def test_cut_frames_stay_cut(size: int, tmp_path: Path) -> None:
    """What the snap length left is redacted, and what it took is still missing."""
    whole = ethernet(0x0800, ipv4(17, udp(EVERYTHING)))
    path = tmp_path / "cut.pcap"
    path.write_bytes(file_of([pcap_header(), pcap_record(whole[:size], original=len(whole))]))
    assert left_of(SECRETS, redacted_bytes(path)) == []
    with open_trace([str(path)]) as original, open_trace([str(path)], SETTINGS) as redacted:
        assert redacted.coverage.truncated == 1
        assert differences(original, redacted) == {}


def test_lengths_follow(tmp_path: Path) -> None:
    """IP and UDP state the new lengths (RFC 791 §3.1, RFC 768), and padding stays padding."""
    packet = ipv4(17, udp(b"OPTIONS sip:bob@198.51.100.7 SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\n"))
    path = tmp_path / "padded.pcap"
    path.write_bytes(file_of([pcap_header(), pcap_record(frame(packet) + b"alice pads")]))
    data = redacted_bytes(path)
    at = data.index(b"\x08\0\x45\0") + 2
    total = int.from_bytes(data[at + 2 : at + 4], "big")
    assert int.from_bytes(data[at + 24 : at + 26], "big") == total - 20
    assert data[at + 28 : at + total].endswith(b"CSeq: 1 OPTIONS\r\n\r\n")
    assert data[at + total : at + total + 10] == bytes(10)
    source = ip_address(data[at + 12 : at + 16])
    assert source.packed != CLIENT
    with open_trace([str(path)], Settings()) as trace:
        assert len(trace.messages) == 1
