"""Edits, and where places come to lie."""

from analyzer.redact.edits import Edit, Edited


def test_places_move_with_what_is_before_them() -> None:
    """A place behind an edit moves by its growth; one inside stays at most at its end."""
    edited = Edited(b"To: bob, carol", [Edit(4, 7, b"x"), Edit(9, 14, b"someone")])
    assert edited.data == b"To: x, someone"
    assert [edited.place(at) for at in (0, 4, 5, 6, 7, 9, 12, 14)] == [0, 4, 5, 5, 5, 7, 10, 14]


def test_nothing_to_exchange() -> None:
    """Without edits all is where it was."""
    edited = Edited(b"abc", [])
    assert (edited.data, edited.place(2)) == (b"abc", 2)
