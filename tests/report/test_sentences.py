"""One sentence for each record."""

from collections.abc import Callable
from io import BytesIO

import orjson
import pytest

from analyzer.i18n import LANGUAGES, load_texts
from analyzer.render.formats import OutputOptions
from analyzer.render.json_report import write_json
from analyzer.report.sentences import (
    call_sentence,
    fill,
    period,
    registration_sentence,
    subscription_sentence,
    transaction_sentence,
)
from analyzer.tables.trace import Trace
from command import ROOT

SECOND = 10**9


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{a} and {b}", "x and ?"),
        ("{a}[ after {b}].", "x."),
        ("{a}[ after {a}]", "x after x"),
        ("[({a}, {b})]!", "!"),
    ],
)
def test_parts_without_a_value_are_left_out(template: str, filled: str) -> None:
    """Brackets go when anything in them is absent; outside them it is said to be unknown."""
    assert fill(template, {"a": "x", "b": None}, "?") == filled


def test_values_are_no_templates() -> None:
    """Braces and brackets in text of a capture stay."""
    assert fill("{a}[ {b}]", {"a": "[{b}]", "b": "{a}"}, "?") == "[{b}] {a}"


@pytest.mark.parametrize(
    ("ns", "said"),
    [
        (-1, None),
        (0, "0.0 s"),
        (4_250_000_000, "4.3 s"),
        (59_960_000_000, "1 min 0 s"),
        (3_725 * SECOND, "1 h 2 min 5 s"),
    ],
)
def test_periods(ns: int, said: str | None) -> None:
    """Tenths of seconds below a minute, whole seconds above it."""
    assert period(ns, load_texts("en", "summaries")) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_the_summaries_of_the_json_output(language: str) -> None:
    """Both outputs say the same of every call, subscription and registration of the samples."""
    from analyzer.pipeline import open_trace  # noqa: PLC0415 - only this test reads samples

    with open_trace([str(ROOT / "samples")]) as trace:
        out = BytesIO()
        write_json(trace, out, OutputOptions(language))
        report = orjson.loads(out.getvalue())
        for section, sentence in (
            ("calls", call_sentence),
            ("subscriptions", subscription_sentence),
            ("registrations", registration_sentence),
        ):
            assert report[section]
            for record in report[section]:
                assert sentence(trace, record["id"], language) == record["summary"]


def test_a_request_of_its_own(trace_of: Callable[[str], Trace]) -> None:
    """A MESSAGE belongs to no call; its sentence says what came of it."""
    trace = trace_of("""
        -> MESSAGE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
        +40s -> OPTIONS sip:bob@example.com SIP/2.0
    """)
    assert transaction_sentence(trace, 0, "en") == "alice sent MESSAGE to bob: 603 Decline."
    assert transaction_sentence(trace, 1, "en") == (
        "alice sent OPTIONS to bob: the capture shows no final response."
    )
