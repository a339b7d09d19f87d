"""The commands `sipwhy check` and `sipwhy diff`: options in, exit status out."""

import os
from pathlib import Path
from typing import Any

import click

from analyzer.analysis import SEVERITIES
from analyzer.cli_rules import language_option, reading_options, rule_options

PATHS = click.Path(allow_dash=True)
FILE = click.Path(dir_okay=False, path_type=Path)
FORMATS = ("text", "json", "jsonl")
LEVELS = (*SEVERITIES[1:], SEVERITIES[0])


@click.command(short_help="Test recordings: exit 1 when they got worse.")
@click.argument("paths", metavar="FILE|DIR|-...", nargs=-1, required=True, type=PATHS)
@click.option(
    "--policy",
    metavar="FILE",
    type=FILE,
    help="What counts and what is expected; default: the nearest sipwhy.yml upwards from here.",
)
@click.option("--no-policy", is_flag=True, help="Use no policy, even if there is a sipwhy.yml.")
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    help="Fail on findings at least as grave. [default: the policy's, else warning]",
)
@click.option("--exit-zero", is_flag=True, help="Report only: what is found does not fail.")
@click.option("--together", is_flag=True, help="All files are one timeline, one recording.")
@click.option(
    "--baseline", metavar="FILE", type=FILE, help="Findings that are accepted; others fail."
)
@click.option("--update-baseline", is_flag=True, help="Accept the findings of today: write FILE.")
@click.option(
    "--format", type=click.Choice(FORMATS), default="text", help="What standard output gets."
)
@click.option("--junit", metavar="FILE", default="", help="Write JUnit XML there, too.")
@click.option("--sarif", metavar="FILE", default="", help="Write SARIF 2.1.0 there, too.")
@click.option(
    "--github",
    is_flag=True,
    help="Print annotations, add to the step's summary; SARIF with open findings only.",
)
@language_option
@rule_options
@reading_options
@click.option("-v", "--verbose", is_flag=True, help="Show what does not fail, too.")
@click.option("-q", "--quiet", is_flag=True, help="No notices on standard error.")
def check(**parameters: Any) -> int:  # noqa: ANN401 - click passes the options above
    """Check recorded traffic as a test does: findings of the rules at or above --fail-on and
    expectations of a policy (sipwhy.yml) that are not met fail it.

    Each file is a recording of its own. Findings go to standard output, talk to standard error.
    Exit status: 0 passed; 1 failed; 2 usage, or input that cannot be read; 3 no SIP in a recording.
    """
    from analyzer.check.outputs.write import Outputs  # noqa: PLC0415 - not needed by --help
    from analyzer.check.run import CheckOptions, run_check  # noqa: PLC0415 - see above
    from analyzer.i18n import choose_language  # noqa: PLC0415 - see above

    names = ("format", "verbose", "junit", "sarif", "github")
    chosen = {name: parameters.pop(name) for name in names}
    outputs = Outputs(
        language=parameters["lang"] or choose_language(),
        step_summary=os.environ.get("GITHUB_STEP_SUMMARY", ""),
        **chosen,
    )
    parameters["fail_on"] = parameters["fail_on"] or ""
    return run_check(CheckOptions(outputs=outputs, **parameters))


@click.command(short_help="Compare two recordings of one scenario.")
@click.argument("before", metavar="BEFORE", type=PATHS)
@click.argument("after", metavar="AFTER", type=PATHS)
@click.option("--format", type=click.Choice(FORMATS[:2]), default="text", help="How it is written.")
@click.option(
    "--tolerance-ms",
    metavar="MS",
    type=click.FloatRange(min=0),
    default=500,
    show_default=True,
    help="Times this far apart are alike.",
)
@click.option(
    "--tolerance-percent",
    metavar="N",
    type=click.FloatRange(min=0),
    default=0,
    help="Times that differ by this part of the time before are alike, too.",
)
@click.option("--header", "headers", metavar="NAME", multiple=True, help="Compare this one, too.")
@click.option("--together", is_flag=True, help="All files of a directory are one recording.")
@click.option("--exit-zero", is_flag=True, help="Report only: a change does not fail.")
@language_option
@rule_options
@reading_options
def diff(**parameters: Any) -> int:  # noqa: ANN401 - click passes the options above
    """Compare two recordings of the same scenario: outcomes, codes, messages, headers, times and
    findings of calls, subscriptions, registrations and other requests.

    BEFORE and AFTER are files, or directories whose files are compared by their names. Calls are
    paired by whom they name and the order of the scenario, not by Call-ID. Exit status: 0 alike; 1
    changed; 2 usage, or input that cannot be read; 3 no SIP in one of them.
    """
    from analyzer.check.comparison.compare import Tolerance  # noqa: PLC0415 - not needed by --help
    from analyzer.check.comparison.run import DiffOptions, run_diff  # noqa: PLC0415 - see above

    share = parameters.pop("tolerance_percent") / 100
    tolerance = Tolerance(parameters.pop("tolerance_ms"), share)
    return run_diff(DiffOptions(tolerance=tolerance, **parameters))
