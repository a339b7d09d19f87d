"""The commands `sipwhy rules …`: options in, exit status out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from analyzer.analysis import DONE, FOUND, NO_SIP
from analyzer.i18n import LANGUAGES, choose_language
from analyzer.render.layout import visible

Command = Callable[..., Any]

PAGE_FORMATS = ("text", "markdown", "html", "json")

DIRECTORY = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def rule_options(command: Command) -> Command:
    """Add the options that say which rules and thresholds count."""
    for option in (
        click.option(
            "--settings",
            "settings_file",
            metavar="FILE",
            type=FILE,
            help="A file of thresholds (settings: {RULE: {name: value}}); --set goes before it.",
        ),
        click.option(
            "--set",
            "rule_settings",
            metavar="RULE.SETTING=VALUE",
            multiple=True,
            help="Change a threshold, as in RSP603.human_reaction_ms=2000.",
        ),
        click.option(
            "--rules",
            metavar="DIR",
            multiple=True,
            type=DIRECTORY,
            help="Further rules; the same id replaces a built-in rule.",
        ),
    ):
        command = option(command)
    return command


def reading_options(command: Command) -> Command:
    """Add the options that say how captures are read."""
    for option in (
        click.option(
            "--leg-header",
            "leg_headers",
            metavar="NAME",
            multiple=True,
            help="A header with which a B2BUA names the other leg, beside X-CID and X-Call-ID.",
        ),
        click.option(
            "--no-media",
            is_flag=True,
            help="Do not count RTP and RTCP, nor look for one-way audio.",
        ),
        click.option(
            "--decoder",
            type=click.Choice(("native", "tshark")),
            default="native",
            show_default=True,
            help="tshark: let Wireshark read the whole capture, for what is not read here.",
        ),
        click.option(
            "--keylog",
            metavar="FILE",
            type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
            help="TLS key log (SSLKEYLOGFILE): look into SIP over TLS, by tshark.",
        ),
    ):
        command = option(command)
    return command


def redact_options(command: Command) -> Command:
    """Add the options that take names out of captures before they are read."""
    for option in (
        click.option(
            "--redact-keep",
            metavar="PART",
            multiple=True,
            type=click.Choice(("length", "country")),
            help="What of telephone numbers stays: their length, the country code behind +.",
        ),
        click.option(
            "--redact-key",
            metavar="FILE",
            type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
            help="The same pseudonyms in each run with this file of secret bytes (implies "
            "--redact).",
        ),
        click.option(
            "--redact",
            is_flag=True,
            help="Pseudonyms for users, numbers, hosts, addresses and Call-IDs; no credentials, "
            "no other bodies than SDP.",
        ),
    ):
        command = option(command)
    return command


def page_options(default: str) -> Callable[[Command], Command]:
    """Return what adds the choice of the format of a page, and of where it goes."""

    def add(command: Command) -> Command:
        form = click.option(
            "--format",
            "form",
            type=click.Choice(PAGE_FORMATS),
            default=default,
            show_default=True,
            help="How the page is written.",
        )
        output = click.option(
            "-o",
            "--output",
            metavar="FILE",
            default="-",
            type=click.Path(allow_dash=True),
            help="Write there instead of to standard output.",
        )
        return form(output(command))

    return add


def write_page(text: str, output: str) -> int:
    """Write a page where it was asked for, and return the exit status."""
    if output == "-":
        click.echo(text, nl=False)
        return DONE
    from analyzer.render.destination import open_output  # noqa: PLC0415 - not needed by --help

    with open_output(output) as out:
        out.write(text.encode())
    return DONE


def language_option(command: Command) -> Command:
    """Add the choice of the language."""
    option = click.option(
        "--lang", type=click.Choice(LANGUAGES), help="Language; default: the locale's."
    )
    return option(command)


def _options(parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - its module is imported here
    from analyzer.rule_commands import RuleOptions  # noqa: PLC0415 - not needed by --help

    return RuleOptions(
        parameters["lang"] or choose_language(),
        parameters["rules"],
        parameters["rule_settings"],
        parameters["settings_file"],
    )


@click.group(short_help="List, show, check, try or write rules.")
def rules() -> None:
    """List, show, check, try or write the rules that explain the answers."""


@rules.command("list", short_help="Print the rules, a line for each.")
@click.argument("words", metavar="[WORD]...", nargs=-1)
@click.option("--cases", is_flag=True, help="Cases with their severity, and settings, too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How the list is written.",
)
@rule_options
@language_option
def list_rules(words: tuple[str, ...], form: str, *, cases: bool, **parameters: Any) -> int:  # noqa: ANN401 - click passes the options above
    """Print id, title and severities of each rule; with WORDs those that have them in id, family,
    title or tags, as in "rules list subscriptions".
    """
    from analyzer import rule_commands  # noqa: PLC0415 - not needed by --help

    rule_commands.list_rules(_options(parameters), words, form, cases=cases)
    return DONE


@rules.command("doc", short_help="Write all rules as one page.")
@page_options("markdown")
@rule_options
@language_option
def document_rules(form: str, output: str, **parameters: Any) -> int:  # noqa: ANN401 - see above
    """Write what all rules say as one page: meanings, cases with their conditions, words and next
    steps, notes and settings. The html page needs nothing else.
    """
    from analyzer import rule_commands  # noqa: PLC0415 - not needed by --help

    return write_page(rule_commands.document_rules(_options(parameters), form), output)


@rules.command("show", short_help="Print a rule: conditions, words, steps.")
@click.argument("rule", metavar="RULE")
@rule_options
@language_option
def show_rule(rule: str, **parameters: Any) -> int:  # noqa: ANN401 - see above
    """Print what a rule says: its cases in the order in which they are tried, with conditions,
    words and next steps, its notes and settings. RULE is an id such as RSP603, or 603.
    """
    from analyzer import rule_commands  # noqa: PLC0415 - not needed by --help

    rule_commands.show_rule(rule, _options(parameters))
    return DONE


@rules.command("check", short_help="Print every fault of rule files.")
@click.argument("directories", metavar="[DIR]...", nargs=-1, type=click.Path(path_type=Path))
def check_rule_files(directories: tuple[Path, ...]) -> int:
    """Check rule files and run their examples; without DIR the built-in ones.

    Every fault is printed as file:line:column. Exit status 1 when there is one.
    """
    from analyzer import rule_commands  # noqa: PLC0415 - not needed by --help

    faults = rule_commands.check(directories)
    for fault in faults:
        click.echo(visible(fault))
    return FOUND if faults else DONE


@rules.command("try", short_help="Say which case of a rule holds in a capture, and why.")
@click.argument("rule", metavar="RULE")
@click.argument("paths", metavar="CAPTURE...", nargs=-1, required=True)
@click.option("--call", metavar="ID", default="", help="Only Call-IDs that contain ID.")
@click.option("--all", "everything", is_flag=True, help="All messages, not the first ten.")
@rule_options
@language_option
def try_rule(
    rule: str,
    paths: tuple[str, ...],
    call: str,
    *,
    everything: bool,
    **parameters: Any,  # noqa: ANN401 - see above
) -> int:
    """For each message that a rule judges, print every case and note: whether it holds, and the
    values that decide. RULE is an id such as RSP603, or a rule file (.yaml).

    Exit status 3 when the rule judges nothing in the captures.
    """
    from analyzer import rule_commands  # noqa: PLC0415 - not needed by --help

    on = rule_commands.TryOptions(paths, call, everything)
    return DONE if rule_commands.try_rule(rule, _options(parameters), on) else NO_SIP


@rules.command("new", short_help="Write the file of a new rule.")
@click.argument("rule", metavar="RULE")
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def begin_rule(rule: str, directory: Path) -> int:
    """Write a new rule file, sound and with examples, below DIR, and print its path. RULE is a new
    id such as RSP480.
    """
    from analyzer import rule_commands  # noqa: PLC0415 - not needed by --help

    click.echo(visible(str(rule_commands.begin_rule(rule, directory))))
    return DONE


FIELDS_OF = (
    "rules",
    "anomalies",
    "calls",
    "findings",
    "registrations",
    "requests",
    "responses",
    "subscriptions",
)
"""Whose fields can be printed: those of rules, and what a policy and --where ask about."""


@click.command(short_help="Print the fields that rules, policies or --where may name.")
@click.argument("of", type=click.Choice(FIELDS_OF), default=FIELDS_OF[0])
@language_option
def fields(of: str, lang: str | None) -> int:
    """Print every field that a rule may name, or of `calls` (for `sipwhy calls --where`) and the
    other things that a policy asks about, with its kind, its meaning and its values.
    """
    from analyzer import rule_commands  # noqa: PLC0415 - not needed by --help

    rule_commands.list_fields(lang or choose_language(), of)
    return DONE
