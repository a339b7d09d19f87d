"""Exported PDUs: what SIP's dissectors were given is read."""

import pytest

from analyzer.decode.link.exported_pdu import parse_exported_pdu
from analyzer.tables.messages import Transport
from carriages import exported
from decode.test_datagrams import TEXT, V4, decode, verdict
from frames import CLIENT, SERVER


def test_tags() -> None:
    """Addresses, ports and transport are those of the tags; the message follows them."""
    pdu = exported(V4, b"sip.tcp", port_kind=2)
    found = parse_exported_pdu(pdu)
    assert pdu[found.start :] == TEXT
    assert (found.source, found.source_port) == (CLIENT, 5060)
    assert (found.destination, found.destination_port) == (SERVER, 5062)
    assert (found.transport, found.time_ns) == (Transport.TCP, -1)


@pytest.mark.parametrize(
    ("pdu", "expected"),
    [
        (exported(V4, b"http"), "other"),
        (exported(V4, b"rtp"), "media"),
        (exported(V4)[:20], "packet-damaged"),
        (b"", "packet-damaged"),
    ],
)
def test_others(pdu: bytes, expected: str) -> None:
    """Other dissectors' PDUs are media or other; tags without an end are damaged."""
    assert verdict(pdu, 252) == expected


def test_cut() -> None:
    """A snap length inside the tags is a cut, one in the message leaves its beginning."""
    assert verdict(exported(V4), 252, cut=30) == "packet-cut"
    found = decode(exported(V4), 252, cut=len(exported(V4)) - 4).datagrams
    assert (found.length.tolist(), found.wire_length.tolist()) == ([len(TEXT) - 4], [len(TEXT)])
