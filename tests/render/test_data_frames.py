"""The tables of a trace as DataFrames: what is in them is what the JSON output says."""

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analyzer.pipeline import open_trace
from analyzer.render.data_frames import DataFrames, chosen_frames, dictionary_frame
from analyzer.render.formats import OutputOptions
from analyzer.render.table_columns import table_shapes
from analyzer.tables.trace import Trace
from flat_records import SAMPLES, Flat, flat_table, json_of_sample, opened, rows_as_declared

TraceOf = Callable[[str], Trace]
CALL = "-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 603 Decline\n"


def plain(frame: pd.DataFrame) -> list[Flat]:
    """Return rows of a DataFrame as JSON would have them: times in ns, None where nothing is."""
    made = frame.copy()
    for name in made.columns:
        if isinstance(made[name].dtype, pd.DatetimeTZDtype):
            made[name] = made[name].astype("int64").astype("Int64").where(made[name].notna())
        made[name] = made[name].astype(object).where(made[name].notna(), None)
    return [{str(name): value for name, value in row.items()} for row in made.to_dict("records")]


@pytest.mark.parametrize("sample", SAMPLES)
def test_tables_hold_what_the_json_output_says(sample: str) -> None:
    """Each value of each table is that of the JSON output, none is missing, and a column that is
    declared to have a value in each row has.
    """
    report = json_of_sample(sample)
    with opened(sample) as trace:
        frames = DataFrames(trace)
        for name, frame in frames.items():
            expected = rows_as_declared(flat_table(report, name), list(frame.columns))
            assert plain(frame) == expected, name
            always = [each.name for each in table_shapes()[name].columns if not each.optional]
            assert frame[always].notna().all(axis=None), name


@pytest.mark.parametrize("dialogue", ["", CALL])
def test_dtypes_are_as_declared_whatever_there_is(trace_of: TraceOf, dialogue: str) -> None:
    """An empty capture gives the same columns and dtypes as one with a call."""
    frames = DataFrames(trace_of(dialogue))
    for name, shape in table_shapes().items():
        found = {column: str(dtype) for column, dtype in frames[name].dtypes.items()}
        assert found == {each.name: each.dtype for each in shape.columns}, name


def test_without_a_compiler_tables_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference writer gives the same texts, numbers and lists."""
    sample = "samples/declined_by_provider_and_gateway.pcap"
    with opened(sample) as trace:
        compiled = {name: plain(frame) for name, frame in DataFrames(trace).items()}
        monkeypatch.setattr("analyzer.render.records.COMPILED", False)
        assert {name: plain(frame) for name, frame in DataFrames(trace).items()} == compiled


def test_words_are_categories_in_their_order(trace_of: TraceOf) -> None:
    """All outcomes are categories, though there is one; severities can be compared."""
    frames = DataFrames(trace_of(CALL))
    assert "answered" in frames.calls["outcome"].cat.categories
    findings = frames.findings
    assert len(findings[findings["severity"] >= "notice"]) == 1
    assert len(findings[findings["severity"] > "error"]) == 0


def test_times_can_be_reckoned_with(trace_of: TraceOf) -> None:
    """The 250 ms of the dialogue lie between request and final response (as does the delay)."""
    frames = DataFrames(trace_of("-> INVITE sip:b@h SIP/2.0\n+0.25s <- SIP/2.0 603 Decline\n"))
    (row,) = frames.transactions.to_dict("records")
    assert row["final_time"] - row["request_time"] == pd.Timedelta(milliseconds=250)
    assert math.isclose(row["response_delay_ms"], 250)


def test_attributes_are_the_tables_of_records(trace_of: TraceOf) -> None:
    """Each table of records is also an attribute, made once; others go by name."""
    frames = DataFrames(trace_of(CALL))
    for name in ("calls", "transactions", "subscriptions", "registrations", "findings", "messages"):
        assert getattr(frames, name) is frames[name]
    assert len(frames) == len(list(frames)) == len(table_shapes())
    with pytest.raises(KeyError):
        frames["smoke signals"]


def test_sentences_are_in_the_chosen_language(trace_of: TraceOf) -> None:
    """The summary of a call is Japanese when asked for."""
    (summary,) = DataFrames(trace_of(CALL), language="ja").calls["summary"]
    assert "拒否" in summary


def test_a_part_of_the_call_id_chooses(trace_of: TraceOf) -> None:
    """Only what belongs to the Call-ID is in each table."""
    two = "\n\n".join(CALL.replace("\n", f"\n   Call-ID: {name}\n") for name in ("one", "two"))
    frames = DataFrames(trace_of(two), call="two")
    assert list(frames.calls["call_ids"]) == ["two"]
    for name in ("transactions", "findings", "messages"):
        assert set(frames[name]["call_id"]) == {"two"}, name


def test_an_output_gets_the_tables_it_names(capture_of: Callable[[str], Path]) -> None:
    """Tables come in the order named, rows in the order given; without names the main ones."""
    with open_trace([str(capture_of(CALL))]) as trace:
        wanted = OutputOptions(tables=("findings", "columns"))
        assert [shape.name for shape, _ in chosen_frames(trace, wanted)] == ["findings", "columns"]
        names = [shape.name for shape, _ in chosen_frames(trace, OutputOptions())]
        assert names[0] == "calls"
        assert names[-1] == "columns"
        assert "messages" not in names


def test_the_table_of_columns_describes_all() -> None:
    """Each column of each table has a row there, with its dtype and what it says."""
    described = dictionary_frame()
    named = set(zip(described["table"], described["column"], strict=True))
    assert named == {
        (shape.name, each.name) for shape in table_shapes().values() for each in shape.columns
    }
    assert described.set_index(["table", "column"]).loc[("calls", "ring_ms"), "unit"] == "ms"
