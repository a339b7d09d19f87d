"""Whose RTP is missing: not before the answer, not with ICE, on one hop only, from some time on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.annotate.dialogue import parse_dialogue
from analyzer.annotate.dialogue_pcap import write_pcap
from analyzer.measure.media_facts import media_facts
from analyzer.pipeline import open_trace
from analyzer.tables.calls import Party
from analyzer.tables.trace import Trace
from json_output import json_of

TraceOf = Callable[[str], Trace]


def sdp(
    address: str, port: int, *lines: str, media: str = "audio", protocol: str = "RTP/AVP"
) -> str:
    """Return a body with one media and some more lines."""
    said = ("v=0", f"c=IN IP4 {address}", f"m={media} {port} {protocol} 0", *lines)
    return "\n" + "".join(f"   {line}\n" for line in said)


def offer(*lines: str, media: str = "audio", protocol: str = "RTP/AVP", to: str = "") -> str:
    """Return an INVITE of the caller."""
    headers = f"   To: <sip:bob@example.com>;tag={to}\n" if to else ""
    body = sdp("192.0.2.1", 4000, *lines, media=media, protocol=protocol)
    return f"-> INVITE sip:bob@example.com SIP/2.0\n{headers}{body}"


def answer(
    *lines: str, media: str = "audio", protocol: str = "RTP/AVP", status: str = "200 OK"
) -> str:
    """Return the answer of the callee, acknowledged when it is final."""
    body = sdp("192.0.2.2", 5000, *lines, media=media, protocol=protocol)
    ack = "-> ACK sip:bob@example.com SIP/2.0\n" if status.startswith("2") else ""
    return f"<- SIP/2.0 {status}\n{body}{ack}"


OK = "<- SIP/2.0 200 OK\n-> ACK sip:bob@example.com SIP/2.0\n"
BYE = "-> BYE sip:bob@example.com SIP/2.0\n<- SIP/2.0 200 OK\n"
EARLY = f"{offer()}{answer(status='183 Session Progress')}<- rtp 250\n"
HELD = f"{offer('a=sendonly', to='b1')}{answer('a=recvonly')}"
RESUMED = f"{offer(to='b1')}{answer()}"
ICE = "a=ice-ufrag:x"


def cases_of(trace: Trace) -> list[str]:
    """Return what SDP001 says."""
    return [each["case"] for each in json_of(trace)["findings"] if each["rule"] == "SDP001"]


@pytest.mark.parametrize(
    ("dialogue", "party", "before"),
    [
        (f"{EARLY}{OK}+3s {BYE}", Party.UNKNOWN, 0),
        (f"{EARLY}{OK}<- rtp 150\n{BYE}", Party.CALLER, 0),
        (f"{EARLY}{OK}-> rtp 250\n{BYE}", Party.CALLEE, 250),
        (f"{offer()}{answer()}-> rtp 50\n<- rtp 50\n{HELD}+5s {RESUMED}-> rtp 250\n{BYE}", 2, 50),
        (f"{offer()}{answer()}-> rtp 50\n<- rtp 50\n{HELD}+5s {RESUMED}+5s {BYE}", 0, 0),
        (f"{offer()}{answer()}-> rtp 9\n{HELD}-> rtp 9\n{RESUMED}<- rtp 9\n-> rtp 9\n{BYE}", 0, 0),
        (f"{offer()}{answer()}-> rtp 40\n{BYE}", Party.UNKNOWN, 0),
        (f"{offer(ICE)}{answer(ICE)}-> rtp 150\n{BYE}", Party.UNKNOWN, 0),
        (f"{offer(ICE)}{answer()}-> rtp 150\n{BYE}", Party.CALLEE, 0),
    ],
    ids=[
        "early-media-only", "caller-never", "callee-only-early", "not-after-hold", "both-quiet",
        "late-but-heard", "too-short", "ice", "ice-of-one-side",
    ],
)  # fmt: skip  # read side by side
def test_whose_rtp_is_missing(trace_of: TraceOf, dialogue: str, party: Party, before: int) -> None:
    """Media counts from the answer to the call on (RFC 3264 §5.1), and while both had agreed."""
    trace = trace_of(dialogue)
    assert media_facts(trace).silent.tolist() == [party]
    assert media_facts(trace).sent_before.tolist() == [before]


def test_who_was_heard_before_is_not_silent(trace_of: TraceOf) -> None:
    """`silent` says that nothing at all was captured of a side."""
    dialogue = f"{EARLY}{OK}-> rtp 250\n{BYE}"
    (call,) = json_of(trace_of(dialogue))["calls"]
    assert call["silent"] is None
    assert "no audio" not in call["summary"]


@pytest.mark.parametrize(
    ("media", "protocol", "line", "found"),
    [
        ("audio", "RTP/AVP", "a=sendrecv", ["no-media"]),
        ("audio", "RTP/SAVPF", "a=sendrecv", ["no-media"]),
        ("audio", "RTP/AVP", "a=inactive", []),
        ("audio", "RTP/AVP", ICE, []),
        ("message", "TCP/MSRP", "a=sendrecv", []),
        ("image", "udptl", "a=sendrecv", []),
    ],
)
def test_what_no_rtp_is_expected_of(
    trace_of: TraceOf, media: str, protocol: str, line: str, found: list[str]
) -> None:
    """MSRP, T.38 over UDPTL and inactive media have no RTP; with ICE it goes to other places."""
    quiet = offer(line, media=media, protocol=protocol) + answer(
        line, media=media, protocol=protocol
    )
    other = f"{offer()}{answer()}-> rtp 50\n<- rtp 50\n{BYE}".replace(
        "SIP/2.0\n", "SIP/2.0\n   Call-ID: y\n"
    )
    other = other.replace("200 OK\n", "200 OK\n   Call-ID: y\n").replace("4000", "4400")
    assert cases_of(trace_of(f"{quiet}+5s {BYE}{other.replace('5000', '5500')}")) == found


def test_copies_of_packets_are_not_counted(tmp_path: Path) -> None:
    """Each packet captured twice is one that was heard."""
    packets = parse_dialogue(f"{offer()}{answer()}-> rtp 90\n{BYE}")
    path = tmp_path / "twice.pcap"
    path.write_bytes(write_pcap([each for each in packets for _ in range(2)]))
    with open_trace([str(path)]) as trace:
        assert media_facts(trace).heard.tolist() == [90]


def test_two_directions_of_one_side_are_not_one_way(trace_of: TraceOf) -> None:
    """A gateway that is both parties: by SDP all RTP is of the caller, yet some goes back to where
    the rest comes from.
    """
    trace = trace_of(f"""{offer()}
