"""What Wireshark's engine finds in a capture, put among what is read here.

Either of all frames (`--decoder tshark`), or of the TLS connections alone, where their keys are
known: then the frames of connections in which SIP was found are taken over, and no others.
"""

import tempfile
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path

import numpy as np

from analyzer.capture.mapped import Capture
from analyzer.capture.pcapng_writer import PcapngWriter
from analyzer.capture.tshark import Dissected, dissect_whole
from analyzer.decode.cursor import DatagramTable
from analyzer.decode.datagrams import Decoded, decode_frames
from analyzer.decode.parts import FragmentTable, MediaTable, SctpTable, SegmentTable
from analyzer.decode.verdicts import OTHER, SIP
from analyzer.frozen import frozen
from analyzer.settings import Settings
from analyzer.sip.accounts import FRESH, Accounts, Found
from analyzer.sip.pieces import Joined, Piece, Stretch
from analyzer.tables.endpoints import address_halves
from analyzer.tables.frames import FrameTable
from analyzer.tables.origins import Form
from analyzer.tables.schema import Bool, Int64, UInt64
from analyzer.tables.vector import distinct, is_in, mix_keys

_HANDSHAKE, _MAJOR_VERSION, _CLIENT_HELLO = 22, 3, 1
_SHORTEST_HELLO = 6


@frozen
class Dissection:
    """Messages, and the frames that they stand for."""

    frames: Int64 | None
    """Numbers of the frames taken over, ascending; None for all."""
    completing: Int64
    """Number of the frame that completes each message, ascending."""
    messages: Sequence[Dissected]

    def covers(self, numbers: Int64) -> Bool:
        """Tell which frames are taken over."""
        if self.frames is None:
            return np.ones(len(numbers), np.bool_)
        return is_in(numbers, self.frames)

    def decode(self, data: memoryview, frames: FrameTable, settings: Settings) -> Decoded:
        """Decode a batch of frames but for what is taken over."""
        is_taken = self.covers(frames.number)
        is_done = bool(is_taken.all())
        decoded = _nothing(len(frames)) if is_done else decode_frames(data, frames, settings)
        verdicts = decoded.verdicts.copy()
        verdicts[is_taken] = np.where(is_in(frames.number[is_taken], self.completing), SIP, OTHER)
        is_left = [
            ~is_taken[table.frame_row]
            for table in (decoded.datagrams, decoded.segments, decoded.sctp, decoded.fragments)
        ]
        return Decoded(
            verdicts,
            decoded.details,
            decoded.datagrams.take(is_left[0]),
            decoded.segments.take(is_left[1]),
            decoded.sctp.take(is_left[2]),
            decoded.fragments.take(is_left[3]),
            decoded.media,
        )

    def hand_over(self, frames: FrameTable, accounts: Accounts) -> None:
        """Give the messages that a batch of frames completes to the accounts."""
        first, last = np.searchsorted(self.completing, (frames.number[0], frames.number[-1] + 1))
        times = frames.time_ns[np.searchsorted(frames.number, self.completing[first:last])].tolist()
        for at, time_ns in zip(range(int(first), int(last)), times, strict=True):
            message = self.messages[at]
            size, number = len(message.payload), int(self.completing[at])
            # where its bytes stand in the frame nobody says
            stretch = Stretch(Piece(number, time_ns, -1, -1, -1, 0, 0), -1, 0)
            found = Found(
                number,
                time_ns,
                -1,
                FRESH,
                len(accounts.fresh),
                size,
                size,
                _ends(message),
                message.transport,
                (),
                Joined(message.payload, (stretch,), Form.ENCRYPTED),
            )
            accounts.fresh += message.payload
            accounts.found.append(found)


def _nothing(count: int) -> Decoded:
    return Decoded(
        np.zeros(count, np.uint8),
        np.zeros(count, np.int32),
        DatagramTable.zeros(0),
        SegmentTable.zeros(0),
        SctpTable.zeros(0),
        FragmentTable.zeros(0),
        MediaTable.zeros(0),
    )


def _ends(message: Dissected) -> tuple[int, int, int, int, int, int, int]:
    """Return source, destination and IP version; a frame without addresses has those of nobody."""
    source, destination = (
        ip_address(each or "0.0.0.0")  # noqa: S104 - no address is bound to
        for each in (message.source, message.destination)
    )
    return (
        *address_halves(int(source)),
        message.source_port,
        *address_halves(int(destination)),
        message.destination_port,
        source.version,
    )


