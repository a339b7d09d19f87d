"""Each fact that an analyzer of 204 and 603 needs → the examples of rules that show it, or why a
capture cannot show it.

The numbers are those of the lists of facts that the rules cite beside their cases and notes: N1–N20
for 204 (RFC 5839, RFC 6665), D1–D17 for the meaning of a 603, C1–C11 for its conformance.
"""

import re

import pytest

from analyzer.annotate.load import read_rule_file
from analyzer.annotate.rule import Rule
from analyzer.annotate.rule_files import rule_files, rules_root

FACTS = (
    *(f"N{number}" for number in range(1, 21)),
    *(f"D{number}" for number in range(1, 18)),
    *("D2m", "D2r", "D2o", "D2x", "D5a", "D5b", "D9n"),
    *(f"C{number}" for number in range(1, 12)),
)

SHOWN: dict[str, list[tuple[str, str, str]]] = {
    "N1": [("RSP204", "unchanged", "a refresh with the tag of the last NOTIFY")],
    "N2": [("RSP204", "unsubscribed", "a conditional unsubscribe")],
    "N3": [("RSP204", "muted", "a dormant client")],
    "N4": [("RSP204", "unverified", "the capture begins with the refresh")],
    "N5": [("RSP204", "stale-tag", "the state changed, but the notifier confirms the old tag")],
    "N6": [("RSP204", "outside-dialog", "a subscription cannot start with 204")],
    "N7": [("RSP204", "unconditional", "a refresh that asked for no condition")],
    "N8": [("RSP204", "not-a-subscribe", "HTTP's 204 in a REGISTER")],
    "N9": [("RSP204", "no-expires", "a refresh whose answer says no duration")],
    "N10": [("RSP204", "expires-raised", "more granted than asked for")],
    "N11": [("RSP204", "ended-now", "the notifier ends what was to be renewed")],
    "N12": [("SUB001", "notify-not-suppressed", "the same tag and state once more")],
    "N14": [
        ("SUB002", "body-not-suppressed", "the subscription ends, with a body and the same tag")
    ],
    "N15": [("SUB003", "etag-missing", "an empty NOTIFY after a condition")],
    "N16": [("SUB004", "resubscribed-after-timer-n", "a subscriber that does not know 204")],
    "N17": [("RSP204", "still-pending", "a pending subscription stays pending")],
    "N18": [("RSP204", "several-tags", "two tags where one is allowed")],
    "N20": [
        ("SUB005", "subscription-gone", "the subscription is gone"),
        ("SUB005", "wrong-status", "a status that belongs to PUBLISH"),
    ],
    "D2": [("RSP603", "subscription-refused", "a watcher who may not watch")],
    "D2m": [("RSP603", "message-refused", "a declined MESSAGE")],
    "D2o": [("RSP603", "ping-declined", "a health check that is declined")],
    "D2r": [("RSP603", "transfer-refused", "a declined transfer")],
    "D2x": [("RSP603", "other-request-refused", "a declined INFO")],
    "D3": [("RSP603", "change-refused", "hold refused during a call")],
    "D4": [("RSP603", "replaces-refused", "the call to pick up has ended")],
    "D5": [("RSP603", "network-blocked", "an analytics engine blocks the call")],
    "D5a": [
        ("RSP603", "network-blocked-damaged", "a middle box rewrites the phrase of a 603+"),
        ("RSP603", "block-not-passed-on", "an element on the way leaves nothing of a 603+"),
    ],
    "D5b": [("RSP603", "network-block-malformed", "a middle box removes the Reason of a 603+")],
    "D6": [("RSP603", "intermediary-rejected", "a contact card in a 603")],
    "D7": [("RSP603", "provider-refused", "a suspended account")],
    "D8": [("RSP603", "gateway-cause", "an Asterisk dialplan ends")],
    "D9": [("RSP603", "refused-at-user-side", "cause 21 from the user's side")],
    "D9n": [("RSP603", "refused-by-network", "cause 21 from a transit network")],
    "D10": [("RSP603", "signature-trouble", "the signature of the call is in trouble")],
    "D11": [("RSP603", "retry-later", "the callee names a time")],
    "D12": [("RSP603", "trunk-full", "a full trunk group")],
    "D13": [("RSP603", "forks-cancelled", "one of two phones declines, the other is cancelled")],
    "D14": [("RSP603", "not-alerted", "no ringing at all")],
    "D15": [("RSP603", "declined-after-ringing", "the phone rings, someone presses reject")],
    "D16": [("RSP603", "crossed-cancel", "the caller gives up as the callee declines")],
    "D17": [("RSP603", "same-delay", "two calls to one callee, declined after the same time")],
    "C2": [("RSP603", "not-acknowledged", "the ACK never comes")],
    "C3": [("RSP603", "ack-with-new-branch", "the ACK of a confused client")],
    "C4": [("RSP603", "no-to-tag", "a response without a To tag")],
    "C6": [
        ("RSP603", "conflicting-finals", "two final answers"),
        ("RSP603", "answered-elsewhere", "another phone is answered as one declines"),
    ],
    "C7": [("RSP603", "tried-elsewhere", "the proxy goes on to voicemail")],
    "C8": [("RSP603", "forks-left-ringing", "the other phone rings on")],
    "C9": [("RSP603", "overridden", "the proxy tells the caller something else")],
    "C10": [("RSP603", "reason-malformed", "two causes of one protocol")],
    "C11": [("RSP603", "reason-sip", "SIP;cause=603 alone is no 603+")],
}
"""Fact → rule, the case or note that tells it, and an example that has it."""

