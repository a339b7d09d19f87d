"""What a policy says: which findings count and how, and what is expected of a recording."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING

from analyzer.annotate.rule import Comparison, SettingValue, When
from analyzer.annotate.settings_file import WrittenSettings
from analyzer.frozen import frozen
from analyzer.tables.findings import Severity

if TYPE_CHECKING:  # a check without a policy needs none of it
    from analyzer.annotate.items import Kind
    from analyzer.check.sequences import Pattern

LEVELS = ("info", "notice", "warning", "error", "never")
"""What a check can fail on."""
NO_SETTINGS = WrittenSettings({}, {})


@frozen
class Limit:
    """A measure of the items that are meant, and what it has to be."""

    measure: str
    """`count`, `ratio`, `min`, `max`, `mean`, or `p95` for the 95th percentile."""
    field: str
    """What is measured; empty for counts and ratios."""
    test: Comparison
    """Of the measure: its field is the name as written, `p95.setup_ms`."""


@frozen
class Expectation:
    """One expectation."""

    name: str
    kind: "Kind"
    which: When
    """The items that are meant."""
    of: When
    """What a ratio is a part of; nothing asked is all items of the kind."""
    limits: tuple[Limit, ...]
    every: When
    """What must hold for each of the items."""
    sequence: "Pattern | None"
    """What each of the calls must show."""
    captures: tuple[str, ...]
    """Patterns of the recordings it is for; none is all."""
    settings: Mapping[str, SettingValue]
    may_be_empty: bool
    """It is met where no item is meant, too."""
    why: str
    do: tuple[str, ...]

    def is_for(self, path: str) -> bool:
        """Tell whether it is about a recording."""
        return not self.captures or any(matches(path, each) for each in self.captures)


@frozen
class Choice:
    """Which findings count in some recordings, and how."""

    match: str
    """Pattern of the recordings; empty for all."""
    select: tuple[str, ...] = ()
    """Rules, cases (`RSP603.not-alerted`) or families (`SUB`) that count; none is all."""
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = MappingProxyType({})
    fail_on: str = ""


@frozen
class Policy:
    """A policy, or the defaults where there is none."""

    path: str = ""
    rules: tuple[Path, ...] = ()
    """Directories of further rules."""
    settings: WrittenSettings = NO_SETTINGS
    choices: tuple[Choice, ...] = ()
    """The later goes before the earlier."""
    expectations: tuple[Expectation, ...] = ()

    def for_recording(self, path: str, fail_on: str) -> "Rating":
        """Return how findings count in a recording; `fail_on` is that of the command line."""
        chosen = [each for each in self.choices if not each.match or matches(path, each.match)]
        levels = [each.fail_on for each in chosen if each.fail_on]
        return Rating(tuple(chosen), fail_on or (levels[-1] if levels else "warning"))


@frozen
class Rating:
    """How findings count in one recording."""

    choices: tuple[Choice, ...]
    fail_on: str

    def severity_of(self, rule: str, case: str, severity: Severity) -> Severity | None:
        """Return how grave a finding is; None for one that does not count."""
        for each in self.choices:
            if each.select and not _named(rule, case, each.select):
                return None
            if _named(rule, case, each.ignore):
                return None
            # the longest name that fits is the most exact one
            for name in sorted(each.severity, key=len):
                if _named(rule, case, (name,)):
                    severity = each.severity[name]
        return severity

    def fails(self, severity: Severity) -> bool:
        """Tell whether a finding of this severity fails the check."""
        return self.fail_on != "never" and severity >= Severity[self.fail_on.upper()]


def _named(rule: str, case: str, names: tuple[str, ...]) -> bool:
    return any(name in (rule, f"{rule}.{case}", rule[:3]) for name in names)


def matches(path: str, pattern: str) -> bool:
    """Tell whether a path ends like a pattern: `*.pcap`, `nightly/*`, `nightly/**`."""
    return _ends_like(PurePath(path).parts, PurePath(pattern).parts)


def _ends_like(parts: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
    if not patterns:
        return True
    *before, last = patterns
    if last == "**":  # any number of directories, none as well
        return any(_ends_like(parts[:end], tuple(before)) for end in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[-1], last) and _ends_like(parts[:-1], tuple(before))
