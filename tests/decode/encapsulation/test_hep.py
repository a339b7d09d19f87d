"""HEP: what it states about a message stands for the headers that it replaces."""

from struct import pack

import pytest

from analyzer.decode.encapsulation.hep import parse_hep
from analyzer.decode.verdicts import SIP
from analyzer.tables.messages import Transport
from carriages import hep3, in_udp, old_hep
from decode.test_datagrams import TEXT, V4, decode, verdict
from frames import CLIENT, CLIENT6, SERVER, SERVER6, ipv4, udp

TIME = ((9, pack(">I", 1_700_000_000)), (10, pack(">I", 250_000)))


def test_version_3() -> None:
    """Addresses, ports, time and payload are those of the chunks."""
    record = hep3(V4, *TIME)
    found = parse_hep(record)
    assert found.message(record) == TEXT
    assert (found.source, found.source_port) == (CLIENT, 5060)
    assert (found.destination, found.destination_port) == (SERVER, 5062)
    assert (found.time_ns, found.transport) == (1_700_000_000_250_000_000, Transport.UDP)


def test_ipv6_and_transport() -> None:
    """IPv6 has chunks of its own; the IP protocol says the transport, 22 stands for TLS."""
    for number, transport in ((6, Transport.TCP), (22, Transport.TLS), (132, Transport.SCTP)):
        more = ((2, bytes([number])), (5, CLIENT6), (6, SERVER6))
        found = parse_hep(hep3(V4, *more, skip=(3, 4)))
        assert (found.source, found.destination) == (CLIENT6, SERVER6)
        assert found.transport == transport


def test_columns() -> None:
    """The datagram has what the record states; its bytes are those in the capture."""
    packet = in_udp(hep3(V4, *TIME, (2, b"\x06")), 9060)
    found = decode(packet, 101).datagrams
    start = int(found.pos[0])
    assert packet[start : start + int(found.length[0])] == TEXT
    assert int(found.source_low[0]) == int.from_bytes(CLIENT, "big")
    assert found.time_ns.tolist() == [1_700_000_000_250_000_000]
    assert found.transport.tolist() == [Transport.TCP]
    assert found.ip_id.tolist() == [-1]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (pack("<IIHH", 1_700_000_000, 1, 7, 0), 1_700_000_000_000_001_000),
        (pack(">IIHH", 1_700_000_000, 1, 7, 0), 1_700_000_000_000_001_000),
        (bytes(12), -1),
    ],
)
def test_time_of_version_2(time: bytes, expected: int) -> None:
    """The time comes in the byte order of the sender, which is the one where it makes sense."""
    found = parse_hep(old_hep(V4, 2, time=time))
    assert (found.time_ns, found.verdict) == (expected, SIP)
    assert parse_hep(old_hep(V4, 1)).time_ns == -1


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (hep3(V4, (11, b"\x05")), "media"),
        (hep3(V4, (11, b"\x64")), "other"),
        (hep3(V4, skip=(11,)), "sip"),
        (hep3(V4, (16, b"\x78\x9c"), skip=(15,)), "hep-compressed"),
        (hep3(V4, skip=(15,)), "packet-damaged"),
        (hep3(ipv4(17, udp(b"\r\n\r\n"))), "other"),
        (b"HEP3\0\6", "packet-damaged"),
        (b"HEP3", "packet-damaged"),
        (old_hep(V4, 2, length=40), "packet-damaged"),
        (old_hep(V4, 1, length=17), "other"),
        (b"\1\x10\x0a\x11" + bytes(30), "packet-damaged"),
    ],
)
def test_records(record: bytes, expected: str) -> None:
    """Reports of quality are media; other kinds and keep-alives are other; what is packed or
    damaged is counted.
    """
    assert verdict(in_udp(record, 9999), 101) == expected


def test_cut_record() -> None:
    """A snap length before the payload is a cut; one inside it leaves what was captured."""
    packet = in_udp(hep3(V4), 9060)
    assert verdict(packet, 101, cut=60) == "packet-cut"
    found = decode(packet, 101, cut=len(packet) - 5).datagrams
    assert (found.length.tolist(), found.wire_length.tolist()) == ([len(TEXT) - 5], [len(TEXT)])


def test_chunks_of_vendors() -> None:
    """Chunks of vendors are stepped over; only those of vendor 0 have the meanings above."""
    record = hep3(V4)
    chunk = pack(">HHH", 10, 3, 10) + b"\7\7\7\7"
    longer = b"HEP3" + pack(">H", len(record) + len(chunk)) + chunk + record[6:]
    assert parse_hep(longer).source == CLIENT
