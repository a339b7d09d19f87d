"""Conditions in words."""

import pytest

from analyzer.annotate.fields import UNKNOWN, Value
from analyzer.annotate.rule import AnyOf, Comparison, SettingReference, setting_text
from analyzer.annotate.trial import Answer, AnyAnswer
from analyzer.i18n import load_texts
from analyzer.render.condition_words import answers_in_words, conditions_in_words

TEXTS = load_texts("en", "rules")


def test_every_operator_has_words() -> None:
    """Lists are alternatives, settings keep their names, and all lines must hold."""
    when = (
        Comparison("method", "is", ("INVITE", "BYE")),
        Comparison("delay_ms", "lt", (SettingReference("quick_ms"),)),
        Comparison("server", "exists", (False,)),
        AnyOf(((Comparison("a", "gt", (1,)),), (Comparison("b", "matches", ("x+",)),))),
    )
    assert conditions_in_words(when, {"quick_ms": 500}, TEXTS) == (
        "method is INVITE or BYE; delay_ms < 500 (quick_ms); server is absent; "
        "(a > 1) or (b matches x+)"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "absent"),
        (UNKNOWN, "the capture does not show it"),
        (True, "true"),
        (4200.0, "4200"),
        (0.125, "0.125"),
        (7, "7"),
        ("Decline", "Decline"),
    ],
)
def test_answers_show_what_was_found(value: Value, shown: str) -> None:
    """What a test found stands beside what it asks."""
    answer = Answer(Comparison("x", "is", (1,)), value, fits=False)
    assert answers_in_words((answer,), {}, TEXTS) == [f"x is 1 [here: {shown}]"]


def test_alternatives_show_each_answer() -> None:
    """Each alternative of an `any` stands in brackets."""
    one = Answer(Comparison("a", "is", (1,)), 2, fits=False)
    two = Answer(Comparison("b", "exists", (True,)), None, fits=False)
    assert answers_in_words((AnyAnswer(((one,), (one, two))),), {}, TEXTS) == [
        "(a is 1 [here: 2]) or (a is 1 [here: 2]; b is there [here: absent])"
    ]


def test_settings_are_written_as_set_takes_them() -> None:
    """Lists with commas, truths in lower case."""
    assert setting_text((10, 20)) == "10,20"
    assert setting_text(value=True) == "true"
