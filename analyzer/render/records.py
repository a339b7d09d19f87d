"""Batches of columns → JSON text, one object for each record.

Two writers give the same bytes: the reference makes a dictionary of each record and lets orjson
write it, the compiled one (`_records`) runs the program that `record_program` makes of a layout.
"""

from collections.abc import Sequence

import numpy as np
import orjson

from analyzer.frozen import frozen
from analyzer.render.record_columns import Batch
from analyzer.render.record_program import program
from analyzer.render.record_shapes import Layout, ObjectOf
from analyzer.render.record_texts import records as plain_records
from analyzer.tables.schema import Int64, UInt8

try:
    from analyzer.render import _records
except ImportError:  # no compiler where the package was installed
    COMPILED = False
else:
    COMPILED = True


@frozen
class Encoded:
    """JSON text of some records: record i is `data[ends[i - 1]:ends[i]]`."""

    data: bytes | memoryview
    ends: Int64


@frozen
class Prepared:
    """Records that are written where they are joined with others, which saves a copy."""

    layout: Layout
    batch: Batch
    typed: bool

    def encode(self) -> Encoded:
        """Write them with the reference writer."""
        return encode_reference(self.layout, self.batch, typed=self.typed)


def encode(layout: Layout, batch: Batch, *, typed: bool = False) -> Encoded:
    """Write the records of a batch as JSON, with their `type` first where `typed`."""
    if not COMPILED:
        return encode_reference(layout, batch, typed=typed)
    ends, buffer = np.zeros(batch.count, np.int64), bytearray()
    part = _compiled(Prepared(layout, batch, typed))
    size = _records.write([part], np.zeros(batch.count, np.uint8), b"", buffer, ends)
    return Encoded(memoryview(buffer)[:size], ends)


def encode_reference(layout: Layout, batch: Batch, *, typed: bool = False) -> Encoded:
    """Write the records of a batch as JSON, one by one."""
    head: dict[str, object] = {"type": layout.name} if typed else {}
    made = plain_records(ObjectOf(layout.keys), batch.values, batch.count, batch.sources)
    return from_records([orjson.dumps(head | each) for each in made])


def from_records(records: Sequence[bytes]) -> Encoded:
    """Put records that are JSON text already one after the other."""
    ends = np.cumsum([len(each) for each in records], dtype=np.int64)
    return Encoded(b"".join(records), ends)


def cut(encoded: Encoded, first: int, end: int) -> Encoded:
    """Return the records from `first` to before `end`."""
    begin = int(encoded.ends[first - 1]) if first else 0
    data = memoryview(encoded.data)[begin : int(encoded.ends[end - 1])]
    return Encoded(data, encoded.ends[first:end] - begin)


def concatenate(parts: Sequence[Encoded]) -> Encoded:
    """Put records one after the other."""
    before = np.cumsum([0, *(len(each.data) for each in parts[:-1])])
    ends = [each.ends + at for each, at in zip(parts, before, strict=True)]
    return Encoded(b"".join(each.data for each in parts), np.concatenate(ends))


def join(
    parts: Sequence[Encoded | Prepared], which: UInt8, separator: bytes, buffer: bytearray
) -> memoryview:
    """Put records of several batches in one order: the next one of `parts[which[i]]`, and after
    each the separator. The text stands in the buffer, which grows to its size and can be used again
    once the text was released.
    """
    if not COMPILED:
        return memoryview(join_reference(parts, which, separator))
    ends = np.zeros(len(which), np.int64)
    size = _records.write([_compiled(each) for each in parts], which, separator, buffer, ends)
    return memoryview(buffer)[:size]


def _compiled(part: Encoded | Prepared) -> "_records.Program | _records.Written":
    """Return what the compiled writer takes."""
    if isinstance(part, Encoded):
        return part.data, part.ends
    batch = part.batch
    sources = [np.frombuffer(source, np.uint8) for source in batch.sources]
    return program(part.layout, batch.values, typed=part.typed), sources, batch.count


def join_reference(parts: Sequence[Encoded | Prepared], which: UInt8, separator: bytes) -> bytes:
    """Join record by record."""
    written = [each.encode() if isinstance(each, Prepared) else each for each in parts]
    bounds = [[0, *each.ends.tolist()] for each in written]
    done = [0] * len(written)
    pieces = []
    for part in which.tolist():
        begin, end = bounds[part][done[part] : done[part] + 2]
        done[part] += 1
        pieces += [written[part].data[begin:end], separator]
    return b"".join(pieces)
