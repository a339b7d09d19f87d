"""The compiled walk through the headers says of each frame what the decoders say, on any bytes."""

from collections.abc import Sequence
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.decode import datagrams
from analyzer.decode.datagrams import decode_frames
from analyzer.settings import Settings
from frames import batch_of, ethernet, ipv4, ipv6, udp
from sip_texts import damaged

pytestmark = pytest.mark.skipif(not datagrams.COMPILED, reason="built without a compiler")

PAYLOADS = st.sampled_from(
    [
        b"INVITE sip:bob@example.com SIP/2.0\r\n\r\n",
        b"\r\n\r\nSIP/2.0 200 OK\r\n",
        b"NOTIFY * HTTP/1.1\r\nX: SIP/2.0\r\n",
        b"INVITE sip:bob@example",
        b"\r\n\r\n",
        b"jaK",
        bytes(4),
        b"",
        b"\x80\x00" + bytes(10),
        b"\x81\xc8" + bytes(6),
        b"\x00\x01\x00\x00\x21\x12\xa4\x42" + bytes(12),
        b"\x01\x01\x00\x04" + bytes(20),
        b"\x16\xfe\xfd" + bytes(9),
        b"\x10\x00\x00\x00ZRTP",
        b"\x40\x00\x00\x02ab\x00",
        b"HEP3\x00\x10",
        b"\x02\x10\x02\x11" + bytes(12),
        b"\x08" + bytes(20),
        b"\x30\xff" + bytes(10),
        b"\x00\x02" + bytes(6),
        b"\x12\x34\x56\x78" + bytes(8),
        b"\x01\x00",
    ]
)
PORTS = st.sampled_from([5060, 53, 5353, 5355, 4789, 8472, 6081, 2152, 1701, 4500, 37008, 4000, 0])
RARELY = st.sampled_from([0] * 9 + [1])
NUMBERS = st.sampled_from([0x0800, 0x86DD, 0x8100, 0x88A8, 0x0806, 0x8847, 0x8864, 0x1234, 40, 0])
PROTOCOLS = st.sampled_from(
    [17] * 30 + [6] * 10 + [0, 43, 44, 51, 60, 1, 58, 47, 50, 4, 41, 132, 59, 200]
)


@st.composite
def datagrams_of(draw: st.DrawFn) -> tuple[int, bytes]:
    """Draw what an IP header carries, with extension headers before it; with its number."""
    number = draw(PROTOCOLS)
    length = draw(st.sampled_from([None] * 12 + [0, 7, 8, 9, 65_535]))
    carried = udp(draw(PAYLOADS), draw(PORTS), draw(PORTS), length=length)
    if number == 6:
        offset = draw(st.sampled_from([5, 5, 5, 6, 15, 4, 0])) << 4
        flags = draw(st.sampled_from([0x10, 0x18, 0x11, 2, 4]))
        head = pack(
            ">HHIIBBHHH",
            5060,
            draw(PORTS),
            draw(st.integers(0, 2**32 - 1)),
            1,
            offset,
            flags,
            0,
            0,
            0,
        )
        carried = head + bytes(4 * (offset > 0x50)) + draw(PAYLOADS)
    for kind in draw(st.lists(st.sampled_from([0, 43, 44, 51, 60]), max_size=draw(RARELY) * 3)):
        size = draw(st.sampled_from([0, 0, 1, 200]))
        middle = bytes(4) if kind == 51 else b""
        offset = draw(st.sampled_from([0, 0, 0, 0, 1, 6, 8]))
        carried = pack(">BBH", number, size, offset) + bytes(4 + 8 * (size == 1)) + middle + carried
        number = kind
    return number, carried


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """Draw a frame without its link header: an IP packet below tags, damaged at times."""
    number, carried = draw(datagrams_of())
    if draw(st.booleans()):
        total = draw(st.sampled_from([None] * 9 + [0, 19, 28, 9000]))
        fragment = draw(st.sampled_from([0] * 9 + [0x4000, 0x2000, 1]))
        packet = ipv4(
            number,
            carried,
            options=bytes(4 * draw(st.sampled_from([0, 0, 1, 10]))),
            total=total,
            fragment=fragment,
            version=draw(st.sampled_from([4] * 9 + [6])),
        )
        kind = 0x0800
    else:
        packet = ipv6(number, carried, length=draw(st.sampled_from([None] * 9 + [0, 9])))
        kind = 0x86DD
    for tag in draw(
        st.lists(st.sampled_from([0x8100, 0x88A8, 0x9100, 0x9200]), max_size=draw(RARELY) * 4)
    ):
        packet, kind = pack(">HH", 5, kind) + packet, tag
    if draw(RARELY):
        packet, kind = b"\xaa\xaa\x03\x00\x00\x00" + pack(">H", kind) + packet, 100
    kind = draw(NUMBERS) if draw(RARELY) else kind
    header = {
        0: pack("<I", draw(st.sampled_from([2, 2, 24, 28, 30, 7, 0x0200_0000]))),
        1: ethernet(kind, b""),
        113: pack(">HHH8xH", 0, draw(st.sampled_from([1] * 9 + [824])), 6, kind),
        276: pack(">HHIHBB8x", kind, 0, 1, draw(st.sampled_from([1] * 9 + [824])), 0, 6),
        101: b"",
        105: b"xx",
    }
    link_type = draw(st.sampled_from([1] * 9 + [0, 113, 276, 101, 105]))
    frame = header[link_type] + packet + draw(st.sampled_from([b"", bytes(6)]))
    frame = draw(damaged(frame)) if draw(RARELY) else frame
    return bytes([link_type & 255, link_type >> 8]) + frame


def check(drawn: Sequence[bytes], cut: int | None, layers: int) -> None:
    """Assert that both twins say the same; the link type is in the first two bytes of each."""
    data, table = batch_of([each[2:] for each in drawn], cut=cut)
    table = table.replace(link_type=[each[0] | each[1] << 8 for each in drawn])
    settings = Settings(max_layers=layers)
    compiled = decode_frames(memoryview(data), table, settings, compiled=True)
    reference = decode_frames(memoryview(data), table, settings, compiled=False)
    assert compiled.verdicts.tolist() == reference.verdicts.tolist()
    assert compiled.details.tolist() == reference.details.tolist()
    for table_name in ("datagrams", "segments", "sctp", "fragments"):
        ours, theirs = getattr(compiled, table_name), getattr(reference, table_name)
        for each in ours.columns:
            own, other = getattr(ours, each.name), getattr(theirs, each.name)
            assert own.tolist() == other.tolist(), (table_name, each.name)


@given(
    st.lists(frames(), min_size=1, max_size=5),
    st.one_of(st.none(), st.integers(0, 90)),
    st.sampled_from([16, 16, 1, 2, 3, 4, 5]),
)
def test_any_frames(drawn: list[bytes], cut: int | None, layers: int) -> None:
    """Nested headers of any kind, cut and damaged, get the same verdict and the same payload."""
    check(drawn, cut, layers)


@given(st.lists(st.binary(min_size=2, max_size=120), min_size=1, max_size=5))
def test_any_bytes(drawn: list[bytes]) -> None:
    """Noise gets the same verdict, whatever the link type."""
    check(drawn, None, 16)
