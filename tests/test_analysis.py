"""Options of `analyze` and its exit status."""

from pathlib import Path

import pytest

from analyzer.analysis import (
    DONE,
    FOUND,
    INTERRUPTED,
    NO_SIP,
    OUR_FAULT,
    PRECEDENCE,
    WRONG_INPUT,
    AnalyzeOptions,
    analysis_settings,
    complain,
    run_analysis,
)
from analyzer.errors import UsageError
from analyzer.frozen import replace
from command import ROOT

OPTIONS = AnalyzeOptions(
    paths=(str(ROOT / "samples" / "declined_at_once.pcap"),),
    format="text",
    output="-",
    lang="en",
    call="",
    everything=False,
    messages=False,
    fail_on="never",
    zone=None,
    rules=(),
    rule_settings=(),
    settings_file=None,
    keylog=None,
    decoder="native",
    no_media=False,
    leg_headers=(),
    redact=False,
    redact_key=None,
    redact_keep=(),
    separate=False,
    tables=(),
    quiet=True,
    verbose=0,
)


def test_the_graver_status_counts() -> None:
    """Where several apply: 130, 4, 2, 1, 3, 0."""
    assert PRECEDENCE == (INTERRUPTED, OUR_FAULT, WRONG_INPUT, FOUND, NO_SIP, DONE)
    assert PRECEDENCE == (130, 4, 2, 1, 3, 0)


def test_settings_are_read() -> None:
    """`--set` splits at the first `=`; language and rules are passed on."""
    options = replace(OPTIONS, rule_settings=("RSP603.x=a=b",), rules=(Path("mine"),), lang="ja")
    settings = analysis_settings(options)
    assert settings.rule_settings == {"RSP603.x": "a=b"}
    assert (settings.language, settings.rules) == ("ja", (Path("mine"),))


@pytest.mark.parametrize("written", ["RSP603.x", "x=1", "="])
def test_a_setting_has_rule_name_and_value(written: str) -> None:
    """Anything else is the user's mistake."""
    with pytest.raises(UsageError, match=r"expected RULE\.setting=value"):
        analysis_settings(replace(OPTIONS, rule_settings=(written,)))


def test_the_status_is_that_of_the_gravest_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One capture with a finding and one without SIP, each alone: the finding counts."""
    empty = tmp_path / "empty.pcap"
    sample = Path(OPTIONS.paths[0])
    empty.write_bytes(sample.read_bytes()[:24])
    both = replace(OPTIONS, paths=(*OPTIONS.paths, str(empty)), separate=True)
    assert run_analysis(both) == NO_SIP
    assert run_analysis(replace(both, fail_on="notice")) == FOUND
    assert "no SIP in" in capsys.readouterr().err


def test_complaints_are_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line begins with the name of the program; control characters are escaped."""
    complain("one \x1b[2J\ntwo")
    assert capsys.readouterr().err == "sipwhy: one \\x1b[2J\nsipwhy: two\n"
