"""Frames → a verdict on each, the UDP datagrams that may hold SIP, and parts of other transports.

The compiled walk takes the common headers. A packet at any other protocol, such as a tunnel, goes
through the decoder of that protocol in this package and back to the walk. Without a compiler the
decoders do all of it, with the same result.
"""

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

import numpy as np

from analyzer.decode.cursor import DatagramTable, Fates, Packets, Step
from analyzer.decode.parts import FragmentTable, MediaTable, SctpTable, SegmentTable
from analyzer.decode.protocols import (
    ENDS,
    ETHER_SPACE,
    IP_SPACE,
    LINK_SPACE,
    UNKNOWN,
    decoders,
    udp_tunnels,
)
from analyzer.decode.verdicts import TOO_MANY_LAYERS
from analyzer.frozen import frozen
from analyzer.settings import Settings
from analyzer.tables.frames import FrameTable
from analyzer.tables.messages import Transport
from analyzer.tables.schema import Column, Int32, Int64, Table, UInt8
from analyzer.tables.vector import IntArray, distinct, is_in

_LEFT = {
    "frame_row": np.int64, "at": np.int64, "end": np.int64, "wire_end": np.int64,
    "ip_id": np.int64, "version": np.int64, "source_high": np.uint64, "source_low": np.uint64,
    "destination_high": np.uint64, "destination_low": np.uint64,
    "layers": np.int64, "next_space": np.int64, "next": np.int64,
}  # fmt: skip
"""Columns of packets in the order in which the compiled walk takes and leaves them."""

try:
    from analyzer.decode import _datagrams
except ImportError:  # no compiler where the package was installed
    COMPILED = False
else:
    COMPILED = True


_FEW = 4096
"""Frames for which it takes longer to import the decoders than to walk twice."""
_MAX_DETAIL = (1 << 31) - 1
_OF_PLAIN = {"time_ns": -1, "transport": Transport.UDP}
"""Columns that are the same for all datagrams the compiled walk finds."""


def _end_table(space: int, size: int) -> UInt8:
    table = np.zeros(size, np.uint8)
    for (each, number), verdict in ENDS.items():
        if each == space:
            table[number] = verdict
    return table


@cache
def _tables() -> tuple[UInt8, UInt8, UInt8, UInt8]:
    """Return what the compiled walk has to know: verdicts by EtherType and by IP protocol, ports
    and two first bytes of UDP payloads that may be a tunnel.
    """
    ports, beginnings = np.zeros(1 << 16, np.uint8), np.zeros(1 << 16, np.uint8)
    for tunnel in udp_tunnels():
        ports[list(tunnel.ports)] = 1
        beginnings[[int.from_bytes(each, "big") for each in tunnel.beginnings]] = 1
    return *_ends(), ports, beginnings


@cache
def _cautious_tables() -> tuple[UInt8, UInt8, UInt8, UInt8]:
    """Return tables that leave every UDP payload but SIP to the decoders: these are only imported
    when there is one.
    """
    nothing_known = np.ones(1 << 16, np.uint8)
    return *_ends(), nothing_known, nothing_known


@cache
def _ends() -> tuple[UInt8, UInt8]:
    return _end_table(ETHER_SPACE, 1 << 16), _end_table(IP_SPACE, 1 << 8)


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
    media: MediaTable


def decode_frames(
    data: memoryview, frames: FrameTable, settings: Settings, *, compiled: bool = COMPILED
) -> Decoded:
    """Decode a batch of frames of one capture."""
    size = len(frames)
    fates = Fates(np.zeros(size, np.uint8), np.zeros(size, np.int32), media=settings.media)
    walk = _CompiledWalk(data, fates) if compiled and len(data) else None
    batch = (
        walk.frames(frames, settings.max_layers)
        if walk
        else _packets_of(data, frames, fates, settings.max_layers)
    )
    return _decode(batch, walk)


def trace_frames(
    data: memoryview, frames: FrameTable, settings: Settings
) -> tuple[Decoded, list[Step]]:
    """Decode a batch of frames by the decoders alone, and say which headers these read."""
    size = len(frames)
    steps: list[Step] = []
    fates = Fates(np.zeros(size, np.uint8), np.zeros(size, np.int32), trace=steps)
    return _decode(_packets_of(data, frames, fates, settings.max_layers), None), steps


def decode_packets(batch: Packets, settings: Settings) -> Decoded:
    """Take packets through their protocols to the end."""
    batch.layers = np.full(len(batch), settings.max_layers, np.int64)
    return _decode(batch, None)


def _decode(batch: Packets, walk: "_CompiledWalk | None") -> Decoded:
    fates = batch.fates
    while len(batch):
        batch = _step(batch)
        if walk:
            batch = walk.packets(batch)
    return Decoded(
        fates.verdicts,
        fates.details,
        _rows_of(DatagramTable, fates.datagrams),
        _rows_of(SegmentTable, fates.parts),
        _rows_of(SctpTable, fates.parts),
        _rows_of(FragmentTable, fates.parts),
        _rows_of(MediaTable, fates.parts),
    )


Rows = TypeVar("Rows", DatagramTable, SegmentTable, SctpTable, FragmentTable, MediaTable)


def _rows_of(kind: type[Rows], parts: Sequence[Table]) -> Rows:
    """Stack the tables of one kind, in the order of the frames."""
    rows = kind.concatenate([each for each in parts if isinstance(each, kind)])
    if (np.diff(rows.frame_row) < 0).any():
        return rows.take(np.argsort(rows.frame_row, kind="stable"))
    return rows


