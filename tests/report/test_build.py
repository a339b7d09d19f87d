"""A whole report."""

from collections.abc import Callable

from analyzer.report.build import STORIES, ReportOptions, build_report
from analyzer.report.groups import BLOCKS
from analyzer.tables.calls import Outcome
from analyzer.tables.findings import Severity
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def declined(count: int) -> str:
    """Return a dialogue of calls that were declined at once."""
    return "\n".join(
        f"-> INVITE sip:bob@example.com SIP/2.0\n   Call-ID: c{n}@host\n"
        f"<- SIP/2.0 603 Decline\n   Call-ID: c{n}@host\n+2s"
        for n in range(count)
    )


def test_counts_add_up(trace_of: TraceOf) -> None:
    """Packets, messages, repeats and records are those of the tables."""
    report = build_report(
        trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        +500ms -> again INVITE
        +0.1ms -> copy INVITE
        <- SIP/2.0 603 Decline
        -> ACK sip:bob@example.com SIP/2.0
    """)
    )
    counts = report.counts
    assert (counts.packets, counts.sip_messages, counts.requests, counts.responses) == (5, 5, 4, 1)
    assert (counts.retransmissions, counts.duplicates) == (1, 1)
    assert (counts.transactions, counts.calls, counts.findings) == (1, 1, 1)
    assert report.outcomes == ((Outcome.DECLINED, 1),)
    assert report.severities == ((Severity.NOTICE, 1),)
    assert report.coverage.packets == 5
    assert report.first_ns == report.calls[0].start_ns


def test_many_alike_are_one_block_and_one_story(trace_of: TraceOf) -> None:
    """Fifty declined calls do not make fifty blocks; `everything` does."""
    trace = trace_of(declined(50))
    report = build_report(trace)
    assert [(each.count, each.calls) for each in report.findings] == [(50, 50)]
    assert len(report.stories) == 1
    assert report.calls_selected == 50 > len(report.calls)
    whole = build_report(trace, ReportOptions(everything=True))
    assert (len(whole.findings), len(whole.calls), len(whole.stories)) == (50, 50, 50)


def test_a_call_can_be_picked(trace_of: TraceOf) -> None:
    """`--call` shows the blocks, the row and the ladder of the calls it names, and no others."""
    report = build_report(trace_of(declined(30)), ReportOptions(call="c7@"))
    assert [each.first.call_id for each in report.findings] == ["c7@host"]
    assert [each.id for each in report.calls] == [7]
    assert [each.call_id for each in report.stories] == ["c7@host"]
    assert report.counts.calls == 30


def test_messages_tell_calls_without_findings_too(trace_of: TraceOf) -> None:
    """`--messages` draws the ladders of calls that need no explanation."""
    trace = trace_of("-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 180 Ringing")
    assert build_report(trace).stories == ()
    assert len(build_report(trace, ReportOptions(messages=True)).stories) == 1


def test_the_report_of_many_kinds_stays_short(trace_of: TraceOf) -> None:
    """Blocks and ladders beyond the limits are counted, not printed."""
    methods = ("MESSAGE", "REFER", "OPTIONS", "INFO", "PUBLISH", "SUBSCRIBE", "NOTIFY")
    trace = trace_of(
        "\n".join(
            f"-> {method} sip:bob@example.com SIP/2.0\n   Call-ID: {method}-{n}\n"
            f"<- SIP/2.0 {answer}\n   Call-ID: {method}-{n}"
            for method in methods
            for n, answer in enumerate(("603 Decline", "204 No Content"))
        )
    )
    report = build_report(trace)
    assert len(report.findings) + report.kinds_left_out <= len(trace.findings)
    assert len(report.findings) <= BLOCKS
    assert len(report.stories) == STORIES
    assert report.stories_left_out > 0


def test_a_capture_without_sip_has_a_report(trace_of: TraceOf) -> None:
    """Nothing to say is said without failing."""
    report = build_report(trace_of(""))
    assert report.counts.sip_messages == 0
    assert (report.findings, report.calls, report.stories, report.first_ns) == ((), (), (), None)
