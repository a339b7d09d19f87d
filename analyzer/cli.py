"""The command `sipwhy`: options in, exit status out."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.analysis import (
    DONE,
    INTERRUPTED,
    OUR_FAULT,
    SEVERITIES,
    TABLE_FORMATS,
    WRONG_INPUT,
    AnalyzeOptions,
    complain,
    run_analysis,
)
from analyzer.cli_calls import calls
from analyzer.cli_check import check, diff
from analyzer.cli_extract import extract
from analyzer.cli_reference import compare, explain
from analyzer.cli_report import report
from analyzer.cli_rules import (
    fields,
    language_option,
    reading_options,
    redact_options,
    rule_options,
    rules,
)
from analyzer.errors import AnalyzerError, UsageError
from analyzer.formats_command import formats
from analyzer.render.clock import time_zone
from analyzer.render.layout import visible
from analyzer.version import VERSION

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

FORMATS = ("text", "json", "jsonl", "html", "markdown", *TABLE_FORMATS)
DEFAULT_COMMAND = "analyze"
SCHEMAS = ("report", "policy", "check", "rule")


class DefaultGroup(click.Group):
    """Takes what is no command for arguments of `analyze`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `analyze` before arguments that begin with neither a command nor a group option."""
        own = {*self.commands, "--help", "-h", "--version"}
        if args and args[0] not in own:
            args.insert(0, DEFAULT_COMMAND)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; Ctrl-C ends it without the empty line that click would print."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.Abort from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Complete commands, and files for `analyze`."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only the shell asks

        return [*super().shell_complete(ctx, incomplete), CompletionItem(incomplete, type="file")]


def _print_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click calls it so
    if value and not ctx.resilient_parsing:
        from analyzer.sip.scan import SCAN  # noqa: PLC0415 - numpy is not needed by other commands

        python = ".".join(map(str, sys.version_info[:3]))
        click.echo(f"sipwhy {VERSION} (scan: {SCAN}, Python {python})")
        ctx.exit()


@click.group(cls=DefaultGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and which scan is in use, and exit.",
)
def cli() -> None:
    """Read captured SIP traffic and say why calls end as they do: every 204 and 603 explained, each
    call summed up.

    "sipwhy FILE" is the same as "sipwhy analyze FILE".

    Exit status: 0 done; 1 findings at or above --fail-on; 2 usage, or input that cannot be read; 3
    no SIP in it; 4 a fault of sipwhy; 130 interrupted.

    Completion: _SIPWHY_COMPLETE=bash_source sipwhy (or zsh_source, fish_source) prints the script.
    """


@cli.command(short_help="Explain captures; the default command.")
@click.argument(
    "paths", metavar="FILE|DIR|-...", nargs=-1, required=True, type=click.Path(allow_dash=True)
)
@click.option("--format", type=click.Choice(FORMATS), default="text", help="How it is written.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default="-",
    type=click.Path(allow_dash=True),
    help="Write there instead of to standard output; a file changes only when all is written. A "
    "directory gets a file for each table of csv or parquet.",
)
@click.option(
    "--table",
    "tables",
    metavar="NAME",
    multiple=True,
    help="Only this table, with csv, parquet or xlsx: calls, transactions, subscriptions, "
    "registrations, findings, messages, columns (what is in them), calls.streams ….",
)
@language_option
@click.option(
    "--call", metavar="ID", default="", help="Only Call-IDs that contain ID, with their ladders."
)
@click.option("--all", "everything", is_flag=True, help="Print each finding and each call.")
@click.option("--messages", is_flag=True, help="Every message: whole ladders, JSON `messages`.")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="never",
    show_default=True,
    help="Exit with 1 when a finding is at least as grave.",
)
@click.option(
    "--tz",
    "zone",
    metavar="ZONE",
    callback=lambda _context, _parameter, name: time_zone(name),
    default="local",
    show_default=True,
    help="Time zone of the text: Asia/Tokyo, +09:00, UTC, local.",
)
@rule_options
@reading_options
@redact_options
@click.option("--separate", is_flag=True, help="Analyze each file alone, not as one timeline.")
@click.option("-q", "--quiet", is_flag=True, help="Summary and findings only, no notices.")
@click.option(
    "-v",
    "--verbose",
    count=True,
    help="Meanings, all remarks, the headers of the messages a finding rests on; -vv the messages.",
)
def analyze(**parameters: Any) -> int:  # noqa: ANN401 - click passes the options above
    """Explain the 204 and 603 answers in captures, and sum up each call.

    FILE is pcap or pcapng, also compressed (gzip, zstd, xz, lz4); DIR is searched for them; - is
    standard input. Several are one timeline.
    """
    options = AnalyzeOptions(**parameters)
    if "-" in options.paths and sys.stdin.isatty():
        raise UsageError("standard input is a terminal: pipe a capture into it, or name a file")
    return run_analysis(options)


cli.add_command(calls)
cli.add_command(check)
cli.add_command(diff)
cli.add_command(report)
cli.add_command(extract)
cli.add_command(explain)
cli.add_command(compare)
cli.add_command(rules)
cli.add_command(fields)


@cli.command()
@click.argument("of", type=click.Choice(SCHEMAS), default=SCHEMAS[0])
def schema(of: str) -> int:
    """Print a JSON Schema: of the `report` that --format json gives, of a `policy` (sipwhy.yml, for
    editors), of what `check` --format json gives, or of the file of a `rule` (for editors).
    """
    if of == "report":
        from analyzer.render.schema import schema_text  # noqa: PLC0415 - not needed by --help

        click.echo(schema_text(), nl=False)
    elif of == "rule":
        from analyzer.annotate.rule_schema import schema_text as rule_schema  # noqa: PLC0415 - above

        click.echo(rule_schema(), nl=False)
    else:
        from analyzer.check.schemas import schema_text_of  # noqa: PLC0415 - see above

        click.echo(schema_text_of(of), nl=False)
    return DONE


cli.add_command(formats)


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status."""
    _use_utf8()
    try:
        status = cli.main(args=list(arguments), prog_name="sipwhy", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        click.echo("sipwhy: interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return WRONG_INPUT
    except AnalyzerError as error:
        complain(str(error))
        return WRONG_INPUT
    except Exception as error:  # noqa: BLE001 - the one place where our own faults become a status
        _our_fault(error, verbose=not {"-v", "-vv", "--verbose"}.isdisjoint(arguments))
        return OUR_FAULT
    return status if isinstance(status, int) else DONE


def _our_fault(error: Exception, *, verbose: bool) -> None:
    """Say in one line what went wrong in here."""
    import traceback  # noqa: PLC0415 - seldom needed

    if verbose:
        traceback.print_exception(error)
    at = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(at.filename).name}:{at.lineno}"
    what = visible(f"{type(error).__name__}: {error}".splitlines()[0])
    more = "" if verbose else "; -v shows more"
    click.echo(f"sipwhy: internal error: {what} ({where}); please report it{more}", err=True)


def _use_utf8() -> None:
    """Write UTF-8 with plain line ends on every system; what cannot be encoded is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
