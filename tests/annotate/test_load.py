"""Rule files → rules: faults with their places, replacement, settings."""

from pathlib import Path

import pytest

from analyzer.annotate.load import Seen, load_rules
from analyzer.errors import RuleError, UsageError
from analyzer.settings import Settings

SOUND = """\
id: RSP480
name: unavailable
since: "0.1"
scope: transaction
severity: notice
references: [RFC 3261]
title: {en: 480 Temporarily Unavailable}
meaning: {en: Not now.}
settings:
  quick_ms: {default: 500, meaning: {en: Quick.}}
when: {status: 480}
cases:
  - id: quick
    when: {response_delay_ms|lt: $quick_ms}
    message: {en: Quick.}
  - id: rest
    message: {en: Rest.}
"""


def _rules(tmp_path: Path, text: str, name: str = "480.yaml") -> tuple[Path, ...]:
    folder = tmp_path / "responses"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return (tmp_path,)


def test_only_what_the_capture_needs() -> None:
    """A built-in rule is read only where the capture has its status code, or its method."""
    seen = Seen({180, 603}, {"INVITE"})
    assert [rule.id for rule in load_rules(Settings(), seen)] == ["RSP180", "RSP603"]
    assert [rule.id for rule in load_rules(Settings(), Seen({699}, {"INVITE"}))] == []
    families = {rule.id[:3] for rule in load_rules(Settings(), Seen({699}, {"NOTIFY"}))}
    assert families == {"SUB"}
    occasion = Seen({699}, {"INVITE"}, occasions={"TXN002"})
    assert [rule.id for rule in load_rules(Settings(), occasion)] == ["TXN002"]


@pytest.mark.parametrize(
    ("written", "instead", "line", "what"),
    [
        ("response_delay_ms|lt", "response_delay|lt", "14:12", 'unknown field "response_delay"'),
        ("|lt:", "|le:", "14:12", 'unknown operator "le", did you mean "lte"?'),
        ("$quick_ms", "$quik_ms", "14:34", 'unknown setting "$quik_ms", did you mean'),
        ("$quick_ms", "fast", "14:34", "`lt` needs a number"),
        ("severity: notice", "severity: notise", "5:11", 'known here, did you mean "notice"?'),
        ("name: unavailable", "nam: unavailable", "2:1", 'unknown key "nam", did you mean "name"?'),
        ("{en: Rest.}", '{en: "{metod}"}', "17:19", 'unknown field "metod", did you mean'),
        ("id: rest", "id: quick", "16:9", 'a second case or note with the id "quick"'),
        ("id: RSP480", "id: RSP4800", "1:5", "is no rule id"),
        ("when: {status: 480}", "when: {phrase: x}", "11:7", "which `status` it is about"),
        ("{en: Not now.}", "[", "9:9", "no valid YAML"),
        ("severity: notice", "severity: notice\nseverity: info", "6:1", "stands here twice"),
        ("{response_delay_ms|lt: $quick_ms}", "{alerted: 1}", "14:21", "is true or false"),
        ("{en: Quick.}\n  -", '{en: "{method}", ja: "x"}\n  -', "15:35", "different placeholders"),
        ("  - id: rest", "    when: {method: BYE}\n  - id: rest", "16:5", "stands here twice"),
    ],
)  # fmt: skip
def test_faults_have_a_place(
    tmp_path: Path, written: str, instead: str, line: str, what: str
) -> None:
    """Each kind of fault is told with its line, its column and what would be right."""
    assert written in SOUND
    with pytest.raises(RuleError) as raised:
        load_rules(Settings(rules=_rules(tmp_path, SOUND.replace(written, instead, 1))))
    lines = str(raised.value).splitlines()
    place = f"{tmp_path}/responses/480.yaml:{line}:"
    assert any(what in each for each in lines), lines
    if what != "no valid YAML":
        assert any(each.startswith(place) and what in each for each in lines), lines


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Faults of one file and of several come together."""
    _rules(tmp_path, SOUND.replace("|lt", "|le").replace("notice", "notise"))
    roots = _rules(tmp_path, "[]", "481.yaml")
    with pytest.raises(RuleError) as raised:
        load_rules(Settings(rules=roots))
    lines = str(raised.value).splitlines()
    assert len({line.partition(".yaml:")[0] for line in lines}) == 2
    assert sum("480.yaml:5:" in line or "480.yaml:14:" in line for line in lines) == 2


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are a fault of the file, not of the program."""
    roots = _rules(tmp_path, "")
    (tmp_path / "responses" / "480.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(RuleError, match="not UTF-8"):
        load_rules(Settings(rules=roots))


def test_an_alias_that_contains_itself(tmp_path: Path) -> None:
    """A condition that contains itself is a fault, not an endless loop."""
    text = SOUND.replace("when: {status: 480}", "when: &w {status: 480, any: [*w]}")
    with pytest.raises(RuleError, match="inside each other"):
        load_rules(Settings(rules=_rules(tmp_path, text)))


def test_a_missing_directory(tmp_path: Path) -> None:
    """A directory that is not there is one clear line."""
    with pytest.raises(RuleError, match="no directory of rules"):
        load_rules(Settings(rules=(tmp_path / "none",)))


def test_a_later_rule_replaces(tmp_path: Path) -> None:
    """The same id in a further directory replaces the built-in rule and says so."""
    text = SOUND.replace("480", "603")
    rules = load_rules(Settings(rules=_rules(tmp_path, text, "603.yaml")), Seen({603}, ()))
    assert [(rule.id, rule.name, rule.replaces) for rule in rules] == [
        ("RSP603", "unavailable", "rules/responses/603.yaml")
    ]


def test_settings_are_put_in() -> None:
    """--set changes numbers and lists, also of a rule that the capture does not need."""
    written = {"RSP603.human_reaction_ms": "2000", "RSP603.round_delays_s": "5, 25"}
    (rule,) = load_rules(Settings(rule_settings=written), Seen({603}, ()))
    assert rule.settings["human_reaction_ms"].value == 2000
    assert rule.settings["round_delays_s"].value == (5, 25)
    assert load_rules(Settings(rule_settings=written), Seen({699}, ())) == ()


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("RSP603.human_reaction", "1", 'did you mean "human_reaction_ms"'),
        ("RSP63.x", "1", 'did you mean "RSP603"'),
        ("RSP603.human_reaction_ms", "soon", "is no number"),
        ("RSP603.human_reaction_ms", "-5", "is no number"),
        ("RSP204.anything", "1", "it has none"),
    ],
)
def test_wrong_settings(key: str, value: str, what: str) -> None:
    """A setting that does not exist or cannot have the value is one line that helps."""
    with pytest.raises(UsageError, match=what):
        load_rules(Settings(rule_settings={key: value}), Seen({200}, ()))
