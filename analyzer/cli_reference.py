"""The commands `sipwhy explain` and `sipwhy compare`: options in, exit status out."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.cli_rules import DIRECTORY, language_option, page_options, write_page
from analyzer.i18n import choose_language
from analyzer.render.layout import terminal_width

if TYPE_CHECKING:
    from analyzer.reference.page import Page

rules_option = click.option(
    "--rules",
    metavar="DIR",
    multiple=True,
    type=DIRECTORY,
    help="Further rules; the same id replaces a built-in rule.",
)


@click.command(short_help="Say what a code, method, header, cause or rule means.")
@click.argument("query", metavar="CODE|RULE|METHOD|HEADER|CAUSE|WORDS...", nargs=-1, required=True)
@page_options("text")
@language_option
@rules_option
def explain(query: tuple[str, ...], rules: tuple[Path, ...], **options: Any) -> int:  # noqa: ANN401 - click passes the options above
    """Say what something means, when it appears, how to deal with it, and how its neighbours
    differ: 603, RSP603, SUBSCRIBE, Retry-After (or k, a compact form), q850:21, warning:399,
    timer:B, or words such as busy.
    """
    from analyzer.reference.commands import explain as explained  # noqa: PLC0415 - not for --help

    return _print(explained(" ".join(query), _language(options), rules), options)


@click.command(short_help="Set response codes side by side.")
@click.argument("codes", metavar="CODE CODE...", nargs=-1, required=True)
@page_options("text")
@language_option
@rules_option
def compare(codes: tuple[str, ...], rules: tuple[Path, ...], **options: Any) -> int:  # noqa: ANN401 - see above
    """Set response codes side by side, as in "sipwhy compare 204 603": what each means, when it
    appears, how to resolve it, the key differences, and which to use when.
    """
    from analyzer.reference.commands import compare as compared  # noqa: PLC0415 - not for --help

    return _print(compared(codes, _language(options), rules), options)


def _language(options: Mapping[str, Any]) -> str:
    return options["lang"] or choose_language()


def _print(page: "Page", options: Mapping[str, Any]) -> int:
    from analyzer.reference.write import written  # noqa: PLC0415 - not needed by --help

    return write_page(written(page, options["form"], terminal_width()), options["output"])
