"""The records of a trace as JSON text: section by section, or as each one is over."""

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from math import ceil
from threading import Lock

import numpy as np

from analyzer.aside import short_turns
from analyzer.frozen import frozen, replace
from analyzer.render.call_records import call_records
from analyzer.render.finding_records import finding_records
from analyzer.render.message_records import message_records
from analyzer.render.record_columns import Batch
from analyzer.render.record_layouts import (
    CALL,
    FINDING,
    MESSAGE,
    REGISTRATION,
    SUBSCRIPTION,
    TRANSACTION,
)
from analyzer.render.record_shapes import Layout
from analyzer.render.record_source import RecordSource
from analyzer.render.records import (
    Encoded,
    Prepared,
    concatenate,
    cut,
    encode,
    from_records,
    join,
)
from analyzer.render.registration_records import registration_records
from analyzer.render.subscription_records import subscription_records
from analyzer.render.transaction_records import transaction_records
from analyzer.report.selection import select
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray

BATCH_RECORDS = 8_192
"""At most."""
WRITERS = 2
"""Threads; most of their time is spent in compiled code without the GIL."""
BATCHES_AHEAD = 1
CHUNK = 2_048
"""Findings whose records are written together."""


@frozen
class Section:
    """All records of one type that are to be written."""

    layout: Layout
    rows: Int64
    over: IntArray
    """Message row with which each record is over."""
    write: Callable[[IntArray], Encoded | Prepared]
    """Writes or prepares the records of some rows."""


def sections(source: RecordSource, call: str, *, messages: bool, typed: bool) -> list[Section]:
    """Return the records to write, in the order of their sections.

    `call` picks what belongs to Call-IDs that contain it. Records carry their `type` when `typed`.
    """
    trace, chosen = source.trace, select(source.trace, call)
    columns = partial(_columns, source, typed=typed)
    transactions = transactions_of(trace, chosen.calls, call)
    calls, subscriptions = chosen.calls, chosen.subscriptions
    registrations, findings = chosen.registrations, chosen.findings
    made = [
        Section(
            TRANSACTION,
            transactions,
            trace.transactions.last_row[transactions],
            columns(TRANSACTION, transaction_records),
        ),
        Section(CALL, calls, trace.calls.last_row[calls], columns(CALL, call_records)),
        Section(
            SUBSCRIPTION,
            subscriptions,
            trace.subscriptions.last_row[subscriptions],
            columns(SUBSCRIPTION, subscription_records),
        ),
        Section(
            REGISTRATION,
            registrations,
            trace.registrations.last_row[registrations],
            columns(REGISTRATION, registration_records),
        ),
        Section(
            FINDING,
            findings,
            trace.findings.message_row[findings],
            InChunks(findings, partial(_findings, source, typed=typed)).write,
        ),
    ]
    if messages:
        rows = wanted_messages(trace, transactions, call)
        made.append(Section(MESSAGE, rows, rows, columns(MESSAGE, message_records)))
    return made


def calls_section(source: RecordSource, rows: Int64, *, typed: bool) -> Section:
    """Return the records of some calls, in that order."""
    return Section(
        CALL, rows, np.arange(len(rows)), _columns(source, CALL, call_records, typed=typed)
    )


