"""RTP packets are counted by source: loss, order and jitter as RFC 3550 Appendix A defines them."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from analyzer.decode.parts import MediaTable
from analyzer.rtp.streams import COMPILED, CompiledStreams, ReferenceStreams, rate_table
from analyzer.settings import Settings
from analyzer.tables.frames import FrameTable
from analyzer.tables.rtp import RtpPayloadTable, RtpStreamTable

MS = 1_000_000
GAP_NS = 5_000 * MS
KINDS = [ReferenceStreams, *([CompiledStreams] if COMPILED else [])]
Packet = tuple[int, int, int, int, int, int]
"""Time in ms, source port, SSRC, payload type, sequence number, timestamp."""


def batch(packets: list[Packet], first_frame: int = 1) -> tuple[MediaTable, FrameTable]:
    """Return packets of 172 bytes from 192.0.2.1 to 192.0.2.2, port 4000."""
    count = len(packets)
    time, port, ssrc, kind, sequence, timestamp = np.array(packets, np.int64).reshape(-1, 6).T
    media = MediaTable.zeros(count).replace(
        frame_row=np.arange(count, dtype=np.int32),
        length=np.full(count, 172, np.int32),
        wire_length=np.full(count, 172, np.int32),
        version=np.full(count, 4, np.uint8),
        source_low=np.full(count, 0xC0000201, np.uint64),
        source_port=port.astype(np.uint16),
        destination_low=np.full(count, 0xC0000202, np.uint64),
        destination_port=np.full(count, 4000, np.uint16),
        payload_type=kind.astype(np.uint8),
        sequence=sequence.astype(np.uint16),
        timestamp=timestamp.astype(np.uint32),
        ssrc=ssrc.astype(np.uint32),
    )
    frames = FrameTable.zeros(count).replace(
        time_ns=time * MS, number=np.arange(first_frame, first_frame + count)
    )
    return media, frames


def counted(
    kind: type[ReferenceStreams | CompiledStreams], packets: list[Packet], limit: int = 1000
) -> tuple[RtpStreamTable, RtpPayloadTable]:
    """Count packets in two batches."""
    streams = kind(GAP_NS, limit)
    half = len(packets) // 2
    streams.count(*batch(packets[:half]))
    streams.count(*batch(packets[half:], half + 1))
    return streams.tables(0)


def steady(sequences: list[int], kind: int = 0) -> list[Packet]:
    """Return packets 20 ms apart whose timestamps go with their sequence numbers."""
    return [(20 * at, 6000, 7, kind, each, 160 * each) for at, each in enumerate(sequences)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("sequences", "expected", "duplicates", "reordered", "jumps"),
    [
        ([1, 2, 3, 4], 4, 0, 0, 0),
        ([1, 2, 5, 6], 6, 0, 0, 0),
        ([65534, 65535, 0, 1], 4, 0, 0, 0),
        ([1, 3, 2, 4], 4, 0, 1, 0),
        ([1, 2, 2, 3], 3, 1, 0, 0),
        ([1, 3, 2, 2, 4], 4, 1, 1, 0),
        ([2, 1, 3], 3, 0, 1, 0),
        ([1, 2, 30000, 3], 3, 0, 0, 1),
        ([1, 2999], 2999, 0, 0, 0),
        ([200, 110, 201], 92, 0, 1, 0),
        ([200, 99, 201], 2, 0, 0, 1),
    ],
)
def test_the_sequence(
    kind: type[ReferenceStreams | CompiledStreams],
    sequences: list[int],
    expected: int,
    duplicates: int,
    reordered: int,
    jumps: int,
) -> None:
    """Extended numbers across 65535, what came late, twice or from nowhere (RFC 3550 A.1, A.3)."""
    streams, _ = counted(kind, steady(sequences))
    assert streams.packets.tolist() == [len(sequences)]
    assert (streams.highest - streams.lowest + 1).tolist() == [expected]
    assert streams.duplicates.tolist() == [duplicates]
    assert streams.reordered.tolist() == [reordered]
    assert streams.jumps.tolist() == [jumps]


@pytest.mark.parametrize("kind", KINDS)
def test_the_jitter_of_an_example(kind: type[ReferenceStreams | CompiledStreams]) -> None:
    """By hand after RFC 3550 A.8: one packet is 8 ms late, at 8000 Hz 64 timestamp units."""
    packets = [(0, 1, 7, 0, 0, 0), (20, 1, 7, 0, 1, 160), (48, 1, 7, 0, 2, 320)]
    _, payloads = counted(kind, [*packets, (60, 1, 7, 0, 3, 480)])
    after_third = 64 / 16
    after_fourth = after_third + (64 - after_third) / 16
    assert payloads.differences.tolist() == [3]
    assert payloads.last_0.tolist() == pytest.approx([after_fourth])
    assert payloads.most_0.tolist() == pytest.approx([after_fourth])
    assert payloads.sum_0.tolist() == pytest.approx([after_third + after_fourth])
    assert payloads.last_1.tolist() == [0.0]


@pytest.mark.parametrize("kind", KINDS)
def test_dynamic_payload_types_are_measured_by_several_clocks(
    kind: type[ReferenceStreams | CompiledStreams],
) -> None:
    """Opus ticks at 48000 Hz: by that clock a steady stream has no jitter, by others it has."""
    packets = [(20 * at, 1, 7, 111, at, 960 * at) for at in range(20)]
    _, payloads = counted(kind, packets)
    assert payloads.last_2.tolist() == pytest.approx([0], abs=1e-6)
    assert payloads.last_0[0] > 100
    assert payloads.last_3[0] > 100


@pytest.mark.parametrize("kind", KINDS)
def test_payload_types_have_jitter_of_their_own(
    kind: type[ReferenceStreams | CompiledStreams],
) -> None:
    """The events of RFC 4733 repeat one timestamp; that of speech stays steady around them."""
    speech = [(20 * at, 1, 7, 0, at, 160 * at) for at in range(10)]
    speech[4:6] = [(80, 1, 7, 101, 4, 640), (100, 1, 7, 101, 5, 640)]
    _, payloads = counted(kind, speech)
    assert payloads.payload_type.tolist() == [0, 101]
    assert payloads.packets.tolist() == [8, 2]
    assert payloads.last_0[0] == pytest.approx(0)
    assert payloads.last_0[1] == pytest.approx(10)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_stretch_begins(kind: type[ReferenceStreams | CompiledStreams]) -> None:
    """Another SSRC, a long silence, and numbers that start anew and go on are other stretches."""
    packets = [
        (0, 1, 7, 0, 10, 0),
        (20, 1, 8, 0, 11, 0),
        (40, 1, 7, 0, 11, 0),
        (5041, 1, 7, 0, 12, 0),
        (5061, 1, 7, 0, 40000, 0),
        (5081, 1, 7, 0, 40001, 0),
        (5101, 2, 7, 0, 40002, 0),
    ]
    streams, _ = counted(kind, packets)
    assert streams.ssrc.tolist() == [7, 8, 7, 7, 7]
    assert streams.packets.tolist() == [2, 1, 2, 1, 1]
    assert streams.first_frame.tolist() == [1, 2, 4, 6, 7]
    assert streams.lowest.tolist() == [10, 11, 12, 40001, 40002]


@pytest.mark.parametrize("kind", KINDS)
def test_what_only_looks_like_rtp_takes_little_room(
    kind: type[ReferenceStreams | CompiledStreams],
) -> None:
    """Other protocols have a new "SSRC" in each packet; a source that is steady is kept."""
    packets = [(at, 1, 7 if at % 3 == 0 else at + 1000, 0, at % 65536, 0) for at in range(500)]
    streams, _ = counted(kind, packets)
    assert len(streams) == 8
    assert streams.packets[streams.ssrc == 7].tolist() == [167]


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_streams_is_limited(kind: type[ReferenceStreams | CompiledStreams]) -> None:
    """Packets of streams beyond the limit are counted as such, from the first frame on."""
    streams = kind(GAP_NS, 2)
    streams.count(*batch([(at, at % 4, 7, 0, at, 0) for at in range(12)]))
    assert (streams.refused, streams.refused_frame) == (6, 3)
    assert streams.tables(0)[0].packets.tolist() == [3, 3]


def test_static_payload_types_have_their_own_clock() -> None:
    """RFC 3551 table 4: G722 says 8000 Hz, DVI4 5 and 6 differ; dynamic ones are unknown."""
    assert rate_table()[[0, 5, 6, 9, 10, 34, 35, 96]].tolist() == [
        8000, 8000, 16000, 8000, 44100, 90000, 0, 0,
    ]  # fmt: skip  # read side by side


times = st.one_of(st.integers(0, 400), st.integers(0, 20_000))
near = st.integers(0, 130)
sequences = st.one_of(near, near.map(lambda at: (65480 + at) % 65536), st.integers(0, 65535))
packet = st.tuples(
    times,
    st.integers(1, 2),
    st.one_of(st.integers(1, 2), st.integers(1, 90)),
    st.sampled_from([0, 6, 96, 101, 200]),
    sequences,
    st.one_of(st.integers(0, 5000), st.integers(0, 2**32 - 1)),
)


@pytest.mark.skipif(not COMPILED, reason="built without a compiler")
@given(packets=st.lists(packet, max_size=120), limit=st.sampled_from([1, 5, 1000]))
def test_the_twins_agree(packets: list[Packet], limit: int) -> None:
    """Whatever comes, the compiled counter gives what the reference gives."""
    found = [counted(kind, packets, limit) for kind in (ReferenceStreams, CompiledStreams)]
    for reference, compiled in zip(*found, strict=True):
        assert len(reference) == len(compiled)
        for each in reference.columns:
            assert getattr(compiled, each.name).tolist() == pytest.approx(
                getattr(reference, each.name).tolist(), rel=1e-9, abs=1e-9
            ), each.name


def test_the_settings_give_gap_and_limit() -> None:
    """Five seconds of silence, and a million streams."""
    assert (Settings().rtp_gap_ms, Settings().max_rtp_streams) == (5_000, 1 << 20)
