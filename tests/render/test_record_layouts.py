"""The layouts as a whole."""

from analyzer.render.record_layouts import LAYOUTS
from analyzer.render.record_shapes import Key, ListOf, ObjectOf, Shape


def names_in(shape: Shape) -> list[str]:
    """Return every key of a shape, those of nested objects included."""
    if isinstance(shape, ObjectOf):
        return [name for key in shape.keys for name in [key.name, *names_in(key.shape)]]
    return names_in(shape.item) if isinstance(shape, ListOf) else []


def test_keys_say_their_unit() -> None:
    """Times end in `_ns`, durations in `_ms` or `_s`; every key of a record has a meaning."""
    for layout in LAYOUTS:
        names = names_in(ObjectOf(layout.keys))
        assert not [name for name in names if name.endswith(("_time", "_delay", "_seconds"))]
        assert all(key.doc for key in layout.keys)
        assert len({key.name for key in layout.keys}) == len(layout.keys)


def test_order_of_records_that_end_together() -> None:
    """Records that end with one message come as transaction, call, subscription, registration,
    finding, message.
    """
    expected = ["transaction", "call", "subscription", "registration", "finding", "message"]
    assert [layout.name for layout in LAYOUTS] == expected
    assert [layout.section for layout in LAYOUTS] == [f"{name}s" for name in expected]
    assert all(isinstance(key, Key) for layout in LAYOUTS for key in layout.keys)
