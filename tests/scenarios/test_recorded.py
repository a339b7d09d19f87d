"""Calls between real stacks, recorded on loopback: the records say what their scenarios do."""

import pytest
from scenario import Expected, differences

from command import ROOT, report_of

RECORDED: dict[str, list[Expected]] = {
    # one phone rings for 300 ms and is busy, the other answers after 800 ms; the caller hangs up
    # after a second: samples/calls/busy.xml, answering.xml, calling.xml
    "forked": [
        {
            "outcome": "answered",
            "ended_by": "caller",
            "forks": 2,
            "answers": 1,
            "path": [
                {"depth": 0, "sent_on_from": None},
                {"depth": 1, "sent_on_from": 0},
                {"depth": 1, "sent_on_from": 0},
            ],
            "first_final_from": {"port": 5091},
            "changed_on_the_way": [],
        }
    ],
    # the proxy cancels the phone that still rings
    "forked_first_wins": [
        {
            "outcome": "answered",
            "answers": 1,
            "path": [{"depth": 0}, {"depth": 1}, {"depth": 1}],
            "first_final_from": {"port": 5091},
            "changed_on_the_way": [],
        }
    ],
}


SESSIONS: dict[str, list[Expected]] = {
    # samples/sessions/ringing_reliably.xml: 183, after the PRACK 500 ms until 180, then 1 s
    "reliable": [
        {
            "outcome": "answered",
            "ended_by": "caller",
            "forks": 1,
            "codecs": {"offered": ["PCMU"], "answered": ["PCMU"]},
            "events": [],
        }
    ],
    # refreshing.xml: UPDATE after 3 s; the caller, who refreshes, hangs up 4 s later
    "refreshed": [
        {
            "outcome": "answered",
            "ended_by": "caller",
            "session_expires_s": 6,
            "events": [{"kind": "refreshed", "by": "caller", "status": 200}],
        }
    ],
    # running_out.xml: the callee waits 4 of 6 s, then says so in the Reason of its BYE
    "ran_out": [
        {
            "outcome": "answered",
            "ended_by": "callee",
            "session_expires_s": 6,
            "end_reason": 'SIP;cause=408;text="Session timer expired"',
            "events": [{"kind": "not_refreshed"}],
        }
    ],
    # answering_across.xml: 200 to the INVITE after the CANCEL came; too_late.xml hangs up at once
    "too_late": [
        {
            "outcome": "answered",
            "ended_by": "caller",
            "events": [{"kind": "cancel_crossed", "by": "caller", "status": 200}],
        }
    ],
}
TWO_LEGS: Expected = {
    "outcome": "answered",
    "ended_by": "caller",
    "path": [{"depth": 0, "sent_on_from": None}, {"depth": 1}],
    "hops": ["127.0.0.2", "127.0.0.10", "127.0.0.3"],
    "first_final_from": {"address": "127.0.0.3"},
}
B2BUA: dict[str, list[Expected]] = {
    "derived_call_id": [
        {
            **TWO_LEGS,
            "joined_by": [
                {"evidence": ["derived_call_id", "media", "numbers"], "confidence": "high"}
            ],
        }
    ],
    "same_call_id": [
        {
            **TWO_LEGS,
            "joined_by": [{"evidence": ["call_id", "media", "numbers"], "confidence": "high"}],
        }
    ],
    # the agent offers its own media and a Call-ID of its own: numbers alone join nothing
    "new_call_id": [{"joined_by": [], "outcome": "answered"}] * 2,
    # ../sipp/blocking.xml sends a Reason, which the agent leaves out
    "blocked": [
        {
            "outcome": "blocked",
            "changed_on_the_way": [{"element": {"address": "127.0.0.10"}, "what": ["reason"]}],
        }
    ],
}


@pytest.mark.parametrize(
    ("folder", "name", "calls"),
    [
        (folder, name, calls)
        for folder, recorded in (("calls", RECORDED), ("sessions", SESSIONS), ("b2bua", B2BUA))
        for name, calls in recorded.items()
    ],
)
def test_calls_of_real_stacks(folder: str, name: str, calls: list[Expected]) -> None:
    """SIPp phones, also behind Kamailio, sippy and baresip: what their scenarios do is told."""
    report = report_of(str(ROOT / "samples" / folder / f"{name}.pcap"))
    assert differences(calls, report["calls"], name) == []


def test_a_caller_of_a_real_stack_gives_up() -> None:
    """The proxy cancels both ringing phones, and all three hops end with 487."""
    (call,) = report_of(str(ROOT / "samples" / "calls" / "given_up.pcap"))["calls"]
    assert (call["outcome"], call["final_status"], call["ended_by"]) == (
        "cancelled",
        487,
        "caller",
    )
    assert [hop["depth"] for hop in call["path"]] == [0, 1, 1]
    assert call["changed_on_the_way"] == []
