"""The pytest plugin, in test suites of its own."""

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analyzer.pytest_plugin import pytest_configure
from command import ROOT

SAMPLES = ROOT / "samples"
DECLINED = SAMPLES / "declined_after_ringing.pcap"
ANSWERED = SAMPLES / "answered.pcap"
Suite = pytest.Pytester


@pytest.fixture
def suite(pytester: Suite) -> Suite:
    """Give a test suite with two recordings."""
    for path in (DECLINED, ANSWERED):
        (pytester.path / path.name).write_bytes(path.read_bytes())
    return pytester


def run(suite: Suite, *arguments: str) -> pytest.RunResult:
    """Run a suite in a process of its own: what it imports must not be imported anew here."""
    return suite.runpytest_subprocess("-p", "no:randomly", "-p", "no:cacheprovider", *arguments)


def test_a_capture_is_open_to_a_test(suite: Suite) -> None:
    """Calls, transactions and findings, any field of a policy, and assertions that hold."""
    suite.makepyfile("""
        def test_answered(sip_capture):
            capture = sip_capture("answered.pcap")
            call = capture.call(callee="bob")
            assert (call.outcome, call.status) == ("answered", 200)
            assert call.caller == "alice@example.com"
            assert call["setup_ms"] < 10_000
            assert call.messages[0] == "INVITE"
            call.assert_outcome("answered", 200)
            call.assert_sequence("INVITE 18x* 200 ACK ... BYE 200")
            call.assert_no_findings()
            assert [each.method for each in capture.transactions] == ["INVITE", "BYE"]
            capture.assert_passes()
            capture.assert_expectation("calls", calls={"outcome": "answered"}, **{"count|gte": 1})

        def test_declined(sip_capture):
            capture = sip_capture("declined_after_ringing.pcap")
            finding, = capture.findings
            assert (finding.rule, finding.case) == ("RSP603", "declined-after-ringing")
            assert (finding.severity, finding.frame, finding.call) == ("notice", 4, 0)
            assert repr(capture.call()) == (
                "<call #0 alice@example.com -> bob@example.com: declined 603>"
            )
            assert repr(capture.transactions[0]) == "<INVITE in frame 1: 603 Decline>"
            assert "603 Decline" in capture.call().ladder

        def test_both(sip_capture):
            assert len(sip_capture("answered.pcap", "declined_after_ringing.pcap").calls) == 2
    """)
    run(suite).assert_outcomes(passed=3)


FAILURES = [
    ("call.assert_outcome('answered')", "*the call was to be answered*"),
    ("call.assert_outcome('declined', 600)", "*the call was to be declined 600*"),
    (
        "call.assert_sequence('INVITE 180 200 ...')",
        "*comes 603(INVITE) where 200 was expected*",
    ),
    ("call.assert_sequence('INVITE 180 603 ACK BYE')", "*comes the end of the call where BYE*"),
    ("call.assert_no_findings()", "*<notice RSP603.declined-after-ringing in frame 4:*"),
    ("capture.assert_expectation('x', calls={}, count=3)", "*calls: count is 1*count is 3*"),
    ("capture.call(callee='carol')", "*one call, callee carol was expected, there are 0*"),
    ("assert call.outcome == 'answered'", "*<call #0 alice@example.com*: declined 603>*"),
]
"""Statement of a test, and what is told of it."""


def test_a_failure_shows_the_ladder(suite: Suite) -> None:
    """What was wanted, what there is, and the messages between whom."""
    tests = (
        f"def test_{number}(sip_capture):\n"
        "    capture = sip_capture('declined_after_ringing.pcap')\n"
        "    call = capture.call()\n"
        f"    {statement}\n"
        for number, (statement, _) in enumerate(FAILURES)
    )
    suite.makepyfile("\n\n".join(tests))
    result = run(suite)
    result.assert_outcomes(failed=len(FAILURES))
    for number, (_, told) in enumerate(FAILURES):
        result.stdout.fnmatch_lines(
            [f"*_ test_{number} _*", told, "*|<------- 603 Decline --------|*"]
        )


def test_policy_rules_and_severity_come_from_marker_and_configuration(suite: Suite) -> None:
    """The marker goes before the ini option, that before the nearest sipwhy.yml."""
    (suite.path / "strict.yml").write_text("fail_on: notice\n")
    (suite.path / "other.yml").write_text("ignore: RSP603\n")
    (suite.path / "sipwhy.yml").write_text("expectations: [{name: busy, calls: {outcome: busy}}]\n")
    suite.makepyfile("""
        import pytest

        def test_nearest(sip_capture):
            with pytest.raises(AssertionError, match="NOT MET  busy"):
                sip_capture("answered.pcap").assert_passes()

        @pytest.mark.sip(policy="strict.yml")
        def test_marker(sip_capture):
            with pytest.raises(AssertionError, match="declined-after-ringing"):
                sip_capture("declined_after_ringing.pcap").assert_passes()

        @pytest.mark.sip(policy="other.yml", fail_on="info")
        def test_ignored(sip_capture):
            capture = sip_capture("declined_after_ringing.pcap")
            capture.assert_passes()
            assert capture.findings == []
    """)
    run(suite, "--strict-markers").assert_outcomes(passed=3)
    suite.makeini("[pytest]\nsip_policy = other.yml\n")
    suite.makepyfile("""
        def test_configured(sip_capture):
            sip_capture("declined_after_ringing.pcap").assert_passes()
    """)
    run(suite).assert_outcomes(passed=1)
    suite.makeini("[pytest]\nsip_policy = strict.yml\nsip_fail_on = error\n")
    run(suite).assert_outcomes(passed=1)


