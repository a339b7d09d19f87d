"""The templates of the summaries."""

import re

import numpy as np
import pytest

from analyzer.i18n import LANGUAGES, load_texts
from analyzer.render.record_columns import Integers
from analyzer.render.record_shapes import words
from analyzer.render.record_texts import column
from analyzer.render.summaries import Summaries, parse_template
from analyzer.tables.calls import Outcome
from analyzer.tables.registrations import RegistrationState
from analyzer.tables.subscriptions import SubscriptionState

STATES = {"call": Outcome, "subscription": SubscriptionState, "registration": RegistrationState}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_a_sentence(language: str) -> None:
    """Each language has a sentence for each outcome and state, with well-formed parts."""
    texts = load_texts(language, "summaries").templates
    for kind, states in STATES.items():
        for name in words(states):
            template = texts[f"{kind}.{name}"]
            without = re.sub(r"\[[^\[\]]*\]", "", template)
            assert "[" not in without
            assert "]" not in without


def test_languages_have_the_same_texts() -> None:
    """No language lacks a text of another."""
    keys = [set(load_texts(language, "summaries").templates) for language in LANGUAGES]
    assert all(each == keys[0] for each in keys)


def test_parts_with_absent_values_are_left_out() -> None:
    """Brackets vanish with what they hold; elsewhere an absent value is unknown."""
    values = {"n": Integers(np.array([-1, 7]), -1)}
    summaries = Summaries(load_texts("en", "summaries"), "call")
    known = dict.fromkeys(("caller", "callee", "setup"), values["n"])
    absent = Integers(np.array([-1, -1]), -1)
    names = ("held", "transferred", "not_transferred", "replaced_by", "unheard")
    others = dict.fromkeys(names, absent)
    sentences = summaries.sentences(np.array([0, 0]), ["answered_open"], known | others)
    assert column(sentences, ()) == [
        "unknown called unknown: answered; its end is not in the capture.",
        "7 called 7: answered after 7; its end is not in the capture.",
    ]


def test_templates_are_read_once() -> None:
    """Words, placeholders and optional parts keep their order."""
    value = Integers(np.array([1]))
    assert parse_template("a {n}[ b {n}] c.", {"n": value}) == ("a ", value, (" b ", value), " c.")
