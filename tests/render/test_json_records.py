"""Which records are written, and in which order."""

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from analyzer.render.json_records import (
    CHUNK,
    InChunks,
    Section,
    records_as_they_end,
    records_in_order,
    sections,
)
from analyzer.render.record_layouts import CALL, MESSAGE
from analyzer.render.record_source import RecordSource
from analyzer.render.records import Encoded, from_records
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray


def written(pieces: Iterable[memoryview]) -> bytes:
    """Return all pieces together; each is gone with the next."""
    return b"".join(bytes(each) for each in pieces)


def named(name: str, rows: IntArray) -> Encoded:
    """Return records that are a name and their row."""
    return from_records([f"{name}{row}".encode() for row in rows.tolist()])


def section(name: str, over: list[int]) -> Section:
    """Return a section whose records are a name and their row."""
    return Section(CALL, np.arange(len(over)), np.array(over), partial(named, name))


def test_order_is_that_of_the_ends() -> None:
    """Records come by the message that ends them, then by section, then by id."""
    made = [section("a", [5, 1, 5]), section("b", [1, 5]), section("c", [])]
    assert written(records_as_they_end(made, b" ")) == b"a1 b0 a0 a2 b1 "
    assert written(records_in_order(made[0], b",")) == b"a0,a1,a2,"


def test_chunks_give_what_is_asked_for() -> None:
    """Records written in chunks are those of the rows, wherever the rows begin and end."""
    rows = np.arange(0, 6 * CHUNK, 2)
    chunks = InChunks(rows, partial(named, "a"))
    for first, end in ((0, 0), (0, 3), (3, CHUNK), (CHUNK - 1, 2 * CHUNK + 1), (5, len(rows))):
        made, expected = chunks.write(rows[first:end]), named("a", rows[first:end])
        assert bytes(made.data) == expected.data
        assert made.ends.tolist() == expected.ends.tolist()


def test_nothing_to_write() -> None:
    """Without records nothing is written."""
    assert list(records_as_they_end([section("a", [])], b"\n")) == []


def test_messages_only_when_asked_for(trace_of: Callable[[str], Trace]) -> None:
    """The section of messages is there only with `messages`."""
    source = RecordSource(trace_of("-> OPTIONS sip:b@h SIP/2.0"))
    for messages in (False, True):
        made = sections(source, "", messages=messages, typed=False)
        assert (MESSAGE in [each.layout for each in made]) == messages


def test_stray_message_of_a_call_id(trace_of: Callable[[str], Trace]) -> None:
    """With `call` a message that is in no transaction counts by its own Call-ID."""
    source = RecordSource(trace_of("-> ACK sip:b@h SIP/2.0\n   To: <sip:b@h>;tag=1\n"))
    for part, count in (("dialogue@", 1), ("other", 0)):
        made = sections(source, part, messages=True, typed=False)
        assert len(made[-1].rows) == count
