"""The output for people."""

from collections.abc import Callable
from pathlib import Path

from analyzer.check.model import CheckReport, Unreadable
from analyzer.check.outputs.text import Page, check_lines
from checked import ANSWERED, DECLINED, HOSTILE, check, policy_of, report_of
from ci_commands import commands

CaptureOf = Callable[..., Path]


def printed(report: CheckReport, *, verbose: bool = False, language: str = "en") -> str:
    """Return the text."""
    lines = check_lines(report, Page(language, 200, verbose))
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)


def test_what_failed_where_why_and_what_to_do(capture_of: CaptureOf, tmp_path: Path) -> None:
    """File, frame, call, parties; the ladder with the deciding message marked; one line last."""
    text = (
        "fail_on: notice\nexpectations: [{name: calls succeed, calls: {outcome: declined}, "
        "count: 0, do: Look at the PBX.}]"
    )
    page = printed(report_of(check(capture_of(DECLINED), policy_of(tmp_path, text))))
    assert page.startswith(f"FAIL  {tmp_path}/dialogue.pcap\n  NOTICE  603 Decline: ")
    place = f"{tmp_path}/dialogue.pcap, frame 2, call #0, alice@example.com -> bob@example.com"
    assert page.count(place) == 1
    assert "dialogue.pcap, frame 1, call #0" in page
    assert "2* |" in page
    assert "NOT MET  calls succeed" in page
    assert "Look at the PBX." in page
    assert page.splitlines()[-1] == (
        "1 recording; 1 failed; 1 failing finding; 1 expectation not met"
    )


def test_what_the_rules_know_of_an_unexpected_call_is_told(
    capture_of: CaptureOf, tmp_path: Path
) -> None:
    """A finding that does not fail by itself may say why an expectation is not met."""
    policy = policy_of(tmp_path, "expectations: [{name: x, calls: {}, sequence: INVITE 200 ACK}]")
    page = printed(report_of(check(capture_of(DECLINED), policy)))
    assert "Finding     603 Decline: not-alerted. " in page


def test_what_passes_takes_a_line(capture_of: CaptureOf, tmp_path: Path) -> None:
    """`-v` shows what is met, and findings that do not fail."""
    policy = policy_of(tmp_path, "expectations: [{name: a call, calls: {}}]")
    report = report_of(check(capture_of(DECLINED), policy))
    assert printed(report).splitlines() == [
        f"ok    {tmp_path}/dialogue.pcap",
        "1 recording; all passed; 1 other finding; 1 met",
    ]
    assert "NOTICE  603 Decline" in printed(report, verbose=True)
    assert "met  a call" in printed(report, verbose=True)


def test_alike_findings_are_shown_together(capture_of: CaptureOf, tmp_path: Path) -> None:
    """One block, one ladder, and the frames of the others."""
    again = "\n".join(
        DECLINED.replace(" SIP/2.0\n", f" SIP/2.0\n       Call-ID: c{number}\n").replace(
            "603 Decline\n", f"603 Decline\n       Call-ID: c{number}\n"
        )
        for number in range(3)
    )
    page = printed(report_of(check(capture_of(again), policy_of(tmp_path, "fail_on: info"))))
    assert page.count("603 Decline: ") == 1
    assert "(3 times)" in page
    assert "Also" in page
    assert page.count("---- INVITE ----") == 1


def test_empty_and_unreadable(capture_of: CaptureOf) -> None:
    """Said as failures, with what to do."""
    report = CheckReport((check(capture_of("")),), (Unreadable("b", "b: is no capture"),), "", "")
    page = printed(report)
    assert "UNREADABLE  b\n" in page
    assert "no SIP in" in page
    assert page.splitlines()[-1] == "1 recording; 1 failed; 1 cannot be read"


def test_hostile_text_is_neither_command_nor_control(capture_of: CaptureOf, tmp_path: Path) -> None:
    """Whatever a capture says, in a log it is text."""
    policy = policy_of(tmp_path, "fail_on: info\nexpectations: [{name: x, calls: {}, count: 0}]")
    page = printed(report_of(check(capture_of(HOSTILE), policy)), verbose=True)
    assert commands(page) == []
    assert "\x1b" not in page
    assert "forged" in page


def test_japanese(capture_of: CaptureOf) -> None:
    """The page speaks the language asked for."""
    page = printed(report_of(check(capture_of(ANSWERED), language="ja")), language="ja")
    assert page.splitlines()[-1] == "記録 1 件、すべて合格"
