"""The programs that the compiled writer runs."""

import numpy as np

from analyzer.render.record_columns import Integers, Lists, Sentences
from analyzer.render.record_program import LONGEST_PREFIX, Code, Operation, program
from analyzer.render.record_shapes import Key, Layout, Leaf, ListOf, ObjectOf

ONE = Integers(np.array([1]))
NUMBERS = Lists(np.array([0, 1]), ONE)


def shown(operations: list[Operation]) -> list[tuple[int, bytes, bytes, int]]:
    """Return what each operation is and writes."""
    return [(each.code, each.prefix, each.literal, each.body) for each in operations]


def test_fixed_text_goes_with_the_value_after_it() -> None:
    """Fixed texts that follow each other are one, and short ones belong to the next value."""
    keys = (Key("n", Leaf({})), Key("o", ObjectOf((Key("list", ListOf(Leaf({}))),))))
    made = program(Layout("thing", "", "", keys), {"n": ONE, "o": {"list": NUMBERS}}, typed=True)
    assert shown(made) == [
        (Code.NUMBER, b'{"type":"thing","n":', b"", 0),
        (Code.LIST, b',"o":{"list":', b"", 1),
        (Code.NUMBER, b"", b"", 0),
        (Code.LITERAL, b"", b"}}", 0),
    ]


def test_long_text_stays_an_operation() -> None:
    """Fixed text that does not fit before a value is written by itself."""
    name = "n" * LONGEST_PREFIX
    made = program(Layout("thing", "", "", (Key(name, Leaf({})),)), {name: ONE}, typed=False)
    assert [each.code for each in made] == [Code.LITERAL, Code.NUMBER, Code.LITERAL]


def test_sentences_hold_their_templates() -> None:
    """Each template is a body, each optional part a body in it, all counted in what is around."""
    sentences = Sentences(np.array([1]), (("a", "b"), ("c", (" d", ONE), "e")), "?")
    made = program(Layout("x", "", "", (Key("s", Leaf({})),)), {"s": sentences}, typed=False)
    assert [(each.code, each.body) for each in made] == [
        (Code.SENTENCE, 8),
        (Code.BODY, 1),
        (Code.LITERAL, 0),
        (Code.BODY, 5),
        (Code.LITERAL, 0),
        (Code.OPTIONAL, 2),
        (Code.LITERAL, 0),
        (Code.NUMBER, 0),
        (Code.LITERAL, 0),
        (Code.LITERAL, 0),
    ]
