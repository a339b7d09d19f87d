"""Spans give the bytes of their source until they are closed."""

from analyzer.tables.spans import SpanStore


def test_a_span_is_cut_out_of_its_source() -> None:
    """Source, position and length name the bytes; closing releases the buffer."""
    buffer = bytearray(b"Call-ID: x")
    spans = SpanStore([memoryview(b"other"), memoryview(buffer)])
    assert spans.bytes_at(1, 0, 7) == b"Call-ID"
    spans.close()
    buffer.clear()
    assert spans.sources == ()
