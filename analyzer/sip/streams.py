"""TCP segments → SIP messages: which connections carry SIP, and their bytes in order.

A connection is followed from the first segment, in either direction, that begins as `stream_start`
says; what came of it up to `Settings.lookback_frames` before is looked at then. Of all other
connections nothing is kept. Directions in which all is ordinary never come here: see `flows`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from analyzer.decode.parts import SegmentTable
from analyzer.decode.transport.tcp import TcpFlag
from analyzer.decode.verdicts import TLS
from analyzer.frozen import frozen
from analyzer.settings import Settings
from analyzer.sip.accounts import Accounts
from analyzer.sip.directions import Direction, Framer
from analyzer.sip.flows import (
    CompiledFlows,
    Ends,
    Fate,
    Flows,
    Mode,
    ReferenceFlows,
    Sorted,
    ends_of,
    turned,
)
from analyzer.sip.framing import SipFramer, begins_message
from analyzer.sip.lookback import Lookback
from analyzer.sip.other_streams import CountingFramer, HepFramer
from analyzer.sip.pieces import Joined, Piece, distance, pieces_of
from analyzer.sip.stream_start import Start, Starts
from analyzer.sip.tls import read_client_hello
from analyzer.sip.websocket import WebSocketFramer
from analyzer.tables.messages import Transport
from analyzer.tables.schema import Bool, Int64

Chosen = tuple[Piece, Ends, int, int]
"""A segment to look at: piece, direction, where that was met and goes on (see `Sorted`)."""


@dataclass(slots=True)
class Connection:
    """Both directions of a connection, as far as they need care."""

    kind: Start
    confirmed: bool = False
    """Whether a start line was read in it."""
    directions: dict[Ends, Direction] = field(default_factory=dict)


@frozen
class DirectionSink:
    """Takes what the framer of one direction finds."""

    accounts: Accounts
    flows: Flows
    connection: Connection
    ends: Ends
    transport: Transport

    @property
    def keeps_origins(self) -> bool:
        """Whether somebody asks what messages were made of."""
        return self.accounts.origins is not None

    def message(
        self,
        piece: Piece,
        where: tuple[int, int] | bytes | Joined,
        length: int,
        wire_length: int,
        anomalies: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Take a message."""
        self.accounts.message(
            piece, where, (length, wire_length), self.ends, self.transport, anomalies
        )

    def done(self, piece: Piece) -> None:
        """Count a segment."""
        self.accounts.done(piece)

    def note(self, kind: str, piece: Piece, detail: str) -> None:
        """Take an anomaly."""
        self.accounts.note(kind, piece, detail)

    def limit(self, name: str, piece: Piece) -> None:
        """Take that a limit was hit."""
        self.accounts.limit(name, piece)

    def confirm(self) -> None:
        """Take that the connection does carry SIP."""
        self.connection.confirmed = True

    def is_confirmed(self) -> bool:
        """Tell whether the connection does carry SIP."""
        if not self.connection.confirmed and self.connection.kind is Start.SIP:
            # The other direction may do so without having come here.
            self.connection.confirmed = self.flows.is_in_order(turned(self.ends))
        return self.connection.confirmed


def _connection_key(ends: Ends) -> Ends:
    other = turned(ends)
    return min(ends, other)


