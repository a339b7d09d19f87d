"""A dialogue is the same dialogue whatever carries it; no cut and no damage makes anything fail."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from struct import pack, unpack_from
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.annotate.dialogue import dialogue_capture
from analyzer.decode import datagrams
from analyzer.decode.cursor import DatagramTable
from analyzer.decode.datagrams import Decoded, decode_frames
from analyzer.decode.verdicts import SIP
from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from analyzer.tables.calls import Outcome
from analyzer.tables.frames import FrameTable
from capture_files import file_of, pcap_header, pcap_record
from carriages import FRAME_IN_IP, IN_FRAME, IN_IP, MIRRORED, ON_LINK, hep3, in_udp
from frames import batch_of, ipv4, ipv6, udp
from sip_texts import damaged

DIALOGUE = """
-> INVITE sip:bob@example.com SIP/2.0
+0.1s <- SIP/2.0 180 Ringing
+4s <- SIP/2.0 603 Decline
-> ACK sip:bob@example.com SIP/2.0
+1s -> SUBSCRIBE sip:pres@example.com SIP/2.0
   To: <sip:pres@example.com>;tag=n1
   Suppress-If-Match: dx200xyz
   Expires: 3600
<- SIP/2.0 204 No Notification
   Expires: 3600
"""
LINKS = {name: (1, wrap) for name, wrap in IN_FRAME.items()} | ON_LINK
TWINS = [True, False] if datagrams.COMPILED else [False]
TEXT = b"BYE sip:bob@example.com SIP/2.0\r\n\r\n"


def records(capture: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Yield time and IP packet of each record of a little-endian pcap of Ethernet frames."""
    at = 24
    while at < len(capture):
        seconds, rest, size = unpack_from("<III", capture, at)
        yield (seconds, rest), capture[at + 30 : at + 16 + size]
        at += 16 + size


def read(link: int, wrap: Callable[[bytes], bytes], *, absent: tuple[str, ...] = ()) -> list[str]:
    """Return the tables of the dialogue carried so, but for what says where the bytes are."""
    packed = file_of(
        [
            pcap_header(link=link),
            *(pcap_record(wrap(ip), time) for time, ip in records(dialogue_capture(DIALOGUE))),
        ]
    )
    with TemporaryDirectory() as folder:
        path = Path(folder, "carried.pcap")
        path.write_bytes(packed)
        with open_trace([str(path)], Settings(max_layers=64)) as trace:
            assert trace.coverage.sip == trace.coverage.packets == 6
            tables = (
                trace.messages, trace.endpoints, trace.transactions, trace.calls,
                trace.subscriptions, trace.findings,
            )  # fmt: skip
            shown = []
            for each in tables:
                names = [column.name for column in each.columns]
                shown += [
                    f"{name} {getattr(each, name).tolist()}"
                    for name in names
                    if not name.endswith("_hash") and name != "pos" and name not in absent
                ]
            return shown


@cache
def plain() -> list[str]:
    """Return the tables of the dialogue over Ethernet."""
    return read(1, IN_FRAME["Ethernet"])


@pytest.mark.parametrize("name", LINKS)
def test_every_link(name: str) -> None:
    """Each link layer gives the same messages, transactions, calls and findings."""
    assert read(*LINKS[name]) == plain()


@pytest.mark.parametrize("name", [*IN_IP, *FRAME_IN_IP])
def test_every_tunnel(name: str) -> None:
    """Each tunnel gives the same messages, transactions, calls and findings."""
    in_frame, in_ip = IN_FRAME["Ethernet"], {**IN_IP, **FRAME_IN_IP}[name]
    inner = in_frame if name in FRAME_IN_IP else lambda packet: packet
    assert read(1, lambda packet: in_frame(in_ip(inner(packet)))) == plain()


@pytest.mark.parametrize("name", MIRRORED)
def test_every_mirror(name: str) -> None:
    """A mirrored message has all but the identification of its packet."""
    expected = [each for each in plain() if not each.startswith("ip_id ")]
    assert read(*MIRRORED[name], absent=("ip_id",)) == expected


@st.composite
def nested(draw: st.DrawFn) -> tuple[int, Callable[[bytes], bytes]]:
    """Draw a link type and what wraps an IP packet in some carriages inside each other."""
    steps: list[Callable[[bytes], bytes]] = []
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from([*IN_IP, *FRAME_IN_IP]))
        if name in FRAME_IN_IP:
            steps.append(IN_FRAME[draw(st.sampled_from(sorted(IN_FRAME)))])
        steps.append({**IN_IP, **FRAME_IN_IP}[name])
    link, wrap = LINKS[draw(st.sampled_from(sorted(LINKS)))]

    def carry(packet: bytes) -> bytes:
        for step in (*steps, wrap):
            packet = step(packet)
        return packet

    return link, carry


