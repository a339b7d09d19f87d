"""Statistics that can be added up."""

from collections.abc import Callable

from analyzer.tables.trace import Trace
from json_output import json_of

TraceOf = Callable[[str], Trace]


def call(number: int, answer: str) -> str:
    """Return a call with an answer."""
    return (
        f"-> INVITE sip:bob@example.com SIP/2.0\n   Call-ID: {number}\n"
        f"<- SIP/2.0 {answer}\n   Call-ID: {number}\n"
    )


def test_ratios_have_their_parts(trace_of: TraceOf) -> None:
    """Redirected calls and those without a known end are in no denominator (RFC 6076 §4.6)."""
    answers = ["200 OK", "603 Decline", "486 Busy Here", "302 Moved", "100 Trying", "200 OK"]
    dialogue = "".join(call(number, answer) for number, answer in enumerate(answers))
    statistics = json_of(trace_of(dialogue))["statistics"]
    assert statistics["session_establishment_ratio"] == {
        "ratio": 0.5,
        "numerator": 2,
        "denominator": 4,
    }
    assert statistics["decline_ratio"] == {"ratio": 0.25, "numerator": 1, "denominator": 4}
    assert {"method": "INVITE", "status": 200, "count": 2} in statistics["by_status"]
    assert sum(each["count"] for each in statistics["by_status"]) == 5
    assert statistics["by_rule"] == [
        {"rule": "RSP302", "case": "no-contact", "count": 1},
        {"rule": "RSP486", "case": "in-another-call", "count": 1},
        {"rule": "RSP603", "case": "not-alerted", "count": 1},
    ]
    peers = ("address", "as_client", "as_server", "findings", "calls", "answered", "failed")
    assert [[each[key] for key in peers] for each in statistics["by_peer"]] == [
        ["192.0.2.1", 6, 0, 0, 0, 0, 0],
        ["192.0.2.2", 0, 6, 3, 6, 2, 2],
    ]


def test_nothing_to_divide_by(trace_of: TraceOf) -> None:
    """Without calls the ratios are null, not made up."""
    statistics = json_of(trace_of("-> OPTIONS sip:b@h SIP/2.0"))["statistics"]
    expected = {"ratio": None, "numerator": 0, "denominator": 0}
    assert statistics["decline_ratio"] == statistics["session_establishment_ratio"] == expected
    assert statistics["by_status"] == statistics["by_rule"] == []
    assert statistics["peers"] == 2
