"""What rules say in words, for pages of reference: no conditions, and so no fields and no numpy.

Built-in rules are taken as they are: the tests check them. Those of a user are checked first.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analyzer.annotate.rule_files import RuleFile, files_of, rule_files, rules_root
from analyzer.annotate.rule_text import read_yaml
from analyzer.errors import RuleError
from analyzer.frozen import frozen
from analyzer.i18n import Texts
from analyzer.sip.registry import canonical_name
from analyzer.yaml_cache import parse_once

Data = Mapping[str, Any]

_PLACEHOLDER = re.compile(r"\{([a-z0-9_.]+)\}")
_UNITS = re.compile(r"_(?:ms|s|ns)$")


@frozen
class CaseText:
    """What a case or note says."""

    id: str
    severity: str
    message: str
    likely: str
    confidence: str
    """Of `likely`; empty without it."""
    steps: tuple[str, ...]
    aside: bool
    """About other requests than an INVITE that starts a call."""


@frozen
class MisconceptionText:
    """What is often said, and what is right."""

    claim: str
    truth: str
    references: tuple[str, ...]


@frozen
class RuleText:
    """What a rule says in one language."""

    id: str
    title: str
    severity: str
    meaning: str
    seen: tuple[str, ...]
    resolve: tuple[str, ...]
    misconceptions: tuple[MisconceptionText, ...]
    cases: tuple[CaseText, ...]
    notes: tuple[CaseText, ...]
    references: tuple[str, ...]
    more_references: tuple[str, ...]
    """Those of its cases and notes."""
    path: str


class RuleTexts:
    """The texts of all rules, each read when it is asked for."""

    def __init__(self, directories: Sequence[Path] = ()) -> None:
        """Take the built-in rules, then those of directories; a later one of an id counts."""
        self._files = {each.id: each for each in rule_files(rules_root(), "rules", built_in=True)}
        for directory in directories:
            self._files |= {each.id: each for each in _checked(files_of(directory))}

    def ids(self) -> list[str]:
        """Return all rule ids."""
        return sorted(self._files)

    def find(self, rule_id: str, words: Texts) -> RuleText | None:
        """Return the texts of a rule in the language of `words`; None where there is no rule."""
        file = self._files.get(rule_id)
        return None if file is None else _rule(_data(file), file.shown, words)


def _checked(files: list[RuleFile]) -> list[RuleFile]:
    """Return files of a user under the ids that they state; raises RuleError with all faults."""
    from analyzer.annotate.load import read_rule_file  # noqa: PLC0415 - fields need numpy
    from analyzer.frozen import replace  # noqa: PLC0415 - see above

    read = [(each, *read_rule_file(each)) for each in files]
    faults = [line for _, _, found in read for line in found]
    if faults:
        raise RuleError("\n".join(faults))
    return [replace(file, id=rule.id) for file, rule, _ in read if rule is not None]


def _data(file: RuleFile) -> Data:
    text = file.file.read_text(encoding="utf-8")
    read: Any = parse_once(file.file, text, read_yaml) if file.built_in else read_yaml(text)
    data: Data = read[0]
    return data


def _rule(data: Data, path: str, words: Texts) -> RuleText:
    language = words.language
    severity = data["severity"]
    cases = tuple(_case(each, severity, words) for each in data["cases"])
    notes = tuple(_case(each, severity, words) for each in data.get("notes", ()))
    return RuleText(
        id=data["id"],
        title=_in(data["title"], language),
        severity=severity,
        meaning=_in(data["meaning"], language),
        seen=_list(data.get("seen", {}), language),
        resolve=_list(data.get("resolve", {}), language),
        misconceptions=tuple(
            MisconceptionText(
                _in(each["claim"], language),
                _in(each["truth"], language),
                tuple(each["references"]),
            )
            for each in data.get("misconceptions", ())
        ),
        cases=cases,
        notes=notes,
        references=tuple(data["references"]),
        more_references=tuple(_references(data)),
        path=path,
    )


def _references(data: Data) -> list[str]:
    found: list[str] = []
    for part in (*data["cases"], *data.get("notes", ())):
        found += part.get("references", ())
    return found


def _case(data: Data, severity: str, words: Texts) -> CaseText:
    language = words.language
    likely = data.get("likely", {})
    return CaseText(
        id=data["id"],
        severity=data.get("severity", severity),
        message=named(_in(data["message"], language), words),
        likely=named(_in(likely, language), words) if likely else "",
        confidence=likely.get("confidence", ""),
        steps=tuple(named(each, words) for each in _list(data.get("next_steps", {}), language)),
        aside=_is_aside(data.get("when", {})),
    )


def _is_aside(when: Data) -> bool:
    if when.get("in_dialog") is True or "method|not" in when:
        return True
    methods = when.get("method", "INVITE")
    return "INVITE" not in (methods if isinstance(methods, list) else [methods])


def _in(text: Mapping[str, str], language: str) -> str:
    return text.get(language) or text["en"]


def _list(texts: Mapping[str, Sequence[str]], language: str) -> tuple[str, ...]:
    return tuple(texts.get(language) or texts.get("en", ()))


def placeholders(text: str) -> list[str]:
    """Return the fields that a text names."""
    return _PLACEHOLDER.findall(text)


def named(text: str, words: Texts) -> str:
    """Return a text with its placeholders put in words: what a capture would fill in."""
    return _PLACEHOLDER.sub(lambda match: words("item.filled", name=_name(match[1], words)), text)


def _name(field: str, words: Texts) -> str:
    if words.has(f"filled.{field}"):
        return words(f"filled.{field}")
    side, _, header = field.partition(".")
    if side in ("request", "response") and header:
        return canonical_name(header.replace("_", "-"))
    return _UNITS.sub("", field).replace("_", " ").replace(".", " ")
