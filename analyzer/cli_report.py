"""The command `sipwhy report`: options in, exit status out."""

import sys
from typing import Any

import click

from analyzer.cli_rules import language_option, reading_options, redact_options, rule_options
from analyzer.errors import UsageError
from analyzer.render.clock import time_zone


@click.command(short_help="Write a report to send: HTML or Markdown.")
@click.argument(
    "paths", metavar="FILE|DIR|-...", nargs=-1, required=True, type=click.Path(allow_dash=True)
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    help="The file: .html, or .md for an issue on GitHub or GitLab.",
)
@language_option
@click.option("--call", metavar="ID", default="", help="Only Call-IDs that contain ID.")
@click.option(
    "--tz",
    "zone",
    metavar="ZONE",
    callback=lambda _context, _parameter, name: time_zone(name),
    default="local",
    show_default=True,
    help="Time zone of the times: Asia/Tokyo, +09:00, UTC, local.",
)
@click.option(
    "--pages",
    metavar="N",
    type=click.IntRange(0),
    default=10_000,
    show_default=True,
    help="Calls with ladder and messages in the file; those with findings go first.",
)
@rule_options
@reading_options
@redact_options
@click.option("-q", "--quiet", is_flag=True, help="No notices on standard error.")
def report(**parameters: Any) -> int:  # noqa: ANN401 - click passes the options above
    """Write what captures hold as one file to send: overview, findings with what to do, each call
    with its ladder.

    An HTML page opens in any browser, asks nothing of a network and has all messages. Markdown has
    diagrams that GitHub and GitLab draw, of as many calls with findings as a comment takes.
    """
    from analyzer.report_command import ReportCommandOptions, run_report  # noqa: PLC0415 - not needed by --help

    if "-" in parameters["paths"] and sys.stdin.isatty():
        raise UsageError("standard input is a terminal: pipe a capture into it, or name a file")
    return run_report(ReportCommandOptions(**parameters))
