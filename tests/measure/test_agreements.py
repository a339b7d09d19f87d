"""Offers and their answers: which messages they are, and how long each pair held (RFC 3264)."""

from collections.abc import Callable

import pytest

from analyzer.tables.calls import Party
from analyzer.tables.media import MediaState
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def sdp(port: int) -> str:
    """Return a body that names a port."""
    return f"\n   v=0\n   c=IN IP4 192.0.2.1\n   m=audio {port} RTP/AVP 0\n"


INVITE = "-> INVITE sip:bob@example.com SIP/2.0\n"
AGAIN = f"{INVITE}   To: <sip:bob@example.com>;tag=b1\n"
OK = "<- SIP/2.0 200 OK\n"
ACK = "-> ACK sip:bob@example.com SIP/2.0\n"
BYE = f"-> BYE sip:bob@example.com SIP/2.0\n{OK}"
EARLY = "<- SIP/2.0 183 Session Progress\n"
REFUSED = "<- SIP/2.0 488 Not Acceptable Here\n"


def exchanges(trace: Trace) -> list[tuple[int, int, int]]:
    """Return for each offer its port, that of its answer, 0 for none, and its state."""
    agreements, port = trace.media.agreements, trace.media.lines.port
    pairs = zip(agreements.offer_row.tolist(), agreements.answer_row.tolist(), strict=True)
    return [
        (int(port[offer]), int(port[answer]) if answer >= 0 else 0, int(state))
        for (offer, answer), state in zip(pairs, agreements.state.tolist(), strict=True)
    ]


OF_A_FORK = "   To: <sip:bob@example.com>;tag=f"
OF_ONE, OF_OTHER = f"{EARLY}{OF_A_FORK}1\n", f"{EARLY}{OF_A_FORK}2\n"


@pytest.mark.parametrize(
    ("dialogue", "expected"),
    [
        (f"{INVITE}{sdp(1)}{OK}{sdp(2)}{ACK}", [(1, 2, MediaState.AGREED)]),
        (f"{INVITE}{OK}{sdp(2)}{ACK}{sdp(1)}", [(2, 1, MediaState.AGREED)]),
        (f"{INVITE}{sdp(1)}{EARLY}{sdp(2)}{OK}{ACK}", [(1, 2, MediaState.AGREED)]),
        (
            f"{INVITE}{sdp(1)}{OF_ONE}{sdp(2)}{OK}{OF_A_FORK}2\n{ACK}",
            [(1, 0, MediaState.OFFERED)],
        ),
        (
            f"{INVITE}{sdp(1)}{OF_ONE}{sdp(2)}{OF_OTHER}{sdp(3)}{OK}{OF_A_FORK}2\n{ACK}",
            [(1, 3, MediaState.AGREED)],
        ),
        (f"{INVITE}{sdp(1)}{EARLY}{sdp(2)}<- SIP/2.0 486 Busy Here\n", [(1, 2, MediaState.AGREED)]),
        (f"{INVITE}{sdp(1)}{OK}{sdp(0)}{ACK}", [(1, 0, MediaState.REJECTED)]),
        (
            f"{INVITE}{sdp(1)}{OK}{sdp(2)}{ACK}{AGAIN}{sdp(3)}{EARLY}{sdp(4)}{REFUSED}{ACK}",
            [(1, 2, MediaState.AGREED), (3, 0, MediaState.OFFERED)],
        ),
    ],
    ids=[
        "in-the-2xx", "in-the-ack", "early", "of-another-fork", "of-its-own-fork", "never-answered",
        "rejected", "refused-change",
    ],
)  # fmt: skip  # read side by side
def test_where_the_answer_stands(
    trace_of: TraceOf, dialogue: str, expected: list[tuple[int, int, int]]
) -> None:
    """In the 2xx, in a 1xx of its dialog, or in the ACK (RFC 3261 §13.2.1); nowhere else."""
    assert exchanges(trace_of(dialogue)) == expected


def test_a_refused_change_ends_nothing(trace_of: TraceOf) -> None:
    """What had been agreed holds to the BYE (RFC 3261 §14.1), also after an answer in a 183."""
    change = f"+5s {AGAIN}{sdp(3)}{EARLY}{sdp(4)}{REFUSED}{ACK}"
    trace = trace_of(f"{INVITE}{sdp(1)}{OK}{sdp(2)}{ACK}{change}+5s {BYE}")
    agreements = trace.media.agreements
    assert agreements.end_ns[0] == trace.messages.time_ns[trace.calls.end_row[0]]


def test_another_agreement_ends_it(trace_of: TraceOf) -> None:
    """A new offer and answer in the same dialog replace the old ones, whoever offers."""
    change = f"+5s <- INVITE sip:alice@192.0.2.1 SIP/2.0\n   To: <sip:a>;tag=a1\n{sdp(3)}"
    trace = trace_of(
        f"{INVITE}{sdp(1)}{OK}{sdp(2)}{ACK}{change}-> SIP/2.0 200 OK\n{sdp(4)}+5s {BYE}"
    )
    agreements = trace.media.agreements
    assert agreements.offered_by.tolist() == [Party.CALLER, Party.CALLEE]
    assert agreements.end_ns[0] == agreements.start_ns[1]
