"""Frames → a verdict on each, and the UDP datagrams that may hold SIP.

The compiled walk takes the common headers; what it leaves undecided goes through the decoders of
this package, which say what every frame is.
"""

import numpy as np

from analyzer.decode.cursor import DatagramTable, Fates, Packets
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
from analyzer.tables.messages import Transport
from analyzer.tables.schema import Int32, UInt8
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


_OF_PLAIN = {"time_ns": -1, "transport": Transport.UDP}
"""Columns that are the same for all datagrams the compiled walk finds."""

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


def decode_frames(
    data: memoryview, frames: FrameTable, settings: Settings, *, compiled: bool = COMPILED
) -> Decoded:
    """Decode a batch of frames of one capture."""
    if not len(frames):
        return Decoded(np.zeros(0, np.uint8), np.zeros(0, np.int32), DatagramTable.zeros(0))
    if not compiled:
        return _decode_reference(data, frames, settings)
    size = len(frames)
    verdicts, details = np.zeros(size, np.uint8), np.zeros(size, np.int32)
    datagrams = {
        each.name: np.empty(size, each.dtype)
        for each in DatagramTable.columns
        if each.name not in _OF_PLAIN
    }
    found = _datagrams.decode_frames(
        data,
        (frames.pos, frames.captured, frames.original, frames.link_type),
        (_ETHER_ENDS, _IP_ENDS),
        settings.max_layers,
        verdicts,
        tuple(datagrams.values()),
    )
    columns = {name: values[:found] for name, values in datagrams.items()}
    columns |= {name: np.full(found, value) for name, value in _OF_PLAIN.items()}
    table = DatagramTable(**columns)
    undecided = np.flatnonzero(verdicts == 0)
    if len(undecided):
        rest = _decode_reference(data, frames.take(undecided), settings)
        verdicts[undecided], details[undecided] = rest.verdicts, rest.details
        table = _merge(table, rest.datagrams, undecided)
    return Decoded(verdicts, details, table)


def _merge(table: DatagramTable, rest: DatagramTable, frame_rows: IntArray) -> DatagramTable:
    """Put datagrams of some of the frames among the others, in the order of the frames."""
    if not len(rest):
        return table
    rest = rest.replace(frame_row=frame_rows[rest.frame_row])
    both = DatagramTable.concatenate([table, rest])
    return both.take(np.argsort(both.frame_row, kind="stable"))


def _decode_reference(data: memoryview, frames: FrameTable, settings: Settings) -> Decoded:
    size = len(frames)
    fates = Fates(np.zeros(size, np.uint8), np.zeros(size, np.int32))
    on_wire = np.maximum(frames.original, frames.captured)
    spans = (frames.pos, frames.pos + frames.captured, frames.pos + on_wire)
    batch = Packets(np.frombuffer(data, np.uint8), fates, np.arange(size), spans)
    batch.go_on(LINK_SPACE, frames.link_type.astype(np.int64))
    work = [batch]
    for depth in range(settings.max_layers + 1):
        work = [part for each in work for part in _step(each, depth < settings.max_layers)]
    datagrams = DatagramTable.concatenate(fates.datagrams)
    order = np.argsort(datagrams.frame_row, kind="stable")
    return Decoded(fates.verdicts, fates.details, datagrams.take(order))


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
