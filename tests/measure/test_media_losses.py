"""Where RTP is lost: by side and hop, not by the sum of all hops."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from analyzer.annotate.dialogue import parse_dialogue
from analyzer.annotate.dialogue_pcap import Packet, write_pcap
from analyzer.measure.media_losses import Losses, find_losses
from analyzer.pipeline import open_trace
from analyzer.tables.calls import Party
from analyzer.tables.trace import Trace
from json_output import json_of

SDP = "\n   v=0\n   c=IN IP4 {0}\n   m=audio {1} RTP/AVP 0\n"
BEGIN = f"""
a->p INVITE sip:bob@example.com SIP/2.0
{SDP.format("192.0.2.1", 4000)}
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
{SDP.format("192.0.2.16", 6002)}
b->p SIP/2.0 200 OK
{SDP.format("192.0.2.2", 5000)}
p->a SIP/2.0 200 OK
{SDP.format("192.0.2.16", 6000)}
"""
END = """
b->p BYE sip:alice@192.0.2.1 SIP/2.0
p->a BYE sip:alice@192.0.2.1 SIP/2.0
a->p SIP/2.0 200 OK
p->b SIP/2.0 200 OK
"""
LEGS = (
    "b->p rtp 200{} to 192.0.2.16:6002",
    "p->a rtp 200{}",
    "a->p rtp 200{} to 192.0.2.16:6000",
    "p->b rtp 200{}",
)


@pytest.fixture
def relayed(tmp_path: Path) -> Callable[[Sequence[str]], Path]:
    """Give a function that writes a call over a relay, with losses on four ways at one time."""

    def write(lost: Sequence[str]) -> Path:
        lines = [line.format(each) for line, each in zip(LEGS, lost, strict=True)]
        first = [parse_dialogue(f"{BEGIN}{line}\n{END}") for line in lines]
        packets: dict[tuple[object, ...], Packet] = {
            (each.source, each.destination, each.payload): each for one in first for each in one
        }
        path = tmp_path / "relayed.pcap"
        ordered = sorted(packets.values(), key=lambda each: each.time_ns)
        path.write_bytes(write_pcap(ordered))
        return path

    return write


def losses_of(trace: Trace) -> Losses:
    """Return the losses of the calls of a trace."""
    return find_losses(trace.media, trace.rtp.streams)


@pytest.mark.parametrize(
    ("lost", "percent", "party", "elsewhere"),
    [
        (("", " lost 20", "", ""), 10, Party.CALLEE, 0),
        ((" lost 20", " lost 20", "", ""), 10, Party.CALLEE, 10),
        ((" lost 20", "", " lost 10", ""), 10, Party.CALLEE, 0),
        (("", "", " lost 40", " lost 40"), 20, Party.CALLER, 20),
        (("", "", "", ""), 0, Party.UNKNOWN, None),
    ],
    ids=["behind-the-relay", "before-both", "renumbered", "of-the-caller", "nothing"],
)
def test_the_worst_hop_counts(
    relayed: Callable[[Sequence[str]], Path],
    lost: Sequence[str],
    percent: float,
    party: Party,
    elsewhere: float | None,
) -> None:
    """A tenth of the packets of one hop is a tenth, however many hops there are beside it."""
    with open_trace([str(relayed(lost))]) as trace:
        found = losses_of(trace)
        assert found.percent.tolist() == [percent]
        assert found.party.tolist() == [party]
        assert elsewhere is None or found.elsewhere_percent.tolist() == [elsewhere]


def test_the_finding_names_both_hops(relayed: Callable[[Sequence[str]], Path]) -> None:
    """Loss behind a relay is not said to be before it."""
    with open_trace([str(relayed(("", " lost 20", "", "")))]) as trace:
        (finding,) = json_of(trace)["findings"]
    assert finding["case"] == "heavy-loss"
    assert "20 of 200" in finding["message"]
    assert "0 % on another" in finding["message"]


def test_another_port_later_is_no_other_hop(trace_of: Callable[[str], Trace]) -> None:
    """Media that moves with a re-INVITE goes over one hop, at two times."""
    trace = trace_of(f"""
-> INVITE sip:bob@example.com SIP/2.0
{SDP.format("192.0.2.1", 4000)}
<- SIP/2.0 200 OK
{SDP.format("192.0.2.2", 5000)}
-> ACK sip:bob@example.com SIP/2.0
<- rtp 100
-> INVITE sip:bob@example.com SIP/2.0
   To: <sip:bob@example.com>;tag=b1
{SDP.format("192.0.2.1", 4400)}
<- SIP/2.0 200 OK
{SDP.format("192.0.2.2", 5000)}
-> ACK sip:bob@example.com SIP/2.0
<- rtp 100 lost 10
""")
    found = losses_of(trace)
    assert (found.percent.tolist(), found.elsewhere_percent.tolist()) == ([10], [-1])
