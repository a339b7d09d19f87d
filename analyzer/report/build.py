"""Trace → Report: columns are counted and grouped, and only what is shown becomes objects."""

from datetime import UTC, tzinfo
from enum import IntEnum

import numpy as np

from analyzer.annotate.wording import number_words
from analyzer.frozen import frozen, replace
from analyzer.report.blocks import Wording, build_blocks
from analyzer.report.calls import choose_calls, summarize_calls
from analyzer.report.groups import BLOCKS, Alike, group_findings
from analyzer.report.model import Counts, FindingBlock, Report, Story
from analyzer.report.proof import NAMED
from analyzer.report.remarks import build_remarks
from analyzer.report.selection import Selection, select
from analyzer.report.stories import Subject, subjects_of, tell
from analyzer.tables.calls import Outcome
from analyzer.tables.findings import Severity
from analyzer.tables.registrations import RegistrationState
from analyzer.tables.subscriptions import SubscriptionState
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray

STORIES = 3
"""Ladders printed when nothing is asked for."""
STORIES_ASKED = 10
"""Ladders printed for `--call` and `--messages`."""


@frozen
class ReportOptions:
    """What a report shall hold."""

    language: str = "en"
    everything: bool = False
    """Each finding and each call, however many (`--all`)."""
    call: str = ""
    """Only what belongs to Call-IDs that contain this (`--call`)."""
    messages: bool = False
    """Ladders of calls without findings too, and all of them in full (`--messages`)."""
    detail: int = NAMED
    """What is quoted of the messages that a finding rests on (`-v`, `-vv`)."""
    zone: tzinfo | None = UTC
    """Of the times in texts; None for that of the system."""


def build_report(trace: Trace, options: ReportOptions | None = None) -> Report:
    """Return what there is to say about a trace."""
    options = options or ReportOptions()
    chosen = select(trace, options.call)
    words = number_words(trace, chosen.findings, trace.rules)
    groups = group_findings(trace.findings, chosen.findings, words, everything=options.everything)
    shown = groups if options.everything else groups[:BLOCKS]
    calls = choose_calls(trace, chosen.calls, everything=options.everything)
    stories, stories_left_out = _stories(trace, options, chosen, shown)
    wording = Wording(options.language, options.zone, options.detail)
    blocks = build_blocks(trace, shown, wording)
    ends = [each.ends_ns for each in trace.captures if each.ends_ns is not None]
    return Report(
        captures=tuple(trace.captures),
        skipped=len(trace.skipped),
        counts=_counts(trace),
        coverage=trace.coverage,
        first_ns=min((first for first, _ in ends), default=None),
        last_ns=max((last for _, last in ends), default=None),
        outcomes=tuple((Outcome(v), n) for v, n in _frequencies(trace.calls.outcome)),
        subscription_states=_states(trace.subscriptions.state, SubscriptionState),
        registration_states=_states(trace.registrations.state, RegistrationState),
        severities=_severities(trace),
        findings=blocks,
        kinds_left_out=len(groups) - len(shown),
        calls=summarize_calls(trace, calls),
        calls_selected=len(chosen.calls),
        stories=tuple(_without_repeats(each, blocks) for each in stories),
        stories_left_out=stories_left_out,
        remarks=build_remarks(trace.anomalies, options.language),
        selection=options.call,
        language=options.language,
        zone=options.zone,
    )


def _stories(
    trace: Trace, options: ReportOptions, chosen: Selection, shown: list[Alike]
) -> tuple[tuple[Story, ...], int]:
    """Tell what the findings belong to, and what was asked for; say how many are left out."""
    examples = np.array([group.rows[0] for group in shown], np.int64)
    subjects = subjects_of(trace, examples)
    limit = STORIES
    if options.call or options.messages:
        subjects = list(dict.fromkeys(subjects + chosen.subjects()))
        limit = STORIES_ASKED
    told = subjects if options.everything else subjects[:limit]
    told.sort(key=lambda subject: _start(trace, subject))
    whole = options.everything or options.messages or bool(options.call)
    return tell(trace, told, options.language, whole=whole), len(subjects) - len(told)


def _without_repeats(story: Story, blocks: tuple[FindingBlock, ...]) -> Story:
    """Leave out the ladder of a story that a finding shows already, arrow by arrow."""
    if story.ladder is None:
        return story
    frames = {arrow.frame for arrow in story.ladder.arrows}
    shown = [{arrow.frame for arrow in block.proof.ladder.arrows} for block in blocks]
    is_whole = not any(arrow.left_out for arrow in story.ladder.arrows)
    is_whole &= any(frames <= each for each in shown)
    return replace(story, ladder=None) if is_whole else story


def _start(trace: Trace, subject: Subject) -> int:
    """Return the first message of a subject."""
    kind, row = subject
    tables: dict[str, IntArray] = {
        "call": trace.calls.first_row,
        "subscription": trace.subscriptions.first_row,
        "registration": trace.registrations.first_row,
        "transaction": trace.transactions.first_row,
    }
    return int(tables[kind][row])


def _counts(trace: Trace) -> Counts:
    messages, links = trace.messages, trace.links
    requests = int(np.count_nonzero(messages.status == 0))
    return Counts(
        packets=trace.coverage.packets,
        sip_messages=len(messages),
        requests=requests,
        responses=len(messages) - requests,
        transactions=len(trace.transactions),
        calls=len(trace.calls),
        subscriptions=len(trace.subscriptions),
        registrations=len(trace.registrations),
        findings=len(trace.findings),
        retransmissions=int(np.count_nonzero(links.retransmission_of_row >= 0)),
        duplicates=int(np.count_nonzero(links.copy_of_row >= 0)),
    )


def _frequencies(column: IntArray) -> list[tuple[int, int]]:
    """Return the values of a column and how often each occurs, the most frequent first."""
    counted = np.bincount(column, minlength=1)
    present = np.flatnonzero(counted).tolist()
    return sorted(((v, int(counted[v])) for v in present), key=lambda pair: -pair[1])


def _states(column: IntArray, names: type[IntEnum]) -> tuple[tuple[str, int], ...]:
    return tuple((names(value).name.lower(), count) for value, count in _frequencies(column))


def _severities(trace: Trace) -> tuple[tuple[Severity, int], ...]:
    """Count the findings by severity, those on hops that only passed a response on left out."""
    counted = _frequencies(trace.findings.severity[~trace.findings.relayed])
    return tuple(sorted(((Severity(v), n) for v, n in counted), reverse=True))
