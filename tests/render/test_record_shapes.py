"""The pieces of layouts."""

from enum import IntEnum

from jsonschema import Draft202012Validator

from analyzer.render.record_shapes import FRAME, TEXT, Leaf, one_of, or_null, words


class Colour(IntEnum):
    """An enumeration."""

    DARK_RED = 1
    BLUE = 2


def test_or_null_allows_null() -> None:
    """Null is allowed beside what a leaf allows, nothing else is."""
    for leaf in (TEXT, one_of(["a"]), Leaf({"const": "a"})):
        validator = Draft202012Validator(or_null(leaf).schema)
        assert validator.is_valid(None)
        assert validator.is_valid("a")
        assert not validator.is_valid(1)
    assert or_null(FRAME).schema == {"anyOf": [FRAME.schema, {"type": "null"}]}


def test_words_are_those_of_the_output() -> None:
    """Names of an enumeration are spelled in lower case."""
    assert words(Colour) == ["dark_red", "blue"]
