"""The `when` of a rule file → `When`, each field, operator, value and placeholder checked."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from analyzer.annotate.conditions import OPERATORS, ORDERINGS, TEXT_TESTS
from analyzer.annotate.faults import Path, did_you_mean
from analyzer.annotate.fields import field_names, find_field
from analyzer.annotate.patterns import PatternError, compiled
from analyzer.annotate.rule import (
    AnyOf,
    Comparison,
    Scalar,
    Setting,
    SettingReference,
    Text,
    When,
)
from analyzer.annotate.templates import placeholders

MAX_DEPTH = 8
"""`any` inside `any`: deeper than this is a mistake, or an alias that contains itself."""


class NoteFault(Protocol):
    """Notes a fault at a path."""

    def __call__(self, path: Path, what: str, *, at_key: bool = False) -> None:
        """Note it."""


class Field(Protocol):
    """What must be known of a field to tell whether it can be compared with a value."""

    @property
    def name(self) -> str:
        """Return its name."""

    @property
    def kind(self) -> str:
        """Return one of `fields.KINDS`."""

    @property
    def choices(self) -> Mapping[str, Text]:
        """Return the only values it has; empty where these are many."""

    @property
    def settings(self) -> tuple[str, ...]:
        """Return the settings it needs."""


class KnownFields(Protocol):
    """The fields that conditions may name."""

    def find(self, name: str) -> Field:
        """Return a field; raises KeyError where there is none of that name."""

    def names(self) -> Iterable[str]:
        """Return all names, for suggestions."""


class RuleFields:
    """The fields of rules."""

    def find(self, name: str) -> Field:
        """Return a declared field or a header; raises KeyError for neither."""
        return find_field(name)

    def names(self) -> Iterable[str]:
        """Return all names."""
        return field_names()


RULE_FIELDS = RuleFields()


class Conditions:
    """Reads the conditions of one rule, or of whatever else has fields."""

    def __init__(
        self, fault: NoteFault, settings: Mapping[str, Setting], fields: KnownFields = RULE_FIELDS
    ) -> None:
        """Read for a rule with these settings."""
        self.fault = fault
        self.settings = settings
        self.fields = fields

    def read(self, data: object, path: Path) -> When:
        """Return a `when`."""
        if len(path) > 2 * MAX_DEPTH + 3:
            self.fault(path, f"more than {MAX_DEPTH} `any` inside each other")
            return ()
        if not isinstance(data, dict):
            self.fault(path, "conditions (field: value) must stand here")
            return ()
        tests: list[Comparison | AnyOf] = []
        for key, value in data.items():
            if key == "any":
                tests.append(self._any(value, (*path, "any")))
            else:
                test = self._test(str(key), value, (*path, str(key)))
                tests += [test] if test else []
        return tuple(tests)

    def _any(self, data: object, path: Path) -> AnyOf:
        if not isinstance(data, list) or not data:
            self.fault(path, "a list of conditions must stand here")
            return AnyOf(())
        return AnyOf(tuple(self.read(each, (*path, index)) for index, each in enumerate(data)))

    def _test(self, key: str, data: object, path: Path) -> Comparison | None:
        name, _, operator = key.partition("|")
        field = self._field(name, path)
        operator = operator or "is"
        if operator not in OPERATORS:
            hint = did_you_mean(operator, OPERATORS)
            self.fault(path, f'unknown operator "{operator}"{hint}', at_key=True)
            return None
        wanted = self._wanted(data, path)
        if field is not None:
            for each in wanted:
                self._check_value(field, operator, each, path)
        return Comparison(name, operator, wanted)

    def _field(self, name: str, path: Path, *, at_key: bool = True) -> Field | None:
        try:
            field = self.fields.find(name)
        except KeyError:
            hint = did_you_mean(name, self.fields.names())
            self.fault(path, f'unknown field "{name}"{hint}', at_key=at_key)
            return None
        for setting in field.settings:
            if setting not in self.settings:
                what = f'the field "{name}" needs the setting "{setting}" in this rule'
                self.fault(path, what, at_key=at_key)
        return field

    def _wanted(self, data: object, path: Path) -> tuple[Scalar | SettingReference, ...]:
        listed = data if isinstance(data, list) else [data]
        wanted: list[Scalar | SettingReference] = []
        for each in listed:
            if isinstance(each, str) and each.startswith("$"):
                self._check_setting(each[1:], path)
                wanted.append(SettingReference(each[1:]))
            elif isinstance(each, str | int | float):
                wanted.append(each)
            else:
                self.fault(
                    path, "a text, a number, true, false, or a list of these must stand here"
                )
        if not listed:
            self.fault(path, "the list is empty: nothing could ever fit")
        return tuple(wanted)

    def _check_setting(self, name: str, path: Path) -> None:
        if name not in self.settings:
            hint = did_you_mean(name, self.settings)
            self.fault(path, f'unknown setting "${name}"{hint}')

    def _check_value(
        self, field: Field, operator: str, wanted: Scalar | SettingReference, path: Path
    ) -> None:
        value = wanted
        if isinstance(wanted, SettingReference):
            setting = self.settings.get(wanted.name)
            if setting is None or isinstance(setting.value, tuple):
                return
            value = setting.value
        assert not isinstance(value, SettingReference)  # noqa: S101 - an invariant, for the types
        what = value_fault(field, operator, value)
        if what:
            self.fault(path, what)

    def known_fields(self, names: Iterable[str], path: Path) -> tuple[str, ...]:
        """Return names of fields; an unknown one is a fault."""
        return tuple(
            name
            for index, name in enumerate(names)
            if self._field(name, (*path, index), at_key=False) is not None
        )

    def check_placeholders(self, text: Text, path: Path, index: int | None = None) -> None:
        """Note placeholders that are no fields, and languages with different ones."""
        if not any("{" in each or "}" in each for each in text.values()):
            return
        found = {language: sorted(set(placeholders(each))) for language, each in text.items()}
        for language, names in found.items():
            where = (*path, language) if index is None else (*path, language, index)
            for name in names:
                self._field(name, where, at_key=False)
            if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", text[language])):
                self.fault(where, "a brace stands alone: placeholders are written {field}")
            if names != next(iter(found.values())):
                self.fault(where, "the languages have different placeholders")


def value_fault(field: Field, operator: str, wanted: Scalar) -> str:
    """Return what is wrong with comparing a field with a value, nothing when it can be."""
    checks: dict[str, Callable[[], str]] = {
        "exists": lambda: "" if isinstance(wanted, bool) else "`exists` takes true or false",
        "matches": lambda: _pattern_fault(str(wanted)),
    }
    if operator in checks:
        return checks[operator]()
    if operator in ORDERINGS:
        if field.kind in ("flag", "text"):
            return f'the field "{field.name}" is no number'
        return "" if _is_number(wanted) else f"`{operator}` needs a number"
    if operator in TEXT_TESTS:
        return "" if isinstance(wanted, str) else f"`{operator}` needs a text; put it in quotes"
    return _equal_fault(field, wanted)


def _equal_fault(field: Field, wanted: Scalar) -> str:
    if (field.kind == "flag") != isinstance(wanted, bool):
        is_flag = field.kind == "flag"
        return f'the field "{field.name}" {"is" if is_flag else "is neither"} true or false'
    if field.kind in ("number", "duration_ms") and not _is_number(wanted):
        return f'the field "{field.name}" is a number'
    if field.kind == "text" and not isinstance(wanted, str):
        return f'the field "{field.name}" is a text; put the value in quotes'
    if field.choices and wanted not in field.choices:
        hint = did_you_mean(str(wanted), field.choices)
        return f'"{field.name}" is never "{wanted}"{hint}'
    return ""


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _pattern_fault(pattern: str) -> str:
    try:
        compiled(pattern)
    except PatternError as error:
        return f"the pattern cannot be read: {error}"
    return ""
