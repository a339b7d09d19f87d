"""Policies: what they may say, and what is said of those that are wrong."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from analyzer.check.schemas import schema_text_of
from analyzer.errors import UsageError
from analyzer.tables.findings import Severity
from checked import policy_of

WHOLE = """
# what the lab must do
settings:
  RSP603: {human_reaction_ms: 2000}
select: [RSP603, SUB]
ignore: RSP603.declined
severity: {RSP603: error, RSP603.not-alerted: info}
fail_on: notice
captures:
  - match: nightly/*.pcap
    ignore: [RSP603.not-alerted]
    fail_on: error
expectations:
  - name: most calls are answered
    calls: {outcome: answered}
    of: {outcome|not: [incomplete, redirected]}
    ratio|gte: 98 %
    count|gte: 100
  - name: quick
    calls: {outcome: answered}
    p95.post_dial_delay_ms|lt: 2000
    every: {setup_ms|lt: 10000}
    captures: nightly/*
  - name: no plain decline of our trunk
    responses:
      method: INVITE
      status: 603
      network_block|exists: false
      answered_by|startswith: "192.0.2.9:"
    count: 0
    why: Our trunk must say why.
    do: [Ask the provider.]
  - name: nothing is lost
    anomalies: {severity: data_loss}
    count: 0
  - name: calls go as they should
    calls: {outcome: answered}
    sequence: INVITE 18x* 200 ACK ... BYE 200(BYE)
  - name: user agents
    requests: {method: INVITE}
    every: {any: [{request.user_agent|startswith: Lab}, {caller|endswith: "@example.com"}]}
"""


def test_a_whole_policy(tmp_path: Path) -> None:
    """Every section is read, percentages are shares."""
    policy = policy_of(tmp_path, WHOLE)
    assert policy.settings.values == {"RSP603.human_reaction_ms": "2000"}
    assert [each.match for each in policy.choices] == ["", "nightly/*.pcap"]
    first, quick, trunk, *_ = policy.expectations
    assert [(each.measure, each.test.operator) for each in first.limits] == [
        ("ratio", "gte"),
        ("count", "gte"),
    ]
    assert first.limits[0].test.wanted == (0.98,)
    assert (quick.limits[0].measure, quick.limits[0].field) == ("p95", "post_dial_delay_ms")
    assert quick.is_for("recordings/nightly/a.pcap")
    assert not quick.is_for("a.pcap")
    assert (trunk.why, trunk.do) == ("Our trunk must say why.", ("Ask the provider.",))


def test_what_counts_depends_on_the_recording(tmp_path: Path) -> None:
    """The more exact name gives the severity, what matches a path goes before what is for all."""
    policy = policy_of(tmp_path, WHOLE)
    plain = policy.for_recording("a.pcap", "")
    assert plain.severity_of("RSP603", "crossed-cancel", Severity.NOTICE) == Severity.ERROR
    assert plain.severity_of("RSP603", "not-alerted", Severity.NOTICE) == Severity.INFO
    assert plain.severity_of("RSP603", "declined", Severity.NOTICE) is None
    assert plain.severity_of("RSP204", "unchanged", Severity.NOTICE) is None
    assert plain.severity_of("SUB001", "x", Severity.NOTICE) == Severity.NOTICE
    assert plain.fails(Severity.NOTICE)
    nightly = policy.for_recording("x/nightly/a.pcap", "")
    assert nightly.severity_of("RSP603", "not-alerted", Severity.NOTICE) is None
    assert not nightly.fails(Severity.WARNING)
    assert policy.for_recording("x/nightly/a.pcap", "info").fails(Severity.INFO)
    assert not policy.for_recording("a.pcap", "never").fails(Severity.ERROR)


def test_all_faults_are_told_at_once_with_their_places(tmp_path: Path) -> None:
    """Line, column and a suggestion for each, in the order of the file."""
    with pytest.raises(UsageError) as raised:
        policy_of(
            tmp_path,
            "select: [RSP6O3]\n"
            "severity: {RSP603: eror}\n"
            "fail_on: warnign\n"
            "captures:\n"
            "  - {match: x, ignor: []}\n"
            "  - {ignore: RSP603}\n"
            "expectatoins: []\n"
            "expectations:\n"
            "  - {name: a, calls: {outcom: answered}}\n"
            "  - {name: a, calls: {outcome: answerd}, count|gte: many}\n"
            "  - {calls: {}}\n"
            "  - {name: b, call: {}}\n"
            "  - {name: c, calls: {}, ratoi: 1, p95.outcome: 2, max.setup_s|lt: 1}\n"
            "  - {name: d, calls: {}, sequence: INVITE )}\n"
            "  - {name: e, responses: {}, sequence: INVITE}\n"
            "  - {name: f, calls: {}, requests: {}}\n"
            "  - {name: g, calls: {}, count|contains: 1, may_be_empty: 3}\n"
            "rules: [nowhere]\n",
        )
    told = str(raised.value).replace(str(tmp_path), "").splitlines()
    wanted = [
        '1:10: no rule, case or family is called "RSP6O3", did you mean "RSP603"?',
        '2:20: "eror" is none of info, notice, warning, error, did you mean "error"?',
        '3:10: "warnign" is none of',
        '5:16: unknown key "ignor", did you mean "ignore"?',
        "6:5: `match` is missing",
        '7:1: unknown key "expectatoins", did you mean "expectations"?',
        '9:23: unknown field "outcom", did you mean "outcome"?',
        "10:12: another expectation has this name already",
        '10:32: "outcome" is never "answerd", did you mean "answered"?',
        "10:53: a number must stand here",
        "11:5: `name` is missing",
        "12:5: what is meant is missing: one of anomalies, calls",
        '13:26: unknown key "ratoi", did you mean "ratio"?',
        '13:36: the field "outcome" is no number',
        '13:52: unknown field "setup_s", did you mean "setup_ms"?',
        "14:36: the sequence cannot be read",
        "15:30: only calls have a sequence",
        "16:26: either calls or requests",
        '17:26: unknown operator "contains" for a measure',
        "17:59: true or false must stand here",
        '18:9: there is no directory "nowhere" beside this file',
    ]
    for line, start in zip(told, wanted, strict=True):
        assert line.startswith(f"/sipwhy.yml:{start}")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "expectations:\n", "captures:\n"])
def test_an_empty_policy_is_none(tmp_path: Path, text: str) -> None:
    """Nothing has to stand in it."""
    assert policy_of(tmp_path, text).expectations == ()


def test_a_policy_may_bring_rules(tmp_path: Path) -> None:
    """Directories beside it; `select` may name what they hold."""
    from analyzer.annotate.skeleton import skeleton  # noqa: PLC0415 - only here

    folder = tmp_path / "own" / "responses"
    folder.mkdir(parents=True)
    (folder / "480.yaml").write_text(skeleton("RSP480"), encoding="utf-8")
    policy = policy_of(tmp_path, "rules: own\nselect: RSP480\n")
    assert policy.rules == (tmp_path / "own",)


def test_the_schema_knows_what_the_reader_knows() -> None:
    """The printed JSON Schema takes a whole policy and refuses misspelt ones."""
    schema = json.loads(schema_text_of("policy"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(yaml.safe_load(WHOLE))
    wrong: list[dict[str, object]] = [
        {"selct": []},
        {"fail_on": "warnign"},
        {"expectations": [{"name": "a"}]},
        {"expectations": [{"name": "a", "calls": {}, "requests": {}}]},
        {"expectations": [{"name": "a", "calls": {}, "count|contains": 1}]},
        {"expectations": [{"name": "a", "calls": {"outcome|like": 1}}]},
    ]
    assert [each for each in wrong if validator.is_valid(each)] == []


def test_settings_are_among_all_faults(tmp_path: Path) -> None:
    """Thresholds that no rule has are told with the rest, in the order of the lines."""
    with pytest.raises(UsageError) as caught:
        policy_of(
            tmp_path,
            "fail_on: bad\n"
            "settings: {RSP603: {nonsense: 1}}\n"
            "expectations: [{name: a, calls: {}, every: {}}]\n",
        )
    lines = str(caught.value).splitlines()
    assert [line.split(":")[1] for line in lines] == ["1", "2", "3"]
    assert 'RSP603 has no setting "nonsense"' in lines[1]
    assert "what must hold for each is missing" in lines[2]
