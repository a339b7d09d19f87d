"""A file of settings → thresholds as --set gives them, each with its place in the file.

    settings:
      RSP603:
        human_reaction_ms: 2000
        round_delays_s: [10, 20, 30]

What is wrong with the file is told at once, as `file:line:column: what`; whether a rule has such a
setting is seen when the rules are loaded.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from analyzer.annotate.faults import Fault, did_you_mean, located
from analyzer.annotate.rule_text import NoYamlError, duplicate_faults, read_yaml
from analyzer.errors import UsageError
from analyzer.frozen import frozen

SECTION = "settings"


@frozen
class WrittenSettings:
    """What a file says."""

    values: Mapping[str, str]
    """`RULE.setting` → value as --set takes it."""
    places: Mapping[str, str]
    """`RULE.setting` → `file:line:column`."""


def read_settings_file(path: Path) -> WrittenSettings:
    """Read a file of settings; raises UsageError with all its faults."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 text: {error.reason}") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        data, duplicates = read_yaml(text)
    except NoYamlError as error:
        mark = getattr(error.__cause__, "problem_mark", None)
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else f"{path}"
        what = getattr(error.__cause__, "problem", None) or "cannot be read"
        raise UsageError(f"{place}: no valid YAML: {what}") from None
    faults = duplicate_faults(text) if duplicates else []
    values: dict[str, str] = {}
    for found in _settings(data):
        if isinstance(found, Fault):
            faults.append(found)
        else:
            values[found[0]] = found[1]
    if faults:
        raise UsageError("\n".join(located(str(path), text, faults)))
    return WrittenSettings(values, _places(str(path), text, values))


def _settings(data: object) -> Iterator[tuple[str, str] | Fault]:
    if data is None:
        return
    if not isinstance(data, dict):
        yield Fault((), f"`{SECTION}:` must stand here, and below it a rule and its settings")
        return
    for key in data:
        if key != SECTION:
            hint = did_you_mean(str(key), [SECTION])
            yield Fault((str(key),), f'unknown key "{key}"{hint}', at_key=True)
    rules = data.get(SECTION) or {}
    if not isinstance(rules, dict):
        yield Fault((SECTION,), "rules with their settings must stand here")
        return
    for rule, settings in rules.items():
        if not isinstance(settings, dict):
            yield Fault((SECTION, str(rule)), "settings (name: value) must stand here")
            continue
        for name, value in settings.items():
            yield _setting(str(rule), str(name), value)


def _setting(rule: str, name: str, value: object) -> tuple[str, str] | Fault:
    parts = value if isinstance(value, list) else [value]
    if not parts or not all(isinstance(each, str | int | float) for each in parts):
        what = "a number, a text, true, false, or a list of these must stand here"
        return Fault((SECTION, rule, name), what)
    return f"{rule}.{name}", ",".join(map(_written, parts))


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _places(path: str, text: str, values: Mapping[str, str]) -> dict[str, str]:
    places = {}
    for key in values:
        rule, _, name = key.partition(".")
        (line,) = located(path, text, [Fault((SECTION, rule, name), "", at_key=True)])
        places[key] = line.removesuffix(": ")
    return places
