"""However TCP carries messages, they are the messages that were sent."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analyzer.settings import Settings
from analyzer.sip import scan
from analyzer.tables.messages import MessageTable, Transport
from capture_files import pcap_header
from segments import (
    ACK,
    PUSH,
    SYN,
    Reading,
    Segment,
    in_tcp,
    in_udp,
    later,
    messages_of,
    read,
    sent,
    stream,
)
from sip.test_scan import Result, scan_file

PACKETS = messages_of()
LENGTH = sum(len(each.payload) for each in PACKETS)
CUTS = st.lists(st.integers(1, LENGTH - 1), max_size=30)
FIRSTS = st.sampled_from([1, 0, 0xFFFFFFFF, 0xFFFFFF00, 0x7FFFFFF0])
ANY = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def over_udp(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """Read the same messages as datagrams."""
    return read(tmp_path_factory.mktemp("udp") / "udp.pcap", in_udp(PACKETS))


def check_same(reading: Reading, over_udp: Reading) -> None:
    """Assert that messages, transactions and findings are those of the datagrams."""
    assert reading.messages == over_udp.messages == sent(PACKETS)
    assert reading.transactions == over_udp.transactions
    assert reading.findings == over_udp.findings
    assert reading.transports == {Transport.TCP}
    assert reading.hidden == {}
    assert reading.anomalies.keys() == over_udp.anomalies.keys()


@ANY
@given(cuts=CUTS, first=FIRSTS, opened=st.booleans(), batch=st.sampled_from([1, 3, 1000]))
@example(cuts=list(range(1, LENGTH)), first=0xFFFFFF00, opened=True, batch=64)
def test_any_chunking(
    tmp_path: Path,
    over_udp: Reading,
    cuts: list[int],
    first: int,
    opened: bool,  # noqa: FBT001 - drawn
    batch: int,
) -> None:
    """Wherever the stream is cut into segments, and wherever its numbers wrap, nothing changes."""
    segments = later(stream(PACKETS, cuts, first=first, opened=opened))
    reading = read(tmp_path / "x.pcap", in_tcp(segments), Settings(batch_frames=batch))
    check_same(reading, over_udp)


@st.composite
def disordered(draw: st.DrawFn) -> list[Segment]:
    """Draw segments of which some come later, twice, overlap others, or are keep-alives."""
    ordered = stream(PACKETS, draw(CUTS), first=draw(FIRSTS))
    handshake = [each for each in ordered if each.flags & SYN]
    rest = [each for each in ordered if not each.flags & SYN]
    told: list[tuple[float, Segment]] = []
    starts: dict[tuple[str, int], int] = {}
    for at, each in enumerate(rest):
        starts.setdefault(each.source, each.sequence)
        delay = draw(st.sampled_from([0, 0, 0, 0, 1.5, 3.5]))
        told.append((at + delay, each))
        again = draw(st.integers(0, 11))
        if again == 0:
            told.append((at + draw(st.sampled_from([0.1, 2.2, 9.9])) + delay, each))
        if again == 1 and len(each.payload) > 1:
            half = len(each.payload) // 2
            tail = replace(each, sequence=each.sequence + half, payload=each.payload[half:])
            told.append((at + delay + draw(st.sampled_from([-1.3, 0.2])), tail))
        if again == 2:
            probe = replace(each, sequence=each.sequence + len(each.payload) - 1, payload=b"\0")
            told.append((at + delay + 0.3, probe))
        if again == 3 and each.sequence != starts[each.source]:
            told.append((at + delay + 0.3, replace(each, sequence=each.sequence - 1, payload=b"")))
    told.sort(key=lambda pair: pair[0])
    return later([*handshake, *(each for _, each in told)])


@ANY
@given(disordered(), st.sampled_from([1, 4, 1000]))
def test_any_order_and_repetition(
    tmp_path: Path, over_udp: Reading, segments: list[Segment], batch: int
) -> None:
    """Segments out of order, repeated, overlapping, and probes change nothing but the order in
    which messages are complete.
    """
    reading = read(
        tmp_path / "x.pcap", in_tcp(segments), Settings(batch_frames=batch), explained=False
    )
    assert sorted(reading.messages) == sorted(over_udp.messages)
    assert reading.hidden == {}
    assert "stream-gap" not in reading.anomalies


@ANY
@given(st.sets(st.integers(0, 40), min_size=1, max_size=6), CUTS)
def test_lost_segments(tmp_path: Path, lost: set[int], cuts: list[int]) -> None:
    """Messages of which nothing is lost are found, whatever else is; the loss is named."""
    segments = [each for each in later(stream(PACKETS, cuts)) if not each.flags & SYN]
    kept = [each for at, each in enumerate(segments) if at not in lost]
    reading = read(tmp_path / "x.pcap", in_tcp(kept), explained=False)
    texts = [text for text, *_ in reading.messages]
    for each in whole(segments, kept):
        assert each in texts
    for text in texts:
        assert any(
            text in sent_text or sent_text in text or sent_text.startswith(text[:40])
            for sent_text, *_ in sent(PACKETS)
        )


def whole(segments: Sequence[Segment], kept: Sequence[Segment]) -> list[bytes]:
    """Return the messages all of whose segments are kept, and the first segment of which no reader
    could miss: one at whose start a message begins.
    """
    found, at = [], 0
    for packet in PACKETS:
        parts = []
        size = 0
        while size < len(packet.payload):
            parts.append(segments[at])
            size += len(segments[at].payload)
            at += 1
        if all(part in kept for part in parts) and len(parts) == 1:
            found.append(packet.payload)
    return found


@ANY
@given(st.binary(max_size=200), st.integers(0, 3000), CUTS)
def test_any_bytes(tmp_path: Path, noise: bytes, where: int, cuts: list[int]) -> None:
    """Noise in the middle of a stream raises nothing, and each packet is counted."""
    segments = later(stream(PACKETS, cuts))
    at = min(where % (len(segments) + 1), len(segments))
    like = segments[at - 1]
    odd = replace(like, payload=noise, flags=PUSH | ACK, sequence=like.sequence + where - 1500)
    read(tmp_path / "x.pcap", in_tcp([*segments[:at], odd, *segments[at:]]), explained=False)


@ANY
@given(st.integers(0, 9000), CUTS, st.sampled_from([262_144, 40, 41, 90, 200]))
def test_cut_anywhere(tmp_path: Path, end: int, cuts: list[int], snap_len: int) -> None:
    """A capture that ends anywhere, and packets cut anywhere, raise nothing."""
    data = in_tcp(later(stream(PACKETS, cuts)), snap_len=snap_len)
    read(tmp_path / "x.pcap", data[: max(end, len(pcap_header()))], explained=False)


@pytest.mark.skipif(not scan.COMPILED, reason="built without a compiler")
@ANY
@given(disordered(), st.sets(st.integers(0, 60), max_size=4), st.sampled_from([1, 2, 1000]))
def test_twins(tmp_path: Path, segments: list[Segment], lost: set[int], batch: int) -> None:
    """The compiled table of directions and the careful reading say the same."""
    path = tmp_path / "x.pcap"
    path.write_bytes(in_tcp([each for at, each in enumerate(segments) if at not in lost]))
    limits = Settings(batch_frames=batch)
    check_alike(scan_file(path, limits, compiled=True), scan_file(path, limits, compiled=False))


def check_alike(one: Result, other: Result) -> None:
    """Assert that two scans found the same; messages that are complete late may have numbered the
    addresses in another order.
    """
    for column in MessageTable.columns:
        if not column.name.endswith(("source_row", "destination_row")):
            ours, theirs = (getattr(each[0].messages, column.name) for each in (one, other))
            assert ours.tolist() == theirs.tolist(), column.name
    assert addresses(one) == addresses(other)
    assert one[0].coverage == other[0].coverage
    assert list(one[0].anomalies) == list(other[0].anomalies)
    assert one[2:] == other[2:]


def addresses(scan: Result) -> list[tuple[str, str]]:
    """Return source and destination of each message."""
    messages, endpoints = scan[0].messages, scan[1]
    rows = zip(messages.source_row.tolist(), messages.destination_row.tolist(), strict=True)
    return [(endpoints.address(source), endpoints.address(to)) for source, to in rows]
