"""Where messages end in a stream."""

import pytest

from analyzer.settings import Settings
from analyzer.sip.framing import SipFramer, begins_message
from analyzer.sip.pieces import Piece

HEAD = b"SIP/2.0 200 OK\r\nCall-ID: x\r\n"
EMPTY = HEAD + b"Content-Length: 0\r\n\r\n"


class Recorder:
    """Writes down what a framer finds."""

    keeps_origins = False

    def __init__(self, *, confirmed: bool = True) -> None:
        """Start with a connection that carries SIP, or may."""
        self.messages: list[tuple[int, int, int]] = []
        self.notes: list[str] = []
        self.verdicts: list[int] = []
        self.confirmed = confirmed

    def message(
        self, piece: Piece, where: object, length: int, wire_length: int, anomalies: object
    ) -> None:
        """Write down frame and lengths."""
        del where, anomalies
        self.messages.append((piece.frame, length, wire_length))

    def done(self, piece: Piece) -> None:
        """Write down a verdict."""
        self.verdicts.append(piece.verdict)

    def note(self, kind: str, piece: Piece, detail: str) -> None:
        """Write down a kind."""
        del piece, detail
        self.notes.append(kind)

    def limit(self, name: str, piece: Piece) -> None:
        """Write down a limit."""
        del piece
        self.notes.append(name)

    def confirm(self) -> None:
        """Take that it is SIP."""
        self.confirmed = True

    def is_confirmed(self) -> bool:
        """Tell whether it is SIP."""
        return self.confirmed


def framed(*parts: bytes, lost: bool = False, confirmed: bool = True, cut: bool = True) -> Recorder:
    """Return what is found when parts come one after the other and then nothing."""
    found = Recorder(confirmed=confirmed)
    framer = SipFramer(found, Settings(), lost=lost)
    for frame, part in enumerate(parts, 1):
        framer.feed(Piece(frame, 0, 0, -1, 0, len(part), len(part)), 0, part)
    framer.end(cut=cut)
    assert len(found.verdicts) == len([part for part in parts if part])
    return found


@pytest.mark.parametrize(
    "length",
    [
        b"Content-Length: 5", b"l:5", b"CONTENT-LENGTH :  5  ", b"Content-Length:\r\n 5",
        b"Content-Length: 5\r\nContent-Length: 5",
    ],
)  # fmt: skip
def test_content_length(length: bytes) -> None:
    """The header in any form says where the message ends (RFC 3261 §20.14, §7.3.1)."""
    text = HEAD + length + b"\r\n\r\n12345"
    assert [size for _, size, _ in framed(text + EMPTY).messages] == [len(text), len(EMPTY)]


def test_line_ends() -> None:
    """A message may end its lines with LF alone; line ends before it are none of it."""
    bare = EMPTY.replace(b"\r\n", b"\n")
    assert [size for _, size, _ in framed(b"\r\n\r\n" + bare + b"\r\n" + EMPTY).messages] == [
        len(bare), len(EMPTY),
    ]  # fmt: skip


def test_incomplete() -> None:
    """What is there of the last message is one; whether it was cut off is what is known."""
    text = HEAD + b"Content-Length: 50\r\n\r\n12345"
    assert framed(text).messages == [(1, len(text), len(text) + 45)]
    assert framed(text, cut=False).messages == [(1, len(text), len(text))]
    assert framed(text[:20]).messages == [(1, 20, 21)]


def test_sipfrag_is_no_start() -> None:
    """A status line in the body of a NOTIFY whose beginning is lost begins nothing."""
    found = framed(b"event: refer\r\n\r\nSIP/2.0 100 Trying\r\n", EMPTY, lost=True)
    assert found.messages == [(2, len(EMPTY), len(EMPTY))]
    assert found.verdicts == [23 + 1, 1]


def test_give_up() -> None:
    """A connection without any message is given up at the first line that is no start line."""
    found = Recorder(confirmed=False)
    framer = SipFramer(found, Settings(), lost=False)
    for frame, part in enumerate((b"S", b"TOR x\r\n"), 1):
        framer.feed(Piece(frame, 0, 0, -1, 0, len(part), len(part)), 0, part)
    assert framer.gave_up
    assert (found.messages, found.notes) == ([], [])


def test_gaps() -> None:
    """A gap inside a body keeps the place; one that is longer loses it."""
    text = HEAD + b"Content-Length: 9\r\n\r\n12345"
    for missing, lost in ((3, False), (4, False), (5, True)):
        found = Recorder()
        framer = SipFramer(found, Settings(), lost=False)
        framer.feed(Piece(1, 0, 0, -1, 0, len(text), len(text)), 0, text)
        assert framer.gap(missing) is lost
        assert found.messages == [(1, len(text), len(text) + 4)]
        assert framer.is_idle is (missing == 4)


def test_long_heads() -> None:
    """A head longer than the limit is given up, and what follows it found."""
    found = Recorder()
    framer = SipFramer(found, Settings(max_head_bytes=100), lost=False)
    text = HEAD + b"A: b\r\n" * 40 + b"\r\n" + EMPTY
    framer.feed(Piece(1, 0, 0, -1, 0, len(text), len(text)), 0, text)
    assert [size for _, size, _ in found.messages] == [101, len(EMPTY)]


def test_begins_message() -> None:
    """A head that only SIP has is one with a header that HTTP does not have."""
    assert begins_message(b"\r\n" + EMPTY)
    assert begins_message(HEAD)
    assert not begins_message(b"SIP/2.0 200 ok\r\nVia: x\r\n\r\nCall-ID: x\r\n")
    assert not begins_message(b"HTTP/1.1 200 OK\r\nCall-ID: x\r\n\r\n")
