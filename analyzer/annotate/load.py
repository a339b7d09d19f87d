"""Rule files → the rules an analysis needs, with the user's thresholds put in.

The file of a rule is named after its id: RSP603 is `responses/603.yaml`. Built-in rules come
first, then those of each further directory; a later rule with the same id replaces the earlier one.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

from analyzer.annotate.faults import Fault, did_you_mean, located
from analyzer.annotate.occasions import OCCASIONS
from analyzer.annotate.read_rule import RuleReader
from analyzer.annotate.rule import Rule, Scalar, Setting, SettingValue
from analyzer.annotate.rule_files import FAMILIES, RuleFile, files_of, rule_files, rules_root
from analyzer.annotate.rule_text import NoYamlError, duplicate_faults, read_yaml
from analyzer.errors import RuleError, UsageError
from analyzer.frozen import frozen, replace
from analyzer.settings import Settings
from analyzer.yaml_cache import parse_once

_ID = re.compile(rf"({'|'.join(FAMILIES)})([0-9]{{3}})")
MOST_KEPT = 512
"""Rules that a process keeps."""
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}


OF_RELAYS = frozenset({"DLG001", "TXN001"})
"""Rules about what elements do with the responses they get."""


@frozen
class Seen:
    """What occurs in the captures."""

    statuses: Collection[int]
    methods: Collection[str]
    relays: bool = False
    """An element sent another final response than it had got, or a call on after a 6xx."""
    occasions: Collection[str] = ()
    """Ids of those rules of `annotate.occasions` that there is occasion for."""


def load_rules(settings: Settings, seen: Seen | None = None) -> tuple[Rule, ...]:
    """Load the rules for captures with these statuses and methods, all rules for None.

    Raises RuleError with all faults of all files, UsageError for a setting that does not exist.
    """
    files = rule_files(rules_root(), "rules", built_in=True)
    for directory in settings.rules:
        files += files_of(directory)
    faults: list[str] = []
    rules: dict[str, Rule] = {}
    for each in files:
        if each.built_in and seen is not None and not is_needed(each.id, seen):
            continue
        rule, found = read_rule_file(each)
        faults += found
        if rule is None:
            continue
        earlier = rules.get(rule.id)
        rules[rule.id] = replace(rule, replaces=earlier.path) if earlier else rule
    if faults:
        raise RuleError("\n".join(faults))
    changed = with_settings(rules, settings, [each.id for each in files])
    return tuple(changed[name] for name in sorted(changed))


def is_needed(rule_id: str, seen: Seen) -> bool:
    """Tell whether a capture may need a built-in rule."""
    if rule_id.startswith("RSP"):
        return int(rule_id.removeprefix("RSP")) in seen.statuses
    if rule_id in OF_RELAYS:
        return seen.relays
    if rule_id in OCCASIONS:
        return rule_id in seen.occasions
    return not rule_id.startswith("SUB") or not {"SUBSCRIBE", "NOTIFY"}.isdisjoint(seen.methods)


def read_rule_file(file: RuleFile, *, examples: bool = False) -> tuple[Rule | None, list[str]]:
    """Return the rule of a file, None when it has faults, and the faults as lines."""
    try:
        text = file.file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return None, [f"{file.shown}:1:1: not UTF-8 text: {error.reason} at byte {error.start}"]
    except OSError as error:
        return None, [f"{file.shown}:1:1: cannot be read: {error.strerror}"]
    rule, faults = _read(file.file, file.shown, text, is_kept=file.built_in and not examples)
    return rule, list(faults)


@lru_cache(MOST_KEPT)
def _read(
    file: Path, shown: str, text: str, *, is_kept: bool
) -> tuple[Rule | None, tuple[str, ...]]:
    """Return the rule in a text and its faults; examples are read unless its YAML `is_kept`. The
    same text gives the same rule, so one process reads it once for all its captures.
    """
    try:
        if is_kept:
            data, duplicates = parse_once(file, text, read_yaml)
        else:
            data, duplicates = read_yaml(text, examples=True)
    except NoYamlError as error:
        return None, (_syntax_fault(shown, error.__cause__),)
    reader = RuleReader(shown)
    rule = reader.read(data)
    if rule.id and not _ID.fullmatch(rule.id):
        what = f'"{rule.id}" is no rule id: three letters and three digits, as RSP603'
        reader.faults.append(Fault(("id",), what))
    faults = reader.faults + (duplicate_faults(text) if duplicates else [])
    return (None if faults else rule), tuple(located(shown, text, faults) if faults else ())


def _syntax_fault(shown: str, error: BaseException | None) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    return f"{shown}:{line}:{column}: no valid YAML: {what}"


def with_settings(
    rules: Mapping[str, Rule], settings: Settings, known_ids: Collection[str]
) -> dict[str, Rule]:
    """Return the rules with settings changed; raises UsageError with all that cannot be."""
    changed = dict(rules)
    faults = []
    for key, text in settings.rule_settings.items():
        rule_id, _, name = key.partition(".")
        try:
            rule, setting = _find_setting(key, changed, known_ids)
            new = replace(setting, value=setting_value(text, setting))
        except ValueError as error:
            faults.append(f"{settings.setting_places.get(key, f'--set {key}')}: {error}")
            continue
        if rule_id in changed:
            changed[rule_id] = replace(rule, settings={**rule.settings, name: new})
    if faults:
        raise UsageError("\n".join(faults))
    return changed


def _find_setting(
    key: str, rules: Mapping[str, Rule], known_ids: Collection[str]
) -> tuple[Rule, Setting]:
    """Return a setting and its rule; raises ValueError where there is none."""
    rule_id, _, name = key.partition(".")
    if rule_id not in known_ids and rule_id not in rules:
        hint = did_you_mean(rule_id, [*known_ids, *rules])
        raise ValueError(f'no rule has the id "{rule_id}"{hint}')
    rule = rules.get(rule_id) or _built_in(rule_id)
    setting = rule.settings.get(name)
    if setting is None:
        hint = did_you_mean(name, rule.settings) or _listed(rule)
        raise ValueError(f'{rule_id} has no setting "{name}"{hint}')
    return rule, setting


def _built_in(rule_id: str) -> Rule:
    """Read a rule that the capture does not need, only to check a setting of it."""
    files = rule_files(rules_root(), "rules", built_in=True)
    rule, faults = read_rule_file(next(each for each in files if each.id == rule_id))
    if rule is None:
        raise RuleError("\n".join(faults))
    return rule


def _listed(rule: Rule) -> str:
    names = ", ".join(rule.settings)
    return f"; it has {names}" if names else "; it has none"


def setting_value(text: str, setting: Setting) -> SettingValue:
    """Return the value that a user wrote for a setting; raises ValueError."""
    if isinstance(setting.default, tuple):
        first = setting.default[0]
        return tuple(_scalar(each.strip(), first) for each in text.split(","))
    return _scalar(text.strip(), setting.default)


def _scalar(text: str, default: Scalar) -> Scalar:
    if isinstance(default, bool):
        if text.lower() not in _TRUTHS:
            raise ValueError(f'"{text}" is neither true nor false')
        return _TRUTHS[text.lower()]
    if isinstance(default, str):
        return text
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", text, re.ASCII):
        raise ValueError(f'"{text}" is no number of 0 or more')
    return float(text) if "." in text else int(text)
