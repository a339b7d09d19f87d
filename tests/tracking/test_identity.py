"""Equal hashes are confirmed by the bytes behind them."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.tables.trace import Trace
from analyzer.tracking.identity import HashCollision, confirm_identity, confirm_text

TWO_CALLS = """
    -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: one
    -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: two
"""


def test_two_transactions_under_one_hash_are_a_collision(trace_of: Callable[[str], Trace]) -> None:
    """Messages that differ in what identifies a transaction must not be taken for one."""
    trace = trace_of(TWO_CALLS)
    with pytest.raises(HashCollision):
        confirm_identity(trace, np.array([0, 0]))
    confirm_identity(trace, np.array([0, 1]))


def test_two_call_ids_under_one_hash_are_a_collision(trace_of: Callable[[str], Trace]) -> None:
    """Texts are compared, not their hashes."""
    trace = trace_of(TWO_CALLS)
    with pytest.raises(HashCollision, match="call_id"):
        confirm_text(trace, "call_id", np.array([1]), np.array([0]))


def test_a_default_port_in_the_sent_by_is_no_difference(trace_of: Callable[[str], Trace]) -> None:
    """`host` and `HOST:5060` are one sent-by (RFC 3261 §18.1.1), so they share a transaction."""
    trace = trace_of("""
        -> OPTIONS sip:bob@example.com SIP/2.0
           Via: SIP/2.0/UDP a.example.com;branch=z9hG4bK-1
        <- SIP/2.0 200 OK
           Via: SIP/2.0/UDP A.example.com:5060;branch=z9hG4bK-1
    """)
    assert trace.links.transaction_row.tolist() == [0, 0]