def _packets_of(data: memoryview, frames: FrameTable, fates: Fates, max_layers: int) -> Packets:
    on_wire = np.maximum(frames.original, frames.captured)
    spans = (frames.pos, frames.pos + frames.captured, frames.pos + on_wire)
    batch = Packets(np.frombuffer(data, np.uint8), fates, np.arange(len(frames)), spans)
    batch.layers = np.full(len(frames), max_layers, np.int64)
    batch.go_on(LINK_SPACE, frames.link_type.astype(np.int64))
    return batch


Columns = dict[str, IntArray]


class _CompiledWalk:
    """Takes packets through the common headers, as far as it knows what comes next."""

    def __init__(self, data: memoryview, fates: Fates) -> None:
        self._data = data
        self._fates = fates

    def frames(self, frames: FrameTable, max_layers: int) -> Packets:
        """Begin with frames; return what the decoders must go on with."""
        datagrams, segments, media, left = self._room(len(frames))
        is_first = len(frames) < _FEW and not _tables.cache_info().currsize
        counts = _datagrams.walk_frames(
            self._data,
            (frames.pos, frames.captured, frames.original, frames.link_type),
            _cautious_tables() if is_first else _tables(),
            max_layers,
            self._fates.verdicts,
            tuple(datagrams.values()),
            tuple(segments.values()),
            tuple(media.values()),
            left,
        )
        batch = self._collect(datagrams, segments, media, left, counts)
        return self.packets(batch) if is_first else batch

    def packets(self, batch: Packets) -> Packets:
        """Go on with packets; return what the decoders must go on with."""
        if (batch.next_space > IP_SPACE).all():
            return batch
        datagrams, segments, media, left = self._room(len(batch))
        counts = _datagrams.walk_packets(
            self._data,
            tuple(np.ascontiguousarray(getattr(batch, name), kind) for name, kind in _LEFT.items()),
            _tables(),
            self._fates.verdicts,
            tuple(datagrams.values()),
            tuple(segments.values()),
            tuple(media.values()),
            left,
        )
        return self._collect(datagrams, segments, media, left, counts)

    def _room(self, size: int) -> tuple[Columns, Columns, Columns, tuple[IntArray, ...]]:
        """Make columns for all there may be: memory that is never written costs nothing."""
        datagrams = {
            each.name: np.empty(size, each.dtype)
            for each in DatagramTable.columns
            if each.name not in _OF_PLAIN
        }
        segments = {each.name: np.empty(size, each.dtype) for each in SegmentTable.columns}
        media = {each.name: _media_column(each, size) for each in MediaTable.columns}
        if not self._fates.media:
            media = {}
        return datagrams, segments, media, tuple(np.empty(size, kind) for kind in _LEFT.values())

    def _collect(
        self,
        datagrams: Columns,
        segments: Columns,
        media: Columns,
        left: tuple[IntArray, ...],
        counts: tuple[int, int, int, int],
    ) -> Packets:
        found, parts, streamed, rest = counts
        if found:
            columns = {name: values[:found] for name, values in datagrams.items()}
            columns |= {name: np.full(found, value) for name, value in _OF_PLAIN.items()}
            self._fates.datagrams.append(DatagramTable(**columns))
        if parts:
            table = SegmentTable(**{name: values[:parts] for name, values in segments.items()})
            self._fates.parts.append(table)
        if streamed:
            columns = {name: values[:streamed] for name, values in media.items()}
            self._fates.parts.append(MediaTable(**columns))
        rows = [values[:rest] for values in left]
        data = np.frombuffer(self._data, np.uint8)
        batch = Packets(data, self._fates, rows[0], (rows[1], rows[2], rows[3]))
        for name, values in zip(_LEFT, rows, strict=True):
            setattr(batch, name, values)
        return batch


def _media_column(column: Column, size: int) -> IntArray:
    """Make a column of media packets; the upper halves of addresses are only written for IPv6."""
    is_upper = column.name.endswith("_high")
    return np.zeros(size, column.dtype) if is_upper else np.empty(size, column.dtype)


def _step(batch: Packets) -> Packets:
    """Take a batch through its next protocols, each decoder once; return what goes on."""
    keys = (batch.next_space << 32) | batch.next
    has_decoder = is_in(keys, _decoder_keys())
    if not has_decoder.all():
        _end(batch.split(~has_decoder), keys[~has_decoder])
    parts: list[Packets] = []
    for key in distinct(keys[has_decoder]).tolist():
        has_key = keys == key
        part = batch if has_key.all() else batch.split(has_key)
        part.leave(part.layers < 1, TOO_MANY_LAYERS)
        part.layers = part.layers - 1
        if len(part):
            part.note_step(key >> 32, key & 0xFFFFFFFF)
            decoders()[key >> 32, key & 0xFFFFFFFF](part)
        if len(part):
            parts.append(part)
    return Packets.joined(parts) if parts else batch.split(np.zeros(len(batch), np.bool_))


@cache
def _decoder_keys() -> Int64:
    return np.array([space << 32 | number for space, number in decoders()], np.int64)


def _end(batch: Packets, keys: Int64) -> None:
    """Give packets at protocols that nobody decodes their verdict."""
    numbers = keys & 0xFFFFFFFF
    verdicts = np.array(UNKNOWN)[keys >> 32]
    details = np.minimum(numbers, _MAX_DETAIL)
    for (space, number), verdict in ENDS.items():
        is_end = keys == space << 32 | number
        verdicts[is_end], details[is_end] = verdict, 0
    batch.leave(np.ones(len(batch), np.bool_), verdicts, details)
