"""The output formats by name: every module of this package that has a `FORMAT` adds one."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo
from functools import cache
from pathlib import PurePath
from types import MappingProxyType
from typing import BinaryIO

from analyzer.errors import UsageError
from analyzer.frozen import frozen
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

_ALIKE = 4
"""Letters that the name of a module has in common with that of its format, where it has any."""


@frozen
class OutputOptions:
    """What every format is asked for; each takes what it can say."""

    language: str = "en"
    """`en` or `ja`."""
    call: str = ""
    """Part of the Call-IDs to show; empty for everything."""
    messages: bool = False
    """Each message, too."""
    zone: tzinfo | None = None
    """Of the times in texts; None for that of the system."""
    pages: int = 10_000
    """Calls that a report tells with ladder and messages, at most."""
    tables: tuple[str, ...] = ()
    """Names of the tables to write, where the format is one of tables."""
    rows: Int64 | None = None
    """The rows of these tables, in this order; None for what `call` says."""


@frozen
class OutputFormat:
    """A way to write a trace."""

    name: str
    suffix: str
    """Of a file in this format."""
    render: Callable[[Trace, BinaryIO, OutputOptions], None]
    reports: tuple[str, ...] = ()
    """How the names of files end that `sipwhy report` writes in it; nothing for what is no report
    to send.
    """


@cache
def output_formats() -> Mapping[str, OutputFormat]:
    """Return the formats by name; raises ValueError when two claim one name."""
    found: dict[str, OutputFormat] = {}
    for made in _formats():
        if made.name in found:
            raise ValueError(f"two output formats are called {made.name}")
        found[made.name] = made
    return MappingProxyType(found)


def find_output_format(name: str) -> OutputFormat:
    """Return the format of a name, importing no more modules than it takes to find it; raises
    KeyError where there is none.
    """
    found = next((made for made in _formats(name) if made.name == name), None)
    if found is None:
        raise KeyError(name)
    return found


def find_report_format(path: str) -> OutputFormat:
    """Return the format of a report by the end of the name of its file; raises UsageError where no
    format is for it.
    """
    suffix, made = PurePath(path).suffix.lower(), list(_formats())
    found = next((each for each in made if suffix in each.reports), None)
    if found is None:
        known = " or ".join(each.reports[0] for each in made if each.reports)
        raise UsageError(
            f"{path}: no report is written like this: name a file that ends in {known}"
        )
    return found


def _formats(name: str = "") -> Iterator[OutputFormat]:
    """Yield the formats in the order of their modules, those whose names begin like `name` first;
    each is imported when its turn comes.
    """
    import analyzer.render  # noqa: PLC0415 - a package cannot name itself while it is imported

    modules = [each.name for each in pkgutil.iter_modules(analyzer.render.__path__)]
    for module in sorted(modules, key=lambda each: (each[:_ALIKE] != name[:_ALIKE], each)):
        if module.startswith("_"):
            continue
        made = getattr(importlib.import_module(f"analyzer.render.{module}"), "FORMAT", None)
        if isinstance(made, OutputFormat):
            yield made
