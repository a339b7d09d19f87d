"""Every scenario of the tables: the records say what the RFCs say happened."""

from collections.abc import Callable

import basic_calls
import changes
import events_and_bindings
import forks_and_answers
import half_stories
import on_the_way
import pytest
import services
import transfers
from scenario import Scenario, differences

from analyzer.report.sentences import (
    call_sentence,
    registration_sentence,
    subscription_sentence,
)
from analyzer.tables.trace import Trace
from json_output import json_of

MODULES = (
    basic_calls,
    forks_and_answers,
    changes,
    transfers,
    on_the_way,
    half_stories,
    events_and_bindings,
    services,
)
SCENARIOS: list[Scenario] = [each for module in MODULES for each in module.SCENARIOS]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)
def test_the_records_say_what_happened(
    trace_of: Callable[[str], Trace], scenario: Scenario
) -> None:
    """Calls, subscriptions and registrations have what the section named says; anomalies are those
    expected and no others.
    """
    report = json_of(trace_of(scenario.text))
    found = [
        line
        for section in ("calls", "subscriptions", "registrations")
        for line in differences(list(getattr(scenario, section)), report[section], section)
    ]
    assert found == []
    kinds = sorted(each["kind"] for each in report["anomalies"])
    assert kinds == sorted({*scenario.anomalies, *HALF.intersection(kinds)})


HALF = {"request-without-response", "response-without-request", "ack-without-invite"}
"""Kinds that only say that a dialogue is written short."""


def test_names_are_told_apart() -> None:
    """No two scenarios have one name, and each names what it rests on."""
    assert len({each.name for each in SCENARIOS}) == len(SCENARIOS)
    assert all(each.basis for each in SCENARIOS)


SENTENCES = {
    "the caller holds and resumes": (
        (
            "alice called bob: answered after 2.0 s, 35.1 s of talk, 20.0 s of it on hold, "
            "the callee hung up."
        ),
        (
            "alice から bob への呼は2.0秒後に応答されました（通話 35.1秒、着信側が切断）"
            "（うち保留 20.0秒）。"
        ),
    ),
    "blind transfer: the caller calls carol, who answers": (
        (
            "alice called bob: answered after 0.0 s, 7.2 s of talk, transferred to "
            "sip:carol@example.com, the callee hung up."
        ),
        (
            "alice から bob への呼は0.0秒後に応答されました（通話 7.2秒、着信側が切断）"
            "（sip:carol@example.com へ転送）。"
        ),
    ),
    "blind transfer: carol's answer is 603 Decline": (
        (
            "alice called bob: answered after 0.0 s, a transfer to sip:carol@example.com did not "
            "succeed; its end is not in the capture."
        ),
        (
            "alice から bob への呼は0.0秒後に応答されました"
            "（sip:carol@example.com への転送は不成立）。"
            "終了はキャプチャに含まれていません。"
        ),
    ),
    "the capture begins in mid-call": (
        "alice and bob: the capture shows only part of this call; alice hung up.",
        "alice と bob の呼は、キャプチャに一部しか含まれていません（alice が切断）。",
    ),
    "the capture begins in mid-call, and who was called hangs up": (
        "alice and bob: the capture shows only part of this call; bob hung up.",
        "alice と bob の呼は、キャプチャに一部しか含まれていません（bob が切断）。",
    ),
    "the capture begins with a 2xx, which may be that of a re-INVITE": (
        (
            "alice called bob: answered, the caller hung up; how long they talked is not in the "
            "capture."
        ),
        (
            "alice から bob への呼は応答されました（発信側が切断、通話時間はキャプチャからは"
            "分かりません）。"
        ),
    ),
    "CANCEL crosses 503 Service Unavailable": (
        (
            "alice called bob: rejected with 503 Service Unavailable: a server is overloaded or "
            "out of service."
        ),
        (
            "alice から bob への呼は接続できませんでした（503 Service Unavailable）。"
            "サーバーが過負荷か、停止しています。"
        ),
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_the_sentence_says_it_to_a_customer(trace_of: Callable[[str], Trace], name: str) -> None:
    """Who called whom, what happened, how long each part took, who ended it and why."""
    (scenario,) = (each for each in SCENARIOS if each.name == name)
    trace = trace_of(scenario.text)
    said = tuple(json_of(trace, language=each)["calls"][0]["summary"] for each in ("en", "ja"))
    assert said == SENTENCES[name]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_text_and_json_say_the_same(
    trace_of: Callable[[str], Trace], scenario: Scenario, language: str
) -> None:
    """The sentence of the text report is the summary of the JSON output."""
    trace = trace_of(scenario.text)
    report = json_of(trace, language=language)
    for section, sentence in (
        ("calls", call_sentence),
        ("subscriptions", subscription_sentence),
        ("registrations", registration_sentence),
    ):
        assert [sentence(trace, each["id"], language) for each in report[section]] == [
            each["summary"] for each in report[section]
        ]
