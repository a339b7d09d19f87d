"""Fields that look at the whole trace say the same of one finding as of all of them."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.dialogue import dialogue_capture
from analyzer.annotate.lint import settings_of
from analyzer.annotate.load import read_rule_file
from analyzer.annotate.occasions import OCCASIONS
from analyzer.annotate.rule import Example, Rule
from analyzer.annotate.rule_files import rule_files, rules_root
from analyzer.annotate.wording import describe
from analyzer.pipeline import open_trace
from analyzer.settings import Settings

RULES = [
    pytest.param(rule, example, id=f"{rule.id}-{number}")
    for each in rule_files(rules_root(), "rules", built_in=True)
    if each.id in OCCASIONS
    for rule in [read_rule_file(each, examples=True)[0]]
    if rule is not None
    for number, example in enumerate(rule.examples)
    if example.findings
]

Write = Callable[[bytes], str]


@pytest.fixture
def write(tmp_path_factory: pytest.TempPathFactory) -> Write:
    """Give a function that writes a capture and returns its path."""

    def written(data: bytes) -> str:
        path = tmp_path_factory.mktemp("capture") / "example.pcap"
        path.write_bytes(data)
        return str(path)

    return written


@pytest.mark.parametrize(("rule", "example"), RULES)
def test_words_of_one_finding(rule: Rule, example: Example, write: Write) -> None:
    """Words are made for some findings at a time; which ones must not change what they say."""
    settings = Settings(rule_settings=settings_of(rule, example))
    with open_trace([write(dialogue_capture(example.dialogue))], settings) as trace:
        rows = np.arange(len(trace.findings))
        together = describe(trace, rows, trace.rules, "en")
        alone = [describe(trace, rows[at : at + 1], trace.rules, "en")[0] for at in rows.tolist()]
    assert alone == together
