"""The call table."""

from datetime import UTC

import pytest

from analyzer.frozen import replace
from analyzer.i18n import load_texts
from analyzer.render.clock import Clock
from analyzer.render.layout import width_of
from analyzer.render.table_lines import call_table
from analyzer.report.model import CallSummary, Party
from analyzer.tables.calls import Outcome
from example_report import CALL, START, example_report


def printed(*calls: CallSummary, language: str = "en", shortened: bool = False) -> list[str]:
    """Return the lines of the table of some calls."""
    report = replace(example_report(), calls=calls, calls_selected=len(calls))
    clock = Clock(UTC)
    clock.full(START)
    lines = call_table(report, load_texts(language), clock, 80, shortened=shortened)
    return ["".join(text for text, _ in line) for line in lines]


def test_columns_that_say_nothing_are_left_out() -> None:
    """Nobody talked, so there is no such column; a finding marks its call."""
    assert printed(CALL) == [
        "Calls",
        "  #  start         from   to   outcome        rang",
        "  0  22:13:20.000  alice  bob  declined 603  4.2 s  *",
        "  * a finding explains it",
    ]


def test_an_answered_call_shows_no_status() -> None:
    """200 says no more than `answered`; another day shows its date."""
    answered = replace(
        CALL,
        id=12,
        start_ns=START + 86_400 * 10**9,
        outcome=Outcome.ANSWERED,
        final_status=200,
        talk_ns=61 * 10**9,
        findings=0,
    )
    line = "2023-11-15 22:13:20.000 alice bob answered 4.2 s 1 min 1 s"
    assert printed(answered)[2].split() == ["12", *line.split()]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_long_names_are_shortened_on_a_terminal_only(language: str) -> None:
    """A terminal gets a table that fits, a pipe the whole names."""
    long = replace(CALL, caller=Party(user="a" * 70), callee=Party(user="拒" * 50))
    whole, fitting = (
        printed(long, language=language),
        printed(long, language=language, shortened=True),
    )
    assert "a" * 70 in whole[2]
    assert "拒" * 50 in whole[2]
    assert max(map(width_of, fitting)) <= 80
    assert "…" in fitting[2]
    assert fitting[2].split()[-1] == "*"


def test_nobody_is_said_to_be_unknown() -> None:
    """A call without a readable From has a caller all the same."""
    assert "unknown" in printed(replace(CALL, caller=Party()))[2]
