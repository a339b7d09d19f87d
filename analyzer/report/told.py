"""What findings belong to, one by one, for a document: sentence, path, media, findings, ladder."""

from collections.abc import Sequence

import numpy as np

from analyzer.frozen import frozen, replace
from analyzer.report.ladder import Stress, build_ladder, in_order, messages_of
from analyzer.report.model import Ladder, Story
from analyzer.report.selection import Selection
from analyzer.report.stories import Subject, subjects_of, tell, transactions_of
from analyzer.report.whole_calls import Named, WholeCall, named_findings, whole_call
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import distinct

LONGEST = 30
"""Arrows of a ladder; more are left out in its middle."""
LOOKED_AT = 5_000
"""Findings, the gravest first, whose subjects are candidates."""


@frozen
class Told:
    """A call, subscription, registration or lone transaction."""

    story: Story
    """With its ladder, lanes in path order."""
    findings: tuple[Named, ...]
    """Those on hops that only passed a response on are left out."""
    whole: WholeCall | None
    """What else there is to say of a call."""


def subjects_to_tell(
    trace: Trace, chosen: Selection, first: Sequence[Subject], *, everything: bool
) -> tuple[list[Subject], int]:
    """Return what findings belong to, after some named before the gravest, and how many there are;
    with `everything` what has no finding follows.
    """
    findings = trace.findings
    own = chosen.findings[~findings.relayed[chosen.findings]]
    gravest = own[np.argsort(-findings.severity[own].astype(np.int64), kind="stable")]
    subjects = list(dict.fromkeys((*first, *subjects_of(trace, gravest[:LOOKED_AT]))))
    if not everything:
        return subjects, _count_subjects(trace, own)
    subjects = list(dict.fromkeys((*subjects, *chosen.subjects())))
    return subjects, len(subjects)


def _count_subjects(trace: Trace, rows: Int64) -> int:
    findings = trace.findings
    left, count = rows, 0
    for column in (
        findings.call_row,
        findings.subscription_row,
        findings.registration_row,
        findings.transaction_row,
    ):
        owner = column[left]
        count += len(distinct(owner[owner >= 0]))
        left = left[owner < 0]
    return count


def tell_whole(trace: Trace, subject: Subject, language: str) -> Told:
    """Tell one of them."""
    kind, row = subject
    rows = _findings_of(trace, subject)
    whole = whole_call(trace, row, language, 0) if kind == "call" else None
    (story,) = (whole.story,) if whole else tell(trace, [subject], language, whole=False)
    ladder = _ladder(trace, subject, rows, whole)
    return Told(replace(story, ladder=ladder), named_findings(trace, rows, language), whole)


def _findings_of(trace: Trace, subject: Subject) -> Int64:
    findings = trace.findings
    columns = {
        "call": findings.call_row,
        "subscription": findings.subscription_row,
        "registration": findings.registration_row,
        "transaction": findings.transaction_row,
    }
    return np.flatnonzero((columns[subject[0]] == subject[1]) & ~findings.relayed)


def _ladder(
    trace: Trace, subject: Subject, findings: Int64, whole: WholeCall | None
) -> Ladder | None:
    """Draw the messages, those that are judged in any case."""
    messages = messages_of(trace, transactions_of(trace, *subject))
    if len(messages) == 0:
        return None
    judged = frozenset(trace.findings.message_row[findings].tolist())
    usual = int(trace.messages.method_sym[messages[0]])
    ladder = build_ladder(trace, messages, LONGEST, Stress(judged, usual))
    path = [end for hop in whole.hops for end in (hop.client, hop.server)] if whole else []
    return in_order(ladder, path)
