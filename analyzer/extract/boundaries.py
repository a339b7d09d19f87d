"""Messages → the frames that are needed to read them again.

Who reads a stream of which some is missing can only begin where a segment begins with a message. So
what comes before a message in its first segment is needed too, back to such a place.
"""

import numpy as np

from analyzer.tables.messages import Transport
from analyzer.tables.origins import Form, PartTable
from analyzer.tables.provenance import frames_of, parts_of
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

FROM_THE_BEGINNING = (Transport.TLS, Transport.WS, Transport.WSS)
"""What can only be read with all that came before it on its connection: keys, and the window of a
compressor, come from there.
"""

FrameKey = tuple[int, int]
"""Capture and frame."""


def needed_frames(trace: Trace, message_rows: Int64) -> dict[int, Int64]:
    """Return the numbers of the frames that are needed to read messages, by capture."""
    if not _has_streams(trace, message_rows):
        return frames_of(trace, message_rows)
    parts = parts_of(trace, np.arange(len(trace.messages)))
    frames, middles = _frames_by_message(parts), _middles(trace, parts)
    rows = set(message_rows.tolist())
    waiting = list(rows)
    while waiting:
        for frame in frames[waiting.pop()]:
            before = middles.get(frame, -1)
            if before >= 0 and before not in rows:
                rows.add(before)
                waiting.append(before)
    return frames_of(trace, np.array(sorted(rows), np.int64))


def frames_from_the_beginning(trace: Trace, message_rows: Int64) -> dict[int, Int64]:
    """Return, of the frames of messages, those that cannot be read without what came before them on
    their connections.
    """
    transport = trace.messages.transport[message_rows]
    is_asked = np.isin(transport, FROM_THE_BEGINNING)
    of_engine = parts_of(trace, message_rows[transport == Transport.TCP])
    unknown = of_engine.message_row[of_engine.form == Form.ENCRYPTED]
    rows = np.concatenate([message_rows[is_asked], unknown.astype(np.int64)])
    return frames_of(trace, rows)


def _has_streams(trace: Trace, message_rows: Int64) -> bool:
    """Tell whether any message came in a stream: by TCP, or by something else inside of it."""
    messages = trace.messages.take(message_rows)
    is_joined = messages.source >= len(trace.captures)
    return bool((is_joined | (messages.transport != Transport.UDP)).any())


def _middles(trace: Trace, parts: PartTable) -> dict[FrameKey, int]:
    """Return the message in whose midst each frame begins, of frames of streams that do."""
    is_stream = trace.messages.transport[parts.message_row] != Transport.SCTP
    rows = np.flatnonzero(is_stream & (parts.pos >= 0))
    order = rows[np.lexsort((parts.pos[rows], parts.frame[rows], parts.capture[rows]))]
    key = _frame_keys(parts)
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = key[order[1:]] != key[order[:-1]]
    begun = order[is_first]
    # rows are by message, what stands before it first: where a message begins
    starts = np.searchsorted(parts.message_row, parts.message_row[begun])
    middle = begun[key[starts] != key[begun]]
    keys = zip(parts.capture[middle].tolist(), parts.frame[middle].tolist(), strict=True)
    return dict(zip(keys, parts.message_row[middle].tolist(), strict=True))


def _frame_keys(parts: PartTable) -> Int64:
    """Return a number for the frame of each part."""
    return (parts.capture.astype(np.int64) << 47) | parts.frame


def _frames_by_message(parts: PartTable) -> dict[int, list[FrameKey]]:
    found: dict[int, list[FrameKey]] = {}
    columns = (parts.message_row.tolist(), parts.capture.tolist(), parts.frame.tolist())
    for row, capture, frame in zip(*columns, strict=True):
        found.setdefault(row, []).append((capture, frame))
    return found
