"""Conditions and orders as the command line gives them."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from analyzer.annotate.conditions import holding
from analyzer.annotate.items import load_kinds
from analyzer.annotate.where import field_to_sort_by, in_order, read_where, shown_values
from analyzer.errors import UsageError
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]
CALLS = load_kinds()["calls"]

FOUR = """
-> INVITE sip:+81312345678@example.com SIP/2.0
   Call-ID: one
   To: <sip:+81312345678@example.com>
<- SIP/2.0 180 Ringing
   Call-ID: one
+12s <- SIP/2.0 603 Decline
   Call-ID: one
-> INVITE sip:bob@example.com SIP/2.0
   Call-ID: two
   User-Agent: 42
+2s <- SIP/2.0 486 Busy Here
   Call-ID: two
-> INVITE sip:carol@example.com SIP/2.0
   Call-ID: three
   To: <sip:carol@example.com>
<- SIP/2.0 180 Ringing
   Call-ID: three
+3s <- SIP/2.0 200 OK
   Call-ID: three
-> INVITE sip:dave@example.com SIP/2.0
   Call-ID: four
   To: <tel:+81-3-1234-0000>
"""


def found(trace: Trace, *conditions: str) -> list[int]:
    """Return the calls for which conditions hold."""
    items = CALLS.items(trace, {})
    rows: Sequence[int] = holding(
        read_where(conditions, CALLS), items.subject, np.arange(len(items))
    ).tolist()
    return list(rows)


@pytest.mark.parametrize(
    ("conditions", "calls"),
    [
        ([], [0, 1, 2, 3]),
        (["outcome=declined"], [0]),
        (["call.outcome=declined"], [0]),
        (["outcome|not=declined"], [1, 2, 3]),
        (["outcome=[declined, busy]"], [0, 1]),
        (["ring_ms|gt=10000"], [0]),
        (["ring_ms|lte=3000.5"], [2]),
        (["ring_ms|exists=false"], [1, 3]),
        (["callee.user|startswith=+81"], [0, 3]),
        (["callee.user=+81312345678"], [0]),
        (["callee|matches=^(bob|carol)@"], [1, 2]),
        (["final_status|gte=400", "ring_ms|exists=true"], [0]),
        (["request.user_agent=42"], [1]),
        (["request.user_agent|gt=41"], [1]),
        (["call_id|contains=o"], [0, 1, 3]),
    ],
)
def test_conditions_pick_calls(trace_of: TraceOf, conditions: list[str], calls: list[int]) -> None:
    """Fields and operators are those of policies; all conditions have to hold."""
    assert found(trace_of(FOUR), *conditions) == calls


FAULTS = [
    ("outcom=declined", 'unknown field "outcom", did you mean "outcome"?'),
    ("outcome=declind", '"outcome" is never "declind", did you mean "declined"?'),
    ("ring_ms|gtt=1", 'unknown operator "gtt", did you mean "gt"?'),
    ("ring_ms|gt=long", "`gt` needs a number"),
    ("ring_ms=long", 'the field "ring_ms" is a number'),
    ("callee|matches=(", "the pattern cannot be read"),
    ("ring_ms|exists=perhaps", "true or false"),
    ("ring_ms", "expected FIELD=VALUE"),
    ("=5", "expected FIELD=VALUE"),
    ("outcome=[]", "the list is empty"),
]


@pytest.mark.parametrize(("condition", "fault"), FAULTS)
def test_a_wrong_condition_is_named(condition: str, fault: str) -> None:
    """What is wrong, and what was meant."""
    with pytest.raises(UsageError) as raised:
        read_where([condition], CALLS)
    assert str(raised.value).startswith(f"--where {condition}: ")
    assert fault in str(raised.value)


def test_all_wrong_conditions_are_named() -> None:
    """Who mends one does not have to ask again for the next."""
    with pytest.raises(UsageError) as raised:
        read_where(["outcom=x", "ring_ms|gt=x"], CALLS)
    assert str(raised.value).count("--where") == 2


@pytest.mark.parametrize(
    ("field", "order"),
    [
        ("ring_ms", [2, 0, 1, 3]),
        ("-ring_ms", [0, 2, 1, 3]),
        ("callee.user", [3, 0, 1, 2]),
        ("-call.final_status", [0, 1, 2, 3]),
        ("outcome", [2, 1, 0, 3]),
        ("-id", [3, 2, 1, 0]),
    ],
)
def test_calls_are_sorted(trace_of: TraceOf, field: str, order: list[int]) -> None:
    """By value, calls without one last; equal ones stay in their order."""
    items = CALLS.items(trace_of(FOUR), {})
    name, descending = field_to_sort_by(field, CALLS)
    assert in_order(items, np.arange(4), name, descending=descending).tolist() == order


def test_an_unknown_field_to_sort_by() -> None:
    """The near one is named."""
    with pytest.raises(UsageError, match=r'--sort -ring: .* did you mean "ring_ms"\?'):
        field_to_sort_by("-ring", CALLS)


def test_nothing_to_sort(trace_of: TraceOf) -> None:
    """No calls are in order."""
    items = CALLS.items(trace_of("-> OPTIONS sip:b@h SIP/2.0"), {})
    assert in_order(items, np.arange(0), "ring_ms", descending=True).tolist() == []


def test_values_are_shown_in_the_order_of_the_rows(trace_of: TraceOf) -> None:
    """One column for each field."""
    items = CALLS.items(trace_of(FOUR), {})
    shown = shown_values(items, np.array([2, 0]), ["final_status", "callee.user"])
    assert shown == {"final_status": [200, 603], "callee.user": ["carol", "+81312345678"]}
