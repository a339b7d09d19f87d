"""A rule tried on a capture: what each test found."""

from collections.abc import Callable

from analyzer.annotate.fields import UNKNOWN
from analyzer.annotate.load import load_rules
from analyzer.annotate.rule import Rule
from analyzer.annotate.trial import Answer, AnyAnswer, Attempt, Standing, try_rule
from analyzer.settings import Settings
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

TWO_CALLS = """
    -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: first@example.com
    <- SIP/2.0 180 Ringing
    +4s <- SIP/2.0 603 Decline
       Retry-After: 60
    +1s -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: second@example.com
    <- SIP/2.0 603 Decline
"""


def rule_of(rule_id: str) -> Rule:
    """Return a built-in rule."""
    return next(each for each in load_rules(Settings()) if each.id == rule_id)


def attempt_of(attempts: tuple[Attempt, ...], name: str) -> Attempt:
    """Return what became of a case or note."""
    return next(each for each in attempts if each.part.id == name)


def test_the_verdict_is_that_of_the_analysis(trace_of: TraceOf) -> None:
    """Trying finds the case and the notes that the finding has."""
    trace = trace_of(TWO_CALLS)
    rule = rule_of("RSP603")
    trials = list(try_rule(trace, rule))
    assert [each.message_row for each in trials] == trace.findings.message_row.tolist()
    for trial, case, notes in zip(
        trials, trace.findings.case.tolist(), trace.findings.notes.tolist(), strict=True
    ):
        assert trial.case is rule.cases[case]
        held = [each.part for each in trial.notes if each.standing is Standing.HOLDS]
        assert held == [note for bit, note in enumerate(rule.notes) if notes >> bit & 1]


def test_why_a_case_holds_and_others_do_not(trace_of: TraceOf) -> None:
    """Each test keeps its value; cases after the verdict were not tried."""
    trial, _ = try_rule(trace_of(TWO_CALLS), rule_of("RSP603"))
    holds = attempt_of(trial.cases, "declined-after-ringing")
    (since, *_) = holds.answers
    assert isinstance(since, Answer)
    assert (since.test.field, since.value, since.fits) == ("since_alerting_ms", 4000.0, True)
    fails = attempt_of(trial.cases, "not-alerted")
    assert fails.standing is Standing.FAILS
    assert isinstance(fails.answers[0], Answer)
    assert fails.answers[0].value is True
    assert attempt_of(trial.cases, "declined").standing is Standing.NOT_TRIED


def test_alternatives_keep_all_answers(trace_of: TraceOf) -> None:
    """An `any` fails when each alternative has an answer that does not fit."""
    trial, _ = try_rule(trace_of(TWO_CALLS), rule_of("RSP603"))
    (answer,) = attempt_of(trial.cases, "replaces-refused").answers
    assert isinstance(answer, AnyAnswer)
    assert len(answer.alternatives) == 2
    assert not answer.fits


def test_only_one_call(trace_of: TraceOf) -> None:
    """A part of a Call-ID chooses the messages."""
    trials = list(try_rule(trace_of(TWO_CALLS), rule_of("RSP603"), "second@"))
    assert [trial.message_row for trial in trials] == [4]


def test_what_the_capture_does_not_show_fits_nothing(trace_of: TraceOf) -> None:
    """Without the INVITE its headers are unknown, which is neither there nor absent."""
    trace = trace_of("""
        <- SIP/2.0 603 Decline
           CSeq: 1 INVITE
    """)
    (trial,) = try_rule(trace, rule_of("RSP603"))
    (answer,) = attempt_of(trial.cases, "change-refused").answers
    assert isinstance(answer, Answer)
    assert answer.value is UNKNOWN
    assert not answer.fits


def test_a_rule_that_does_not_apply(trace_of: TraceOf) -> None:
    """Where the `when` of the rule does not fit, no case was tried."""
    trace = trace_of("-> NOTIFY sip:bob@example.com SIP/2.0\n   Event: presence")
    (trial,) = try_rule(trace, rule_of("SUB001"))
    assert trial.cases == ()
    assert trial.case is None
    assert not all(each.fits for each in trial.subject)
