"""What `sipwhy analyze` does: options → a report where it was asked for, and the exit status."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from analyzer.errors import AnalyzerError, CaptureError, UsageError
from analyzer.frozen import frozen, replace
from analyzer.i18n import Texts, choose_language, load_texts
from analyzer.render.layout import visible
from analyzer.settings import Redaction, Settings

if TYPE_CHECKING:
    from analyzer.table_files import TableFiles
    from analyzer.tables.trace import Trace

TABLE_FORMATS = ("csv", "parquet", "xlsx")
"""Of `--format`, those that write tables."""
DONE, FOUND, WRONG_INPUT, NO_SIP, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 4, 130
"""Exit statuses."""
PRECEDENCE = (INTERRUPTED, OUR_FAULT, WRONG_INPUT, FOUND, NO_SIP, DONE)
"""Which one counts where several apply."""
SEVERITIES = ("never", "info", "notice", "warning", "error")
PROBLEMS_SHOWN = 20
NAMED = 3
"""Captures named in a message."""


@frozen
class ReadingOptions:
    """Parameters that all commands that read captures have in common."""

    paths: tuple[str, ...]
    lang: str | None
    call: str
    rules: tuple[Path, ...]
    rule_settings: tuple[str, ...]
    settings_file: Path | None
    keylog: Path | None
    decoder: str
    no_media: bool
    leg_headers: tuple[str, ...]
    redact: bool
    redact_key: Path | None
    redact_keep: tuple[str, ...]
    quiet: bool

    @property
    def language(self) -> str:
        """The language asked for, else that of the locale."""
        return self.lang or choose_language()


@frozen
class AnalyzeOptions(ReadingOptions):
    """Parameters of `analyze`."""

    format: str
    output: str
    everything: bool
    messages: bool
    fail_on: str
    zone: tzinfo | None
    separate: bool
    tables: tuple[str, ...]
    verbose: int


def analysis_settings(
    options: ReadingOptions,
) -> Settings:
    """Return the settings of an analysis that a command was asked for."""
    settings = Settings(language=options.language)
    if options.rules or options.rule_settings or options.settings_file or options.leg_headers:
        from analyzer.rule_commands import settings_of  # noqa: PLC0415 - seldom asked for

        settings = settings_of(
            options.language,
            options.rules,
            options.rule_settings,
            options.settings_file,
            options.leg_headers,
        )
    return replace(
        settings,
        keylog=options.keylog,
        decoder=options.decoder,
        media=not options.no_media,
        redaction=_redaction(options),
    )


def _redaction(
    options: ReadingOptions,
) -> Redaction | None:
    """Return how names are to be taken out; None when they are not."""
    if not (options.redact or options.redact_key or options.redact_keep):
        return None
    from analyzer.redact.key import key_of_file, random_key  # noqa: PLC0415 - seldom asked for

    key = key_of_file(options.redact_key) if options.redact_key else random_key()
    return Redaction(key, frozenset(options.redact_keep))


def hidden_call(call: str, settings: Settings) -> str:
    """Return what stands for a Call-ID, or the beginning or end of one, that --call names."""
    if settings.redaction is None or not call:
        return call
    from analyzer.redact.names import Names  # noqa: PLC0415 - seldom asked for

    return Names(settings.redaction.key).identifier(call)


def complain(message: str) -> None:
    """Write a message to standard error, harmless whatever it quotes."""
    for line in message.splitlines():
        click.echo(f"sipwhy: {visible(line)}", err=True)


def complain_of_all(problems: Sequence[str]) -> None:
    """Write what is wrong with inputs, not more than anybody reads."""
    for problem in problems[:PROBLEMS_SHOWN]:
        complain(problem)
    if len(problems) > PROBLEMS_SHOWN:
        complain(f"and {len(problems) - PROBLEMS_SHOWN:,} more inputs that cannot be read")


def run_analysis(options: AnalyzeOptions) -> int:
    """Write what was asked for and return the exit status."""
    statuses = [status for status in _analyze_each(options) if status is not None]
    if not statuses:
        raise UsageError(load_texts(options.language)("nothing.no_call", part=options.call))
    return min(statuses, key=PRECEDENCE.index)


def _analyze_each(options: AnalyzeOptions) -> Iterator[int | None]:
    """Yield the exit status of the timeline, or of each capture alone; None where --call finds
    nothing.
    """
    from analyzer.render.destination import open_output  # noqa: PLC0415 - not needed by --help

    settings = analysis_settings(options)
    options = replace(options, call=hidden_call(options.call, settings))
    files = _table_files(options)
    # into a directory each table is written by itself
    output = "-" if files and files.directory else options.output
    with open_output(output) as out:
        timelines, problems = _timelines(options)
        complain_of_all(problems)
        yield from [WRONG_INPUT] * bool(problems)
        for number, paths in enumerate(timelines):
            try:
                texts = load_texts(options.language)
                meanwhile = partial(_import_writer, options.format)
                with open_captures(
                    paths, settings, texts, quiet=options.quiet, meanwhile=meanwhile
                ) as trace:
                    yield _report(trace, out, options, files, first=number == 0)
            except AnalyzerError as error:
                if not options.separate:
                    raise
                complain(str(error))
                yield WRONG_INPUT


def _table_files(options: AnalyzeOptions) -> "TableFiles | None":
    """Return where tables go, None where no tables are asked for."""
    if options.format not in TABLE_FORMATS:
        if options.tables:
            raise UsageError(f"--table goes with --format {', '.join(TABLE_FORMATS)}")
        return None
    if options.separate:
        raise UsageError("--separate: tables are of one timeline; analyze each file by itself")
    from analyzer.table_files import plan_tables  # noqa: PLC0415 - only for tables

    return plan_tables(options.format, options.output, options.tables, messages=options.messages)


def _timelines(options: AnalyzeOptions) -> tuple[Sequence[tuple[str, ...]], Sequence[str]]:
    """Return what to analyze together, and what was named but cannot be read (`--separate`)."""
    if not options.separate:
        return [options.paths], []
    from analyzer.capture.inputs import find_inputs  # noqa: PLC0415 - not needed by --help

    inputs = find_inputs(options.paths)
    return [(path,) for path in inputs.paths], inputs.problems


def open_captures(
    paths: Sequence[str],
    settings: Settings,
    texts: Texts,
    *,
    quiet: bool,
    meanwhile: Callable[[], object] | None = None,
) -> "Trace":
    """Analyze captures as one timeline, with a bar on a terminal unless it is to be quiet; large
    ones are read while what comes after is made ready `meanwhile`.
    """
    from analyzer.pipeline import open_trace  # noqa: PLC0415 - numpy is not needed by --help
    from analyzer.render.progress import reading_bar  # noqa: PLC0415 - see above

    try:
        with reading_bar(paths, texts, quiet=quiet) as bar:
            progress = bar.advance if bar else None
            return open_trace(paths, settings, progress=progress, meanwhile=meanwhile)
    except OSError as error:
        raise CaptureError(f"{error.filename or paths[0]}: cannot be read: {error}") from error


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """Take it for the end of the output when its reader has seen enough."""
    try:
        yield
    except BrokenPipeError:
        # the interpreter must not try to flush the rest at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report(
    trace: "Trace",
    out: BinaryIO,
    options: AnalyzeOptions,
    files: "TableFiles | None",
    *,
    first: bool,
) -> int | None:
    """Write the report of a trace and return the exit status, None where --call finds nothing."""
    from analyzer.report.selection import select  # noqa: PLC0415 - not needed by --help

    texts = load_texts(options.language)
    chosen = select(trace, options.call)
    complain_of_all(trace.problems)
    if not options.quiet:
        tell_notices(trace, texts)
        if options.keylog and (told := _opened_nothing(trace, options.keylog, texts)):
            complain(told)
    if options.call and len(trace.messages) and not chosen:
        return None
    with reader_may_leave():
        _write(trace, out, options, files, first=first)
    if len(trace.messages) == 0:
        complain(no_sip(trace, texts))
    if trace.problems:
        return WRONG_INPUT
    if len(trace.messages) == 0:
        return NO_SIP
    gravest = trace.findings.severity[chosen.findings].max(initial=0)
    at_least = SEVERITIES.index(options.fail_on)
    return FOUND if at_least and gravest >= at_least else DONE


def _write(
    trace: "Trace",
    out: BinaryIO,
    options: AnalyzeOptions,
    files: "TableFiles | None",
    *,
    first: bool,
) -> None:
    if options.format == "text":
        _write_text(trace, out, options, first=first)
        return
    from analyzer.render.formats import OutputOptions, find_output_format  # noqa: PLC0415 - not needed by --help

    wanted = OutputOptions(
        language=options.language, call=options.call, messages=options.messages, zone=options.zone
    )
    if files:
        files.write(trace, out, wanted)
    else:
        find_output_format(options.format).render(trace, out, wanted)


def _import_writer(format_name: str) -> None:
    """Import what `_write` needs."""
    if format_name == "text":
        import analyzer.render.terminal  # noqa: PLC0415 - not needed by --help
        import analyzer.report.build  # noqa: F401, PLC0415 - see above

        return
    from analyzer.render.formats import find_output_format  # noqa: PLC0415 - see above

    find_output_format(format_name)


def _write_text(trace: "Trace", out: BinaryIO, options: AnalyzeOptions, *, first: bool) -> None:
    from analyzer.render.terminal import TextOptions, write_text  # noqa: PLC0415 - not needed by --help
    from analyzer.report.build import ReportOptions, build_report  # noqa: PLC0415 - see above
    from analyzer.report.proof import MESSAGES  # noqa: PLC0415 - see above

    wanted = ReportOptions(
        options.language,
        options.everything,
        options.call,
        options.messages,
        min(options.verbose, MESSAGES),
        options.zone,
    )
    style = TextOptions(
        language=options.language,
        zone=options.zone,
        brief=options.quiet,
        verbose=options.verbose > 0,
    )
    report = build_report(trace, wanted)
    if not first:
        out.write(b"\n")
    write_text(report, out, style)


def tell_notices(trace: "Trace", texts: Texts) -> None:
    """Say which captures are not whole, what redaction took out, and which rules were replaced."""
    for capture in trace.captures:
        if not capture.complete:
            complain(texts("nothing.cut", name=visible(capture.path)))
    from analyzer.anomaly_kinds import REDACTION_KINDS  # noqa: PLC0415 - not needed by --help

    for each in trace.anomalies:
        if each.kind in REDACTION_KINDS:
            kind = REDACTION_KINDS[each.kind]
            complain(f"{kind.ja if texts.language == 'ja' else kind.en} ({each.count:,})")
    for rule in trace.rules:
        if rule.replaces:
            text = texts("nothing.replaced", id=rule.id, path=rule.path, before=rule.replaces)
            complain(text)


def _opened_nothing(trace: "Trace", keylog: Path, texts: Texts) -> str:
    """Say that a key log opened no connection; nothing when it did."""
    from analyzer.tables.messages import Transport  # noqa: PLC0415 - not needed by --help

    carried = set(trace.messages.transport.tolist())
    if not carried.isdisjoint((Transport.TLS, Transport.WSS)):
        return ""
    name = texts("list").join(visible(each.path) for each in trace.captures[:NAMED])
    return texts("nothing.keylog", keylog=visible(str(keylog)), name=name)


def no_sip(trace: "Trace", texts: Texts) -> str:
    """Say what was there instead."""
    coverage = trace.coverage
    name = texts("list").join(visible(each.path) for each in trace.captures[:NAMED])
    hidden = sum(count for count, _ in coverage.not_understood.values())
    counts = (("media", coverage.media), ("other", coverage.other), ("not_understood", hidden))
    parts = [texts(f"summary.{key}", n=f"{n:,}") for key, n in counts if n]
    packets = texts.count("packets", coverage.packets)
    what = texts("summary.total", n=packets, parts=texts("list").join(parts)) if parts else packets
    hint = texts("nothing.hidden" if hidden else "nothing.elsewhere")
    return texts("nothing.no_sip", name=name, what=what, hint=hint)
