"""What lacks its counterpart is an anomaly with its frame."""

from collections.abc import Callable

from analyzer.tables.trace import Trace


def test_each_stray_is_counted_with_its_first_frames(trace_of: Callable[[str], Trace]) -> None:
    """A lone response, a lone request and a lone ACK; a request with a 1xx is none."""
    trace = trace_of("""
        <- SIP/2.0 603 Decline
           Call-ID: one
        -> OPTIONS sip:bob@example.com SIP/2.0
           Call-ID: two
        -> ACK sip:bob@example.com SIP/2.0
           Call-ID: three
        -> INVITE sip:bob@example.com SIP/2.0
           Call-ID: four
        <- SIP/2.0 100 Trying
           Call-ID: four
    """)
    assert {each.kind: each.frames for each in trace.anomalies} == {
        "response-without-request": [(0, 1)],
        "request-without-response": [(0, 2)],
        "ack-without-invite": [(0, 3)],
    }
