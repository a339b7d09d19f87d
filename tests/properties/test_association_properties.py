"""However SCTP carries messages, they are the messages that were sent."""

from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.settings import Settings
from analyzer.tables.messages import Transport
from segments import (
    capture,
    data_chunk,
    i_data_chunk,
    in_udp,
    ip,
    messages_of,
    read,
    sctp,
    sent,
)

PACKETS = messages_of()
ANY = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
TSNS = st.sampled_from([1, 0xFFFFFFFE, 0x7FFFFFFF])
CUTS = st.lists(st.integers(1, 300), max_size=4)
SACK = b"\x03\x00\x00\x10" + bytes(12)


def parts_of(payload: bytes, cuts: list[int]) -> list[bytes]:
    """Cut a payload."""
    bounds = [0, *sorted({cut for cut in cuts if cut < len(payload)}), len(payload)]
    return [payload[start:end] for start, end in pairwise(bounds)]


@ANY
@given(st.data(), TSNS, st.booleans(), st.sampled_from([1, 2, 1000]))
def test_any_chunks(
    tmp_path: Path,
    data: st.DataObject,
    tsn: int,
    interleaved: bool,  # noqa: FBT001 - drawn
    batch: int,
) -> None:
    """User messages whole or in fragments, with other chunks beside, in any order, sent again."""
    frames = []
    following = {PACKETS[0].source: tsn, PACKETS[0].destination: tsn}
    for number, each in enumerate(PACKETS):
        parts = parts_of(each.payload, data.draw(CUTS))
        chunks = []
        for at, part in enumerate(parts):
            edges = {"begins": at == 0, "ends": at == len(parts) - 1}
            now = following[each.source]
            following[each.source] += 1
            if interleaved:
                chunks.append(i_data_chunk(now, number, at, part, **edges))
            else:
                chunks.append(data_chunk(now, part, **edges))
        order = data.draw(st.permutations(chunks))
        again = data.draw(st.lists(st.sampled_from(chunks), max_size=2))
        packets = [sctp(each.source, each.destination, [SACK, chunk]) for chunk in order]
        packets += [sctp(each.source, each.destination, [chunk]) for chunk in again]
        frames += [(each.time_ns, packet) for packet in packets]
    reading = read(tmp_path / "x.pcap", capture(frames), Settings(batch_frames=batch))
    whole = read(tmp_path / "y.pcap", in_udp(PACKETS))
    assert reading.messages == sent(PACKETS)
    assert reading.transactions == whole.transactions
    assert reading.findings == whole.findings
    assert reading.transports == {Transport.SCTP}
    assert reading.hidden == {}


def test_several_in_a_packet(tmp_path: Path) -> None:
    """Chunks bundled in one packet are as many messages, of that frame."""
    client = [each for each in PACKETS if each.source == PACKETS[0].source]
    chunks = [data_chunk(at, each.payload) for at, each in enumerate(client)]
    packet = sctp(client[0].source, client[0].destination, chunks)
    reading = read(tmp_path / "x.pcap", capture([(0, packet)]))
    assert [text for text, *_ in reading.messages] == [each.payload for each in client]
    assert reading.frames == [1] * len(client)
    assert reading.sip == 1


def test_other_traffic(tmp_path: Path) -> None:
    """Messages of other protocols are other, whole or in fragments."""
    ends = (("192.0.2.1", 2905), ("192.0.2.2", 2905))
    packets = [
        sctp(*ends, [data_chunk(1, b"\x01\x00\x01\x01" + bytes(20))]),
        sctp(*ends, [SACK]),
        sctp(*ends, [data_chunk(2, bytes(40), ends=False)]),
        sctp(*ends, [data_chunk(3, bytes(40), begins=False)]),
        sctp(*ends, [data_chunk(9, bytes(40), begins=False)]),
    ]
    reading = read(tmp_path / "x.pcap", capture((0, packet) for packet in packets))
    assert (reading.other, reading.hidden, reading.messages) == (5, {}, [])


@ANY
@given(st.binary(max_size=120))
def test_any_bytes(tmp_path: Path, noise: bytes) -> None:
    """Noise raises nothing, and the packet is counted."""
    read(
        tmp_path / "x.pcap",
        capture([(0, ip("192.0.2.1", "192.0.2.2", 132, noise))]),
        explained=False,
    )


def test_missing_fragments(tmp_path: Path) -> None:
    """The beginning of a message whose end is missing is a message that is cut."""
    invite = PACKETS[0]
    ends = (invite.source, invite.destination)
    first = sctp(*ends, [data_chunk(1, invite.payload[:200], ends=False)])
    reading = read(tmp_path / "x.pcap", capture([(0, first)]))
    assert [text for text, *_ in reading.messages] == [invite.payload[:200]]
    assert "message-cut" in reading.anomalies
    limited = capture((at, sctp(*ends, [data_chunk(2 * at, b"x", ends=False)])) for at in range(9))
    reading = read(tmp_path / "y.pcap", limited, Settings(max_fragments=4))
    assert reading.limits == {"max_fragments": 5}
