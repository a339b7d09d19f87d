"""Where a fault is in a rule file."""

from analyzer.annotate.faults import Fault, did_you_mean, located


def test_places_of_values_and_keys() -> None:
    """A fault is at its value, or its key; one that is not there, at what surrounds it."""
    text = "id: x\ncases:\n  - id: a\n    when: {b: 1}\n"
    faults = [
        Fault(("cases", 0, "when", "b"), "value"),
        Fault(("cases", 0, "when"), "key", at_key=True),
        Fault(("cases", 0, "message", "en"), "missing"),
        Fault((), "whole"),
    ]
    assert located("f", text, faults) == [
        "f:1:1: whole",
        "f:3:5: missing",
        "f:4:5: key",
        "f:4:15: value",
    ]


def test_suggestions() -> None:
    """A near name is suggested, a far one is not."""
    assert did_you_mean("methd", ["method", "status"]) == ', did you mean "method"?'
    assert did_you_mean("zzz", ["method"]) == ""
