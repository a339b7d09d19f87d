"""Findings become blocks."""

from collections.abc import Callable
from datetime import UTC

import numpy as np

from analyzer.annotate.wording import number_words
from analyzer.report.blocks import Wording, build_blocks
from analyzer.report.groups import Alike, group_findings
from analyzer.report.model import FindingBlock
from analyzer.report.proof import NAMED
from analyzer.tables.findings import Severity
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


WORDING = Wording("en", UTC, NAMED)


def blocks_of(trace: Trace) -> tuple[FindingBlock, ...]:
    """Return the blocks of all findings."""
    rows = np.arange(len(trace.findings))
    words = number_words(trace, rows, trace.rules)
    groups = group_findings(trace.findings, rows, words, everything=False)
    return build_blocks(trace, groups, WORDING)


def test_one_finding_says_when_who_and_where(trace_of: TraceOf) -> None:
    """Time, frame, parties, call and who answered are those of the response."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
           Call-ID: x@y
        +1s <- SIP/2.0 180 Ringing
        +4s <- SIP/2.0 603 Decline
           Server: Phone/1
    """)
    block = blocks_of(trace)[0]
    assert (block.severity, block.count, block.text.case) == (
        Severity.NOTICE,
        1,
        "declined-after-ringing",
    )
    assert block.first.frame == (0, 3)
    assert block.first.time_ns == int(trace.messages.time_ns[2])
    assert (block.first.caller.user, block.first.callee.user) == ("alice", "bob")
    assert (block.first.call, block.first.call_id) == (0, "x@y")
    assert block.server.address.endswith(":5060")
    assert (block.server.product, block.servers) == ("Phone/1", 1)
    assert {"since_alerting_ms": "4000"}.items() <= {
        each.name: each.value for each in block.evidence
    }.items()


def test_many_alike_are_counted_by_callee_and_product(trace_of: TraceOf) -> None:
    """A group knows how often each callee was called and what answered."""
    callees = ["bob", "bob", "carol", "bob", "dave"]
    trace = trace_of(
        "\n".join(
            f"-> INVITE sip:{name}@example.com SIP/2.0\n   Call-ID: c{n}\n"
            f"+{10 + 100 * n}ms <- SIP/2.0 603 Decline\n   Call-ID: c{n}\n"
            f"   {'Server' if n else 'User-Agent'}: PBX\n+5s"
            for n, name in enumerate(callees)
        )
    )
    blocks = blocks_of(trace)
    assert len(blocks) == 1
    block = blocks[0]
    assert (block.count, block.calls, block.subscriptions) == (5, 5, 0)
    assert block.callees == (
        ("bob@example.com", 3),
        ("carol@example.com", 1),
        ("dave@example.com", 1),
    )
    assert block.callee_count == 3
    assert block.products == (("PBX", 5),)
    assert not block.alike
    delays = {each.name: each.value for each in block.evidence}["response_delay_ms"]
    assert delays == "10 – 410"
    assert block.last_ns > block.first.time_ns


def test_hops_that_passed_it_on_are_named(trace_of: TraceOf) -> None:
    """The block of the origin knows the frames on other hops."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        p<-b SIP/2.0 603 Decline
        a<-p SIP/2.0 603 Decline
    """)
    (block,) = blocks_of(trace)
    assert (block.first.frame, block.relayed, block.relayed_count) == ((0, 3), ((0, 4),), 1)


def test_nothing_makes_no_blocks(trace_of: TraceOf) -> None:
    """No groups need no words."""
    groups: list[Alike] = []
    assert build_blocks(trace_of("-> OPTIONS sip:b@example.com SIP/2.0"), groups, WORDING) == ()
