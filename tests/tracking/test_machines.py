"""Each transaction's machines are stepped through its messages, by both twins alike."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.tables.messages import LinkTable, MessageTable
from analyzer.tables.trace import Trace
from analyzer.tracking import machines

TraceOf = Callable[[str], Trace]

rows = st.lists(
    st.tuples(
        st.integers(-1, 3),
        st.sampled_from([-1, 0, 0, 100, 180, 200, 299, 300, 603]),
        st.integers(0, 3),
        st.sampled_from([-1, -1, -1, 0]),
        st.sampled_from([-1, -1, 0]),
    ),
    max_size=40,
)


@given(rows, st.lists(st.booleans(), min_size=4, max_size=4))
def test_both_twins_step_alike(
    drawn: list[tuple[int, int, int, int, int]], is_invite: list[bool]
) -> None:
    """States and anomalies are those of the loop in Python."""
    messages = MessageTable.zeros(len(drawn)).replace(
        status=[each[1] for each in drawn], method_sym=[each[2] for each in drawn]
    )
    links = LinkTable(
        transaction_row=[each[0] for each in drawn],
        copy_of_row=[each[3] for each in drawn],
        retransmission_of_row=[each[4] for each in drawn],
    )
    kinds = np.array(is_invite)
    compiled = machines.step_machines(messages, links, kinds)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machines, "_machines", None)
        reference = machines.step_machines(messages, links, kinds)
    for name in ("client", "server", "odd"):
        assert getattr(compiled, name).tolist() == getattr(reference, name).tolist()


def kinds_of(trace: Trace) -> dict[str, list[int]]:
    """Return the frames of each kind of anomaly."""
    return {each.kind: [frame for _, frame in each.frames] for each in trace.anomalies}


def test_a_sound_call_has_no_anomaly(trace_of: TraceOf) -> None:
    """Retransmissions where the RFC has them are part of the tables."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        +500ms -> again INVITE
        <- SIP/2.0 180 Ringing
        <- SIP/2.0 486 Busy Here
        +500ms <- again 486
        -> ACK sip:bob@example.com SIP/2.0
        -> again ACK
    """)
    assert kinds_of(trace) == {}


def test_what_no_machine_knows_is_an_anomaly_with_its_frame(trace_of: TraceOf) -> None:
    """A 1xx and another final after the final, an INVITE again after them, a 486 again after
    the ACK.
    """
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 486 Busy Here
        <- SIP/2.0 180 Ringing
           CSeq: 1 INVITE
        <- SIP/2.0 603 Decline
           CSeq: 1 INVITE
        -> again INVITE
        -> ACK sip:bob@example.com SIP/2.0
        <- again 486
    """)
    assert kinds_of(trace) == {
        "provisional-after-final": [3],
        "second-final-response": [4],
        "request-again-after-response": [5],
        "response-again-after-ack": [7],
    }


def test_copies_are_no_events(trace_of: TraceOf) -> None:
    """The same packet seen twice steps no machine twice."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 486 Busy Here
        +1ms -> copy INVITE
        -> ACK sip:bob@example.com SIP/2.0
        <- copy 486
    """)
    assert kinds_of(trace) == {}


@pytest.mark.parametrize(("seconds", "late"), [(31, []), (33, [2])])
def test_an_answer_after_timer_f_is_late(trace_of: TraceOf, seconds: int, late: list[int]) -> None:
    """Timers are compared: after 64*T1 the client has given up (§17.1.2.2)."""
    trace = trace_of(f"""
        -> OPTIONS sip:bob@example.com SIP/2.0
        +{seconds}s <- SIP/2.0 200 OK
    """)
    assert kinds_of(trace).get("response-after-timeout", []) == late
