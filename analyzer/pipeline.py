"""The stages in order: capture → messages → transactions → calls → findings: read this first.

Each stage reads the tables to its left and fills the one to its right; `open_trace` returns all.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING
from weakref import finalize

import numpy as np

from analyzer.annotate.evaluate import evaluate
from analyzer.annotate.fields import fields
from analyzer.annotate.load import Seen, load_rules
from analyzer.annotate.occasions import occasions
from analyzer.aside import MANY, begin, short_turns
from analyzer.capture.formats import Capture, open_capture
from analyzer.capture.inputs import find_inputs
from analyzer.capture.open_files import allow_open_files
from analyzer.errors import CaptureError
from analyzer.freed_memory import LARGE_CAPTURE, give_back, keep
from analyzer.measure.ordinary import remarkable
from analyzer.measure.outcomes import measure_calls
from analyzer.measure.paths import has_relays, track_paths
from analyzer.measure.stories import tell_stories
from analyzer.settings import Settings
from analyzer.sip.scan import Scanned, new_endpoints, scan_capture
from analyzer.tables.messages import KNOWN_METHODS
from analyzer.tables.spans import Arena, SpanStore
from analyzer.tables.symbols import SymbolTable
from analyzer.tables.trace import Trace
from analyzer.tracking.calls import group_calls
from analyzer.tracking.dialogs import track_dialogs
from analyzer.tracking.identity import HashCollision, confirm_identity
from analyzer.tracking.legs import join_legs
from analyzer.tracking.registrations import group_registrations, track_registrations
from analyzer.tracking.strays import note_strays
from analyzer.tracking.subscriptions import track_subscriptions
from analyzer.tracking.timeline import merge
from analyzer.tracking.transactions import Timers, match_transactions, track_transactions

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
            for each in (fields, meanwhile):  # modules to import: who needs them waits
                if each:
                    begin(each, aside=True)
        trace = read(captures, settings, progress)
        opened.callback(trace.spans.close)
        trace.skipped, trace.problems = inputs.skipped, tuple(problems)
        by_info = {id(each.info): each for each in captures}
        trace.opened = tuple(by_info[id(info)] for info in trace.captures)
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
        track(trace, settings, key)
        stack.pop_all()
    return trace


def track(trace: Trace, settings: Settings, key: bytes) -> None:
    """Fill the tables from transactions to registrations."""
    timers = Timers(
        timeout_ns=64 * settings.t1_ms * 1_000_000,
        timer_c_ns=settings.timer_c_ms * 1_000_000,
        end_ns=max(
            (each.watched_until_ns for each in trace.captures if each.watched_until_ns is not None),
            default=0,
        ),
    )
    aside = len(trace.messages) > MANY
    with short_turns():
        transaction, leaders = match_transactions(trace, key)
        confirmation = begin(partial(confirm_identity, trace, leaders), aside=aside)
        track_transactions(trace, transaction, timers, settings, key)
        _track_rest(trace, timers, settings, key, aside=aside)
        confirmation()


def _track_rest(
    trace: Trace, timers: Timers, settings: Settings, key: bytes, *, aside: bool
) -> None:
    """Fill the tables from calls to registrations, side by side where that pays."""
    subscriptions = begin(partial(track_subscriptions, trace, timers), aside=aside)
    registrations = begin(partial(group_registrations, trace), aside=aside)
    members, trace.legs = join_legs(trace, group_calls(trace), settings, key)
    trace.transactions = trace.transactions.replace(call_row=members.call_of_transaction)
    trace.calls = measure_calls(trace, members, timers)
    trace.transactions = trace.transactions.replace(registration_row=registrations())
    trace.registrations = track_registrations(trace, timers)
    tracked = subscriptions()
    trace.subscriptions, trace.subscription_changes = tracked.subscriptions, tracked.changes
    trace.transactions = trace.transactions.replace(subscription_row=tracked.of_transaction)
    trace.dialog_tracker = track_dialogs
    trace.path_tracker, trace.story_teller = track_paths, tell_stories
    if settings.media:
        from analyzer.measure.media import measure_media  # noqa: PLC0415 - not without media

        trace.media_measurer = measure_media
    note_strays(trace)


def explain(trace: Trace, settings: Settings) -> None:
    """Load the rules that the trace needs and fill the table of findings."""
    statuses = np.flatnonzero(np.bincount(np.maximum(trace.messages.status, 0))).tolist()
    methods = np.flatnonzero(np.bincount(trace.messages.method_sym)).tolist()
    names = {trace.methods[each] for each in methods}
    aside = len(trace.messages) > MANY
    with short_turns():
        if aside and len(trace.rtp.streams):
            media = begin(partial(trace.media_measurer, trace), aside=aside)
            trace.media_measurer = lambda _: media()  # who needs them waits
        found = begin(partial(occasions, trace, settings.rule_settings), aside=aside)
        worth_a_rule, relays = remarkable(trace, statuses), has_relays(trace)
        seen = Seen(worth_a_rule, names, relays=relays, occasions=found())
        trace.rules = load_rules(settings, seen)
        trace.findings = evaluate(trace, trace.rules, settings, aside=aside)
    if aside:
        give_back()
