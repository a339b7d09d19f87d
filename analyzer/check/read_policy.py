"""`sipwhy.yml` → `Policy`; whatever is wrong in it is told at once, as `file:line:column: what`.

It is a file of settings (`annotate.settings_file`) with more sections; `rules` are directories
beside it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from analyzer.annotate.faults import Fault, did_you_mean
from analyzer.annotate.faults import Path as Place
from analyzer.annotate.load import load_rules
from analyzer.annotate.rule import Rule
from analyzer.annotate.rule_files import FAMILIES
from analyzer.annotate.settings_file import Document, WrittenSettings, read_document, settings_in
from analyzer.check.policy import LEVELS, Choice, Expectation, Policy
from analyzer.check.read_expectation import ExpectationReader
from analyzer.errors import UsageError
from analyzer.settings import Settings
from analyzer.tables.findings import Severity

CHOICE_KEYS = ("match", "select", "ignore", "severity", "fail_on")
SEVERITIES = tuple(each.name.lower() for each in Severity)


def read_policy(path: Path, directories: Sequence[Path] = ()) -> Policy:
    """Read a policy, which may name rules of these directories; raises UsageError with all faults
    of the policy, RuleError with those of the rules.
    """
    return PolicyReader(read_document(path), path.parent, directories).read()


class PolicyReader:
    """Reads one policy."""

    def __init__(self, document: Document, folder: Path, directories: Sequence[Path]) -> None:
        """Take the document, where it is, and further directories of rules."""
        self._document = document
        self._folder = folder
        self._directories = tuple(directories)
        self._faults: list[Fault] = []
        self._names: set[str] | None = None

    def read(self) -> Policy:
        """Return the policy; raises UsageError with all faults."""
        written, faults = settings_in(self._document)
        self._faults += faults
        data = self._document.data
        data = data if isinstance(data, dict) else {}
        rules = self._rule_directories(data.get("rules"))
        self._directories = (*rules, *self._directories)
        policy = Policy(
            path=self._document.path,
            rules=rules,
            settings=written,
            choices=tuple(self._choices(data)),
            expectations=tuple(self._expectations(data.get("expectations"))),
        )
        self._refuse(written)
        return policy

    def _refuse(self, written: WrittenSettings) -> None:
        """Raise UsageError with all faults, if there are any: with those of the settings, too,
        which are else seen when the rules are loaded for an analysis.
        """
        try:
            self._document.refuse(self._faults)
        except UsageError as error:
            lines = str(error).splitlines()
            try:
                load_rules(
                    Settings(
                        rules=self._directories,
                        rule_settings=written.values,
                        setting_places=written.places,
                    )
                )
            except UsageError as more:
                lines += str(more).splitlines()
            raise UsageError("\n".join(sorted(lines, key=_line_of))) from None

    def _fault(self, path: Place, what: str, *, at_key: bool = False) -> None:
        self._faults.append(Fault(path, what, at_key))

    def _rule_directories(self, data: object) -> tuple[Path, ...]:
        found = []
        for at, each in enumerate(self._listed(data, ("rules",))):
            directory = self._folder / each
            if directory.is_dir():
                found.append(directory)
            else:
                self._fault(("rules", at), f'there is no directory "{each}" beside this file')
        return tuple(found)

    def _choices(self, data: Mapping[object, object]) -> Iterator[Choice]:
        top: dict[object, object] = {key: data[key] for key in CHOICE_KEYS if key in data}
        yield self._choice(top, ())
        listed = data.get("captures")
        if listed is None:
            return
        if not isinstance(listed, list):
            self._fault(("captures",), "a list of `match: PATTERN` and what counts there")
            return
        for at, each in enumerate(listed):
            path: Place = ("captures", at)
            if not isinstance(each, dict):
                self._fault(path, "`match: PATTERN` and what counts there must stand here")
                continue
            for key in each:
                if key not in CHOICE_KEYS:
                    hint = did_you_mean(str(key), CHOICE_KEYS)
                    self._fault((*path, str(key)), f'unknown key "{key}"{hint}', at_key=True)
            if not isinstance(each.get("match"), str) or not each["match"]:
                self._fault(path, "`match` is missing: a pattern of paths, as nightly/*.pcap")
                continue
            yield self._choice(each, path)

    def _choice(self, data: Mapping[object, object], path: Place) -> Choice:
        return Choice(
            match=str(data.get("match", "")),
            select=self._rules(data.get("select"), (*path, "select")),
            ignore=self._rules(data.get("ignore"), (*path, "ignore")),
            severity=self._severities(data.get("severity"), (*path, "severity")),
            fail_on=self._level(data.get("fail_on"), (*path, "fail_on")),
        )

    def _level(self, data: object, path: Place) -> str:
        if data is None:
            return ""
        if data not in LEVELS:
            hint = did_you_mean(str(data), LEVELS)
            self._fault(path, f'"{data}" is none of {", ".join(LEVELS)}{hint}')
            return ""
        return str(data)

    def _severities(self, data: object, path: Place) -> dict[str, Severity]:
        if data is None:
            return {}
        if not isinstance(data, dict):
            self._fault(path, "rules or cases, each with a severity, must stand here")
            return {}
        found = {}
        for name, value in data.items():
            place = (*path, str(name))
            self._check_rule(str(name), place, at_key=True)
            if value in SEVERITIES:
                found[str(name)] = Severity[str(value).upper()]
            else:
                hint = did_you_mean(str(value), SEVERITIES)
                self._fault(place, f'"{value}" is none of {", ".join(SEVERITIES)}{hint}')
        return found

    def _rules(self, data: object, path: Place) -> tuple[str, ...]:
        names = tuple(self._listed(data, path))
        for at, name in enumerate(names):
            self._check_rule(name, (*path, at) if isinstance(data, list) else path)
        return names

    def _check_rule(self, name: str, path: Place, *, at_key: bool = False) -> None:
        known = self._known_rules()
        if name not in known:
            hint = did_you_mean(name, known)
            self._fault(path, f'no rule, case or family is called "{name}"{hint}', at_key=at_key)

    def _known_rules(self) -> set[str]:
        if self._names is None:
            rules = load_rules(Settings(rules=self._directories))
            self._names = {*FAMILIES, *(name for rule in rules for name in _names_of(rule))}
        return self._names

    def _listed(self, data: object, path: Place) -> list[str]:
        if data is None:
            return []
        listed = data if isinstance(data, list) else [data]
        named = [each for each in listed if isinstance(each, str) and each]
        if len(named) < len(listed):
            self._fault(path, "a text, or a list of texts, must stand here")
        return named if len(named) == len(listed) else []

    def _expectations(self, data: object) -> Iterator[Expectation]:
        if data is None:
            return
        if not isinstance(data, list):
            self._fault(("expectations",), "a list of expectations must stand here")
            return
        names: set[str] = set()
        for at, each in enumerate(data):
            found = ExpectationReader(self._fault, ("expectations", at)).read(each)
            if found is None:
                continue
            if found.name in names:
                what = "another expectation has this name already"
                self._fault(("expectations", at, "name"), what)
            names.add(found.name)
            yield found


def _line_of(fault: str) -> tuple[int, int]:
    """Return line and column of `file:line:column: what`."""
    match = re.search(r":([0-9]+):([0-9]+): ", fault)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _names_of(rule: Rule) -> Iterator[str]:
    yield rule.id
    for case in rule.cases:
        yield f"{rule.id}.{case.id}"
