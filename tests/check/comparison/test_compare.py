"""Two recordings of one scenario."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.check.comparison.compare import Compared, Tolerance, compare
from analyzer.check.comparison.described import describe_trace
from analyzer.cli import run
from analyzer.pipeline import open_trace
from checked import ANSWERED, DECLINED
from ci_commands import commands

CaptureOf = Callable[..., Path]
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def call(text: str, call_id: str, callee: str = "bob") -> str:
    """Return a dialogue as another call."""
    lines = []
    for line in text.replace("bob", callee).splitlines():
        lines.append(line)
        if "SIP/2.0" in line:
            lines.append(f"       Call-ID: {call_id}")
            lines.append(f"       From: <sip:alice@example.com>;tag={call_id}")
    return "\n".join(lines)


def compared(before: Path, after: Path, tolerance: Tolerance = Tolerance()) -> list[Compared]:  # noqa: B008 - it is frozen
    """Compare two captures."""
    found = []
    for path in (before, after):
        with open_trace([str(path)]) as trace:
            found.append(describe_trace(trace))
    return compare(found[0], found[1], tolerance)


def changes(found: Compared) -> dict[str, tuple[object, object]]:
    """Return what has changed."""
    return {each.what: (each.before, each.after) for each in found.changes}


def test_another_run_of_the_same_is_alike(capture_of: CaptureOf) -> None:
    """Other Call-IDs, tags and times within the tolerance."""
    before = capture_of(call(ANSWERED, "one"), "before.pcap")
    after = capture_of(
        "+7s -> OPTIONS sip:x@example.com SIP/2.0" + call(ANSWERED.replace("+2s", "+2.3s"), "two"),
        "after.pcap",
    )
    (pair,) = compared(before, after)
    assert pair.is_same


def test_what_has_changed_is_named(capture_of: CaptureOf) -> None:
    """Outcome, status, messages, findings; a time beyond the tolerance."""
    before = capture_of(call(ANSWERED, "one"), "before.pcap")
    (pair,) = compared(before, capture_of(call(DECLINED, "two"), "after.pcap"))
    found = changes(pair)
    assert found["outcome"] == ("answered", "declined")
    assert found["final_status"] == (200, 603)
    assert found["messages"] == (
        "INVITE 180(INVITE) 200(INVITE) ACK BYE 200(BYE)",
        "INVITE 603(INVITE) ACK",
    )
    assert str(found["findings"][1]).startswith("RSP603.")
    slow = capture_of(call(ANSWERED.replace("+2s", "+4s"), "three"), "slow.pcap")
    assert "setup_ms" in changes(compared(before, slow)[0])
    assert compared(before, slow, Tolerance(ms=3000))[0].is_same
    assert compared(before, slow, Tolerance(ms=0, share=1.5))[0].is_same


def test_headers_that_matter_are_compared(capture_of: CaptureOf) -> None:
    """A Reason that is new, and not the User-Agent, which is new with every version."""
    text = DECLINED.replace("Decline\n", "Decline\n       Reason: Q.850;cause=21\n")
    text = text.replace("SIP/2.0\n    +", "SIP/2.0\n       User-Agent: x\n    +")
    before, after = capture_of(DECLINED, "before.pcap"), capture_of(text, "after.pcap")
    found = changes(compared(before, after)[0])
    assert found["response.reason"] == (None, "Q.850;cause=21")
    assert "request.user_agent" not in found


def test_calls_are_paired_by_numbers_and_order(capture_of: CaptureOf) -> None:
    """One call less in the middle does not shift the others; a new callee is an added call."""
    texts = [ANSWERED, DECLINED, ANSWERED]
    before = capture_of(
        "".join(call(text, f"b{at}") for at, text in enumerate(texts)), "before.pcap"
    )
    after = capture_of(
        call(ANSWERED, "a0") + call(ANSWERED, "a1") + call(DECLINED, "a2", "carol"), "after.pcap"
    )
    found = compared(before, after)
    assert [(each.before is not None, each.after is not None, each.is_same) for each in found] == [
        (True, True, True),
        (True, False, False),
        (True, True, True),
        (False, True, False),
    ]


def test_recordings_without_a_common_name_are_paired_by_order(capture_of: CaptureOf) -> None:
    """Numbers that a load generator makes up each time."""
    before = capture_of(call(ANSWERED, "one", "n123"), "before.pcap")
    after = capture_of(call(ANSWERED, "two", "n456"), "after.pcap")
    assert [each.is_same for each in compared(before, after)] == [True]


def test_the_command(capture_of: CaptureOf, capsys: Captured) -> None:
    """Exit statuses as those of `check`; what has changed on standard output."""
    before, after = capture_of(ANSWERED, "before.pcap"), capture_of(DECLINED, "after.pcap")
    assert run(["diff", str(before), str(before)]) == 0
    assert capsys.readouterr().out == "1 alike\n"
    assert run(["diff", str(before), str(after)]) == 1
    out = capsys.readouterr().out
    assert "outcome: answered -> declined" in out
    assert "603 Decline" in out
    assert out.splitlines()[-1] == "0 alike; 1 changed"
    assert run(["diff", str(before), str(after), "--exit-zero"]) == 0
    capsys.readouterr()
    assert run(["diff", str(before), str(after), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["same"] is False
    assert {"what": "final_status", "before": 200, "after": 603} in found["compared"][0]["changes"]
    empty = str(capture_of("", "empty.pcap"))
    assert run(["diff", empty, empty]) == 3
    assert run(["diff", str(before), "missing.pcap"]) == 2
    assert run(["diff", str(before), str(after), "--header", "Authorization"]) == 2


def test_a_further_header(capture_of: CaptureOf, capsys: Captured) -> None:
    """--header compares one that is not looked at by itself."""
    text = ANSWERED.replace("SIP/2.0\n    +", "SIP/2.0\n       X-Lab: 7\n    +", 1)
    before, after = capture_of(ANSWERED, "before.pcap"), capture_of(text, "after.pcap")
    assert run(["diff", str(before), str(after)]) == 0
    assert run(["diff", str(before), str(after), "--header", "X-Lab"]) == 1
    assert "request.x_lab: absent -> 7" in capsys.readouterr().out


def test_hostile_text_is_no_command(capture_of: CaptureOf, capsys: Captured) -> None:
    """Headers of a capture are shown, and forge nothing."""
    text = DECLINED.replace("Decline\n", "Decline\n       Server: ::error::##[x]\n")
    before, after = capture_of(DECLINED, "before.pcap"), capture_of(text, "after.pcap")
    assert run(["diff", str(before), str(after)]) == 1
    out = capsys.readouterr().out
    assert "response.server" in out
    assert commands(out) == []
