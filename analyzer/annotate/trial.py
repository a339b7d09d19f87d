"""A rule and the tables → what each of its tests found, for `sipwhy rules try`.

The same conditions as in an analysis are asked, one message at a time, and every answer is kept
with the value behind it: which case holds, why, and why the ones before it do not.
"""

from collections.abc import Iterator
from enum import Enum

from analyzer.annotate.conditions import fit_of
from analyzer.annotate.evaluate import candidates
from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value
from analyzer.annotate.rule import AnyOf, Case, Comparison, Rule, When
from analyzer.frozen import frozen
from analyzer.tables.trace import Trace


class Standing(Enum):
    """What became of a case or note."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_TRIED = "not-tried"
    """A case before it holds."""


@frozen
class Answer:
    """A test and what it found."""

    test: Comparison
    value: Value
    fits: bool


@frozen
class AnyAnswer:
    """An `any`: the answers of each of its alternatives."""

    alternatives: tuple["Answers", ...]

    @property
    def fits(self) -> bool:
        """Tell whether all tests of one alternative fit."""
        return any(all(each.fits for each in answers) for answers in self.alternatives)


Answers = tuple[Answer | AnyAnswer, ...]


@frozen
class Attempt:
    """A case or note that was tried."""

    part: Case
    standing: Standing
    answers: Answers


@frozen
class Trial:
    """A rule tried on one message."""

    message_row: int
    transaction_row: int
    subject: Answers
    """What the `when` of the rule found; where it does not fit, nothing else was tried."""
    cases: tuple[Attempt, ...]
    notes: tuple[Attempt, ...]

    @property
    def case(self) -> Case | None:
        """Return the verdict, None where the rule has none."""
        return next((each.part for each in self.cases if each.standing is Standing.HOLDS), None)


def try_rule(trace: Trace, rule: Rule, call: str = "") -> Iterator[Trial]:
    """Yield what a rule finds in each message that it judges, in their order; only in those whose
    Call-ID contains a text.
    """
    judged = candidates(trace, rule)
    for at, row in enumerate(judged.message_rows.tolist()):
        if call in trace.text(row, "call_id"):
            yield _try(rule, _alone(judged, at))


def _alone(judged: Judged, at: int) -> Judged:
    return Judged(
        judged.trace,
        judged.transaction_rows[at : at + 1],
        judged.message_rows[at : at + 1],
        judged.settings,
        judged.scope,
    )


def _try(rule: Rule, judged: Judged) -> Trial:
    subject = _answers(rule.when, judged)
    cases: list[Attempt] = []
    notes: list[Attempt] = []
    if all(each.fits for each in subject):
        verdict = ""
        for case in rule.cases:
            attempt = Attempt(case, Standing.NOT_TRIED, ()) if verdict else _attempt(case, judged)
            verdict = case.id if attempt.standing is Standing.HOLDS else verdict
            cases.append(attempt)
        judged.decide(Coded.constant(verdict, 1))
        notes = [_attempt(note, judged) for note in rule.notes]
    return Trial(
        int(judged.message_rows[0]),
        int(judged.transaction_rows[0]),
        subject,
        tuple(cases),
        tuple(notes),
    )


def _attempt(part: Case, judged: Judged) -> Attempt:
    answers = _answers(part.when, judged)
    holds = all(each.fits for each in answers)
    return Attempt(part, Standing.HOLDS if holds else Standing.FAILS, answers)


def _answers(when: When, judged: Judged) -> Answers:
    return tuple(_answer(each, judged) for each in when)


def _answer(test: Comparison | AnyOf, judged: Judged) -> Answer | AnyAnswer:
    if isinstance(test, AnyOf):
        return AnyAnswer(tuple(_answers(each, judged) for each in test.alternatives))
    value = judged.values(test.field)[0]
    return Answer(test, value, value is not UNKNOWN and fit_of(test, judged.settings)(value))
