"""Calls, subscriptions and registrations → what an HTML report shows when one is opened.

The records are those of the JSON output; with them go their findings, their messages and the text
of each, packed (deflate, base64) many to a chunk. A browser unpacks a chunk when it is asked for.
"""

import zlib
from base64 import b64encode
from collections.abc import Iterator

import numpy as np
import orjson

from analyzer.frozen import frozen, replace
from analyzer.render.json_records import Section, records_in_order, sections
from analyzer.render.record_source import RecordSource
from analyzer.report.ladder import messages_of
from analyzer.report.proof import MESSAGES, message_lines
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import Groups, distinct, is_in

CHUNK_MESSAGES = 800
"""Messages of a chunk: few enough to unpack while one blinks, many enough to pack well."""
MOST_MESSAGES = 2_000
"""Messages of one subject that are shown; the first ones."""
_SEPARATOR = b"\n"


@frozen
class Subject:
    """What can be opened: a call, a subscription or a registration."""

    kind: str
    row: int


def subjects_of(trace: Trace, calls: Int64, most: int) -> list[Subject]:
    """Choose what can be opened: what has findings, then the first calls, at most `most` calls."""
    findings = trace.findings
    own = findings.call_row[~findings.relayed]
    has_finding = np.bincount(own[own >= 0], minlength=len(trace.calls))[calls] > 0
    chosen = np.sort(calls[np.argsort(~has_finding, kind="stable")[:most]])
    others = {"subscription": findings.subscription_row, "registration": findings.registration_row}
    return [
        *(Subject("call", row) for row in chosen.tolist()),
        *(
            Subject(kind, row)
            for kind, column in others.items()
            for row in distinct(column[column >= 0]).tolist()[:most]
        ),
    ]


@frozen
class Chunk:
    """The records of some subjects, packed."""

    subjects: tuple[Subject, ...]
    packed: str


def chunks(source: RecordSource, subjects: list[Subject]) -> Iterator[Chunk]:
    """Yield the subjects in chunks, in their order."""
    made = {each.layout.name: each for each in sections(source, "", messages=True, typed=True)}
    together: list[Subject] = []
    rows: list[Int64] = []
    for subject in subjects:
        together.append(subject)
        rows.append(_messages(source.trace, subject))
        if sum(map(len, rows)) >= CHUNK_MESSAGES:
            yield _chunk(source.trace, made, together, rows)
            together, rows = [], []
    if together:
        yield _chunk(source.trace, made, together, rows)


def _messages(trace: Trace, subject: Subject) -> Int64:
    groups: dict[str, Groups] = {
        "call": trace.transactions_of_call,
        "subscription": trace.transactions_of_subscription,
        "registration": trace.transactions_of_registration,
    }
    rows = messages_of(trace, groups[subject.kind].of(subject.row))
    if len(rows) == 0 and subject.kind == "call":
        # a lone ACK is in no transaction
        rows = np.array([trace.calls.first_row[subject.row]], np.int64)
    return rows[:MOST_MESSAGES]


def _chunk(
    trace: Trace, made: dict[str, Section], subjects: list[Subject], messages: list[Int64]
) -> Chunk:
    rows = distinct(np.concatenate(messages))
    parts = [
        _records(made[kind], np.array([each.row for each in subjects if each.kind == kind]))
        for kind in dict.fromkeys(each.kind for each in subjects)
    ]
    transactions = trace.links.transaction_row[rows]
    judged = is_in(trace.findings.transaction_row, transactions[transactions >= 0])
    parts.append(_records(made["finding"], np.flatnonzero(judged)))
    parts.append(_records(made["message"], rows))
    texts = {str(row): "\n".join(message_lines(trace, row, MESSAGES)) for row in _told(trace, rows)}
    parts.append(orjson.dumps({"type": "texts", "of_message": texts}))
    packed = zlib.compress(_SEPARATOR.join(part for part in parts if part), 6)
    return Chunk(tuple(subjects), b64encode(packed).decode("ascii"))


def _records(section: Section, rows: Int64) -> bytes:
    if len(rows) == 0:
        return b""
    wanted = replace(section, rows=rows.astype(np.int64), over=rows)
    return b"".join(map(bytes, records_in_order(wanted, _SEPARATOR))).removesuffix(_SEPARATOR)


def _told(trace: Trace, rows: Int64) -> list[int]:
    """Return the messages that repeat no other."""
    links = trace.links
    first = (links.copy_of_row[rows] < 0) & (links.retransmission_of_row[rows] < 0)
    found: list[int] = rows[first].tolist()
    return found
