"""New rule files."""

import pytest

from analyzer.annotate.skeleton import rule_path, skeleton
from analyzer.errors import UsageError


@pytest.mark.parametrize(
    ("rule_id", "path"),
    [("RSP480", "responses/480.yaml"), ("SUB900", "subscriptions/900.yaml")],
)
def test_a_rule_has_its_place(rule_id: str, path: str) -> None:
    """The family names the folder, the number the file."""
    assert rule_path(rule_id) == path


@pytest.mark.parametrize("rule_id", ["RSP", "rsp480", "ABC001", "RSP4800", "", "RSP٤٨٠"])
def test_what_is_no_id(rule_id: str) -> None:
    """Three letters of a family and three digits."""
    with pytest.raises(UsageError, match="is no rule id"):
        rule_path(rule_id)


@pytest.mark.parametrize("rule_id", ["RSP099", "RSP700"])
def test_rules_judge_responses(rule_id: str) -> None:
    """A status code is a number from 100 to 699 (RFC 3261 §7.2)."""
    with pytest.raises(UsageError, match="responses from 100 to 699"):
        rule_path(rule_id)


def test_title_and_section_come_from_the_registry() -> None:
    """A response rule begins with the registered phrase and the RFC that defines it."""
    text = skeleton("RSP480")
    assert '"480 Temporarily Unavailable"' in text
    assert "RFC 3261 §21.4.18" in text
