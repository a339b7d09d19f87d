"""Spans give the bytes of their source until they are closed."""

import pytest

from analyzer.tables.spans import Arena, SpanStore


def test_a_span_is_cut_out_of_its_source() -> None:
    """Source, position and length name the bytes; closing releases the buffer."""
    buffer = bytearray(b"Call-ID: x")
    spans = SpanStore([memoryview(b"other"), memoryview(buffer)])
    assert spans.bytes_at(1, 0, 7) == b"Call-ID"
    spans.close()
    buffer.clear()
    assert spans.sources == ()


def test_an_arena_keeps_what_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes are found again where they were added, in memory and past it in a file."""
    monkeypatch.setattr("analyzer.tables.spans._KEPT_IN_MEMORY", 100)
    arena = Arena(1)
    parts = [bytes([at]) * 30 for at in range(20)]
    places = [arena.append(part) for part in parts]
    assert [arena.bytes_at(place, 30) for place in places] == parts
    store = SpanStore([memoryview(b"capture")], arena)
    assert [store.bytes_at(1, place, 30) for place in places] == parts
    assert store.bytes_at(0, 0, 3) == b"cap"
    store.close()


def test_an_empty_arena_is_no_source() -> None:
    """Where nothing was put together the captures are all there is."""
    arena = Arena(1)
    store = SpanStore([memoryview(b"capture")], arena)
    assert len(store.sources) == 1
    store.close()
