"""Frames → a verdict on each, the UDP datagrams that may hold SIP, and parts of other transports.

The compiled walk takes the common headers; what it leaves undecided goes through the decoders of
this package, which say what every frame is.
"""

from typing import TypeVar

import numpy as np

from analyzer.decode.cursor import DatagramTable, Fates, Packets
from analyzer.decode.parts import FragmentTable, SctpTable, SegmentTable
from analyzer.decode.protocols import (
    ENDS,
    ETHER_SPACE,
    IP_SPACE,
    LINK_SPACE,
    UNKNOWN,
    decoders,
)
from analyzer.decode.verdicts import TOO_MANY_LAYERS
from analyzer.frozen import frozen
from analyzer.settings import Settings
from analyzer.tables.frames import FrameTable
from analyzer.tables.schema import Int32, Table, UInt8
from analyzer.tables.vector import IntArray, distinct

try:
    from analyzer.decode import _datagrams
except ImportError:  # no compiler where the package was installed
    COMPILED = False
else:
    COMPILED = True


def _end_table(space: int, size: int) -> UInt8:
    table = np.zeros(size, np.uint8)
    for (each, number), verdict in ENDS.items():
        if each == space:
            table[number] = verdict
    return table


_ETHER_ENDS = _end_table(ETHER_SPACE, 1 << 16)
_IP_ENDS = _end_table(IP_SPACE, 1 << 8)


@frozen
class Decoded:
    """What became of a batch of frames."""

    verdicts: UInt8
    """Per frame: a number of `analyzer.decode.verdicts`."""
    details: Int32
    """Per frame: the number that nobody knows, where that is the verdict."""
    datagrams: DatagramTable
    segments: SegmentTable
    sctp: SctpTable
    fragments: FragmentTable


def decode_frames(
    data: memoryview, frames: FrameTable, settings: Settings, *, compiled: bool = COMPILED
) -> Decoded:
    """Decode a batch of frames of one capture."""
    if not compiled or not len(frames):
        return _decode_reference(data, frames, settings)
    size = len(frames)
    verdicts, details = np.zeros(size, np.uint8), np.zeros(size, np.int32)
    datagrams = {each.name: np.empty(size, each.dtype) for each in DatagramTable.columns}
    segments = {each.name: np.empty(size, each.dtype) for each in SegmentTable.columns}
    found, parts = _datagrams.decode_frames(
        data,
        (frames.pos, frames.captured, frames.original, frames.link_type),
        (_ETHER_ENDS, _IP_ENDS),
        settings.max_layers,
        verdicts,
        tuple(datagrams.values()),
        tuple(segments.values()),
    )
    decoded = Decoded(
        verdicts,
        details,
        DatagramTable(**{name: values[:found] for name, values in datagrams.items()}),
        SegmentTable(**{name: values[:parts] for name, values in segments.items()}),
        SctpTable.zeros(0),
        FragmentTable.zeros(0),
    )
    undecided = np.flatnonzero(verdicts == 0)
    if not len(undecided):
        return decoded
    rest = _decode_reference(data, frames.take(undecided), settings)
    verdicts[undecided], details[undecided] = rest.verdicts, rest.details
    return Decoded(
        verdicts,
        details,
        _merge(decoded.datagrams, rest.datagrams, undecided),
        _merge(decoded.segments, rest.segments, undecided),
        _merge(decoded.sctp, rest.sctp, undecided),
        _merge(decoded.fragments, rest.fragments, undecided),
    )


Rows = TypeVar("Rows", DatagramTable, SegmentTable, SctpTable, FragmentTable)


def _merge(table: Rows, rest: Rows, frame_rows: IntArray) -> Rows:
    """Put rows of some of the frames among the others, in the order of the frames."""
    if not len(rest):
        return table
    rest = rest.replace(frame_row=frame_rows[rest.frame_row])
    both = type(table).concatenate([table, rest])
    return both.take(np.argsort(both.frame_row, kind="stable"))


def _rows_of(kind: type[Rows], parts: list[Table]) -> Rows:
    """Stack the tables of one kind, in the order of the frames."""
    rows = kind.concatenate([each for each in parts if isinstance(each, kind)])
    return rows.take(np.argsort(rows.frame_row, kind="stable"))


def _decode_reference(data: memoryview, frames: FrameTable, settings: Settings) -> Decoded:
    size = len(frames)
    fates = Fates(np.zeros(size, np.uint8), np.zeros(size, np.int32))
    on_wire = np.maximum(frames.original, frames.captured)
    spans = (frames.pos, frames.pos + frames.captured, frames.pos + on_wire)
    batch = Packets(np.frombuffer(data, np.uint8), fates, np.arange(size), spans)
    batch.go_on(LINK_SPACE, frames.link_type.astype(np.int64))
    return decode_packets(batch, settings)


def decode_packets(batch: Packets, settings: Settings) -> Decoded:
    """Take packets through their protocols to the end."""
    work = [batch] if len(batch) else []
    for depth in range(settings.max_layers + 1):
        work = [part for each in work for part in _step(each, depth < settings.max_layers)]
    fates = batch.fates
    return Decoded(
        fates.verdicts,
        fates.details,
        _rows_of(DatagramTable, list(fates.datagrams)),
        _rows_of(SegmentTable, fates.parts),
        _rows_of(SctpTable, fates.parts),
        _rows_of(FragmentTable, fates.parts),
    )


def _step(batch: Packets, may_decode: bool) -> list[Packets]:  # noqa: FBT001 - one caller
    """Take a batch through its next protocols; return what goes on."""
    parts = []
    keys = (batch.next_space << 16) | batch.next
    for key in distinct(keys).tolist():
        part = batch.split(keys == key)
        space, number = key >> 16, key & 0xFFFF
        everything = np.ones(len(part), np.bool_)
        decoder = decoders().get((space, number))
        if decoder is None:
            verdict = ENDS.get((space, number))
            if verdict is None:
                part.leave(everything, UNKNOWN[space], number)
            else:
                part.leave(everything, verdict)
        elif may_decode:
            decoder(part)
        else:
            part.leave(everything, TOO_MANY_LAYERS)
        if len(part):
            parts.append(part)
    return parts