SILENT: dict[str, tuple[str, str]] = {
    "N13": ("SUB001", "the state of the resource changed"),
    "N19": ("RSP204", "a notifier that does not know conditions answers 200 and notifies"),
    "D1": ("RSP603", "a 603 inside the body of a NOTIFY is no response"),
}
"""Fact that is no fault → rule, and its example without a finding."""

REASONS = {
    "C1": "an ACK as it must be is what `ack: seen` means; nothing is reported of it",
    "C5": "Via, From, Call-ID and CSeq are what the 603 is matched to its INVITE by: one that does "
    "not copy them answers no request of the capture",
}
"""Fact → why no example of a rule shows it."""

QUIET_EXAMPLES = 3
"""Examples without a finding that each rule has: what must not be taken for its subject."""

RULES: dict[str, Rule] = {
    rule.id: rule
    for each in rule_files(rules_root(), "rules", built_in=True)
    for rule in [read_rule_file(each, examples=True)[0]]
    if rule is not None
}


def marks() -> set[tuple[str, str, str]]:
    """Return fact, rule and name of each case and note that a rule marks with a fact."""
    return {
        (fact, rule.id, name)
        for rule in RULES.values()
        for name, facts in re.findall(
            r"^  - id: (\S+) +# (.+)$",
            (rules_root() / rule.path.removeprefix("rules/")).read_text(encoding="utf-8"),
            re.MULTILINE,
        )
        for fact in facts.split(", ")
    }


def test_every_fact_has_its_place() -> None:
    """N1–N20, D1–D17 with their sub-cases and C1–C11 are all here, each once."""
    assert sorted([*SHOWN, *SILENT, *REASONS]) == sorted(FACTS)


def test_the_table_is_complete() -> None:
    """The cases and notes that the rules mark with a fact are those of the table, all of them."""
    assert {(fact, *each[:2]) for fact, rows in SHOWN.items() for each in rows} == marks()


@pytest.mark.parametrize(
    "where", [row for rows in SHOWN.values() for row in rows], ids=lambda where: "-".join(where[:2])
)
def test_an_example_shows_it(where: tuple[str, str, str]) -> None:
    """The example is one of the rule and has the case, or the note beside some case."""
    rule, name = RULES[where[0]], where[1]
    (example,) = (each for each in rule.examples if each.name == where[2])
    is_case = name in {each.id for each in rule.cases}
    assert is_case != (name in {each.id for each in rule.notes})
    told = {each[0] if is_case else note for each in example.findings for note in each[1:] or "-"}
    assert name in told


@pytest.mark.parametrize("where", SILENT.values(), ids=SILENT)
def test_an_example_is_silent(where: tuple[str, str]) -> None:
    """What is no fault has an example in which the rule finds nothing."""
    (example,) = (each for each in RULES[where[0]].examples if each.name == where[1])
    assert example.findings == ()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_silent_examples(rule: Rule) -> None:
    """Each rule shows what it does not find, and finds something."""
    silent = [each for each in rule.examples if not each.findings]
    assert len(silent) >= QUIET_EXAMPLES
    assert len(silent) < len(rule.examples)