def dissect_all(capture: Capture, index: int, settings: Settings) -> Dissection:
    """Let tshark read all frames of a capture."""
    numbers, found = _dissected(capture, index, settings, None)
    return Dissection(None, _completing(numbers, found), found)


def decrypt(capture: Capture, index: int, settings: Settings) -> Dissection | None:
    """Let tshark read the TLS connections of a capture with the keys that are known; None when
    there is no SIP in them.
    """
    numbers, connections = _tls_segments(capture, index, settings)
    chosen = distinct(numbers)
    if len(chosen) == 0:
        return None
    written, found = _dissected(capture, index, settings, chosen)
    completing = _completing(written, found)
    if not found:
        return None
    opened = distinct(connections[is_in(numbers, completing)])
    return Dissection(distinct(numbers[is_in(connections, opened)]), completing, found)


def _completing(numbers: Int64, found: Sequence[Dissected]) -> Int64:
    return numbers[np.array([each.frame - 1 for each in found], np.int64)]


def _dissected(
    capture: Capture, index: int, settings: Settings, chosen: Int64 | None
) -> tuple[Int64, list[Dissected]]:
    """Write frames to a file for tshark; return their numbers, and what it finds."""
    numbers: list[Int64] = []
    with tempfile.TemporaryDirectory(prefix="sipwhy-") as folder:
        path = Path(folder) / "frames.pcapng"
        with path.open("wb") as file:
            writer = PcapngWriter(file)
            writer.write_key_logs(capture.secrets)
            for frames in capture.frames(index, settings.batch_frames):
                wanted = frames if chosen is None else frames.take(is_in(frames.number, chosen))
                writer.write_frames(capture.data, wanted)
                numbers.append(wanted.number)
        found = dissect_whole(path, settings.keylog, capture.info.path)
    return np.concatenate(numbers) if numbers else np.zeros(0, np.int64), found


def _tls_segments(capture: Capture, index: int, settings: Settings) -> tuple[Int64, UInt64]:
    """Return the frame numbers of the segments of TLS connections, and a key of the connection of
    each; connections that the capture joins in their midst are not among them, nobody could read
    these.
    """
    known = np.zeros(0, np.uint64)
    parts: list[tuple[Int64, UInt64]] = []
    for frames, segments in _segments(capture, index, settings):
        keys = _connection_keys(segments)
        begun = keys[_begins_tls(capture.data, segments)]
        known = distinct(np.concatenate([known, begun]))
        is_tls = is_in(keys, known)
        parts.append((frames.number[segments.frame_row[is_tls]], keys[is_tls]))
    if not parts:
        return np.zeros(0, np.int64), known
    numbers, connections = zip(*parts, strict=True)
    return np.concatenate(numbers), np.concatenate(connections)


def _segments(
    capture: Capture, index: int, settings: Settings
) -> Iterator[tuple[FrameTable, SegmentTable]]:
    for frames in capture.frames(index, settings.batch_frames):
        segments = decode_frames(capture.data, frames, settings).segments
        if len(segments):
            yield frames, segments


def _connection_keys(segments: SegmentTable) -> UInt64:
    """Return a number for each connection, the same for both directions."""
    ends = [
        mix_keys(
            mix_keys(getattr(segments, f"{side}_high"), getattr(segments, f"{side}_low")),
            getattr(segments, f"{side}_port").astype(np.uint64),
        )
        for side in ("source", "destination")
    ]
    return mix_keys(np.minimum(*ends), np.maximum(*ends))


def _begins_tls(data: memoryview, segments: SegmentTable) -> Bool:
    """Tell which segments begin with the record of a ClientHello (RFC 8446 §5.1)."""
    raw = np.frombuffer(data, np.uint8)
    may = (segments.pos >= 0) & (segments.length >= _SHORTEST_HELLO)
    at = np.where(may, segments.pos, 0)
    if not may.any():
        return may
    hello: Bool = (
        may
        & (raw[at] == _HANDSHAKE)
        & (raw[at + 1] == _MAJOR_VERSION)
        & (raw[at + _SHORTEST_HELLO - 1] == _CLIENT_HELLO)
    )
    return hello
