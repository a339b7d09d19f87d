"""Whatever can be strange has a severity and words in both languages."""

import ast
import re
from pathlib import Path

import analyzer
from analyzer.anomaly_kinds import KINDS
from analyzer.decode.verdicts import NOT_UNDERSTOOD

JAPANESE = "[\u3040-\u30ff\u4e00-\u9fff]"
SEVERITIES = {"info", "notice", "data_loss", "error"}


def test_each_kind_is_complete() -> None:
    """Kebab-case name, a severity of the output contract, English and Japanese."""
    for name, kind in KINDS.items():
        assert kind.name == name
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
        assert kind.severity in SEVERITIES
        assert not re.search(JAPANESE, kind.en)
        assert re.search(JAPANESE, kind.ja)


def test_packets_that_are_not_understood_have_kinds() -> None:
    """Each verdict of the decoders is a kind."""
    assert set(NOT_UNDERSTOOD) <= KINDS.keys()


def test_each_kind_is_named_by_a_stage() -> None:
    """A kind that no code names is dead."""
    named: set[str] = set()
    for path in Path(analyzer.__file__).parent.rglob("*.py"):
        if path.name != "anomaly_kinds.py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            named |= {
                each.value
                for each in ast.walk(tree)
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            }
    assert KINDS.keys() - named == set()
