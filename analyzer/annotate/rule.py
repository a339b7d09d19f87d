"""What a rule says, as frozen dataclasses: the content of one file of `rules/`, checked by `load`.

Texts are kept per language; a placeholder `{field}` in them is a field of `annotate.fields`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from analyzer.frozen import frozen
from analyzer.tables.findings import Severity

Text = Mapping[str, str]
"""Language → text."""

Texts = Mapping[str, tuple[str, ...]]
"""Language → list of texts."""

Scalar = str | int | float | bool
SettingValue = Scalar | tuple[Scalar, ...]

CONFIDENCES = ("high", "medium", "low")


def in_language(text: Mapping[str, str], language: str) -> str:
    """Return a text in a language, in English where the rule lacks the language."""
    return text.get(language) or text["en"]


def list_in_language(texts: Texts, language: str) -> tuple[str, ...]:
    """Return a list of texts in a language, in English where the rule lacks the language."""
    return texts.get(language) or texts.get("en", ())


def setting_text(value: SettingValue) -> str:
    """Return a setting as --set takes it: a list with commas, truths in lower case."""
    if isinstance(value, tuple):
        return ",".join(map(setting_text, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


@frozen
class SettingReference:
    """`$name` in a condition: the value of a setting of the rule."""

    name: str


@frozen
class Comparison:
    """One line of a `when`: a field, an operator, and the values of which any must fit."""

    field: str
    operator: str
    wanted: tuple[Scalar | SettingReference, ...]


@frozen
class AnyOf:
    """`any:` in a `when`: one of the alternatives must hold."""

    alternatives: tuple["When", ...]


When = tuple[Comparison | AnyOf, ...]
"""Tests that must all hold; none always holds."""


@frozen
class Setting:
    """A threshold with a name."""

    value: SettingValue
    """What is in force: the default of the rule, or what the user set."""
    default: SettingValue
    meaning: Text


@frozen
class Likely:
    """An inference, kept apart from what is certain."""

    confidence: str
    """`high`, `medium` or `low`."""
    text: Text


@frozen
class Variant:
    """Other words of a case or note for some of what it covers; absent ones are those of the case
    or note.
    """

    when: When
    message: Text | None = None
    likely: Likely | None = None
    next_steps: Texts | None = None
    references: tuple[str, ...] = ()
    """Further references, after those of the case."""


@frozen
class Case:
    """A verdict: the first case of a rule that holds. As a note: what adds to the verdict."""

    id: str
    when: When
    severity: Severity
    message: Text
    likely: Likely | None
    next_steps: Texts
    references: tuple[str, ...]
    """Further references, after those of the rule."""
    evidence: tuple[str, ...]
    """Fields shown beside those that its conditions and texts name."""
    variants: tuple[Variant, ...]
    """Tried in order; the first that holds gives its words."""


@frozen
class Example:
    """A dialogue and what the rule finds in it; a test."""

    name: str
    dialogue: str
    findings: tuple[tuple[str, ...], ...]
    """One per finding: the case, then its notes."""
    settings: Mapping[str, SettingValue]


@frozen
class Misconception:
    """What is often said about the subject of a rule, and what is right."""

    claim: Text
    truth: Text
    references: tuple[str, ...]


@frozen
class Rule:
    """One rule file."""

    id: str
    name: str
    since: str
    scope: str
    severity: Severity
    tags: tuple[str, ...]
    references: tuple[str, ...]
    title: Text
    meaning: Text
    settings: Mapping[str, Setting]
    when: When
    cases: tuple[Case, ...]
    notes: tuple[Case, ...]
    examples: tuple[Example, ...]
    path: str
    """The file, as shown to the user."""
    replaces: str = ""
    """The file with the same id that was loaded before and no longer counts."""
    seen: Texts = MappingProxyType({})
    """When it appears, for the pages of `sipwhy explain`; without it the cases say so."""
    resolve: Texts = MappingProxyType({})
    """How to deal with it in general; without it the next steps of the cases say so."""
    misconceptions: tuple[Misconception, ...] = ()

    def setting_values(self) -> dict[str, SettingValue]:
        """Return the values in force by name."""
        return {name: each.value for name, each in self.settings.items()}
