"""What the records of a trace share."""

import numpy as np

from analyzer.render.record_columns import TokenPool
from analyzer.render.record_source import RecordSource, symbol_tokens
from analyzer.render.record_texts import column
from analyzer.tables.calls import Outcome, Party
from analyzer.tables.endpoints import EndpointTable
from analyzer.tables.messages import MessageTable
from analyzer.tables.spans import SpanStore
from analyzer.tables.trace import Trace


def source() -> RecordSource:
    """Return a source without any message."""
    return RecordSource(Trace([], SpanStore([]), MessageTable.zeros(0), EndpointTable.zeros(0)))


def test_names_of_states() -> None:
    """States are shown by name, 0 is absent."""
    shown = source().names(np.array([2, 1, 0]), Party)
    assert column(shown, ()) == ["callee", "caller", None]
    assert column(source().names(np.array([3]), Outcome), ()) == ["blocked"]


def test_symbols() -> None:
    """Symbols are shown as text, the empty one is absent."""
    shown = symbol_tokens(np.array([2, 0, 1, 2]), ["", "a", "b"], TokenPool())
    assert column(shown, ()) == ["b", None, "a", "b"]
    assert len(symbol_tokens(np.zeros(0, np.int16), [""], TokenPool()).numbers) == 0


def test_codecs_are_read_once() -> None:
    """Bodies that name the same codecs share them; without SDP there is none."""
    made = source()
    lines = [b"v=0\nm=audio 9 RTP/AVP 0\n", None, b"v=0\nm=audio 9 RTP/AVP 0\n", b"v=0\n"]
    numbers = made.codec_tokens(lines)
    assert [made.words.tokens[each] if each >= 0 else None for each in numbers] == [
        b'["PCMU"]',
        None,
        b'["PCMU"]',
        b"[]",
    ]


def test_messages_that_are_missing() -> None:
    """A negative row has no frame and no time."""
    rows = np.array([-1])
    assert column(source().frames(rows), ()) == [None]
    assert column(source().times(rows), ()) == [None]
