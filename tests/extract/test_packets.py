"""Messages and calls → packets, in large captures too."""

from pathlib import Path

import pytest

from analyzer.extract.choice import choose
from analyzer.extract.packets import find_packets
from analyzer.frozen import replace
from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from capture_files import file_of, pcap_header, pcap_record
from carriages import IN_FRAME, IN_IP, MIRRORED
from extract.extracting import SETTINGS, wanted
from segments import datagram, fragments, ip, messages_of

CALL = """
    -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: {0}
    <- SIP/2.0 603 Decline
       Call-ID: {0}
    -> ACK sip:bob@example.com SIP/2.0
       Call-ID: {0}
"""
PACKETS = messages_of("".join(CALL.format(name) for name in ("one", "two", "three")))


def found_in(path: Path, name: str, settings: Settings = SETTINGS) -> list[int]:
    """Return the frames of a call."""
    with open_trace([str(path)], settings) as trace:
        (found,) = find_packets(trace, choose(trace, wanted(name)), settings)
        numbers: list[int] = found.frames.number.tolist()
        return numbers


@pytest.mark.parametrize("batch", [1, 2, 4, 100])
def test_in_any_batches(batch: int, tmp_path: Path) -> None:
    """However many frames are read at a time, those of the call are taken, in their order."""
    path = tmp_path / "x.pcap"
    parts = [
        pcap_record(ip(each.source[0], each.destination[0], 17, datagram(each), ident=at), (at, 0))
        for at, each in enumerate(PACKETS, start=1)
    ]
    path.write_bytes(file_of([pcap_header(link=101), *parts]))
    settings = replace(SETTINGS, batch_frames=batch)
    assert found_in(path, "two", settings) == [4, 5, 6]


@pytest.mark.parametrize("carriage", ["GTP-U", "GRE", "VXLAN-GPE with IP", "MPLS in UDP"])
def test_tunnels_stay_whole(carriage: str, tmp_path: Path) -> None:
    """Packets in a tunnel are taken as they were captured; so are all fragments of the tunnel's
    packets.
    """
    path = tmp_path / "x.pcap"
    parts = []
    for at, each in enumerate(PACKETS, start=1):
        inner = ip(each.source[0], each.destination[0], 17, datagram(each), ident=at)
        outer = IN_IP[carriage](inner)
        ends = ("192.0.2.9", "192.0.2.8")
        pieces = fragments(*ends, outer[9], outer[20:], [3, 10], at)
        assert len(pieces) == 3
        parts += [pcap_record(IN_FRAME["VLAN"](piece), (at, 0)) for piece in pieces]
    path.write_bytes(file_of([pcap_header(), *parts]))
    assert found_in(path, "two") == [*range(10, 19)]


@pytest.mark.parametrize("name", MIRRORED)
def test_mirrored_messages(name: str, tmp_path: Path) -> None:
    """A record that mirrors a message is taken for it."""
    link, wrap = MIRRORED[name]
    path = tmp_path / "x.pcap"
    parts = [
        pcap_record(wrap(ip(each.source[0], each.destination[0], 17, datagram(each))), (at, 0))
        for at, each in enumerate(PACKETS, start=1)
    ]
    path.write_bytes(file_of([pcap_header(link=link), *parts]))
    assert found_in(path, "two") == [4, 5, 6]
