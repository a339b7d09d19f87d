"""Rule tried on a capture → lines: for each message which case holds and why, and why no other."""

from collections.abc import Iterator, Sequence

from analyzer.annotate.evaluate import methods_of, statuses_of
from analyzer.annotate.rule import Rule
from analyzer.annotate.trial import Answers, Attempt, Standing, Trial
from analyzer.i18n import Texts
from analyzer.render.condition_words import answers_in_words
from analyzer.render.ladder_lines import frame_name
from analyzer.render.layout import Line, paragraph, visible, width_of
from analyzer.tables.trace import Trace
from analyzer.tables.vector import distinct

INDENT = 2
STYLES = {Standing.HOLDS: "good", Standing.FAILS: "label", Standing.NOT_TRIED: "label"}
MOST_SEEN = 12
"""Statuses or methods that are named where a rule finds nothing to judge."""


def trial_lines(trial: Trial, trace: Trace, rule: Rule, texts: Texts, width: int) -> Iterator[Line]:
    """Yield the lines of one message."""
    frame = frame_name(trace.frame(trial.message_row), len(trace.captures))
    call = int(trace.transactions.call_row[trial.transaction_row])
    head = texts("trial.frame", frame=frame)
    place = f"  {texts('trial.call', id=call)}" if call >= 0 else ""
    call_id = visible(trace.text(trial.message_row, "call_id"))
    yield (head, "heading"), (place, ""), (f"  Call-ID {call_id}", "label")
    if not trial.cases:
        lines = [texts("trial.not_subject"), *_told(trial.subject, Standing.FAILS, rule, texts)]
        for line in lines:
            yield from paragraph(line, INDENT, width)
        return
    name_width = max(width_of(each.part.id) for each in (*trial.cases, *trial.notes)) + 2
    for label, attempts in (("", trial.cases), (texts("trial.note"), trial.notes)):
        for attempt in attempts:
            yield from _attempt(attempt, label, rule, texts, name_width, width)


def _attempt(
    attempt: Attempt, label: str, rule: Rule, texts: Texts, name_width: int, width: int
) -> Iterator[Line]:
    standing = attempt.standing
    mark_width = max(width_of(texts(f"trial.{each.value}")) for each in Standing) + 1
    label_width = width_of(texts("trial.note")) + 1
    head = _padded(texts(f"trial.{standing.value}"), mark_width) + _padded(label, label_width)
    head += _padded(attempt.part.id, name_width)
    told = _told(attempt.answers, standing, rule, texts)
    if standing is Standing.HOLDS and not told:
        told = [texts("trial.always")]
    room = max(20, width - INDENT - width_of(head))
    parts = [text for each in told for line in paragraph(each, 0, room) for text, _ in line if text]
    for number, part in enumerate(parts or [""]):
        shown = head if number == 0 else " " * width_of(head)
        yield (" " * INDENT, ""), (shown, STYLES[standing]), (part, "")


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - width_of(text))


def _told(answers: Answers, standing: Standing, rule: Rule, texts: Texts) -> list[str]:
    """Return why: all that fits of what holds, what does not fit of what fails."""
    wanted = standing is Standing.HOLDS
    told = tuple(each for each in answers if each.fits == wanted)
    return answers_in_words(told, rule.setting_values(), texts)


def nothing_to_judge(trace: Trace, rule: Rule, texts: Texts) -> list[str]:
    """Return why a rule judges no message of a trace: what it asks for and what there is."""
    statuses, methods = statuses_of(rule), methods_of(rule)
    if rule.scope == "request":
        what = texts("trial.method", methods=_listed(methods, texts))
        numbers = distinct(trace.transactions.method_sym).tolist()
        seen = [trace.methods[each] for each in numbers]
    else:
        what = texts("trial.status", statuses=_listed(statuses, texts))
        seen = [str(each) for each in distinct(trace.messages.status).tolist() if each >= 200]
    lines = [texts("trial.none", rule=rule.id, what=what)]
    if seen:
        lines.append(texts("trial.seen", seen=", ".join(map(visible, seen[:MOST_SEEN]))))
    return lines


def _listed(values: Sequence[object], texts: Texts) -> str:
    return texts("test.or").join(map(str, values))
