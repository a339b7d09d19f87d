"""One identity on several paths: each path is a transaction, each message goes to its path."""

from collections.abc import Callable

from analyzer.tables.trace import Trace

SAME = """
           Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK-1
           Call-ID: same
           CSeq: 1 OPTIONS
           From: <sip:x@example.com>;tag=x
"""


def test_a_response_on_no_known_path_goes_to_the_one_it_shares_an_end_with(
    trace_of: Callable[[str], Trace],
) -> None:
    """The choice is an anomaly, so that nobody takes it for certain."""
    trace = trace_of(
        f"a->n OPTIONS sip:b@example.com SIP/2.0{SAME}"
        f"x->b OPTIONS sip:b@example.com SIP/2.0{SAME}"
        f"z->a SIP/2.0 200 OK{SAME}"
    )
    assert trace.links.transaction_row.tolist() == [0, 1, 0]
    assert [(each.kind, each.frames) for each in trace.anomalies if each.kind == "hop-unclear"] == [
        ("hop-unclear", [(0, 3)])
    ]


def test_a_response_from_another_port_still_belongs_to_the_only_path(
    trace_of: Callable[[str], Trace],
) -> None:
    """Servers may answer from where they were not asked."""
    trace = trace_of(f"a->b OPTIONS sip:b@example.com SIP/2.0{SAME}c->a SIP/2.0 200 OK{SAME}")
    assert trace.links.transaction_row.tolist() == [0, 0]
    assert len(trace.anomalies) == 0
