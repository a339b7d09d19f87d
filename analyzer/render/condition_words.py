"""Conditions of a rule, and what they found → words."""

from collections.abc import Mapping

from analyzer.annotate.fields import UNKNOWN, Value
from analyzer.annotate.rule import (
    AnyOf,
    Comparison,
    Scalar,
    SettingReference,
    SettingValue,
    When,
    setting_text,
)
from analyzer.annotate.trial import Answer, Answers, AnyAnswer
from analyzer.i18n import Texts


def conditions_in_words(when: When, settings: Mapping[str, SettingValue], texts: Texts) -> str:
    """Return what must hold, thresholds with their names."""
    return texts("test.and").join(_in_words(each, settings, texts) for each in when)


def _in_words(test: Comparison | AnyOf, settings: Mapping[str, SettingValue], texts: Texts) -> str:
    if isinstance(test, AnyOf):
        parts = [conditions_in_words(each, settings, texts) for each in test.alternatives]
        return texts("test.or").join(f"({each})" for each in parts)
    if test.operator == "exists":
        key = "exists" if test.wanted[0] is True else "absent"
        return texts(f"test.{key}", field=test.field)
    wanted = texts("test.or").join(_wanted(each, settings, texts) for each in test.wanted)
    return texts(f"test.{test.operator}", field=test.field, wanted=wanted)


def _wanted(
    wanted: Scalar | SettingReference, settings: Mapping[str, SettingValue], texts: Texts
) -> str:
    if isinstance(wanted, SettingReference):
        value = setting_text(settings[wanted.name])
        return texts("test.setting", value=value, name=wanted.name)
    return setting_text(wanted)


def answers_in_words(
    answers: Answers, settings: Mapping[str, SettingValue], texts: Texts
) -> list[str]:
    """Return each test with the value that was found."""
    return [_answer(each, settings, texts) for each in answers]


def _answer(answer: Answer | AnyAnswer, settings: Mapping[str, SettingValue], texts: Texts) -> str:
    if isinstance(answer, AnyAnswer):
        parts = [answers_in_words(each, settings, texts) for each in answer.alternatives]
        return texts("test.or").join(f"({texts('test.and').join(each)})" for each in parts)
    found = texts("trial.found", value=_found(answer.value, texts))
    return f"{_in_words(answer.test, settings, texts)} [{found}]"


def _found(value: Value, texts: Texts) -> str:
    if value is UNKNOWN:
        return texts("trial.unknown")
    if value is None:
        return texts("trial.absent")
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return setting_text(value)