class Streams:
    """The connections of one capture."""

    def __init__(self, accounts: Accounts, settings: Settings, *, compiled: bool) -> None:
        """Start without connections."""
        self.accounts = accounts
        self._settings = settings
        self._flows: Flows = (CompiledFlows if compiled else ReferenceFlows)(
            settings.max_directions
        )
        self._lookback = Lookback(settings.lookback_frames)
        self._connections: dict[Ends, Connection] = {}
        self._touched: dict[Ends, Connection] = {}
        self._open = 0
        self._held = 0
        self._pending: dict[Ends, list[tuple[Piece, Ends, int]]] = {}

    def take(self, segments: SegmentTable, starts: Starts, numbers: Int64, times: Int64) -> Bool:
        """Take the segments of a batch, with number and time of their frames; return which hold
        the next whole messages of their direction. What else is found goes to the accounts.
        """
        size = len(segments)
        out = Sorted(np.zeros(size, np.uint8), np.full(size, -1), np.full(size, -1))
        if size:
            force, recent = self._lookback.force(segments, starts)
            self._flows.sort_out(segments, starts, force, out)
            self._look(segments, starts, recent, numbers, times, out)
        return np.asarray(out.fates == Fate.ACCEPTED)

    def _look(
        self,
        segments: SegmentTable,
        starts: Starts,
        recent: Iterable[tuple[Piece, Ends]],
        numbers: Int64,
        times: Int64,
        out: Sorted,
    ) -> None:
        fates = out.fates
        counts = np.bincount(fates, minlength=4).tolist()
        self.accounts.add(sip=counts[Fate.ACCEPTED], other=counts[Fate.OTHER])
        self.accounts.add(other=counts[Fate.UNASSIGNED])
        self._pending.clear()
        for piece, ends in recent:
            before = (piece, ends, self._flows.begins(ends))
            self._pending.setdefault(_connection_key(ends), []).append(before)
        rows = np.flatnonzero(fates == Fate.LOOK)
        if len(rows):
            chosen = segments.take(rows)
            pieces = pieces_of(chosen, starts.start[rows], numbers[rows], times[rows])
            where = zip(out.firsts[rows].tolist(), out.expected[rows].tolist(), strict=True)
            for row, piece, ends, (first, expected) in zip(
                rows.tolist(), pieces, ends_of(chosen), where, strict=True
            ):
                if not self._take(piece, ends, first, expected):
                    fates[row] = Fate.UNASSIGNED
            self._settle()
        if self._flows.forget_if_full():
            self._remember_open()
        self._lookback.keep(segments, starts, numbers, times, fates == Fate.UNASSIGNED)

    def _remember_open(self) -> None:
        """Keep what needs care when the rest was forgotten: of that only the place where each
        direction goes on is lost.
        """
        hits = self.accounts.coverage.limits_hit
        hits["max_directions"] = hits.get("max_directions", 0) + 1
        for connection in self._connections.values():
            for ends in connection.directions:
                self._flows.set(ends, Mode.CAREFUL, 0, 0)

    def end(self) -> None:
        """Take that the capture ends."""
        for connection in self._connections.values():
            for direction in connection.directions.values():
                direction.end(self.accounts.read, self.accounts, cut=True)
        self._connections.clear()

    def _take(self, piece: Piece, ends: Ends, first: int, expected: int) -> bool:
        """Take one segment; False when nothing says that its connection carries SIP."""
        key = _connection_key(ends)
        connection = self._connections.get(key)
        if connection is None:
            if expected != -1:
                connection = Connection(Start.SIP, confirmed=True)
            elif piece.start in {Start.NONE, Start.BLANK} or piece.wire_length == 0:
                # Counted as other until a sign of SIP comes near enough.
                self.accounts.add(other=1)
                if piece.wire_length == 0:
                    return True
                self._pending.setdefault(key, []).append((piece, ends, first))
                return False
            else:
                connection = self._begin(piece)
            self._connections[key] = connection
            if expected == -1:
                self._adopt(connection, piece, ends, first)
        elif expected >= 0 and connection.kind is Start.SIP:
            connection.confirmed = True
        if ends not in connection.directions:
            if piece.wire_length == 0 and expected < 0 and not piece.flags & TcpFlag.SYN:
                self.accounts.done(piece)
                return True
            self._add_direction(connection, piece, ends, first, expected)
        self._feed(connection, piece, ends)
        if key in self._connections:
            self._touched[key] = connection
        self._keep_bounds(piece, key)
        return True

    def _begin(self, piece: Piece) -> Connection:
        """Return a connection whose first sign of SIP is a segment."""
        connection = Connection(Start(piece.start))
        payload = self.accounts.read(piece.source, piece.pos, piece.length)
        if connection.kind is Start.SIP:
            connection.confirmed = begins_message(payload)
        elif connection.kind is Start.TLS:
            hello = read_client_hello(payload)
            self.accounts.note("tls", piece, str(hello) if hello else "")
        return connection

    def _keep_bounds(self, piece: Piece, key: Ends) -> None:
        """Give up the oldest connection when too many need care."""
        if self._open > self._settings.max_open_directions and len(self._connections) > 1:
            oldest = next(each for each in self._connections if each != key)
            self.accounts.limit("max_open_directions", piece)
            self._forget(self._connections[oldest], oldest)

    def _add_direction(
        self, connection: Connection, piece: Piece, ends: Ends, first: int, expected: int
    ) -> Direction:
        following, lost = expected, False
        if expected >= 0:
            # Unwrapped: where it was met is never ahead of where it goes on.
            behind = distance(first, expected)
            first = expected + (behind if behind <= 0 else -(1 << 31))
        elif first >= 0:
            following = first
        else:
            following = first = piece.sequence + bool(piece.flags & TcpFlag.SYN)
            lost = piece.start == Start.NONE and not piece.flags & TcpFlag.SYN
        framer = self._framer(connection, ends, lost=lost)
        direction = connection.directions[ends] = Direction(ends, first, following, framer)
        self._open += 1
        self._flows.set(ends, Mode.CAREFUL, 0, 0)
        return direction

    def _framer(self, connection: Connection, ends: Ends, *, lost: bool) -> Framer:
        sink = DirectionSink(self.accounts, self._flows, connection, ends, Transport.TCP)
        if connection.kind is Start.SIP:
            return SipFramer(sink, self._settings, lost=lost)
        if connection.kind in {Start.WEBSOCKET_HANDSHAKE, Start.WEBSOCKET_FRAME}:
            over = DirectionSink(self.accounts, self._flows, connection, ends, Transport.WS)
            return WebSocketFramer(over, self._settings)
        if connection.kind is Start.HEP:
            return HepFramer(sink, self.accounts.mirrored)
        return CountingFramer(sink, TLS)

    def _adopt(self, connection: Connection, piece: Piece, ends: Ends, first: int) -> None:
        """Take what came of a connection shortly before its first sign of SIP."""
        oldest = piece.frame - self._settings.lookback_frames
        jump = self._settings.max_sequence_jump
        before = [
            (each, its_ends, begins)
            for each, its_ends, begins in self._pending.pop(_connection_key(ends), [])
            if each.frame >= oldest
            and (its_ends != ends or abs(distance(each.sequence, piece.sequence)) <= jump)
        ]
        for its_ends in dict.fromkeys(its_ends for _, its_ends, _ in before):
            known = [(each, begins) for each, other, begins in before if other == its_ends]
            known += [(piece, first)] if its_ends == ends else []
            near = known[0][0].sequence
            earliest = min((each for each, _ in known), key=lambda it: distance(it.sequence, near))
            begins = max(begins for _, begins in known)
            self._add_direction(connection, earliest, its_ends, begins, -1)
        for each, its_ends, _ in before:
            self.accounts.add(other=-1)
            self._lookback.forget(each.frame)
            self._feed(connection, each, its_ends)

    def _feed(self, connection: Connection, piece: Piece, ends: Ends) -> None:
        accounts = self.accounts
        direction = connection.directions.get(ends)
        if direction is None:
            accounts.done(piece)
            return
        if self._is_early(direction, piece):
            self._read_early(connection, direction, piece)
        elif not self._put(direction, piece):
            self._close(connection, direction)
            if connection.kind is not Start.SIP and piece.flags & TcpFlag.SYN:
                self._forget(connection, ends)
                accounts.done(piece)
                return
            direction = self._add_direction(connection, piece, ends, -1, -1)
            self._put(direction, piece)
        if direction.framer.gave_up:
            self._forget(connection, ends)

    def _put(self, direction: Direction, piece: Piece) -> bool:
        """Hand a segment to its direction; see `Direction.take`."""
        accounts, framer = self.accounts, direction.framer
        self._held -= framer.held
        taken = direction.take(piece, accounts.read, accounts, self._settings)
        if self._held + framer.held > self._settings.max_stream_bytes:
            accounts.limit("max_stream_bytes", piece)
            framer.let_go()
        self._held += framer.held
        return taken

    def _close(self, connection: Connection, direction: Direction) -> None:
        """End a direction."""
        self._held -= direction.framer.held
        direction.end(self.accounts.read, self.accounts, cut=True)
        del connection.directions[direction.ends]
        self._open -= 1

    @staticmethod
    def _is_early(direction: Direction, piece: Piece) -> bool:
        """Tell whether a segment lies before what was first seen of its direction."""
        place = direction.place(piece.sequence)
        return (
            piece.wire_length > 0
            and not piece.flags & TcpFlag.SYN
            and place < direction.following
            and place + piece.wire_length <= direction.first
        )

    def _read_early(self, connection: Connection, direction: Direction, piece: Piece) -> None:
        """Read a segment by itself that comes after what follows it."""
        direction.first = direction.place(piece.sequence)
        framer = self._framer(connection, direction.ends, lost=piece.start == Start.NONE)
        framer.feed(piece, piece.pos, self.accounts.read(piece.source, piece.pos, piece.length))
        framer.end(cut=True)

    def _forget(self, connection: Connection, ends: Ends) -> None:
        """Drop a connection that carries no SIP after all."""
        for direction in list(connection.directions.values()):
            self._close(connection, direction)
        for each in (ends, turned(ends)):
            self._flows.set(each, Mode.FORGOTTEN, 0, 0)
        self._connections.pop(_connection_key(ends), None)
        self._touched.pop(_connection_key(ends), None)

    def _settle(self) -> None:
        """Let go of directions that are ordinary again, and of more than the limits allow."""
        for key, connection in self._touched.items():
            if connection.kind is Start.SIP and connection.confirmed:
                for ends, direction in list(connection.directions.items()):
                    if direction.is_idle:
                        self._flows.set(ends, Mode.IN_ORDER, direction.first, direction.following)
                        del connection.directions[ends]
                        self._open -= 1
            if not connection.directions:
                self._connections.pop(key, None)
        self._touched.clear()
