"""Texts with placeholders, and how values read."""

import pytest

from analyzer.annotate.fields import UNKNOWN
from analyzer.annotate.templates import placeholders, show, show_duration, template


@pytest.mark.parametrize(
    ("milliseconds", "english", "japanese"),
    [
        (0.2, "0 ms", "0 ミリ秒"),
        (240.0, "240 ms", "240 ミリ秒"),
        (999.6, "1.0 s", "1.0 秒"),
        (4213.0, "4.2 s", "4.2 秒"),
        (60_000.0, "60.0 s", "60.0 秒"),
        (125_000.0, "2 min 05 s", "2 分 05 秒"),
    ],
)
def test_durations(milliseconds: float, english: str, japanese: str) -> None:
    """Durations read as a person says them."""
    assert show_duration(milliseconds, "en") == english
    assert show_duration(milliseconds, "ja") == japanese


def test_values() -> None:
    """Absent and unknown values, and values with words of their own, are said in words."""
    assert show("phrase", None, "en") == "(none)"
    assert show("phrase", UNKNOWN, "ja") == "（キャプチャになし）"
    assert show("reason.q850_location", "TN", "en") == "TN (transit network)"
    assert show("reason.q850_location", "LOC-6", "en") == "LOC-6"
    assert show("reason.q850_meaning", "User busy", "ja") == "着ユーザビジー"


def test_a_text_is_cut_at_its_placeholders() -> None:
    """Literals and fields take turns, and a text without placeholders is one literal."""
    assert template("a {method} b {status}").literals == ("a ", " b ", "")
    assert template("a {method} b {status}").fields == ("method", "status")
    assert template("plain").fields == ()
    assert placeholders("{x}{y}") == ["x", "y"]
