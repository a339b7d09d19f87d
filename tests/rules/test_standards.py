"""Each fact that an analyzer of 204 and 603 needs → the example of a rule that shows it, or why a
capture cannot show it.

The numbers are those of the lists of facts that the rules cite beside their cases and notes: N1–N20
for 204 (RFC 5839, RFC 6665), D1–D17 for the meaning of a 603, C1–C11 for its conformance.
"""

import pytest

from analyzer.annotate.load import read_rule_file, rule_files, rules_root
from analyzer.annotate.rule import Rule

SHOWN: dict[str, tuple[str, str]] = {
    "N1": ("RSP204", "unchanged"),
    "N2": ("RSP204", "unsubscribed"),
    "N3": ("RSP204", "muted"),
    "N4": ("RSP204", "unverified"),
    "N5": ("RSP204", "stale-tag"),
    "N6": ("RSP204", "outside-dialog"),
    "N7": ("RSP204", "unconditional"),
    "N8": ("RSP204", "not-a-subscribe"),
    "N9": ("RSP204", "no-expires"),
    "N10": ("RSP204", "expires-raised"),
    "N11": ("RSP204", "ended-now"),
    "N12": ("SUB001", "notify-not-suppressed"),
    "N14": ("SUB002", "body-not-suppressed"),
    "N15": ("SUB003", "etag-missing"),
    "N16": ("SUB004", "resubscribed-after-timer-n"),
    "N17": ("RSP204", "still-pending"),
    "N18": ("RSP204", "several-tags"),
    "N20": ("SUB005", "subscription-gone"),
    "D2": ("RSP603", "subscription-refused"),
    "D2m": ("RSP603", "message-refused"),
    "D2r": ("RSP603", "transfer-refused"),
    "D2o": ("RSP603", "ping-declined"),
    "D2x": ("RSP603", "other-request-refused"),
    "D3": ("RSP603", "change-refused"),
    "D4": ("RSP603", "replaces-refused"),
    "D5": ("RSP603", "network-blocked"),
    "D5a": ("RSP603", "network-blocked-damaged"),
    "D5b": ("RSP603", "network-block-malformed"),
    "D6": ("RSP603", "intermediary-rejected"),
    "D7": ("RSP603", "provider-refused"),
    "D8": ("RSP603", "gateway-cause"),
    "D9": ("RSP603", "refused-at-user-side"),
    "D9n": ("RSP603", "refused-by-network"),
    "D10": ("RSP603", "signature-trouble"),
    "D11": ("RSP603", "retry-later"),
    "D12": ("RSP603", "trunk-full"),
    "D13": ("RSP603", "forks-cancelled"),
    "D14": ("RSP603", "not-alerted"),
    "D15": ("RSP603", "declined-after-ringing"),
    "D16": ("RSP603", "crossed-cancel"),
    "D17": ("RSP603", "same-delay"),
    "C2": ("RSP603", "not-acknowledged"),
    "C3": ("RSP603", "ack-with-new-branch"),
    "C4": ("RSP603", "no-to-tag"),
    "C6": ("RSP603", "conflicting-finals"),
    "C7": ("RSP603", "tried-elsewhere"),
    "C8": ("RSP603", "forks-left-ringing"),
    "C9": ("RSP603", "overridden"),
    "C11": ("RSP603", "reason-sip"),
}
"""Fact → rule, and the case or note."""

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
    "C10": "the grammar of Retry-After is judged in the note retry-later, that of Reason in "
    "network-block-malformed; a malformed value elsewhere is an anomaly of the message",
}
"""Fact → why no example of a rule shows it."""

RULES: dict[str, Rule] = {
    rule.id: rule
    for each in rule_files(rules_root(), "rules", built_in=True)
    for rule in [read_rule_file(each, examples=True)[0]]
    if rule is not None
}


def test_every_fact_has_its_place() -> None:
    """N1–N20, D1–D17 and C1–C11 are all here, each once."""
    facts = [*SHOWN, *SILENT, *REASONS]
    numbers = {each.rstrip("abmnorx") for each in facts}
    wanted = [("N", 20), ("D", 17), ("C", 11)]
    assert numbers == {f"{kind}{n}" for kind, last in wanted for n in range(1, last + 1)}
    assert len(set(facts)) == len(facts)


@pytest.mark.parametrize(("fact", "where"), SHOWN.items())
def test_an_example_shows_it(fact: str, where: tuple[str, str]) -> None:
    """The case or note is that of the rule, is marked with the fact, and an example reaches it."""
    rule, name = RULES[where[0]], where[1]
    assert any(name in finding for each in rule.examples for finding in each.findings)
    written = (rules_root() / rule.path.removeprefix("rules/")).read_text(encoding="utf-8")
    line = next(each for each in written.splitlines() if each.startswith(f"  - id: {name} "))
    assert line.rpartition("# ")[2] == fact


@pytest.mark.parametrize("where", SILENT.values(), ids=SILENT)
def test_an_example_is_silent(where: tuple[str, str]) -> None:
    """What is no fault has an example in which the rule finds nothing."""
    (example,) = (each for each in RULES[where[0]].examples if each.name == where[1])
    assert example.findings == ()