class InChunks:
    """Writes records many at a time and hands out those asked for.

    The words of findings take as long to prepare for one as for hundreds.
    """

    def __init__(self, rows: Int64, write: Callable[[IntArray], Encoded]) -> None:
        """Take all rows that will be asked for, in their order, and what writes some of them."""
        self._rows = rows
        self._write = write
        self._chunks: dict[int, Encoded] = {}
        self._writing = Lock()

    def write(self, rows: IntArray) -> Encoded:
        """Return the records of rows that follow each other among all."""
        if len(rows) == 0:
            return from_records([])
        first = int(np.searchsorted(self._rows, rows[0]))
        end = first + len(rows)
        parts = []
        for number in range(first // CHUNK, (end - 1) // CHUNK + 1):
            before = number * CHUNK
            parts.append(cut(self._chunk(number), max(first - before, 0), min(end - before, CHUNK)))
        return parts[0] if len(parts) == 1 else concatenate(parts)

    def _chunk(self, number: int) -> Encoded:
        with self._writing:
            if number not in self._chunks:
                made = self._write(self._rows[number * CHUNK : (number + 1) * CHUNK])
                kept = [each for each in self._chunks if each >= number - WRITERS]
                self._chunks = {each: self._chunks[each] for each in kept} | {number: made}
            return self._chunks[number]


def _columns(
    source: RecordSource,
    layout: Layout,
    records: Callable[[RecordSource, IntArray], Batch],
    *,
    typed: bool,
) -> Callable[[IntArray], Prepared]:
    return lambda rows: Prepared(layout, records(source, rows), typed)


def _findings(source: RecordSource, rows: IntArray, *, typed: bool) -> Encoded:
    return encode(FINDING, finding_records(source, rows), typed=typed)


def transactions_of(trace: Trace, calls: Int64, call: str) -> Int64:
    """Return the transactions of the chosen calls and those whose Call-ID has the part."""
    if not call:
        return np.arange(len(trace.transactions))
    wanted = np.isin(trace.transactions.call_row, calls)
    for row in np.flatnonzero(~wanted).tolist():
        wanted[row] = call in trace.text(int(trace.transactions.first_row[row]), "call_id")
    return np.flatnonzero(wanted)


def wanted_messages(trace: Trace, transactions: Int64, call: str) -> Int64:
    """Return the messages of the chosen transactions and those whose Call-ID has the part."""
    if not call:
        return np.arange(len(trace.messages))
    wanted = np.isin(trace.links.transaction_row, transactions)
    for row in np.flatnonzero(trace.links.transaction_row < 0).tolist():
        wanted[row] = call in trace.text(row, "call_id")
    return np.flatnonzero(wanted)


def records_in_order(section: Section, separator: bytes) -> Generator[memoryview]:
    """Yield the records of a section by id, the separator after each."""
    return records_as_they_end([replace(section, over=section.rows)], separator)


def records_as_they_end(made: list[Section], separator: bytes) -> Generator[memoryview]:
    """Yield all records in the order in which they are over, the separator after each.

    Those that end with one message come in the order of the sections. What is yielded is gone with
    the next.
    """
    rows = np.concatenate([each.rows for each in made])
    over = np.concatenate([np.asarray(each.over, np.int64) for each in made])
    kind = np.repeat(np.arange(len(made), dtype=np.uint8), [len(each.rows) for each in made])
    order = np.argsort(over * len(made) + kind, kind="stable")
    buffers: list[bytearray] = []

    def write(at: Int64) -> tuple[memoryview, bytearray]:
        kinds, which = np.unique(kind[at], return_inverse=True)
        parts = [made[number].write(rows[at[kind[at] == number]]) for number in kinds.tolist()]
        buffer = buffers.pop() if buffers else bytearray()
        return join(parts, which.astype(np.uint8), separator, buffer), buffer

    with short_turns(), closing(_written(write, _batches(order))) as written:
        for text, buffer in written:
            yield text
            text.release()
            buffers.append(buffer)


def _batches(order: Int64) -> list[Int64]:
    """Share records among the writers in equal batches; few are one batch."""
    size = BATCH_RECORDS
    if len(order) > size:
        rounds = ceil(len(order) / (WRITERS * BATCH_RECORDS))
        size = ceil(len(order) / (WRITERS * rounds))
    return [order[at : at + size] for at in range(0, len(order), size)]


Written = tuple[memoryview, bytearray]


def _written(write: Callable[[Int64], Written], batches: list[Int64]) -> Generator[Written]:
    """Yield the records of each batch while the next ones are written side by side."""
    if len(batches) == 1:
        yield write(batches[0])
        return
    running: deque[Future[Written]] = deque()
    pool = ThreadPoolExecutor(WRITERS)
    try:
        for at in batches:
            running.append(pool.submit(write, at))
            if len(running) > BATCHES_AHEAD:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