<- SIP/2.0 200 OK
{sdp("192.0.2.1", 5000)}
c->a rtp 90 to 192.0.2.1:5000
a->c rtp 90
{BYE}""")
    assert trace.media.calls.from_callee.tolist() == [0]
    assert media_facts(trace).silent.tolist() == [Party.UNKNOWN]


RELAYED = """
a->p INVITE sip:bob@example.com SIP/2.0
{0}
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
{1}
b->p SIP/2.0 200 OK
{2}
p->a SIP/2.0 200 OK
{3}
a->p rtp 150 to 192.0.2.16:6000
p->b rtp 150
b->p rtp 150 to 192.0.2.16:6002
b->p BYE sip:alice@192.0.2.1 SIP/2.0
p->a BYE sip:alice@192.0.2.1 SIP/2.0
a->p SIP/2.0 200 OK
p->b SIP/2.0 200 OK
"""


def test_a_relay_that_passes_on_one_direction(trace_of: TraceOf) -> None:
    """What the callee sends is captured on its hop and missing on the other: it is not silent."""
    places = (("192.0.2.1", 4000), ("192.0.2.16", 6002), ("192.0.2.2", 5000), ("192.0.2.16", 6000))
    trace = trace_of(RELAYED.format(*(sdp(*each) for each in places)))
    assert cases_of(trace) == ["not-passed-on"]
    facts = media_facts(trace)
    assert facts.silent.tolist() == [Party.CALLEE]
    assert facts.sent_elsewhere.tolist() == [150]
    assert facts.awaited_at == ["192.0.2.1:4000"]
    assert trace.media.calls.silent.tolist() == [Party.UNKNOWN]
