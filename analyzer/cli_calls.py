"""The command `sipwhy calls`: options in, exit status out."""

import sys
from typing import Any

import click

from analyzer.analysis import TABLE_FORMATS
from analyzer.cli_rules import language_option, reading_options, redact_options, rule_options
from analyzer.errors import UsageError
from analyzer.render.clock import time_zone

FORMATS = ("text", "json", "jsonl", *TABLE_FORMATS)
PATHS = click.Path(allow_dash=True)


@click.command(short_help="Print the table of calls, or calls whole.")
@click.argument("paths", metavar="FILE|DIR|-...", nargs=-1, required=True, type=PATHS)
@click.option(
    "--where",
    metavar="FIELD[|OP]=VALUE",
    multiple=True,
    help="Only calls for which this holds, as outcome=declined, ring_ms|gt=10000 or "
    "callee.user|startswith=+81; several must all hold. `sipwhy fields calls` lists the fields.",
)
@click.option(
    "--sort", metavar="FIELD", default="", help="Sort by a field; -FIELD: the greatest first."
)
@click.option("--call", metavar="ID", default="", help="Calls whole: those with ID in a Call-ID.")
@click.option("--format", type=click.Choice(FORMATS), default="text", help="How it is written.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default="-",
    type=PATHS,
    help="Write there instead of to standard output.",
)
@language_option
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
@click.option("-q", "--quiet", is_flag=True, help="No notices on standard error.")
@click.option(
    "-v", "--verbose", count=True, help="Calls whole, with the headers of their messages; -vv: all."
)
def calls(**parameters: Any) -> int:  # noqa: ANN401 - click passes the options above
    """Print the table of calls alone, filtered by --where and sorted by --sort.

    With --call, or -v, each call is told whole: what became of it, its times, legs, path hop by
    hop, events, findings and ladder; -v adds the headers of its messages, -vv the whole messages.

    Conditions have the fields and operators of a policy (sipwhy.yml) and of rules: not, gt, gte,
    lt, lte, contains, startswith, endswith, iequals, matches, exists; [a, b] is any of several.
    """
    from analyzer.calls_command import CallsOptions, run_calls  # noqa: PLC0415 - not needed by --help

    if "-" in parameters["paths"] and sys.stdin.isatty():
        raise UsageError("standard input is a terminal: pipe a capture into it, or name a file")
    return run_calls(CallsOptions(**parameters))
