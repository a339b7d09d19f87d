"""Calls between real stacks, recorded on loopback: the records say what their scenarios do."""

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


def test_forks_of_real_stacks() -> None:
    """SIPp phones behind Kamailio: one call, three hops, the answer of the right phone."""
    for name, calls in RECORDED.items():
        report = report_of(str(ROOT / "samples" / "calls" / f"{name}.pcap"))
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
