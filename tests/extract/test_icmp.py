"""ICMP errors about chosen datagrams (RFC 792, RFC 4443)."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analyzer.extract.choice import choose
from analyzer.extract.icmp import Errors
from analyzer.extract.packets import find_packets
from analyzer.pipeline import open_trace
from capture_files import file_of, pcap_header, pcap_record
from extract.extracting import SETTINGS, wanted
from frames import MACS
from segments import datagram, ip, messages_of

V6 = {"192.0.2.1": "2001:db8::1", "192.0.2.2": "2001:db8::2"}
LINKS: dict[int, Callable[[bytes], bytes]] = {
    1: lambda packet: MACS + (b"\x08\0" if packet[0] >> 4 == 4 else b"\x86\xdd") + packet,
    101: lambda packet: packet,
    113: lambda packet: bytes(14) + (b"\x08\0" if packet[0] >> 4 == 4 else b"\x86\xdd") + packet,
    276: lambda packet: (b"\x08\0" if packet[0] >> 4 == 4 else b"\x86\xdd") + bytes(18) + packet,
}
VLAN = MACS + b"\x81\0\0\5\x08\0"


def invite(name: str, ident: int, *, v6: bool = False) -> bytes:
    """Return the INVITE of a call in an IP packet."""
    text = f"-> INVITE sip:bob@example.com SIP/2.0\n   Call-ID: {name}"
    each = messages_of(text)[0]
    near, far = (V6[side[0]] if v6 else side[0] for side in (each.source, each.destination))
    return ip(near, far, 17, datagram(each), ident=ident)


def error(packet: bytes, *, kind: int | None = None, size: int = 0) -> bytes:
    """Return an ICMP error about a packet, of which it quotes the beginning."""
    if packet[0] >> 4 == 4:
        head = bytes([3 if kind is None else kind, 3]) + bytes(6)
        return ip("192.0.2.2", "192.0.2.1", 1, head + packet[: size or 28])
    head = bytes([1 if kind is None else kind, 4]) + bytes(6)
    return ip("2001:db8::2", "2001:db8::1", 58, head + packet[: size or 48])


def frames_with(name: str, path: Path) -> list[int]:
    """Return the frames that are extracted with a call."""
    with open_trace([str(path)], SETTINGS) as trace:
        (found,) = find_packets(trace, choose(trace, wanted(name)), SETTINGS)
        numbers: list[int] = found.frames.number.tolist()
        return numbers


def write(path: Path, link: int, *frames: tuple[int, bytes]) -> None:
    """Write a capture of frames with their seconds."""
    parts = [pcap_record(frame, (second, 0)) for second, frame in frames]
    path.write_bytes(file_of([pcap_header(link=link), *parts]))


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("v6", [False, True])
def test_errors_go_with_what_they_quote(link: int, v6: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a parameter
    """The error about a call is taken, that about another is not, over IPv4 and IPv6."""
    wrap, path = LINKS[link], tmp_path / "x.pcap"
    one, two = invite("one", 7, v6=v6), invite("two", 8, v6=v6)
    frames = [(1, one), (2, error(one)), (50, two), (51, error(two)), (52, error(one, kind=0))]
    write(path, link, *((second, wrap(packet)) for second, packet in frames))
    assert frames_with("one", path) == [1, 2]
    assert frames_with("two", path) == [3, 4]


def test_by_the_identification(tmp_path: Path) -> None:
    """Where packets have an identification, errors at one time are told apart by it."""
    path = tmp_path / "x.pcap"
    one, two, plain = invite("one", 7), invite("two", 8), invite("three", 0)
    errors = [(2, error(two)), (2, error(one)), (2, error(plain, size=60))]
    write(path, 101, (1, one), (1, two), (1, plain), *errors)
    assert frames_with("one", path) == [1, 5]
    assert frames_with("two", path) == [2, 4]
    assert 6 in frames_with("three", path)


def test_in_a_vlan(tmp_path: Path) -> None:
    """A tag before IP changes nothing."""
    path = tmp_path / "x.pcap"
    write(path, 1, (1, VLAN + invite("one", 7)), (2, VLAN + error(invite("one", 7))))
    assert frames_with("one", path) == [1, 2]


def test_errors_about_media(tmp_path: Path) -> None:
    """That nothing listens on the port for media goes with the call."""
    dialogue = """
        -> INVITE sip:bob@example.com SIP/2.0

           v=0
           c=IN IP4 192.0.2.1
           m=audio 4000 RTP/AVP 0
        -> rtp 20 to 192.0.2.2:5000
        <- SIP/2.0 200 OK

           v=0
           c=IN IP4 192.0.2.2
           m=audio 5000 RTP/AVP 0
    """
    packets = messages_of(dialogue)
    frames = [
        (
            each.time_ns,
            ip(each.source[0], each.destination[0], 17, datagram(each)),
        )
        for each in packets
    ]
    refused = error(frames[1][1])
    path = tmp_path / "x.pcap"
    records = [pcap_record(frame, (time // 10**9, time % 10**9 // 1000)) for time, frame in frames]
    last = frames[-1][0] // 10**9 + 1
    path.write_bytes(file_of([pcap_header(link=101), *records, pcap_record(refused, (last, 0))]))
    assert len(frames_with("dialogue", path)) == len(frames) + 1


def test_short_and_strange_frames(tmp_path: Path) -> None:
    """Errors cut before the ports that they quote, and noise, raise nothing and are left out."""
    one = invite("one", 7)
    whole = error(one)
    path = tmp_path / "x.pcap"
    cut = [(2, whole[:end]) for end in range(20 + 8 + 20 + 4)]
    write(path, 101, (1, one), *cut, (3, bytes(range(256))))
    assert frames_with("one", path) == [1]
    with open_trace([str(path)], SETTINGS) as trace:
        chosen = choose(trace, wanted())
        assert len(Errors(trace, chosen, None)) == 1
        assert np.array_equal(chosen.messages, [0])
