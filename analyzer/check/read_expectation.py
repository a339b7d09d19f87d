"""An entry of `expectations:` → `Expectation`, every name in it checked.

name: few calls are declined
calls: {outcome: declined}
of: {outcome|not: [incomplete, redirected]}
ratio|lte: 2 %
"""

import re
from collections.abc import Mapping

from analyzer.annotate.conditions import OPERATORS, ORDERINGS
from analyzer.annotate.faults import Path, did_you_mean
from analyzer.annotate.items import Kind, load_kinds
from analyzer.annotate.read_conditions import Conditions, NoteFault
from analyzer.annotate.rule import Comparison, Scalar, Setting, SettingValue, When
from analyzer.check.policy import Expectation, Limit
from analyzer.check.sequences import Pattern, SequenceError

PLAIN_KEYS = (
    "name",
    "of",
    "every",
    "sequence",
    "captures",
    "settings",
    "may_be_empty",
    "why",
    "do",
)
MEASURES = ("count", "ratio")
FIELD_MEASURES = ("min", "max", "mean", "p50", "p90", "p95", "p99")
"""For suggestions: any percentile may be asked for."""
LIMIT_OPERATORS = ("is", "not", *ORDERINGS)
_MEASURE = re.compile(r"(min|max|mean|p[0-9]{1,2}(?:\.[0-9]{1,3})?)\.(.+)")
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")
_NUMERIC = ("number", "duration_ms", "seconds")


class ExpectationReader:
    """Reads one expectation."""

    def __init__(self, fault: NoteFault, path: Path) -> None:
        """Note faults below a path."""
        self._fault = fault
        self._path = path

    def read(self, data: object) -> Expectation | None:
        """Return the expectation; None where it has no name or kind."""
        if not isinstance(data, dict):
            self._fault(self._path, "an expectation (name, what is meant, what is expected)")
            return None
        kind = self._kind(data)
        name = self._text(data, "name")
        if not name:
            self._fault(self._path, "`name` is missing: what is expected, in a few words")
        if kind is None or not name:
            return None
        settings = self._settings(data.get("settings"))
        conditions = Conditions(self._fault, settings, kind)
        limits = [
            limit
            for key, value in data.items()
            if str(key) not in PLAIN_KEYS and str(key) != kind.name
            for limit in self._limit(str(key), value, kind)
        ]
        every = self._when(conditions, data, "every")
        if data.get("every") == {}:
            self._fault((*self._path, "every"), "what must hold for each is missing")
        sequence = self._sequence(data, kind)
        if not limits and not every and sequence is None:
            limits.append(Limit("count", "", Comparison("count", "gte", (1,))))
        return Expectation(
            name=name,
            kind=kind,
            which=self._when(conditions, data, kind.name),
            of=self._when(conditions, data, "of"),
            limits=tuple(limits),
            every=every,
            sequence=sequence,
            captures=self._texts(data, "captures"),
            settings={name: each.value for name, each in settings.items()},
            may_be_empty=self._flag(data, "may_be_empty"),
            why=self._text(data, "why"),
            do=self._texts(data, "do"),
        )

    def _kind(self, data: Mapping[object, object]) -> Kind | None:
        kinds = load_kinds()
        named = [str(key) for key in data if key in kinds]
        if len(named) == 1:
            return kinds[named[0]]
        if named:
            what = f"either {' or '.join(named)}: an expectation is about one of them"
            self._fault((*self._path, named[1]), what, at_key=True)
            return None
        near = [hint for key in data if (hint := did_you_mean(str(key), kinds))]
        what = f"what is meant is missing: one of {', '.join(kinds)}"
        self._fault(self._path, what + (near[0] if near else ""))
        return None

    def _when(self, conditions: Conditions, data: Mapping[object, object], key: str) -> When:
        value = data.get(key)
        return conditions.read(value, (*self._path, key)) if value is not None else ()

    def _limit(self, key: str, value: object, kind: Kind) -> list[Limit]:
        name, _, operator = key.partition("|")
        path, operator = (*self._path, key), operator or "is"
        match = _MEASURE.fullmatch(name)
        if match is None and name not in MEASURES:
            known = [*PLAIN_KEYS, *MEASURES, *(f"{each}." for each in FIELD_MEASURES)]
            hint = did_you_mean(name, [*known, *load_kinds()])
            self._fault(path, f'unknown key "{name}"{hint}', at_key=True)
            return []
        if operator not in LIMIT_OPERATORS:
            hint = did_you_mean(operator, LIMIT_OPERATORS)
            is_other = " for a measure" if operator in OPERATORS else ""
            self._fault(path, f'unknown operator "{operator}"{is_other}{hint}', at_key=True)
            return []
        measure, field = (match[1], match[2]) if match else (name, "")
        if field and not self._is_number(field, kind, path):
            return []
        wanted = self._numbers(value, path, percent=name == "ratio")
        return [Limit(measure, field, Comparison(name, operator, wanted))] if wanted else []

    def _is_number(self, name: str, kind: Kind, path: Path) -> bool:
        try:
            field = kind.find(name)
        except KeyError:
            hint = did_you_mean(name, kind.names())
            self._fault(path, f'unknown field "{name}"{hint}', at_key=True)
            return False
        if field.kind not in _NUMERIC:
            self._fault(path, f'the field "{name}" is no number', at_key=True)
        return field.kind in _NUMERIC

    def _numbers(self, value: object, path: Path, *, percent: bool) -> tuple[Scalar, ...]:
        found: list[Scalar] = []
        for each in value if isinstance(value, list) else [value]:
            match = _PERCENT.fullmatch(each) if isinstance(each, str) and percent else None
            if match:
                found.append(float(match[1]) / 100)
            elif isinstance(each, int | float) and not isinstance(each, bool):
                found.append(each)
            else:
                what = "a number, or a percentage such as 2 %," if percent else "a number"
                self._fault(path, f"{what} must stand here")
        return tuple(found)

    def _sequence(self, data: Mapping[object, object], kind: Kind) -> Pattern | None:
        text = self._text(data, "sequence")
        if not text:
            return None
        path = (*self._path, "sequence")
        if kind.name != "calls":
            self._fault(path, "only calls have a sequence", at_key=True)
            return None
        try:
            return Pattern(text)
        except SequenceError as error:
            self._fault(path, f"the sequence cannot be read: {error}")
            return None

    def _settings(self, data: object) -> dict[str, Setting]:
        path = (*self._path, "settings")
        if data is None:
            return {}
        if not isinstance(data, dict):
            self._fault(path, "settings (name: value) must stand here")
            return {}
        made: dict[str, Setting] = {}
        for name, value in data.items():
            if isinstance(value, str | int | float):
                setting: SettingValue = value
                made[str(name)] = Setting(setting, setting, {})
            else:
                self._fault((*path, str(name)), "a text, a number, true or false must stand here")
        return made

    def _text(self, data: Mapping[object, object], key: str) -> str:
        value = data.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self._fault((*self._path, key), "a text must stand here")
            return ""
        return value.strip()

    def _texts(self, data: Mapping[object, object], key: str) -> tuple[str, ...]:
        value = data.get(key)
        if value is None:
            return ()
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(isinstance(each, str) and each for each in listed):
            self._fault((*self._path, key), "a text, or a list of texts, must stand here")
            return ()
        return tuple(listed)

    def _flag(self, data: Mapping[object, object], key: str) -> bool:
        value = data.get(key, False)
        if not isinstance(value, bool):
            self._fault((*self._path, key), "true or false must stand here")
            return False
        return value
