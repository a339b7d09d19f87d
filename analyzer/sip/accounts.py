"""What the reassembly of one capture found: messages, and what became of each frame."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analyzer.decode.verdicts import FIRST_KIND, NOT_UNDERSTOOD, OTHER, SIP, TLS
from analyzer.frozen import frozen
from analyzer.sip.pieces import Joined, Piece, Stretch
from analyzer.tables.anomalies import AnomalyLog, Coverage
from analyzer.tables.endpoints import address_halves
from analyzer.tables.messages import Transport
from analyzer.tables.spans import Arena

if TYPE_CHECKING:
    from analyzer.decode.mirrored import Mirrored
    from analyzer.sip.flows import Ends
    from analyzer.sip.origin_log import OriginLog

CAPTURE, FRESH = -1, 0
"""Sources of a message: the capture's data, or `Accounts.fresh`."""


@frozen
class Found:
    """A message, and the frame that completes it."""

    frame: int
    time_ns: int
    ip_id: int
    source: int
    pos: int
    length: int
    wire_length: int
    ends: "Ends"
    transport: Transport
    anomalies: tuple[tuple[str, str], ...]
    """Kind and detail of what is odd about its carriage."""
    joined: Joined | None = None
    """What it was made of, where its source is FRESH and somebody asks for it."""


@dataclass(slots=True)
class Accounts:
    """Takes what the stages of reassembly find; `scan` puts it into the tables."""

    data: memoryview
    index: int
    arena: Arena
    coverage: Coverage
    anomalies: AnomalyLog
    found: list[Found] = field(default_factory=list)
    fresh: bytearray = field(default_factory=bytearray)
    """Bytes of the messages in `found` that do not stand in the capture as they are."""
    stated_last_ns: int = -1
    """Latest capture time that a record states; -1 when none does."""
    origins: "OriginLog | None" = None
    """Where it is kept what the bytes of the arena were made of; None when nobody asks."""

    def read(self, source: int, pos: int, length: int) -> bytes:
        """Copy bytes out of the capture or, source 0, the arena."""
        if source == CAPTURE:
            return bytes(self.data[pos : pos + length])
        return self.arena.bytes_at(pos, length)

    def message(
        self,
        piece: Piece,
        where: tuple[int, int] | bytes | Joined,
        lengths: tuple[int, int],
        ends: "Ends",
        transport: Transport,
        anomalies: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Take a message that a piece completes; `lengths` are bytes here and on the wire."""
        joined = None
        if isinstance(where, Joined):
            joined, where = where, where.data
        elif not isinstance(where, bytes) and where[0] != CAPTURE:
            joined = Joined(self.read(*where, lengths[0]), (Stretch(piece, where[1], lengths[0]),))
            where = joined.data
        if isinstance(where, bytes):
            source, pos = FRESH, len(self.fresh)
            self.fresh += where
        else:
            source, pos = where
        self.found.append(
            Found(
                piece.frame,
                piece.time_ns,
                piece.ip_id,
                source,
                pos,
                *lengths,
                ends,
                transport,
                anomalies,
                joined if self.origins is not None else None,
            )
        )

    def keep(self, joined: Joined) -> int:
        """Put bytes into the arena and return where they stand."""
        base = self.arena.append(joined.data)
        if self.origins is not None:
            self.origins.add(base, joined)
        return base

    def mirrored(self, piece: Piece, record: "Mirrored", message: Joined) -> None:
        """Take a message that a record states addresses and time of."""
        at_time = piece if record.time_ns < 0 else piece.at(record.time_ns)
        self.stated_last_ns = max(self.stated_last_ns, record.time_ns)
        ends = (
            *address_halves(int.from_bytes(record.source)),
            record.source_port,
            *address_halves(int.from_bytes(record.destination)),
            record.destination_port,
            6 if len(record.source) > 4 else 4,
        )
        size = len(message.data)
        lengths = (size, max(size, record.length))
        self.message(at_time, message, lengths, ends, Transport(record.transport))

    def add(self, sip: int = 0, other: int = 0) -> None:
        """Count frames."""
        self.coverage.sip += sip
        self.coverage.other += other

    def done(self, piece: Piece) -> None:
        """Count a frame of which nothing is needed any more."""
        self.count(piece.verdict, piece.frame)

    def count(self, verdict: int, frame: int, detail: str = "") -> None:
        """Count a frame by its verdict."""
        if verdict == SIP:
            self.coverage.sip += 1
        elif verdict == OTHER:
            self.coverage.other += 1
        elif verdict < FIRST_KIND:
            self.coverage.media += 1
        else:
            kind = NOT_UNDERSTOOD[verdict - FIRST_KIND]
            self.coverage.add_not_understood(kind, 1, (self.index, frame))
        if verdict >= FIRST_KIND and verdict != TLS:  # of TLS each connection is one anomaly
            self.anomalies.add(kind, [(self.index, frame)], detail=detail)

    def note(self, kind: str, piece: Piece, detail: str) -> None:
        """Count an anomaly."""
        self.anomalies.add(kind, [(self.index, piece.frame)], detail=detail)

    def gap(self, piece: Piece, count: int) -> None:
        """Count that bytes before a piece are missing."""
        self.note("stream-gap", piece, f"{count} bytes")

    def limit(self, name: str, piece: Piece) -> None:
        """Count that a limit of the settings was hit."""
        hits = self.coverage.limits_hit
        hits[name] = hits.get(name, 0) + 1
        self.note("stream-limit", piece, name)
