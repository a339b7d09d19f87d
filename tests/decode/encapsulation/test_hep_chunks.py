"""Reading many HEP packets at once gives for each what reading it alone gives."""

from struct import pack

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analyzer.decode.cursor import Fates, Packets
from analyzer.decode.encapsulation.hep import parse_hep
from analyzer.decode.encapsulation.hep_chunks import MAX_CHUNKS, read_chunks
from carriages import hep3
from decode.test_datagrams import V4
from sip_texts import damaged

SIZES = {1: 1, 2: 1, 3: 4, 4: 4, 5: 16, 6: 16, 7: 2, 8: 2, 9: 4, 10: 4, 11: 1, 12: 4, 15: 9, 16: 5}
KINDS = st.sampled_from(sorted(SIZES))


def packets(records: list[bytes]) -> Packets:
    """Return a batch of records."""
    size = len(records)
    ends = np.cumsum([len(each) for each in records])
    starts = ends - [len(each) for each in records]
    fates = Fates(np.zeros(size, np.uint8), np.zeros(size, np.int32))
    data = np.frombuffer(b"".join(records), np.uint8)
    return Packets(data, fates, np.arange(size), (starts, ends, ends))


@st.composite
def records(draw: st.DrawFn) -> bytes:
    """Draw a HEP packet: any chunks in any order, at times of odd length or a vendor's."""
    chunks = b""
    for kind in draw(st.lists(KINDS, max_size=12)):
        size = SIZES[kind] + draw(st.sampled_from([0] * 19 + [1]))
        value = draw(
            st.one_of(st.binary(min_size=size, max_size=size), st.just(bytes(size - 1) + b"\1"))
        )
        vendor = draw(st.sampled_from([0] * 19 + [10]))
        chunks += pack(">HHH", vendor, kind, 6 + len(value)) + value
    whole = b"HEP3" + pack(">H", 6 + len(chunks)) + chunks
    return draw(damaged(whole)) if draw(st.sampled_from([False] * 4 + [True])) else whole


def check(drawn: list[bytes]) -> int:
    """Assert that what is read at once is what is read alone; return how many are."""
    table, is_read = read_chunks(packets(drawn))
    for row in np.flatnonzero(is_read).tolist():
        alone = parse_hep(drawn[row])
        assert int(table.verdict[row]) == alone.verdict
        if alone.length < 0:
            continue
        for name in ("start", "length", "source_port", "destination_port", "transport", "time_ns"):
            assert int(getattr(table, name)[row]) == getattr(alone, name), name
        for name in ("source", "destination"):
            number = int(getattr(table, name + "_high")[row]) << 64
            number |= int(getattr(table, name + "_low")[row])
            assert number == int.from_bytes(getattr(alone, name), "big")
        assert int(table.version[row]) == (6 if len(alone.source) > 4 else 4)
    return int(is_read.sum())


@given(st.lists(records(), min_size=1, max_size=6))
def test_equal(drawn: list[bytes]) -> None:
    """Both agree on any packets."""
    check(drawn)


def test_ordinary_packets_are_read_at_once() -> None:
    """What agents send is read; very many chunks are left to the other reader."""
    time = ((9, pack(">I", 1_700_000_000)), (10, pack(">I", 5)))
    many = hep3(V4, *((12, bytes(4)) for _ in range(MAX_CHUNKS)))
    assert check([hep3(V4), hep3(V4, *time), many]) == 2
