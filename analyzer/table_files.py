"""Tables → files: which file gets which tables, settled before a capture is read."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from analyzer.errors import UsageError
from analyzer.frozen import frozen, replace
from analyzer.render.destination import STDOUT, open_output

if TYPE_CHECKING:
    from analyzer.render.formats import OutputOptions
    from analyzer.tables.trace import Trace

_MANY = ("xlsx",)
"""Formats of which a file holds many tables."""
_BINARY = ("parquet", "xlsx")
_NEEDED = {"parquet": "pyarrow", "xlsx": "xlsxwriter"}
"""Modules of the extra `tables`."""


@frozen
class TableFiles:
    """Where tables go."""

    format: str
    directory: str
    """Gets a file for each table; empty where all go to one output."""
    tables: tuple[str, ...]

    def write(self, trace: "Trace", out: BinaryIO, options: "OutputOptions") -> None:
        """Write the tables, to the output unless there is a directory for them."""
        from analyzer.render.formats import find_output_format  # noqa: PLC0415 - not by --help

        form = find_output_format(self.format)
        if not self.directory:
            form.render(trace, out, replace(options, tables=self.tables))
            return
        for name in self.tables:
            with open_output(str(Path(self.directory) / (name + form.suffix))) as file:
                form.render(trace, file, replace(options, tables=(name,)))


def plan_tables(form: str, output: str, tables: Sequence[str], *, messages: bool) -> TableFiles:
    """Settle where tables go, and make the directory for them; raises UsageError with one line
    where that is not clear or cannot be.
    """
    need_modules(form)
    chosen = _known(tables)
    several = chosen or _all_tables(messages=messages)
    if form in _MANY:
        refuse_terminal(form, output)
        return TableFiles(form, "", several)
    if output != STDOUT and (output.endswith(("/", "\\")) or Path(output).is_dir()):
        return TableFiles(form, _directory(output), several)
    if not chosen and output != STDOUT:
        chosen = tuple(each for each in several if each == Path(output).stem)
    if len(chosen) != 1:
        where = "standard output" if output == STDOUT else output
        directory = form if output == STDOUT or Path(output).suffix else output
        raise UsageError(
            f"{where}: a file of --format {form} holds one table: name it with --table, "
            f"as in --table calls, or name a directory for all of them, as in -o {directory}/"
        )
    refuse_terminal(form, output)
    return TableFiles(form, "", chosen)


def need_modules(form: str) -> None:
    """Raise UsageError when what writes a format is not installed."""
    needed = _NEEDED.get(form)
    if needed and find_spec(needed) is None:
        raise UsageError(
            f"--format {form} needs {needed}, which is not installed: pip install 'sipwhy[tables]'"
        )


def refuse_terminal(form: str, output: str) -> None:
    """Raise UsageError when what is no text would go to a terminal."""
    if form in _BINARY and output == STDOUT and sys.stdout is not None and sys.stdout.isatty():
        raise UsageError(f"--format {form} is no text: name a file with -o")


def _all_tables(*, messages: bool) -> tuple[str, ...]:
    from analyzer.render.table_columns import DICTIONARY, NAMES  # noqa: PLC0415 - not by --help

    return (*NAMES, *(("messages",) if messages else ()), DICTIONARY.name)


def _known(tables: Sequence[str]) -> tuple[str, ...]:
    """Return the tables named, each once; raises UsageError for one that there is not."""
    from analyzer.render.table_columns import DICTIONARY, table_shapes  # noqa: PLC0415 - see above

    known = (*table_shapes(), DICTIONARY.name)
    for name in tables:
        if name not in known:
            raise UsageError(f"--table {name}: no such table; there are {', '.join(known)}")
    return tuple(dict.fromkeys(tables))


def _directory(path: str) -> str:
    try:
        Path(path).mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path}: cannot make the directory: {error.strerror or error}") from error
    return path