@pytest.mark.parametrize("packet", [ipv4(17, udp(TEXT)), ipv6(17, udp(TEXT))])
def test_every_pair(packet: bytes) -> None:
    """Each tunnel is read on each link and in each other tunnel, over IPv4 and IPv6."""
    steps = IN_IP | {
        f"{outer} of {inner}": lambda packet, outer=outer, inner=inner: FRAME_IN_IP[outer](
            IN_FRAME[inner](packet)
        )
        for outer in FRAME_IN_IP
        for inner in IN_FRAME
    }
    raw = {name: (101, step) for name, step in steps.items()}
    names = [(inner, outer) for inner in steps for outer in (LINKS | raw)]
    frames = [(LINKS | raw)[outer][1](steps[inner](packet)) for inner, outer in names]
    data, table = batch_of(frames)
    table = table.replace(link_type=[(LINKS | raw)[outer][0] for _, outer in names])
    limits = Settings(max_layers=64)
    verdicts = decode_frames(memoryview(data), table, limits).verdicts.tolist()
    assert [name for name, verdict in zip(names, verdicts, strict=True) if verdict != SIP] == []


def test_the_clock_of_the_mirror_counts(tmp_path: Path) -> None:
    """An INVITE that rings at the end is no failure, though the mirror's clock is an hour late."""
    time, packet = next(records(dialogue_capture(DIALOGUE)))
    stated = ((9, pack(">I", time[0] - 3600)), (10, pack(">I", time[1])))
    path = tmp_path / "mirrored.pcap"
    frame = in_udp(hep3(packet, *stated), 9060)
    path.write_bytes(file_of([pcap_header(link=101), pcap_record(frame, time)]))
    with open_trace([str(path)]) as trace:
        assert trace.messages.time_ns.tolist() == [(time[0] - 3600) * 10**9 + time[1] * 1000]
        assert trace.calls.outcome.tolist() == [Outcome.INCOMPLETE]


@settings(max_examples=40)
@given(nested())
def test_any_nesting(carriage: tuple[int, Callable[[bytes], bytes]]) -> None:
    """Carriages inside each other change nothing."""
    assert read(*carriage) == plain()


def by_both(data: bytes, table: FrameTable) -> Decoded:
    """Decode with and without the compiled walk, which must agree; each frame has a verdict."""
    decoded = [
        decode_frames(memoryview(data), table, Settings(), compiled=compiled) for compiled in TWINS
    ]
    one, other = decoded[0], decoded[-1]
    assert one.verdicts.tolist() == other.verdicts.tolist()
    assert one.details.tolist() == other.details.tolist()
    for each in DatagramTable.columns:
        columns = (getattr(found.datagrams, each.name).tolist() for found in (one, other))
        assert len({str(column) for column in columns}) == 1, each.name
    assert one.verdicts.all()
    return one


@given(nested(), st.booleans())
def test_cut_at_any_byte(carriage: tuple[int, Callable[[bytes], bytes]], is_v6: bool) -> None:  # noqa: FBT001 - drawn
    """A snap length at any byte leaves a verdict, and of the message what was captured."""
    packet = ipv6(17, udp(TEXT)) if is_v6 else ipv4(17, udp(TEXT))
    whole = carriage[1](packet)
    data = b"".join(whole[:cut] for cut in range(len(whole) + 1))
    sizes = list(range(len(whole) + 1))
    table = FrameTable(
        number=sizes,
        time_ns=sizes,
        pos=[sum(sizes[:at]) for at in sizes],
        captured=sizes,
        original=[len(whole)] * len(sizes),
        link_type=[carriage[0]] * len(sizes),
    )
    found = by_both(data, table).datagrams
    for start, length in zip(found.pos.tolist(), found.length.tolist(), strict=True):
        assert TEXT.startswith(data[start : start + length])


@given(st.lists(nested(), min_size=1, max_size=4), st.data())
def test_damage(carriages: list[tuple[int, Callable[[bytes], bytes]]], data: st.DataObject) -> None:
    """Changed, lost and added bytes leave a verdict, the same with and without the walk."""
    whole = [wrap(ipv4(17, udp(TEXT))) for _, wrap in carriages]
    drawn = [data.draw(damaged(each)) for each in whole]
    capture, table = batch_of(drawn)
    by_both(capture, table.replace(link_type=[link for link, _ in carriages]))


@given(
    st.lists(st.binary(max_size=90), min_size=1, max_size=6),
    st.sampled_from(sorted({link for link, _ in (*LINKS.values(), *MIRRORED.values())})),
)
def test_noise_on_any_link(drawn: list[bytes], link: int) -> None:
    """Any bytes have a verdict on any link."""
    by_both(*batch_of(drawn, link_type=link))


@given(
    st.binary(max_size=90),
    st.sampled_from([1701, 2152, 4500, 4789, 4790, 6081, 6635, 8472, 9060, 37008]),
    st.sampled_from(
        [b"", b"HEP3", b"\x01\x10\x02\x11", b"\x30\xff", b"\x34\xff", b"\x08", b"\0\2"]
    ),
)
def test_noise_in_tunnels(drawn: bytes, port: int, begin: bytes) -> None:
    """Any bytes have a verdict on the ports of tunnels."""
    by_both(*batch_of([ipv4(17, udp(begin + drawn, 4444, port))], link_type=101))


@given(st.binary(max_size=80), st.sampled_from([4, 41, 47, 97, 115, 137]))
def test_noise_in_ip(drawn: bytes, protocol: int) -> None:
    """Any bytes have a verdict behind the IP protocols of tunnels."""
    by_both(*batch_of([ipv4(protocol, drawn)], link_type=101))
