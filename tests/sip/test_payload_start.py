"""What payloads begin with, by both twins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.decode.parts import SegmentTable
from analyzer.settings import Settings
from analyzer.sip import stream_start
from analyzer.sip.payload_start import start_of
from analyzer.sip.stream_start import Start, read_starts
from segments import messages_of, websocket_frame

TEXT = messages_of()[0].payload
GET = b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n"
CASES = [
    (TEXT, Start.SIP),
    (b"\r\n\r\n" + TEXT, Start.SIP),
    (b"SIP/2.0 200 OK\r\n", Start.SIP),
    (b"I", Start.SIP),
    (b"\r\nINVIT", Start.SIP),
    (b"s", Start.SIP),
    (b"\r\n\r\n", Start.BLANK),
    (b"\r", Start.BLANK),
    (b"X", Start.NONE),
    (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", Start.NONE),
    (GET + b"Sec-WebSocket-Protocol: chat, sip\r\n\r\n", Start.WEBSOCKET_HANDSHAKE),
    (GET + b"Sec-WebSocket-Protocol: sipx\r\n\r\n", Start.NONE),
    (b"HTTP/1.1 101 x\r\nsec-websocket-protocol: sip\r\n\r\n", Start.WEBSOCKET_HANDSHAKE),
    (websocket_frame(TEXT), Start.WEBSOCKET_FRAME),
    (websocket_frame(TEXT, mask=b"\x01\x02\x03\x04", opcode=2), Start.WEBSOCKET_FRAME),
    (websocket_frame(b"SIP/2.0 200 OK\r\n"), Start.WEBSOCKET_FRAME),
    (websocket_frame(b"hello, this is a chat"), Start.NONE),
    (websocket_frame(b"HELLO THERE MY FRIEND"), Start.NONE),
    (b"HEP3\x00\x10" + bytes(10), Start.HEP),
    (b"\x16\x03\x01\x00\x40\x01" + bytes(70), Start.NONE),
    (b"\x16\x03\x01\x00\x40\x01" + bytes(30) + b"\x05sip/2" + bytes(30), Start.TLS),
    (b"\x17\x03\x03\x00\x40" + bytes(64), Start.NONE),
    (bytes(20), Start.NONE),
]


@pytest.mark.parametrize(("payload", "expected"), CASES)
def test_what_it_is(payload: bytes, expected: Start) -> None:
    """Each kind is recognised by its first bytes, on any port."""
    assert start_of(payload, len(payload), (40000, 40001)) is expected


def test_tls_on_the_port_of_sip() -> None:
    """On port 5061 any record of TLS counts (RFC 3261 §18.2.1)."""
    record = b"\x17\x03\x03\x00\x40" + bytes(64)
    assert start_of(record, len(record), (5061, 40000)) is Start.TLS
    assert start_of(b"\x17\x03\x05\x00\x40" + bytes(64), 69, (5061, 40000)) is Start.NONE


PAYLOADS = st.one_of(
    st.sampled_from([payload for payload, _ in CASES]),
    st.binary(max_size=30),
    st.builds(
        lambda text, end: text[:end], st.sampled_from([c[0] for c in CASES]), st.integers(0, 90)
    ),
)


@pytest.mark.skipif(not stream_start.COMPILED, reason="built without a compiler")
@given(st.lists(PAYLOADS, min_size=1, max_size=6), st.sampled_from([5061, 5060]))
def test_twins(payloads: list[bytes], port: int) -> None:
    """The compiled twin says the same of any bytes."""
    sizes = np.array([len(each) for each in payloads], np.int64)
    segments = SegmentTable.zeros(len(payloads)).replace(
        pos=np.cumsum(sizes) - sizes, length=sizes, wire_length=sizes,
        source_port=np.full(len(payloads), port),
    )  # fmt: skip
    data = memoryview(b"".join(payloads))
    found = [read_starts(data, segments, Settings(), compiled=each) for each in (True, False)]
    assert found[0].start.tolist() == found[1].start.tolist()


@pytest.mark.skipif(not stream_start.COMPILED, reason="built without a compiler")
@pytest.mark.parametrize(
    ("payload", "lengths"),
    [
        (TEXT, [len(TEXT)]),
        (TEXT * 3, [len(TEXT)] * 3),
        (TEXT[:-1], []),
        (TEXT + b"\r\n", []),
        (TEXT.replace(b"Content-Length", b"l"), [len(TEXT) - 13]),
        (TEXT.replace(b"Content-Length", b"Content-Lengths"), []),
        (TEXT.replace(b"Content-Length: ", b"Content-Length: x"), []),
        (TEXT.replace(b"Content-Length", b"l: 0\r\nContent-Length"), []),
        (TEXT.replace(b"\r\nContent-Length", b"\r\n folded\r\nContent-Length"), []),
        (TEXT.replace(b"\r\n", b"\n"), []),
    ],
)
def test_whole_messages(payload: bytes, lengths: list[int]) -> None:
    """Only segments that are nothing but ordinary messages are split here."""
    segments = SegmentTable.zeros(1).replace(length=[len(payload)], wire_length=[len(payload)])
    found = read_starts(memoryview(payload), segments, Settings())
    assert found.length.tolist() == lengths
    assert found.count.tolist() == [len(lengths)]
