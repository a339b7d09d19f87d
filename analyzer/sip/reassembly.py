"""What is read only together with other frames: fragments, then TCP and SCTP."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analyzer.decode.cursor import DatagramTable
from analyzer.decode.datagrams import Decoded
from analyzer.frozen import frozen
from analyzer.settings import Settings
from analyzer.sip.accounts import Accounts
from analyzer.sip.message_rows import RowBatch
from analyzer.sip.stream_start import Starts
from analyzer.tables.frames import FrameTable
from analyzer.tables.schema import Bool, Int64

if TYPE_CHECKING:
    from analyzer.sip.associations import Associations
    from analyzer.sip.fragments import Fragments
    from analyzer.sip.streams import Streams

Read = Callable[[memoryview, DatagramTable], RowBatch]
"""Reads the messages in some bytes."""


@frozen
class Batch:
    """A batch of frames, decoded and read."""

    frames: FrameTable
    decoded: Decoded
    read: RowBatch
    """The rows of the datagrams."""
    starts: Starts
    whole: RowBatch
    """The rows of the whole messages that `starts` names."""


class Reassembly:
    """Puts the parts of one capture together, batch by batch; loads only what it needs."""

    def __init__(
        self, accounts: Accounts, settings: Settings, read: Read, *, compiled: bool
    ) -> None:
        """Start with nothing in hand; what is found goes to `accounts`."""
        self.accounts = accounts
        self.read = read
        self._settings = settings
        self._compiled = compiled

    @cached_property
    def _fragments(self) -> "Fragments":
        from analyzer.sip.fragments import Fragments  # noqa: PLC0415 - few captures need it

        return Fragments(self.accounts, self._settings)

    @cached_property
    def _streams(self) -> "Streams":
        from analyzer.sip.streams import Streams  # noqa: PLC0415 - see above

        return Streams(self.accounts, self._settings, compiled=self._compiled)

    @cached_property
    def _associations(self) -> "Associations":
        from analyzer.sip.associations import Associations  # noqa: PLC0415 - see above

        return Associations(self.accounts, self._settings)

    def take(self, batch: Batch) -> Bool | None:
        """Take a batch; return which of its segments hold the next whole messages of their
        direction, None when there are no segments.
        """
        numbers, times = batch.frames.number, batch.frames.time_ns
        decoded = batch.decoded
        if len(decoded.fragments):
            decoded = self._fragments.take(decoded, numbers, times)
        if len(decoded.sctp):
            rows = decoded.sctp.frame_row
            self._associations.take(decoded.sctp, numbers[rows], times[rows])
        segments, starts = decoded.segments, batch.starts
        if not len(segments):
            return None
        rows = segments.frame_row
        is_own = segments.pos >= 0
        if not is_own.all():
            starts = self._with_reassembled(decoded, starts, np.flatnonzero(is_own))
        return self._streams.take(segments, starts, numbers[rows], times[rows])[is_own]

    def end(self) -> None:
        """Take that the capture ends."""
        for name in ("_fragments", "_streams", "_associations"):
            if name in self.__dict__:
                getattr(self, name).end()

    def _with_reassembled(self, decoded: Decoded, starts: Starts, own: Int64) -> Starts:
        """Return the starts of segments of which some come from fragments."""
        from analyzer.sip.payload_start import start_of  # noqa: PLC0415 - few captures need it

        segments = decoded.segments
        start = np.zeros(len(segments), np.uint8)
        count = np.zeros(len(segments), np.int32)
        start[own], count[own] = starts.start, starts.count
        for row in np.flatnonzero(segments.pos < 0).tolist():
            payload = self.accounts.read(0, ~int(segments.pos[row]), int(segments.length[row]))
            ports = (int(segments.source_port[row]), int(segments.destination_port[row]))
            start[row] = start_of(payload, int(segments.wire_length[row]), ports)
        return Starts(start, count, own[starts.row].astype(np.int32), starts.pos, starts.length)
