"""The command `sipwhy extract`: options in, exit status out."""

import sys
from typing import Any

import click

from analyzer.cli_rules import language_option, reading_options, redact_options, rule_options
from analyzer.errors import UsageError


@click.command(short_help="Write the packets of chosen calls to a capture.")
@click.argument(
    "paths", metavar="FILE|DIR|-...", nargs=-1, required=True, type=click.Path(allow_dash=True)
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    type=click.Path(allow_dash=True),
    help="The capture, whose name ends in .pcapng or .pcap; - is standard output (pcapng).",
)
@click.option("--call", metavar="ID", default="", help="Only what has ID in a Call-ID.")
@click.option(
    "--where",
    metavar="FIELD[|OP]=VALUE",
    multiple=True,
    help="Only calls for which this holds, as outcome=declined or id=3; several must all hold. "
    "`sipwhy fields calls` lists the fields.",
)
@click.option(
    "--finding",
    "findings",
    metavar="NAME",
    multiple=True,
    help="Only calls, subscriptions, registrations and other requests with this finding: a rule "
    "(RSP603), a case (RSP603.not-alerted) or a family (SUB); several: any of them.",
)
@language_option
@rule_options
@reading_options
@redact_options
@click.option("-q", "--quiet", is_flag=True, help="No notices on standard error.")
def extract(**parameters: Any) -> int:  # noqa: ANN401 - click passes the options above
    """Write the packets of calls to a capture of their own: SIP with all segments and fragments,
    their RTP and RTCP (but for --no-media), and ICMP errors about them. Without a choice it is all
    SIP, and the media of all calls.

    Packets stay as they were captured, with times, interfaces and comments. In pcapng the findings
    stand beside the responses as comments, and what became of each call beside its first message.
    """
    from analyzer.extract_command import ExtractOptions, run_extract  # noqa: PLC0415 - not needed by --help

    if "-" in parameters["paths"] and sys.stdin.isatty():
        raise UsageError("standard input is a terminal: pipe a capture into it, or name a file")
    return run_extract(ExtractOptions(**parameters))
