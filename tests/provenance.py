"""Holds what is said of where messages came from to the bytes of the capture."""

from struct import unpack_from

import numpy as np

from analyzer.tables.origins import Form
from analyzer.tables.provenance import frames_of, parts_of
from analyzer.tables.trace import Trace


def records(capture: bytes) -> list[tuple[int, int]]:
    """Return start and end of the bytes of each record of a little-endian pcap."""
    found, at = [], 24
    while at + 16 <= len(capture):
        (size,) = unpack_from("<I", capture, at + 8)
        if at + 16 + size > len(capture):
            break
        found.append((at + 16, at + 16 + size))
        at += 16 + size
    return found


def check_provenance(trace: Trace, capture: bytes) -> set[Form]:
    """Assert that each message is made of the bytes that are named, all of them in the frame that
    is named, the latest of which is that of the message; return the forms that occur.
    """
    frames = records(capture)
    rows = np.arange(len(trace.messages))
    parts = parts_of(trace, rows)
    texts = {row: bytearray(trace.message_bytes(row)) for row in rows.tolist()}
    reached = dict.fromkeys(texts, 0)
    latest = dict.fromkeys(texts, 0)
    columns = [getattr(parts, each.name).tolist() for each in parts.columns]
    for row, offset, length, index, frame, pos, brought, form in zip(*columns, strict=True):
        start, end = frames[frame - 1]
        assert index == 0
        assert start <= pos < pos + brought <= end
        text, brought_bytes = texts[row][offset : offset + length], capture[pos : pos + brought]
        if form == Form.PLAIN:
            assert text == brought_bytes
        if form == Form.MASKED:
            mask = [one ^ other for one, other in zip(text, brought_bytes, strict=True)]
            assert mask[4:] == mask[: max(0, len(mask) - 4)]
        if form in {Form.PACKED, Form.AROUND}:
            assert (offset, length) == (0, len(text))
        else:
            assert offset == reached[row]
            assert length == brought
        reached[row] = reached[row] if form == Form.AROUND else offset + length
        latest[row] = max(latest[row], frame)
    assert reached == {row: len(text) for row, text in texts.items()}
    completing = trace.messages.frame.tolist()
    assert list(latest.values()) == completing
    known = [number for found in frames_of(trace, rows).values() for number in found.tolist()]
    assert known == sorted({*parts.frame.tolist(), *completing})
    return {Form(form) for form in parts.form.tolist()}
