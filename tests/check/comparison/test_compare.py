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
PING = """
    +7s -> OPTIONS sip:bob@example.com SIP/2.0
       Call-ID: ping
    <- SIP/2.0 200 OK
       Call-ID: ping
"""
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
    before = capture_of(call(ANSWERED, "one") + PING, "before.pcap")
    text = PING + call(ANSWERED.replace("+2s", "+2.3s"), "two")
    after = capture_of(f"{text}\n{PING.replace('ping', 'pong')}", "after.pcap")
    assert [each.is_same for each in compared(before, after)] == [True, True]


def test_requests_outside_calls_are_compared(capture_of: CaptureOf) -> None:
    """OPTIONS by what they are answered, however many; each MESSAGE by itself; what has gone."""
    message = """
        -> MESSAGE sip:bob@example.com SIP/2.0
           Call-ID: text
        <- SIP/2.0 200 OK
           Call-ID: text
    """
    before = capture_of(PING + message, "before.pcap")
    refused = PING.replace("200 OK", "404 Not Found") + message.replace("200 OK", "202 Accepted")
    options, text = compared(before, capture_of(refused, "after.pcap"))
    assert (options.before and options.before.method) == "OPTIONS"
    assert changes(options)["final_status"] == ("200", "404")
    assert (text.after and text.after.method) == "MESSAGE"
    assert changes(text)["final_status"] == ("200", "202")
    gone, same = compared(before, capture_of(message, "less.pcap"))
    assert (gone.after, same.is_same) == (None, True)


def test_findings_of_subscriptions_are_compared(capture_of: CaptureOf) -> None:
    """A 204 where a 200 came before: its explanation is a change of the subscription."""
    text = """
        -> SUBSCRIBE sip:bob@example.com SIP/2.0
           Event: presence
           Expires: 600
        <- SIP/2.0 200 OK
           Expires: 600
    """
    before = capture_of(text, "before.pcap")
    after = capture_of(text.replace("200 OK", "204 No Notification"), "after.pcap")
    (pair,) = compared(before, after)
    assert pair.before is not None
    assert pair.before.kind == "subscriptions"
    assert changes(pair)["findings"][0] == ""
    assert str(changes(pair)["findings"][1]).startswith("RSP204.")


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


def test_files_of_directories_are_compared_by_name(capture_of: CaptureOf, capsys: Captured) -> None:
    """Each with its namesake, whatever the order; places name the file; --together ends that."""
    for side, texts in (("old", (ANSWERED, DECLINED)), ("new", (ANSWERED, ANSWERED))):
        for name, text in zip(("one", "two"), texts, strict=True):
            path = capture_of(call(text, f"{side}-{name}"))
            path.parent.joinpath(side).mkdir(exist_ok=True)
            path.rename(path.parent / side / f"{name}.pcap")
    folder = path.parent
    old, new = str(folder / "old"), str(folder / "new")
    assert run(["diff", old, old]) == 0
    assert run(["diff", old, new]) == 1
    out = capsys.readouterr().out
    assert f"{old}/two.pcap, frame 1 -> {new}/two.pcap, frame 1" in out
    assert out.endswith("1 alike; 1 changed\n")
    (folder / "new" / "two.pcap").rename(folder / "new" / "three.pcap")
    assert run(["diff", old, new]) == 1
    assert f"{old}/two.pcap, frame 1 -> {new}/three.pcap, frame 1" in capsys.readouterr().out
    assert run(["diff", old, new, "--together"]) == 1
    (folder / "new" / "three.pcap").write_bytes(b"")
    assert run(["diff", old, new]) == 2


def test_alike_changes_are_told_once(capture_of: CaptureOf, capsys: Captured) -> None:
    """The first with its ladder, the others by their frames."""
    before = capture_of("".join(call(ANSWERED, f"b{at}") for at in range(3)), "before.pcap")
    after = capture_of("".join(call(DECLINED, f"a{at}") for at in range(3)), "after.pcap")
    assert run(["diff", str(before), str(after)]) == 1
    out = capsys.readouterr().out
    assert out.count("outcome: answered -> declined") == 1
    assert "(3 times)" in out
    assert "also: frames 7 -> 4, 13 -> 7" in out
    assert "setup_ms" not in out
    assert out.endswith("0 alike; 3 changed\n")
