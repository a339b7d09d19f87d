"""A file of settings → thresholds as --set gives them, each with its place in the file.

    settings:
      RSP603:
        human_reaction_ms: 2000
        round_delays_s: [10, 20, 30]
    leg_headers: [X-Correlation]     # what else may name the other leg of a call

The policy of `sipwhy check` (`analyzer.check`) is such a file with more sections, which are passed
over here: one file serves both. What is wrong with the file is told at once, as
`file:line:column: what`; whether a rule has such a setting is seen when the rules are loaded.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from analyzer.annotate.faults import Fault, did_you_mean, located
from analyzer.annotate.rule import setting_text
from analyzer.annotate.rule_text import NoYamlError, duplicate_faults, read_yaml
from analyzer.errors import UsageError
from analyzer.frozen import frozen
from analyzer.settings import MOST_LEG_HEADERS

SECTION = "settings"
LEG_HEADERS = "leg_headers"
POLICY_SECTIONS = ("rules", "select", "ignore", "severity", "fail_on", "captures", "expectations")
"""What else may stand in a policy."""


_TOKEN = re.compile(r"[A-Za-z0-9.!%*_+`'~-]+")


@frozen
class WrittenSettings:
    """What a file says."""

    values: Mapping[str, str]
    """`RULE.setting` → value as --set takes it."""
    places: Mapping[str, str]
    """`RULE.setting` → `file:line:column`."""
    leg_headers: tuple[str, ...] = ()
    """Headers that name the other leg of a call."""


@frozen
class Document:
    """A file of YAML that could be read."""

    path: str
    text: str
    data: object
    faults: tuple[Fault, ...]
    """Keys that stand twice."""

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Raise UsageError with all faults, if there are any, each with its place."""
        every = [*self.faults, *faults]
        if every:
            raise UsageError("\n".join(located(self.path, self.text, every)))


def read_document(path: Path) -> Document:
    """Read a file of YAML; raises UsageError where it is none."""
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
    faults = tuple(duplicate_faults(text)) if duplicates else ()
    return Document(str(path), text, data, faults)


def read_settings_file(path: Path) -> WrittenSettings:
    """Read a file of settings; raises UsageError with all its faults."""
    document = read_document(path)
    written, faults = settings_in(document)
    document.refuse(faults)
    return written


def settings_in(document: Document) -> tuple[WrittenSettings, list[Fault]]:
    """Return the settings of a document, and what is wrong with them."""
    faults: list[Fault] = []
    values: dict[str, str] = {}
    for found in _settings(document.data):
        if isinstance(found, Fault):
            faults.append(found)
        else:
            values[found[0]] = found[1]
    headers = _leg_headers(document.data, faults)
    places = {} if faults else _places(document.path, document.text, values)
    return WrittenSettings(values, places, headers), faults


def _leg_headers(data: object, faults: list[Fault]) -> tuple[str, ...]:
    """Return the names of headers; what is none, and too many, is a fault."""
    written = data.get(LEG_HEADERS) if isinstance(data, dict) else None
    listed = written if isinstance(written, list) else [] if written is None else [written]
    faults += [
        Fault((LEG_HEADERS, at) if isinstance(written, list) else (LEG_HEADERS,), what)
        for at, each in enumerate(listed)
        if (what := leg_header_fault(each))
    ]
    if len(listed) > MOST_LEG_HEADERS:
        faults.append(Fault((LEG_HEADERS,), f"more than {MOST_LEG_HEADERS} headers"))
    return tuple(each for each in listed if isinstance(each, str))


def leg_header_fault(name: object) -> str:
    """Return why a name is that of no header, "" when it is one (RFC 3261 §25.1, token)."""
    if isinstance(name, str) and _TOKEN.fullmatch(name):
        return ""
    return "the name of a header must stand here, as X-Correlation"


def _settings(data: object) -> Iterator[tuple[str, str] | Fault]:
    if data is None:
        return
    if not isinstance(data, dict):
        yield Fault((), f"`{SECTION}:` must stand here, and below it a rule and its settings")
        return
    for key in data:
        if key not in (SECTION, LEG_HEADERS, *POLICY_SECTIONS):
            hint = did_you_mean(str(key), [SECTION, LEG_HEADERS, *POLICY_SECTIONS])
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
    scalars = [each for each in parts if isinstance(each, str | int | float)]
    if not scalars or len(scalars) < len(parts):
        what = "a number, a text, true, false, or a list of these must stand here"
        return Fault((SECTION, rule, name), what)
    return f"{rule}.{name}", setting_text(tuple(scalars))


def _places(path: str, text: str, values: Mapping[str, str]) -> dict[str, str]:
    places = {}
    for key in values:
        rule, _, name = key.partition(".")
        (line,) = located(path, text, [Fault((SECTION, rule, name), "", at_key=True)])
        places[key] = line.removesuffix(": ")
    return places
