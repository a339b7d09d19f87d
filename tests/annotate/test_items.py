"""Calls, responses, findings and the rest, with the fields that a policy may name."""

from collections.abc import Callable

import pytest

from analyzer.annotate.fields import KINDS, UNKNOWN
from analyzer.annotate.items import item_field, load_kinds
from analyzer.pipeline import open_trace
from analyzer.tables.calls import CallTable, Outcome
from analyzer.tables.trace import Trace
from command import ROOT

TraceOf = Callable[[str], Trace]
SAMPLES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "samples").rglob("*.pcap"))
CALL = """
    -> INVITE sip:bob@example.com SIP/2.0
       User-Agent: Lab/1
    +0.1s <- SIP/2.0 180 Ringing
    +2s <- SIP/2.0 200 OK
    -> ACK sip:bob@example.com SIP/2.0
    +5s -> BYE sip:bob@example.com SIP/2.0
    <- SIP/2.0 200 OK
"""


def values(trace: Trace, kind: str, field: str) -> list[object]:
    """Return the values of a field of all items."""
    load_kinds()[kind].find(field)
    return list(load_kinds()[kind].items(trace, {}).subject.values(field))


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_field_of_every_kind_has_a_value_for_each_item(sample: str) -> None:
    """Of its kind: a number, a text or a flag, or none; one per item."""
    with open_trace([str(ROOT / sample)]) as trace:
        for kind in load_kinds().values():
            items = kind.items(trace, {})
            for name, field in kind.fields().items():
                assert field.kind in KINDS
                if field.settings:
                    continue
                column = list(items.subject.values(name))
                assert len(column) == len(items)
                known = [each for each in column if each is not None and each is not UNKNOWN]
                expected = {"flag": bool, "text": str, "header": str}.get(field.kind, int | float)
                assert all(isinstance(each, expected) for each in known), (kind.name, name)
                if field.choices:
                    assert set(known) <= field.choices.keys(), (kind.name, name)


def test_columns_are_fields_without_being_named(trace_of: TraceOf) -> None:
    """Each measure in the table of calls can be asked about: durations in milliseconds, absent
    values as none, rows of other tables and absolute times not at all.
    """
    names = set(load_kinds()["calls"].fields())
    for column in CallTable.columns:
        if column.name.endswith("_row") or column.name in ("start_ns", "end_ns"):
            assert column.name not in names
        elif column.name.endswith("_ns"):
            assert f"{column.name[:-3]}_ms" in names
        else:
            assert column.name in names
    trace = trace_of(CALL)
    assert values(trace, "calls", "setup_ms") == [2100]
    assert values(trace, "calls", "post_dial_delay_ms") == [100]
    assert values(trace, "calls", "final_status") == [200]
    assert values(trace, "calls", "ended_by") == ["caller"]


def test_parties_headers_and_findings_of_calls(trace_of: TraceOf) -> None:
    """What is no column: names, headers of INVITE and deciding response, number of findings."""
    trace = trace_of(CALL)
    assert values(trace, "calls", "caller") == ["alice@example.com"]
    assert values(trace, "calls", "request.user_agent") == ["Lab/1"]
    assert values(trace, "calls", "response.server") == [None]
    assert values(trace, "calls", "findings") == [0]
    with pytest.raises(KeyError):
        load_kinds()["calls"].find("request.authorization")


def test_every_outcome_is_a_choice() -> None:
    """A policy may name each, and no other."""
    choices = load_kinds()["calls"].find("outcome").choices
    assert set(choices) == {each.name.lower() for each in Outcome}


def test_responses_requests_and_findings_have_the_fields_of_rules(trace_of: TraceOf) -> None:
    """Whatever a rule may ask; a finding besides for its rule, case and notes."""
    trace = trace_of("-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 603 Decline")
    assert values(trace, "responses", "status") == [603]
    assert values(trace, "responses", "alerted") == [False]
    assert values(trace, "requests", "method") == ["INVITE"]
    assert values(trace, "findings", "rule") == ["RSP603"]
    assert values(trace, "findings", "status") == [603]
    assert values(trace, "findings", "severity") == ["notice"]
    assert "not-acknowledged" not in str(values(trace, "findings", "case"))


def test_anomalies_are_counted_by_kind(trace_of: TraceOf) -> None:
    """Kind, severity and number, at the first frame."""
    trace = trace_of(CALL)
    trace.anomalies.add("file-cut", [(0, 3)])
    assert values(trace, "anomalies", "kind") == ["file-cut"]
    assert values(trace, "anomalies", "severity") == ["data_loss"]
    assert load_kinds()["anomalies"].items(trace, {}).frames == ((0, 3),)


def test_two_fields_of_one_name_are_refused() -> None:
    """A slip of ours fails at once."""
    load_kinds()
    with pytest.raises(ValueError, match="two fields of calls are called outcome"):
        item_field("calls", "outcome", "text", en="x", ja="x")
    with pytest.raises(ValueError, match="no such kind"):
        item_field("calls", "other", "colour", en="x", ja="x")