def test_mistakes_are_told_in_a_line(suite: Suite) -> None:
    """A capture that is not there, a policy with a fault, an expectation with a slip."""
    (suite.path / "faulty.yml").write_text("fail_on: bad\n")
    suite.makepyfile("""
        import pytest

        def test_missing(sip_capture):
            sip_capture("missing.pcap")

        @pytest.mark.sip(policy="faulty.yml")
        def test_policy(sip_capture):
            pass

        def test_slip(sip_capture):
            with pytest.raises(ValueError, match='calls.outcom: unknown field "outcom"'):
                sip_capture("answered.pcap").assert_expectation("x", calls={"outcom": "busy"})
    """)
    result = run(suite)
    result.assert_outcomes(passed=1, failed=1, errors=1)
    result.stdout.fnmatch_lines(["*missing.pcap*"])
    result.stdout.fnmatch_lines(['*faulty.yml:1:10: "bad" is none of*'])


def test_evidence_of_failures_is_kept(suite: Suite) -> None:
    """The capture and a report, for tests that fail and no others."""
    suite.makepyfile("""
        def test_good(sip_capture):
            sip_capture("answered.pcap").assert_passes()

        def test_bad(sip_capture):
            sip_capture("declined_after_ringing.pcap").call().assert_outcome("answered")
    """)
    run(suite, "--sip-report", "evidence").assert_outcomes(passed=1, failed=1)
    (folder,) = (suite.path / "evidence").iterdir()
    assert folder.name.endswith("test_bad")
    kept = {each.name: each for each in folder.iterdir()}
    assert kept["capture-0-declined_after_ringing.pcap"].read_bytes() == DECLINED.read_bytes()
    report = kept["capture-0.txt"].read_text(encoding="utf-8")
    assert "the call was to be answered" in report
    assert "603 Decline" in report


def test_evidence_of_alike_tests_is_kept_apart(suite: Suite) -> None:
    """Parameters that look the same in the name of a directory; a test that changed directory."""
    suite.makepyfile("""
        import pytest

        @pytest.mark.parametrize("name", ["a/b", "a-b"])
        def test_bad(sip_capture, monkeypatch, tmp_path, name):
            capture = sip_capture("answered.pcap")
            monkeypatch.chdir(tmp_path)
            capture.call().assert_outcome("busy")
    """)
    result = run(suite, "--sip-report", "evidence")
    result.assert_outcomes(failed=2)
    folders = list((suite.path / "evidence").iterdir())
    assert len(folders) == 2
    for folder in folders:
        assert (folder / "capture-0-answered.pcap").read_bytes() == ANSWERED.read_bytes()


def test_messages_name_files_as_seen_from_here(suite: Suite) -> None:
    """As the policy and the captures would be named on the command line."""
    (suite.path / "sipwhy.yml").write_text("expectations: [{name: busy, calls: {outcome: busy}}]\n")
    suite.makepyfile("""
        def test_it(sip_capture):
            sip_capture("answered.pcap").assert_passes()
    """)
    result = run(suite)
    result.stdout.fnmatch_lines(["*FAIL  answered.pcap", "* in sipwhy.yml."])


def test_a_long_list_of_findings_is_cut(suite: Suite) -> None:
    """Evidence is read by people: the first findings, and how many more."""
    (suite.path / "many.pcap").write_bytes((SAMPLES / "tunnels.pcap").read_bytes())
    suite.makepyfile("""
        def test_it(sip_capture):
            assert sip_capture("many.pcap").findings == []
    """)
    run(suite).stdout.fnmatch_lines(["*SIP captures*", "*more findings*"])


def test_other_test_suites_pay_nothing(tmp_path: Path) -> None:
    """A run without the fixture imports no more of sipwhy than the plugin itself, nor numpy."""
    (tmp_path / "test_other.py").write_text(
        "import json, sys\n"
        "def test_it():\n"
        "    names = [n for n in sys.modules if n.split('.')[0] in ('analyzer', 'numpy', 'yaml')]\n"
        "    open('modules.json', 'w').write(json.dumps(sorted(names)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "analyzer.pytest_plugin", "test_other.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    modules = json.loads((tmp_path / "modules.json").read_text())
    assert modules == ["analyzer", "analyzer.pytest_plugin", "analyzer.version"]
    points = importlib.metadata.entry_points(group="pytest11")
    assert points["sipwhy"].value == "analyzer.pytest_plugin"


def test_the_marker_is_known(pytestconfig: pytest.Config) -> None:
    """`--strict-markers` takes it."""
    pytest_configure(pytestconfig)
    assert any(line.startswith("sip(") for line in pytestconfig.getini("markers"))
