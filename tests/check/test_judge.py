"""Expectations judged on recordings."""

from collections.abc import Callable
from pathlib import Path

import pytest

from checked import ANSWERED, DECLINED, check, policy_of, verdict_on

CaptureOf = Callable[..., Path]


def calls(*setup_s: float) -> str:
    """Return answered calls, one after another, with these times until the answer."""
    return "\n".join(
        f"""
        +1s -> INVITE sip:bob@example.com SIP/2.0
           Call-ID: call-{number}
           From: <sip:alice@example.com>;tag=a{number}
        +{setup}s <- SIP/2.0 200 OK
           Call-ID: call-{number}
           From: <sip:alice@example.com>;tag=a{number}
           To: <sip:bob@example.com>;tag=b{number}
        """
        for number, setup in enumerate(setup_s)
    )


@pytest.mark.parametrize(
    ("expectation", "met"),
    [
        ("calls: {}", True),
        ("calls: {outcome: busy}", False),
        ("calls: {outcome: answered}, count: 1", True),
        ("calls: {outcome: answered}, count|gte: 2", False),
        ("calls: {outcome: declined}, count: 0", True),
        ("calls: {outcome: answered}, count: 0", False),
        ("calls: {outcome: answered}, of: {outcome|not: incomplete}, ratio|gte: 98 %", True),
        ("calls: {outcome: answered}, ratio|lt: 0.5", False),
        ("calls: {outcome: answered}, every: {setup_ms|lt: 10000}", True),
        ("calls: {}, every: {setup_ms|lt: 2000}", False),
        ("calls: {}, every: {request.user_agent|exists: false}", True),
        ("calls: {}, max.setup_ms|lte: 2100", True),
        ("calls: {}, sequence: INVITE 180 200 ACK BYE 200", True),
        ("calls: {}, sequence: INVITE 200 ...", False),
        ("responses: {method: BYE, status: 200, in_dialog: true}", True),
        ("requests: {method: ACK}, count: 0", True),
        ("findings: {rule: RSP603}, count: 0", True),
        ("anomalies: {severity: data_loss}, count: 0", True),
        ("subscriptions: {}, count: 0", True),
        ("registrations: {state: registered}", False),
    ],
)
def test_an_answered_call(
    capture_of: CaptureOf, tmp_path: Path, expectation: str, *, met: bool
) -> None:
    """Every kind of items and of measures."""
    assert verdict_on(capture_of(ANSWERED), tmp_path, expectation).met is met


@pytest.mark.parametrize(
    "expectation",
    [
        "calls: {}, every: {setup_ms|lt: 1}",
        "calls: {}, sequence: INVITE ...",
        "calls: {outcome: answered}, ratio|lte: 1",
        "calls: {}, p95.setup_ms|lt: 1000",
    ],
)
def test_nothing_to_judge_never_passes(
    capture_of: CaptureOf, tmp_path: Path, expectation: str
) -> None:
    """A recording without calls, unless the expectation says that it may be empty."""
    path = capture_of("-> OPTIONS sip:bob@example.com SIP/2.0")
    verdict = verdict_on(path, tmp_path, expectation)
    assert not verdict.met
    assert "nothing could be judged" in verdict.found[0]
    assert verdict_on(path, tmp_path, f"{expectation}, may_be_empty: true").met


def test_times_of_calls_without_a_value_do_not_count(capture_of: CaptureOf, tmp_path: Path) -> None:
    """A declined call has no setup time: `every` is about those that have one, and about one at
    least.
    """
    verdict = verdict_on(capture_of(DECLINED), tmp_path, "calls: {}, every: {setup_ms|lt: 1}")
    assert not verdict.met
    assert "nothing could be judged" in verdict.found[0]
    assert "setup_ms" in verdict.found[0]


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("min", 1000),
        ("max", 10000),
        ("mean", 5500),
        ("p50", 5000),
        ("p95", 10000),
        ("p10", 1000),
        ("p11", 2000),
    ],
)
def test_measures(capture_of: CaptureOf, tmp_path: Path, measure: str, value: int) -> None:
    """Percentiles by nearest rank: of ten values the 95th percentile is the largest."""
    path = capture_of(calls(*range(1, 11)))
    assert verdict_on(path, tmp_path, f"calls: {{}}, {measure}.setup_ms: {value}").met
    assert not verdict_on(path, tmp_path, f"calls: {{}}, {measure}.setup_ms|lt: {value}").met


def test_the_worst_are_named(capture_of: CaptureOf, tmp_path: Path) -> None:
    """What makes a value too large comes first, its frame and call with it."""
    path = capture_of(calls(1, 9, 2, 5, 3))
    verdict = verdict_on(path, tmp_path, "calls: {}, max.setup_ms|lte: 4000")
    assert verdict.found == ("calls: max.setup_ms is 9,000; expected: max.setup_ms ≤ 4000",)
    assert [each.call for each in verdict.places] == [1, 3, 4]
    assert verdict.more == 2
    assert verdict.places[0].frame == 3
    assert verdict.places[0].who == "alice@example.com -> bob@example.com"


def test_a_call_that_leaves_its_sequence(capture_of: CaptureOf, tmp_path: Path) -> None:
    """The message that does not fit is named, marked in the ladder, and what was wanted."""
    path = capture_of(DECLINED)
    verdict = verdict_on(path, tmp_path, "calls: {}, sequence: INVITE 18x 200 ACK ...")
    (found,) = verdict.found
    assert found.endswith("after INVITE comes 603(INVITE) where 18x was expected")
    (place,) = verdict.places
    assert place.frame == 2
    assert place.ladder is not None
    assert [arrow.label for arrow in place.ladder.arrows if arrow.decisive] == ["603 Decline"]


def test_a_sequence_is_what_the_caller_sees(tmp_path: Path) -> None:
    """Of a call through a proxy, the messages of its other side do not count."""
    from command import ROOT  # noqa: PLC0415 - only here

    path = ROOT / "samples" / "declined_behind_proxy.pcap"
    assert verdict_on(path, tmp_path, "calls: {}, sequence: INVITE 18x* 603 ACK").met


def test_an_expectation_is_for_the_recordings_it_names(
    capture_of: CaptureOf, tmp_path: Path
) -> None:
    """Others are not judged by it."""
    path = capture_of(ANSWERED, "a.pcap")
    text = "expectations: [{name: x, calls: {outcome: busy}, captures: '*.pcapng'}]"
    assert check(path, policy_of(tmp_path, text)).verdicts == ()


def test_fields_that_need_a_threshold_take_it(capture_of: CaptureOf, tmp_path: Path) -> None:
    """`settings` of an expectation are what those of a rule are; `$name` stands for one."""
    path = capture_of(
        "-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 603 Decline\n   Retry-After: 60"
    )
    wanted = "responses: {retry_after: sound, retry_after.seconds: $wait}"
    settings = "settings: {longest_retry_after_s: 3600, wait: 60}"
    assert verdict_on(path, tmp_path, f"{wanted}, {settings}").met


def test_verdicts_speak_japanese(capture_of: CaptureOf, tmp_path: Path) -> None:
    """What was found and wanted, in the language asked for."""
    text = "expectations: [{name: x, calls: {outcome: busy}, 'count|gte': 2}]"
    (verdict,) = check(capture_of(ANSWERED), policy_of(tmp_path, text), "ja").verdicts
    assert "呼" in verdict.found[0]
    assert "期待" in verdict.found[0]
