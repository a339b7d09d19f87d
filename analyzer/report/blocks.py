"""Groups of findings → blocks: the words, the first occurrence, who and how often, the evidence."""

from collections import Counter
from datetime import tzinfo

import numpy as np

from analyzer.annotate.wording import FindingText, describe
from analyzer.frozen import frozen
from analyzer.report.groups import Alike
from analyzer.report.ladder import endpoint_name
from analyzer.report.model import EvidenceItem, FindingBlock, Occurrence, Server
from analyzer.report.parties import count_parties, naming_messages, parties
from analyzer.report.proof import prove
from analyzer.sip.headers import branches_in, distinct_header_values
from analyzer.tables.findings import Severity
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray


@frozen
class Wording:
    """How findings are put into words."""

    language: str
    zone: tzinfo | None
    """Of the times in the words; None for that of the system."""
    detail: int
    """What is quoted of the messages: `report.proof.NAMED` and so on."""


WORDED = 200
"""Findings of a group whose words are made: the first ones; the evidence is theirs."""
NAMED = 5
"""Callees and products of a group that are named."""
FEW_VALUES = 3
"""Different values that are shown."""
LISTED = 5
"""Findings of a group that are listed one by one."""
RELAYS = 4
"""Further hops that are named."""


def build_blocks(trace: Trace, groups: list[Alike], options: Wording) -> tuple[FindingBlock, ...]:
    """Return the blocks of groups of findings."""
    samples = [group.rows[:WORDED] for group in groups]
    if not samples:
        return ()
    rows = np.concatenate(samples)
    texts = describe(trace, rows, trace.rules, options.language, options.zone)
    ends = np.cumsum([len(sample) for sample in samples]).tolist()
    starts = [0, *ends[:-1]]
    return tuple(
        _block(trace, group, texts[start:end], options)
        for group, start, end in zip(groups, starts, ends, strict=True)
    )


def _block(trace: Trace, group: Alike, texts: list[FindingText], options: Wording) -> FindingBlock:
    table, rows = trace.findings, group.rows
    messages = table.message_row[rows]
    naming = naming_messages(trace, table.transaction_row[rows])
    callees = count_parties(trace, naming, "To")
    return FindingBlock(
        severity=Severity(int(table.severity[rows[0]])),
        text=texts[0],
        alike=all(
            (each.message, each.likely) == (texts[0].message, texts[0].likely) for each in texts
        ),
        count=len(rows),
        first=_occurrence(trace, int(rows[0]), naming[:1]),
        last_ns=int(trace.messages.time_ns[messages].max()),
        callees=tuple(_most(callees)),
        callee_count=len(callees),
        calls=_distinct(table.call_row[rows]),
        subscriptions=_distinct(table.subscription_row[rows]),
        server=Server(
            endpoint_name(trace, int(trace.messages.source_row[messages[0]])),
            texts[0].answered_by.server,
        ),
        servers=_distinct(trace.messages.source_row[messages]),
        products=_products(trace, messages),
        evidence=_evidence(texts),
        relayed=tuple(
            trace.frame(row) for row in table.message_row[group.relayed[:RELAYS]].tolist()
        ),
        relayed_count=len(group.relayed),
        listed=_listed(trace, rows) if len(rows) > 1 else (),
        alike_steps=tuple(
            len(set(steps)) == 1 for steps in zip(*(each.next_steps for each in texts), strict=True)
        ),
        is_request=bool(trace.messages.status[messages[0]] == 0),
        via=len(branches_in(trace, int(messages[0]))),
        proof=prove(trace, int(rows[0]), texts[0], options.detail),
    )


def _listed(trace: Trace, rows: IntArray) -> tuple[Occurrence, ...]:
    first = rows[:LISTED]
    naming = naming_messages(trace, trace.findings.transaction_row[first])
    return tuple(_occurrence(trace, int(row), naming[at : at + 1]) for at, row in enumerate(first))


def _occurrence(trace: Trace, row: int, naming: IntArray) -> Occurrence:
    findings = trace.findings
    message, call = int(findings.message_row[row]), int(findings.call_row[row])
    subscription = int(findings.subscription_row[row])
    return Occurrence(
        time_ns=int(trace.messages.time_ns[message]),
        frame=trace.frame(message),
        caller=parties(trace, naming, "From")[0],
        callee=parties(trace, naming, "To")[0],
        call_id=trace.text(message, "call_id"),
        call=call if call >= 0 else None,
        subscription=subscription if subscription >= 0 else None,
    )


def _distinct(rows: IntArray) -> int:
    # np.unique would import numpy.ma, which takes longer than all else here
    return int(np.count_nonzero(np.bincount(rows[rows >= 0])))


def _most(counted: Counter[str]) -> list[tuple[str, int]]:
    """Return the most frequent, in the order of the text where they are equally frequent."""
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:NAMED]


def _products(trace: Trace, message_rows: IntArray) -> tuple[tuple[str, int], ...]:
    """Count what the senders of messages name as their software."""
    numbers, servers = distinct_header_values(trace, message_rows, "Server")
    is_unnamed = np.array([not server for server in servers], np.bool_)[numbers]
    agent_numbers, agents = distinct_header_values(trace, message_rows[is_unnamed], "User-Agent")
    counted: Counter[str] = Counter()
    for names, column in ((servers, numbers), (agents, agent_numbers)):
        times = np.bincount(column, minlength=len(names)).tolist()
        for name, count in zip(names, times, strict=True):
            if name and count:
                counted[name] += count
    return tuple(_most(counted))


def _evidence(texts: list[FindingText]) -> tuple[EvidenceItem, ...]:
    """Return each value that the findings share, and the range of those that differ."""
    items = []
    for name in texts[0].evidence:
        values = {each.evidence.get(name) for each in texts}
        present = [value for value in values if value is not None and value != ""]
        items.append(EvidenceItem(name, _range(present) if present else None))
    return tuple(items)


def _range(values: list[str | int | float | bool]) -> str:
    numbers = [
        value for value in values if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    if len(numbers) == len(values) and len(values) > 1:
        return f"{_value(min(numbers))} – {_value(max(numbers))}"
    named = sorted(_value(value) for value in values)
    return ", ".join(named[:FEW_VALUES]) + (", …" if len(named) > FEW_VALUES else "")


def _value(value: str | float) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
