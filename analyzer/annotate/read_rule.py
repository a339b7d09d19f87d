"""Plain data of a rule file → `Rule`, with all faults noted at once."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from analyzer.annotate.faults import Fault, Path, did_you_mean
from analyzer.annotate.read_conditions import Conditions
from analyzer.annotate.rule import (
    CONFIDENCES,
    Case,
    Example,
    Likely,
    Misconception,
    Rule,
    Setting,
    SettingValue,
    Text,
    Texts,
    Variant,
)
from analyzer.tables.findings import Severity

LANGUAGES = ("en", "ja")
SCOPES = ("transaction", "request")
SEVERITIES = {each.name.lower(): each for each in Severity}
MAX_NOTES = 64
"""FindingTable.notes has a bit for each."""

RULE_KEYS = (
    "id", "name", "since", "scope", "severity", "tags", "references", "title", "meaning", "seen",
    "resolve", "misconceptions", "settings", "when", "cases", "notes", "examples",
)  # fmt: skip
REQUIRED_RULE_KEYS = (
    "id", "name", "since", "scope", "severity", "references", "title", "meaning", "when", "cases",
)  # fmt: skip
CASE_KEYS = (
    "id", "when", "severity", "message", "likely", "next_steps", "references", "evidence",
    "variants",
)  # fmt: skip
VARIANT_KEYS = ("when", "message", "likely", "next_steps", "references")
MISCONCEPTION_KEYS = ("claim", "truth", "references")
EXAMPLE_KEYS = ("name", "dialogue", "findings", "settings")

Data = Mapping[str, object]
Read = TypeVar("Read")


class RuleReader:
    """Reads one file; `faults` collects what is wrong with it."""

    def __init__(self, file: str) -> None:
        """Read for a file of this name."""
        self.file = file
        self.faults: list[Fault] = []
        self.settings: dict[str, Setting] = {}

    def fault(self, path: Path, what: str, *, at_key: bool = False) -> None:
        """Note a fault."""
        self.faults.append(Fault(path, what, at_key))

    def read(self, data: object) -> Rule:
        """Return the rule; what is faulty in it has stand-ins."""
        top = self.mapping(data, (), RULE_KEYS, REQUIRED_RULE_KEYS)
        self.settings = {
            name: self._setting(each, ("settings", name))
            for name, each in self.mapping(top.get("settings", {}), ("settings",)).items()
        }
        severity = self._severity(top.get("severity", "info"), ("severity",))
        conditions = Conditions(self.fault, self.settings)
        rule = Rule(
            id=self.text(top.get("id", ""), ("id",)),
            name=self.text(top.get("name", ""), ("name",)),
            since=self.text(top.get("since", ""), ("since",)),
            scope=self._one_of(top.get("scope", SCOPES[0]), ("scope",), SCOPES),
            severity=severity,
            tags=self.texts(top.get("tags", []), ("tags",)),
            references=self.texts(top.get("references", []), ("references",)),
            title=self.translated(top.get("title", {}), ("title",)),
            meaning=self.translated(top.get("meaning", {}), ("meaning",)),
            settings=self.settings,
            when=conditions.read(top.get("when", {}), ("when",)),
            cases=self._cases(top.get("cases", []), "cases", severity, conditions),
            notes=self._cases(top.get("notes", []), "notes", severity, conditions),
            examples=self._each(top.get("examples", []), ("examples",), self._example),
            path=self.file,
            seen=self._lists(top.get("seen", {}), ("seen",)),
            resolve=self._lists(top.get("resolve", {}), ("resolve",)),
            misconceptions=self._each(
                top.get("misconceptions", []), ("misconceptions",), self._misconception
            ),
        )
        self._check_whole(rule)
        return rule

    def _check_whole(self, rule: Rule) -> None:
        self._check_subject(rule)
        if not rule.cases:
            self.fault(("cases",), "a rule needs at least one case")
        for index, case in enumerate(rule.cases):
            is_last = index == len(rule.cases) - 1
            if is_last and case.when:
                self.fault(
                    ("cases", index), "the last case must have no `when`: it is for the rest"
                )
            if not is_last and not case.when:
                self.fault(("cases", index), "a case without `when` hides all that follow")
        if len(rule.notes) > MAX_NOTES:
            self.fault(("notes",), f"more than {MAX_NOTES} notes")
        seen: set[str] = set()
        for kind, parts in (("cases", rule.cases), ("notes", rule.notes)):
            for index, part in enumerate(parts):
                if part.id in seen:
                    self.fault(
                        (kind, index, "id"), f'a second case or note with the id "{part.id}"'
                    )
                seen.add(part.id)

    def _check_subject(self, rule: Rule) -> None:
        subject = "method" if rule.scope == "request" else "status"
        tests = [each for each in rule.when if getattr(each, "field", "") == subject]
        if not any(getattr(each, "operator", "") == "is" for each in tests):
            self.fault(("when",), f"a rule must say which `{subject}` it is about")

    def _cases(
        self, data: object, kind: str, severity: Severity, conditions: Conditions
    ) -> tuple[Case, ...]:
        def one(each: object, path: Path) -> Case:
            return self._case(each, path, severity, conditions)

        return self._each(data, (kind,), one)

    def _case(self, data: object, path: Path, severity: Severity, conditions: Conditions) -> Case:
        case = self.mapping(data, path, CASE_KEYS, ("id", "message"))
        read_variant = self._variant_reader(conditions)
        return Case(
            id=self.text(case.get("id", ""), (*path, "id")),
            when=conditions.read(case.get("when", {}), (*path, "when")),
            severity=self._severity(case["severity"], (*path, "severity"))
            if "severity" in case
            else severity,
            message=self._filled(case.get("message", {}), (*path, "message"), conditions),
            likely=self._likely(case, path, conditions),
            next_steps=self._steps(case.get("next_steps", {}), (*path, "next_steps"), conditions),
            references=self.texts(case.get("references", []), (*path, "references")),
            evidence=conditions.known_fields(
                self.texts(case.get("evidence", []), (*path, "evidence")), (*path, "evidence")
            ),
            variants=self._each(case.get("variants", []), (*path, "variants"), read_variant),
        )

    def _variant_reader(self, conditions: Conditions) -> Callable[[object, Path], Variant]:
        def one(each: object, path: Path) -> Variant:
            data = self.mapping(each, path, VARIANT_KEYS, ("when",))
            steps = data.get("next_steps")
            return Variant(
                when=conditions.read(data.get("when", {}), (*path, "when")),
                message=self._filled(data["message"], (*path, "message"), conditions)
                if "message" in data
                else None,
                likely=self._likely(data, path, conditions),
                next_steps=self._steps(steps, (*path, "next_steps"), conditions)
                if steps is not None
                else None,
                references=self.texts(data.get("references", []), (*path, "references")),
            )

        return one

    def _likely(self, data: Data, path: Path, conditions: Conditions) -> Likely | None:
        if "likely" not in data:
            return None
        path = (*path, "likely")
        likely = self.mapping(
            data["likely"], path, ("confidence", *LANGUAGES), ("confidence", "en")
        )
        confidence = self._one_of(
            likely.get("confidence", "low"), (*path, "confidence"), CONFIDENCES
        )
        words = {name: each for name, each in likely.items() if name in LANGUAGES}
        return Likely(confidence, self._filled(words, path, conditions))

    def _filled(self, data: object, path: Path, conditions: Conditions) -> Text:
        text = self.translated(data, path)
        conditions.check_placeholders(text, path)
        return text

    def _steps(self, data: object, path: Path, conditions: Conditions) -> Texts:
        steps = self._lists(data, path)
        for index in range(min(map(len, steps.values()), default=0)):
            conditions.check_placeholders({k: v[index] for k, v in steps.items()}, path, index)
        return steps

    def _lists(self, data: object, path: Path) -> Texts:
        """Return a list of texts per language, all of one length."""
        languages = self.mapping(data, path, LANGUAGES, ("en",) if data else ())
        lists = {name: self.texts(each, (*path, name)) for name, each in languages.items()}
        if len(set(map(len, lists.values()))) > 1:
            self.fault(path, "the languages have different numbers of steps")
        return lists

    def _misconception(self, data: object, path: Path) -> Misconception:
        said = self.mapping(data, path, MISCONCEPTION_KEYS, MISCONCEPTION_KEYS)
        return Misconception(
            claim=self.translated(said.get("claim", {}), (*path, "claim")),
            truth=self.translated(said.get("truth", {}), (*path, "truth")),
            references=self.texts(said.get("references", []), (*path, "references")),
        )

    def _example(self, data: object, path: Path) -> Example:
        example = self.mapping(data, path, EXAMPLE_KEYS, ("name", "dialogue", "findings"))
        findings = example.get("findings", [])
        several = isinstance(findings, list) and any(isinstance(each, list) for each in findings)
        listed = findings if several else [findings] if findings else []
        settings = self.mapping(example.get("settings", {}), (*path, "settings"), self.settings)
        return Example(
            name=self.text(example.get("name", ""), (*path, "name")),
            dialogue=self.text(example.get("dialogue", ""), (*path, "dialogue")),
            findings=self._each(listed, (*path, "findings"), self.texts),
            settings={
                name: self._setting_value(each, (*path, "settings", name))
                for name, each in settings.items()
            },
        )

    def _setting(self, data: object, path: Path) -> Setting:
        setting = self.mapping(data, path, ("default", "meaning"), ("default", "meaning"))
        value = self._setting_value(setting.get("default", 0), (*path, "default"))
        return Setting(
            value, value, self.translated(setting.get("meaning", {}), (*path, "meaning"))
        )

    def _setting_value(self, data: object, path: Path) -> SettingValue:
        if isinstance(data, str | int | float):
            return data
        if (
            isinstance(data, list)
            and data
            and all(isinstance(each, str | int | float) for each in data)
        ):
            return tuple(data)
        self.fault(path, "a setting is a number, a text, true or false, or a list of these")
        return 0

    def _severity(self, data: object, path: Path) -> Severity:
        return SEVERITIES[self._one_of(data, path, SEVERITIES)]

    def _one_of(self, data: object, path: Path, known: Iterable[str]) -> str:
        names = list(known)
        if isinstance(data, str) and data in names:
            return data
        hint = did_you_mean(str(data), names) or f": one of {', '.join(names)}"
        self.fault(path, f'"{data}" is not known here{hint}')
        return names[0]

    def mapping(
        self, data: object, path: Path, known: Iterable[str] = (), required: Iterable[str] = ()
    ) -> dict[str, object]:
        """Return a mapping with text keys; unknown and missing keys are faults."""
        if not isinstance(data, dict):
            self.fault(path, "a mapping (name: value) must stand here")
            return {}
        names = list(known)
        for key in data:
            if not isinstance(key, str):
                self.fault(path, f"the key {key} must be a text")
            elif names and key not in names:
                self.fault(
                    (*path, key), f'unknown key "{key}"{did_you_mean(key, names)}', at_key=True
                )
        for key in required:
            if key not in data:
                self.fault(path, f'"{key}" is missing')
        return {str(key): value for key, value in data.items() if not names or key in names}

    def text(self, data: object, path: Path) -> str:
        """Return a text that is not empty."""
        if isinstance(data, str) and data.strip():
            return data
        self.fault(
            path, "a text must stand here" + ("" if data in ("", None) else "; put it in quotes")
        )
        return ""

    def texts(self, data: object, path: Path) -> tuple[str, ...]:
        """Return a list of texts."""
        return self._each(data, path, self.text)

    def translated(self, data: object, path: Path) -> Text:
        """Return a text per language."""
        languages = self.mapping(data, path, LANGUAGES, ("en",))
        return {name: self.text(each, (*path, name)) for name, each in languages.items()}

    def _each(
        self, data: object, path: Path, read: Callable[[object, Path], Read]
    ) -> tuple[Read, ...]:
        if not isinstance(data, list):
            self.fault(path, "a list must stand here")
            return ()
        return tuple(read(each, (*path, index)) for index, each in enumerate(data))
