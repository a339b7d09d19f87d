"""Messages become arrows."""

from collections.abc import Callable

import numpy as np

from analyzer.report.ladder import (
    ENDING,
    LONGEST,
    Stress,
    build_ladder,
    in_order,
    messages_of,
)
from analyzer.tables.trace import Trace
from example_report import LADDER

TraceOf = Callable[[str], Trace]


def test_lanes_follow_the_path(trace_of: TraceOf) -> None:
    """Each address and port has a lane, in the order of appearance; arrows name their ends."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        +10ms p->b INVITE sip:bob@example.com SIP/2.0
        +1s p<-b SIP/2.0 603 Decline
        a<-p SIP/2.0 603 Decline
    """)
    ladder = build_ladder(trace, np.arange(4))
    assert len(ladder.lanes) == 3
    assert [(each.source, each.destination, each.label) for each in ladder.arrows] == [
        (0, 1, "INVITE"),
        (1, 2, "INVITE"),
        (2, 1, "603 Decline"),
        (1, 0, "603 Decline"),
    ]
    assert [each.frame for each in ladder.arrows] == [(0, 1), (0, 2), (0, 3), (0, 4)]
    assert ladder.arrows[1].time_ns - ladder.start_ns == 10_000_000
    assert not any(each.left_out for each in ladder.arrows)


def test_lanes_in_another_order() -> None:
    """Those named come first, whatever else is named is left out, and arrows keep their ends."""
    ends = [(LADDER.lanes[each.source], LADDER.lanes[each.destination]) for each in LADDER.arrows]
    ladder = in_order(LADDER, ["nobody", LADDER.lanes[1]])
    assert ladder.lanes == LADDER.lanes[::-1]
    assert [
        (ladder.lanes[each.source], ladder.lanes[each.destination]) for each in ladder.arrows
    ] == ends


def test_repeats_are_counted_not_drawn(trace_of: TraceOf) -> None:
    """Retransmissions and copies of a packet show at the arrow of what they repeat."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        +500ms -> again INVITE
        +1s -> again INVITE
        +0.1ms -> copy INVITE
        +100ms <- SIP/2.0 100 Trying
    """)
    ladder = build_ladder(trace, np.arange(5))
    assert [(each.label, each.repeats) for each in ladder.arrows] == [
        ("INVITE", 3),
        ("100 Trying", 0),
    ]


def test_answers_to_other_methods_say_so(trace_of: TraceOf) -> None:
    """In a call the 200 to a CANCEL or BYE is told from that to the INVITE."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 180 Ringing
        -> CANCEL sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
           CSeq: 1 CANCEL
        <- SIP/2.0 487 Request Terminated
    """)
    labels = [each.label for each in build_ladder(trace, np.arange(5)).arrows]
    assert labels == [
        "INVITE",
        "180 Ringing",
        "CANCEL",
        "200 OK (CANCEL)",
        "487 Request Terminated",
    ]


def test_the_middle_of_a_long_ladder_is_left_out(trace_of: TraceOf) -> None:
    """Beginning and end stay, and what is missing is counted; in full nothing is."""
    count = LONGEST + 9
    trace = trace_of("\n".join(f"-> OPTIONS sip:n{n}@example.com SIP/2.0" for n in range(count)))
    rows = np.arange(count)
    ladder = build_ladder(trace, rows)
    frames = [each.frame[1] for each in ladder.arrows]
    beginning = list(range(1, LONGEST - ENDING + 1))
    assert frames == [*beginning, *range(count - ENDING + 1, count + 1)]
    assert [each.left_out for each in ladder.arrows if each.left_out] == [9]
    assert ladder.arrows[len(beginning) - 1].left_out == 9
    assert len(build_ladder(trace, rows, None).arrows) == count


def test_messages_of_transactions_are_in_order(trace_of: TraceOf) -> None:
    """The messages of several transactions are one sequence, as they passed."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        p<-b SIP/2.0 603 Decline
        a<-p SIP/2.0 603 Decline
    """)
    assert messages_of(trace, np.array([1, 0])).tolist() == [0, 1, 2, 3]
    assert messages_of(trace, np.array([], np.int64)).tolist() == []


def test_what_is_decisive_stays_in_a_long_ladder(trace_of: TraceOf) -> None:
    """A gap never hides a message that a verdict rests on; each gap says how much is missing."""
    count = LONGEST + 9
    trace = trace_of("\n".join(f"-> OPTIONS sip:n{n}@example.com SIP/2.0" for n in range(count)))
    stress = Stress({14}, int(trace.messages.method_sym[0]))
    ladder = build_ladder(trace, np.arange(count), LONGEST, stress)
    assert len(ladder.arrows) == LONGEST
    assert [each.frame[1] for each in ladder.arrows if each.decisive] == [15]
    assert [(each.frame[1], each.left_out) for each in ladder.arrows if each.left_out] == [
        (9, 5),
        (15, 4),
    ]


def test_who_asked_stands_on_the_left(trace_of: TraceOf) -> None:
    """The first lane is that of the first request of the method in question, whoever spoke first:
    a NOTIFY may come before the SUBSCRIBE that is shown.
    """
    trace = trace_of("""
        b->a NOTIFY sip:alice@192.0.2.1 SIP/2.0
           Event: presence
        a->b SUBSCRIBE sip:bob@example.com SIP/2.0
           Event: presence
    """)
    method = int(trace.messages.method_sym[1])
    ladder = build_ladder(trace, np.arange(2), None, Stress((), method))
    assert [(each.source, each.destination) for each in ladder.arrows] == [(1, 0), (0, 1)]
