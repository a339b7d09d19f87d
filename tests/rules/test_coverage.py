"""The built-in rules and the RFCs: every code has a rule, every duty of a response a note."""

import re
from collections.abc import Iterator

import pytest

from analyzer.annotate.load import read_rule_file
from analyzer.annotate.rule import Case, Example, Rule
from analyzer.annotate.rule_files import rule_files, rules_root
from analyzer.sip.registry import RequiredHeader, required_headers, response_codes

RULES: dict[str, Rule] = {
    rule.id: rule
    for each in rule_files(rules_root(), "rules", built_in=True)
    for rule in [read_rule_file(each, examples=True)[0]]
    if rule is not None
}

REFERENCE = re.compile(
    r"RFC [1-9][0-9]{2,4}( §[0-9]+(\.[0-9]+)*( step [0-9]+)?)?"
    r"|ITU-T [A-Z]\.[0-9]+( §[0-9.]+)?"
    r"|3GPP TS [0-9]{2}\.[0-9]{3}( §[0-9A-Z.]+)?"
    r"|ATIS-[0-9]{7}"
    r"|47 CFR [0-9.]+(\([a-z0-9]+\))*"
    r"|(GSMA|JJ|TTC|IANA|draft)[-A-Za-z0-9 .]+"
)


def test_every_registered_code_has_a_rule() -> None:
    """No response code of the registry is left without an explanation."""
    missing = [code for code in response_codes() if f"RSP{code}" not in RULES]
    assert missing == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_titles_are_phrases_of_the_registry(rule: Rule) -> None:
    """The title of a rule about a registered code is the code and its phrase, in Japanese first."""
    code = response_codes().get(int(rule.id[3:])) if rule.id.startswith("RSP") else None
    if code is not None:
        assert rule.title["en"] == f"{code.code} {code.phrase}"
        assert rule.title["ja"].startswith(f"{code.code} {code.phrase}")


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_references_are_well_formed(rule: Rule) -> None:
    """Each names a document, and a section as “RFC 3261 §21.6.2”."""
    named = [*rule.references, *(each for said in rule.misconceptions for each in said.references)]
    for part in (*rule.cases, *rule.notes):
        named += [*part.references, *(each for one in part.variants for each in one.references)]
    assert named
    assert [each for each in named if not REFERENCE.fullmatch(each)] == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_about_a_code_cites_its_definition(rule: Rule) -> None:
    """The document that the registry names for a code is among the references of its rule."""
    code = response_codes().get(int(rule.id[3:])) if rule.id.startswith("RSP") else None
    if code is not None:
        assert any(each.startswith(code.reference) for each in rule.references)


def _duties() -> Iterator[tuple[Rule, RequiredHeader]]:
    for owed in required_headers():
        rule = RULES.get(f"RSP{owed.code}")
        if rule is not None:
            yield rule, owed


@pytest.mark.parametrize(
    ("rule", "owed"), list(_duties()), ids=lambda each: getattr(each, "id", "") or each.headers[0]
)
def test_a_missing_header_is_told(rule: Rule, owed: RequiredHeader) -> None:
    """What a response has to carry (MUST, SHOULD of its RFC) is a note or case of its rule, which
    names the header field, and an example without the header field reaches it.
    """
    telling = {part.id for part in (*rule.cases, *rule.notes) if _names(part, owed)}
    reached = {
        name
        for example in rule.examples
        if _lacks(example, owed)
        for finding in example.findings
        for name in finding
    }
    assert telling & reached, f"{owed.reference}: {' / '.join(owed.headers)}"


def _names(part: Case, owed: RequiredHeader) -> bool:
    texts = [part.message, *(each.message for each in part.variants if each.message)]
    texts += [part.likely.text] if part.likely else []
    return any(header in text["en"] for text in texts for header in owed.headers)


def _lacks(example: Example, owed: RequiredHeader) -> bool:
    """Tell whether some response of the code has none of the header fields."""
    blocks = re.split(r"^(?=.*(?:->|<-))", example.dialogue, flags=re.MULTILINE)
    answers = [each for each in blocks if re.search(rf"SIP/2\.0 {owed.code} ", each)]
    names = "|".join(map(re.escape, owed.headers))
    given = re.compile(rf"^\s*({names})\s*:\s*\S", re.MULTILINE | re.IGNORECASE)
    return any(given.search(answer) is None for answer in answers)
