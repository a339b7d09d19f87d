"""Captures → their trace, with all tables: read this first, and then `stages`, which has what comes
after the messages: transactions → calls → findings.

Each stage reads the tables to its left and fills the one to its right; `open_trace` returns all.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING
from weakref import finalize

from analyzer.aside import begin, short_turns
from analyzer.capture.formats import Capture, open_capture
from analyzer.capture.inputs import find_inputs
from analyzer.capture.open_files import allow_open_files
from analyzer.errors import CaptureError
from analyzer.freed_memory import LARGE_CAPTURE, keep
from analyzer.settings import Settings
from analyzer.sip.scan import Scanned, new_endpoints, scan_capture
from analyzer.tables.messages import KNOWN_METHODS
from analyzer.tables.spans import Arena, SpanStore
from analyzer.tables.symbols import SymbolTable
from analyzer.tables.trace import Trace
from analyzer.tracking.identity import HashCollision
from analyzer.tracking.timeline import merge

if TYPE_CHECKING:
    from analyzer.render.data_frames import DataFrames
    from analyzer.report.model import Report

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
"""One capture or directory, or several."""
Progress = Callable[[int], None]
"""Takes the number of capture bytes that were read since the last call."""


def open_trace(
    paths: Paths,
    settings: Settings | None = None,
    *,
    progress: Progress | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> Trace:
    """Analyze captures and directories of them (`-` is standard input) as one timeline; large ones
    are read while what comes after is made ready `meanwhile`.

    The tables read their texts from the captures: close the trace, or use it in a `with` statement.
    Raises CaptureError, RuleError or UsageError with one line that says what to do.
    """
    settings = settings or Settings()
    inputs = find_inputs(named(paths))
    with ExitStack() as opened:
        captures, problems = [], list(inputs.problems)
        allow_open_files(len(inputs.paths))
        for path in inputs.paths:
            try:
                captures.append(open_capture(path, settings))
            except CaptureError as error:
                problems.append(str(error))
            else:
                opened.callback(captures[-1].close)
        if not captures:
            raise CaptureError("\n".join(problems))
        if settings.redaction is not None:
            from analyzer.redact.captures import redact_captures  # noqa: PLC0415 - seldom asked for

            captures = redact_captures(captures, settings, opened, progress)
            progress = None
        if sum(len(each.data) for each in captures) > LARGE_CAPTURE:
            keep()
            for each in (_import_stages, meanwhile):
                if each:  # modules to import: who needs them waits
                    begin(each, aside=True)
        trace = read(captures, settings, progress)
        opened.callback(trace.spans.close)
        trace.skipped, trace.problems = inputs.skipped, tuple(problems)
        by_info = {id(each.info): each for each in captures}
        trace.opened = tuple(by_info[id(info)] for info in trace.captures)
        from analyzer.stages import explain  # noqa: PLC0415 - a large capture is read meanwhile

        explain(trace, settings)
        trace.resources = opened.pop_all()
    return trace


def analyze(
    paths: Paths, settings: Settings | None = None, *, progress: Progress | None = None
) -> "Report":
    """Analyze captures as `open_trace` does and return the report that the command prints."""
    from analyzer.render import notebook  # noqa: PLC0415 - not for tables
    from analyzer.report.build import ReportOptions, build_report  # noqa: PLC0415 - see above

    settings = settings or Settings()
    notebook.install()
    with open_trace(paths, settings, progress=progress) as trace:
        return build_report(trace, ReportOptions(language=settings.language, everything=True))


def data_frames(
    paths: Paths, settings: Settings | None = None, *, progress: Progress | None = None
) -> "DataFrames":
    """Analyze captures as `open_trace` does and return the tables as pandas DataFrames.

    The captures stay open while the DataFrames are in use, as each is made when it is asked for.
    """
    from analyzer.render import notebook  # noqa: PLC0415 - only where it is asked for
    from analyzer.render.data_frames import DataFrames  # noqa: PLC0415 - see above

    settings = settings or Settings()
    notebook.install()
    trace = open_trace(paths, settings, progress=progress)
    frames = DataFrames(trace, language=settings.language)
    finalize(frames, trace.close)
    return frames


def _import_stages() -> None:
    """Import what comes after the messages, with the fields of rules."""
    from analyzer.stages import fields  # noqa: PLC0415 - a large capture is read meanwhile

    fields()


def named(paths: Paths) -> tuple[str, ...]:
    """Return paths as texts."""
    several = (paths,) if isinstance(paths, str | os.PathLike) else paths
    return tuple(os.fspath(each) for each in several)


def read(
    captures: Sequence[Capture], settings: Settings, progress: Progress | None = None
) -> Trace:
    """Fill the tables from messages to registrations, under another key when two hashes collide."""
    while True:
        with suppress(HashCollision):
            return _read(captures, settings, progress, os.urandom(16))


def _read(
    captures: Sequence[Capture], settings: Settings, progress: Progress | None, key: bytes
) -> Trace:
    methods, endpoints = SymbolTable(KNOWN_METHODS), new_endpoints()
    arena = Arena(len(captures))
    with ExitStack() as stack, short_turns():
        stack.callback(arena.close)
        scanned: list[Scanned] = [
            scan_capture(capture, index, key, endpoints, methods, settings, progress, arena=arena)
            for index, capture in enumerate(captures)
        ]
        spans = SpanStore([capture.data for capture in captures], arena)
        infos = [capture.info for capture in captures]
        trace = merge(infos, scanned, spans, endpoints.table(), methods)
        from analyzer.stages import track  # noqa: PLC0415 - a large capture is read meanwhile

        track(trace, settings, key)
        stack.pop_all()
    return trace
