"""However IP cuts packets into fragments, they carry the messages that were sent."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.settings import Settings
from segments import (
    capture,
    datagram,
    fragments,
    in_tcp,
    in_udp,
    ip,
    later,
    messages_of,
    read,
    sent,
    stream,
)

PACKETS = messages_of()
ANY = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
SIZES = st.lists(st.integers(1, 40), max_size=8)
V6 = {"192.0.2.1": "2001:db8::1", "192.0.2.2": "2001:db8::2"}


@ANY
@given(st.data(), st.booleans(), st.sampled_from([1, 2, 1000]))
def test_any_fragmentation(
    tmp_path: Path,
    data: st.DataObject,
    v6: bool,  # noqa: FBT001 - drawn
    batch: int,
) -> None:
    """Fragments of any size, in any order, some of them twice, give the same messages."""
    frames = []
    for number, each in enumerate(PACKETS):
        near, far = (V6[side[0]] if v6 else side[0] for side in (each.source, each.destination))
        pieces = fragments(near, far, 17, datagram(each), data.draw(SIZES), number + 1)
        if len(pieces) > 1:
            pieces += data.draw(st.lists(st.sampled_from(pieces[:-1]), max_size=1))
        frames += [(each.time_ns, piece) for piece in data.draw(st.permutations(pieces))]
    reading = read(
        tmp_path / "x.pcap", capture(frames), Settings(batch_frames=batch), explained=False
    )
    assert [text for text, *_ in reading.messages] == [text for text, *_ in sent(PACKETS)]
    assert reading.hidden == {}
    assert reading.anomalies == {}


@ANY
@given(st.data())
def test_missing_fragments(tmp_path: Path, data: st.DataObject) -> None:
    """A message without its last fragments is read as far as it goes; the packet is named."""
    invite = PACKETS[0]
    pieces = fragments("192.0.2.1", "192.0.2.2", 17, datagram(invite), [20] * 8, 0xBEEF)
    lost = data.draw(st.sets(st.integers(0, len(pieces) - 1), min_size=1))
    kept = [piece for at, piece in enumerate(pieces) if at not in lost]
    reading = read(
        tmp_path / "x.pcap", capture((invite.time_ns, each) for each in kept), explained=False
    )
    if 0 not in lost:
        ((text, *_),) = reading.messages
        assert invite.payload.startswith(text)
        assert "message-cut" in reading.anomalies
    else:
        assert reading.messages == []
    if kept:
        count, detail = reading.anomalies["ip-fragment"]
        assert count == len(kept)
        assert detail == "192.0.2.1 > 192.0.2.2, id 0xbeef, protocol 17"


@ANY
@given(st.lists(st.integers(1, 3000), max_size=12), SIZES)
def test_segments_in_fragments(tmp_path: Path, cuts: list[int], sizes: list[int]) -> None:
    """TCP segments that come in fragments give the same messages."""
    frames = []
    for number, each in enumerate(later(stream(PACKETS, cuts))):
        packet = each.packet()
        parts = fragments(each.source[0], each.destination[0], 6, packet[20:], sizes, number + 1)
        frames += [(each.time_ns, part) for part in parts]
    reading = read(tmp_path / "x.pcap", capture(frames), explained=False)
    assert reading.messages == sent(PACKETS)
    assert reading.hidden == {}


@ANY
@given(st.lists(st.tuples(st.integers(0, 0x3FFF), st.binary(max_size=40)), max_size=12))
def test_any_fragments(tmp_path: Path, drawn: list[tuple[int, bytes]]) -> None:
    """Fragments that make no sense raise nothing, and each is counted."""
    frames = [
        (at, ip("192.0.2.1", "192.0.2.2", 17, part, place=place))
        for at, (place, part) in enumerate(drawn)
    ]
    reading = read(tmp_path / "x.pcap", capture(frames), explained=False)
    assert reading.packets == len(frames)


def test_limits(tmp_path: Path) -> None:
    """Of too many fragments that wait the oldest are given up; waiting too long ends too."""
    ends = ("192.0.2.1", "192.0.2.2", 17)
    frames = [(at, ip(*ends, bytes(8), ident=at, place=0x2001)) for at in range(1, 50)]
    reading = read(tmp_path / "x.pcap", capture(frames), Settings(max_fragments=10))
    assert reading.limits == {"max_fragments": 39}
    assert reading.hidden == {"ip-fragment": 49}
    first, second = fragments(*ends, datagram(PACKETS[0]), [20], 1)[:2]
    late = capture([(0, first), (61 * 10**9, second)])
    assert read(tmp_path / "y.pcap", late).hidden == {"ip-fragment": 1}


def test_the_same_as_whole(tmp_path: Path) -> None:
    """Transactions and findings are those of the whole packets."""
    frames = [
        (each.time_ns, piece)
        for number, each in enumerate(PACKETS)
        for piece in fragments(
            each.source[0], each.destination[0], 17, datagram(each), [9, 9], number + 1
        )
    ]
    reading = read(tmp_path / "x.pcap", capture(frames))
    whole = read(tmp_path / "y.pcap", in_udp(PACKETS))
    assert (reading.transactions, reading.findings) == (whole.transactions, whole.findings)
    assert reading.sip == len(frames)
    assert in_tcp([]) == capture([])
