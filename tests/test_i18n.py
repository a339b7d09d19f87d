"""Languages: which is chosen, and that each says everything."""

import string

import pytest

from analyzer.anomaly_kinds import KINDS
from analyzer.i18n import LANGUAGES, Texts, choose_language, load_texts
from analyzer.tables.calls import Outcome, Party
from analyzer.tables.findings import Severity
from analyzer.tables.hops import Change
from analyzer.tables.legs import Evidence
from analyzer.tables.registrations import RegistrationState
from analyzer.tables.stories import EventKind
from analyzer.tables.subscriptions import SubscriptionState


def placeholders(template: str) -> set[str]:
    """Return the names of the placeholders of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "JA"}, "ja"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "en_US"}, "en"),
        ({"LANG": "en_US", "LC_ALL": "ja_JP"}, "ja"),
        ({"LANG": "ja_JP", "LC_ALL": ""}, "ja"),
    ],
)
def test_language_is_that_of_the_locale(environment: dict[str, str], language: str) -> None:
    """LC_ALL goes before LC_MESSAGES before LANG (POSIX); an unknown language is English."""
    assert choose_language(environment) == language


@pytest.mark.parametrize("section", ["", "rules", "check", "calls", "reference"])
def test_languages_have_the_same_texts_with_the_same_placeholders(section: str) -> None:
    """No language lacks a text, and none has a placeholder that another one does not fill."""
    english = load_texts("en", section).templates
    for language in LANGUAGES:
        other = load_texts(language, section).templates
        assert other.keys() == english.keys()
        for key, template in other.items():
            assert placeholders(template) == placeholders(english[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_a_word(language: str) -> None:
    """Whatever a table holds can be said."""
    texts = load_texts(language)
    for section, names in (
        ("outcome", Outcome),
        ("severity", Severity),
        ("subscription_state", SubscriptionState),
        ("registration_state", RegistrationState),
    ):
        for each in names:
            assert texts(f"{section}.{each.name.lower()}")
    for kind in KINDS.values():
        assert texts(f"anomaly.{kind.severity}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_about_a_call_has_a_word(language: str) -> None:
    """Evidence, changes on the way and events of a whole call can be said."""
    templates = load_texts(language, "calls").templates
    for section, names in (
        ("evidence", Evidence),
        ("change", Change),
        ("event", EventKind),
        ("party", Party),
    ):
        for each in names:
            assert templates[f"{section}.{each.name.lower()}"]


def test_numbers_choose_the_form() -> None:
    """English tells one from many, and large numbers are grouped."""
    texts = load_texts("en")
    assert texts.count("calls", 1) == "1 call"
    assert texts.count("calls", 0) == "0 calls"
    assert texts.count("calls", 1234567) == "1,234,567 calls"


def test_what_fills_a_text_is_never_a_template() -> None:
    """Braces in text from a capture stay as they are."""
    assert Texts("en", {"a": "{x}!"})("a", x="{x.__class__} {0}") == "{x.__class__} {0}!"
