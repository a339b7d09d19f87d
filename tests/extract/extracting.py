"""Extracts in tests: of a capture's bytes, and back into a trace."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analyzer.annotate.items import load_kinds
from analyzer.annotate.where import read_where
from analyzer.extract.choice import Wanted, choose
from analyzer.extract.extract import extract
from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from analyzer.tables.trace import Trace

SETTINGS = Settings(origins=True)


def wanted(call: str = "", where: str = "", *findings: str) -> Wanted:
    """Return what is asked for, a condition as on the command line."""
    conditions = read_where([where], load_kinds()["calls"]) if where else ()
    return Wanted(call, conditions, findings)


@contextmanager
def extracted(
    path: Path, asked: Wanted, settings: Settings = SETTINGS
) -> Iterator[tuple[Trace, Trace]]:
    """Give the trace of a capture, and that of what is extracted from it."""
    with open_trace([str(path)], settings) as trace:
        out = io.BytesIO()
        extract(trace, choose(trace, asked), out, settings)
        target = path.with_name("extract.pcapng")
        target.write_bytes(out.getvalue())
        with open_trace([str(target)], settings) as again:
            yield trace, again


def messages_in(trace: Trace) -> list[tuple[int, bytes]]:
    """Return time and text of each message."""
    times = trace.messages.time_ns.tolist()
    return [(time_ns, trace.message_bytes(row)) for row, time_ns in enumerate(times)]
