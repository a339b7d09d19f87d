"""Dialogs are Call-ID and both tags (RFC 3261 §12.1)."""

from collections.abc import Callable

from analyzer.tables.trace import Trace


def test_each_early_dialog_is_one_and_a_refusal_makes_none(
    trace_of: Callable[[str], Trace],
) -> None:
    """Two phones ring, one declines: two early dialogs; the 603's own tag makes none."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 180 Ringing
           To: <sip:bob@example.com>;tag=x
        <- SIP/2.0 180 Ringing
           To: <sip:bob@example.com>;tag=y
        <- SIP/2.0 603 Decline
           To: <sip:bob@example.com>;tag=z
        -> ACK sip:bob@example.com SIP/2.0
    """)
    assert len(trace.dialogs) == 2
    assert trace.dialogs.call_row.tolist() == [0, 0]
