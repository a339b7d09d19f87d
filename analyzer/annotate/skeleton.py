"""A rule id → the text of a new rule file, sound from the start: `sipwhy rules new`.

It passes `sipwhy rules check`, examples included, so that the author changes what works.
"""

import re

from analyzer.annotate.faults import did_you_mean
from analyzer.annotate.rule_files import FAMILIES
from analyzer.errors import UsageError
from analyzer.sip.registry import response_codes

METHODS = {"SUB": "SUBSCRIBE", "REG": "REGISTER"}
"""Family → the method its rules judge first; INVITE for the others."""

_ID = re.compile(r"([A-Z]{3})([0-9]{3})")
_FIRST, _LAST = 100, 699
_NEIGHBOUR = 486
_NEIGHBOURS = ("486 Busy Here", "480 Temporarily Unavailable")
"""The status of the silent example; the second for the rule of the first."""


def rule_path(rule_id: str) -> str:
    """Return folder and file of a rule; raises UsageError for what is no rule id."""
    match = _ID.fullmatch(rule_id)
    if match is None or match[1] not in FAMILIES:
        hint = did_you_mean(rule_id[:3], FAMILIES)
        families = ", ".join(FAMILIES)
        raise UsageError(
            f'"{rule_id}" is no rule id: one of {families} and three digits, as RSP480{hint}'
        )
    if match[1] == "RSP" and not _FIRST <= int(match[2]) <= _LAST:
        raise UsageError(f"{rule_id}: rules judge responses from {_FIRST} to {_LAST}")
    return f"{FAMILIES[match[1]]}/{match[2]}.yaml"


def skeleton(rule_id: str) -> str:
    """Return the text of a new rule file."""
    family, number = rule_id[:3], rule_id[3:]
    return _response_rule(int(number)) if family == "RSP" else _request_rule(rule_id)


def _response_rule(status: int) -> str:
    code = response_codes().get(status)
    phrase = code.phrase if code else "Unregistered"
    return _TEXT.format(
        id=f"RSP{status}",
        name=re.sub(r"[^a-z0-9]+", "-", phrase.lower()).strip("-"),
        scope="transaction",
        title=f"{status} {phrase}",
        when=f"status: {status}",
        condition="alerted: true",
        reference=f"{code.reference} §{code.section}" if code else "RFC 3261 §21",
        reached=f"""      -> INVITE sip:bob@example.com SIP/2.0
      <- SIP/2.0 180 Ringing
      +3s <- SIP/2.0 {status} {phrase}""",
        other=f"""      -> INVITE sip:bob@example.com SIP/2.0
      <- SIP/2.0 {status} {phrase}""",
        silent=f"""      -> INVITE sip:bob@example.com SIP/2.0
      <- SIP/2.0 {_NEIGHBOURS[status == _NEIGHBOUR]}""",
    )


def _request_rule(rule_id: str) -> str:
    method = METHODS.get(rule_id[:3], "INVITE")
    return _TEXT.format(
        id=rule_id,
        name="new-rule",
        scope="request",
        title=f"{method} of a kind to explain",
        when=f"method: {method}",
        condition="in_dialog: true",
        reference="RFC 3261 §8.1",
        reached=f"""      -> {method} sip:bob@example.com SIP/2.0
         To: <sip:bob@example.com>;tag=b1""",
        other=f"      -> {method} sip:bob@example.com SIP/2.0",
        silent="      -> OPTIONS sip:bob@example.com SIP/2.0",
    )


_TEXT = """\
# How to write it: rules/README.md; `sipwhy rules show RSP603` shows a whole one.
# `sipwhy rules check DIR` names every fault, `sipwhy rules try {id} CAPTURE --rules DIR` says
# which case holds and why.
id: {id}
name: {name}
since: "0.1"
scope: {scope}
severity: notice
references: [{reference}]
title: {{en: "{title}"}}
meaning: {{en: "What it says by the standard, and what it does not say."}}
when: {{{when}}}
cases:
  # tried in order: the first that holds is the verdict
  - id: special-case
    when: {{{condition}}}
    message: {{en: "What is certain, with values of this call such as {{method}}."}}
    likely: {{confidence: low, en: "What is only likely."}}
    next_steps: {{en: ["What to do, on which element."]}}
  # the last case has no `when`: it is for the rest
  - id: everything-else
    message: {{en: "What is certain of all others."}}
    next_steps: {{en: ["What to do."]}}
examples:
  # each is a test: every case is reached, and one has no finding
  - name: what the special case looks like
    dialogue: |
{reached}
    findings: [special-case]
  - name: what the rest looks like
    dialogue: |
{other}
    findings: [everything-else]
  - name: what another rule explains
    dialogue: |
{silent}
    findings: []
"""
