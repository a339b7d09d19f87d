"""A trial as lines."""

from collections.abc import Callable

from analyzer.annotate.load import load_rules
from analyzer.annotate.trial import try_rule
from analyzer.i18n import load_texts
from analyzer.render.trial_lines import nothing_to_judge, trial_lines
from analyzer.settings import Settings
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]
RULES = {each.id: each for each in load_rules(Settings())}


def shown(trace: Trace, rule_id: str, language: str = "en") -> list[str]:
    """Return the lines of the first message judged, spaces made one."""
    rule, texts = RULES[rule_id], load_texts(language, "rules")
    lines = trial_lines(next(try_rule(trace, rule)), trace, rule, texts, 100)
    return [" ".join("".join(text for text, _ in line).split()) for line in lines]


def test_each_case_says_why(trace_of: TraceOf) -> None:
    """What holds shows all its values, what fails those that do not fit."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
           Call-ID: a\x1b[1m@example.com
        <- SIP/2.0 180 Ringing
        +4s <- SIP/2.0 603 Decline
    """)
    lines = shown(trace, "RSP603")
    assert lines[0] == "Frame 3 call #0 Call-ID a\\x1b[1m@example.com"
    assert "no not-alerted alerted is false [here: true]" in lines
    at = next(n for n, line in enumerate(lines) if line.startswith("yes declined-after-ringing"))
    assert lines[at].endswith("since_alerting_ms ≥ 1500 (human_reaction_ms) [here: 4000]")
    assert lines[at + 1 : at + 4] == [
        "round_delay is false [here: false]",
        "same_delay is false [here: false]",
        "– declined",
    ]
    assert "no note retry-later retry_after is there [here: absent]" in lines


def test_a_rule_that_does_not_apply_says_why(trace_of: TraceOf) -> None:
    """The test of the rule itself that does not fit is shown."""
    trace = trace_of("-> NOTIFY sip:bob@example.com SIP/2.0\n   Event: presence")
    assert shown(trace, "SUB001")[1:] == [
        "the rule does not apply",
        "notify.after_204 is repeat or muted [here: absent]",
    ]


def test_a_case_without_conditions(trace_of: TraceOf) -> None:
    """The last case asks for nothing."""
    trace = trace_of("<- SIP/2.0 603 Decline\n   CSeq: 1 INVITE")
    assert "yes declined nothing is asked" in shown(trace, "RSP603")


def test_what_is_there_instead(trace_of: TraceOf) -> None:
    """Where a rule judges nothing, what it asks for and what the capture has is said."""
    trace = trace_of("""
        -> OPTIONS sip:bob@example.com SIP/2.0
        <- SIP/2.0 486 Busy Here
    """)
    texts = load_texts("en", "rules")
    assert nothing_to_judge(trace, RULES["RSP603"], texts) == [
        "RSP603 judges nothing here: no final response with status 603.",
        "What is there: 486.",
    ]
    assert nothing_to_judge(trace, RULES["SUB001"], texts) == [
        "SUB001 judges nothing here: no NOTIFY.",
        "What is there: OPTIONS.",
    ]
