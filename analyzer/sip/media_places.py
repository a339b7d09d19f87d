"""Where the first media of session descriptions is to be sent: address and port, in bulk."""

import re

import numpy as np

from analyzer.sip.headers import COMPILED
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray

if COMPILED:
    from analyzer.sip import _spans

_ADDRESS = re.compile(rb"c=[^ \n]* [^ \n]* ([^\x00-\x20/]+)")
_PORT = re.compile(rb"m=[^ \n]* ([0-9]+)")


def find_media(trace: Trace, rows: IntArray) -> Int64:
    """Return for each message start and length of the address of its first media, and of its port;
    lengths are 0 where the body is no SDP or does not say so.
    """
    messages = trace.messages
    source = np.ascontiguousarray(messages.source[rows])
    pos = np.ascontiguousarray(messages.pos[rows] + messages.head_len[rows])
    length = np.ascontiguousarray(messages.body_len[rows].astype(np.int64))
    spans = np.zeros((len(rows), 4), np.int64)
    if COMPILED:
        if len(rows):
            _spans.find_media(trace.spans.sources, source, pos, length, spans)
        return spans
    for at, span in enumerate(zip(source.tolist(), pos.tolist(), length.tolist(), strict=True)):
        spans[at] = _places(trace.spans.bytes_at(*span), span[1])
    return spans


def _places(body: bytes, pos: int) -> list[int]:
    """Search a body line by line; a c= line inside the media counts more than the session's."""
    found = [0, 0, 0, 0]
    if not body.startswith(b"v=0"):
        return found
    at, is_media = 0, False
    for line in body.split(b"\n"):
        match = None
        if line.startswith(b"m="):
            if is_media:
                break
            is_media, match, place = True, _PORT.match(line), 2
        elif line.startswith(b"c="):
            match, place = _ADDRESS.match(line), 0
        if match:
            found[place : place + 2] = [pos + at + match.start(1), match.end(1) - match.start(1)]
        at += len(line) + 1
    return found
