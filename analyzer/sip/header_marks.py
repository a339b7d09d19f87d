"""Which headers a message may have, as a number: a header whose bit is clear is absent.

Rules ask many messages for headers that few have; the marks, made while a message is read, answer
without going through its head again. Names share bits, so a bit that is set proves nothing.
"""

from collections.abc import Iterator

_MULTIPLIER = 0x4DA7F54F
"""Spreads the names that rules ask for over bits that no header of nearly every message has."""


def header_bit(name: bytes) -> int:
    """Return the bit, 0 to 63, of a header name: of its ends, which are compared without case, and
    of its length.
    """
    if not name:
        return 0
    packed = (name[0] | 32) | (name[-1] | 32) << 8 | len(name) << 16
    return (packed * _MULTIPLIER & 0xFFFFFFFF) >> 26


def header_marks(head: bytes) -> int:
    """Return the marks of a message by its head."""
    marks = 0
    for name, _, _ in named_lines(head):
        marks |= 1 << header_bit(name)
    return marks


def named_lines(head: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Go through the header lines of a head: the name in lower case, where the text behind its
    colon begins, and where it ends, folds included.
    """
    at = _next_line(head, 0)
    while at < len(head):
        line_end = end = _next_line(head, at)
        while end < len(head) and head[end] in b" \t":
            end = _next_line(head, end)
        colon = head.find(b":", at, line_end)
        if colon >= 0:
            yield head[at:colon].rstrip(b" \t").lower(), colon + 1, end
        at = end


def _next_line(head: bytes, at: int) -> int:
    end = head.find(b"\n", at)
    return len(head) if end < 0 else end + 1
