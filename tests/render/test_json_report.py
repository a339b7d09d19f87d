"""The JSON output of whole analyses: order, sameness, filters, hostile text."""

import io
import json
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

import pytest

from analyzer.pipeline import open_trace
from analyzer.render import record_spans, records
from analyzer.render.formats import OutputOptions
from analyzer.render.json_report import write_json, write_jsonl
from analyzer.tables.trace import Trace
from json_output import Report, json_of

TraceOf = Callable[[str], Trace]

DECLINED = """
-> INVITE sip:bob@example.com SIP/2.0
   User-Agent: Phone/1
+0.2s <- SIP/2.0 180 Ringing
+4s <- SIP/2.0 603 Decline
   Server: PBX/2
-> ACK sip:bob@example.com SIP/2.0
"""
SUBSCRIBED = """
-> SUBSCRIBE sip:bob@example.com SIP/2.0
   To: <sip:bob@example.com>;tag=n1
   Event: presence
   Suppress-If-Match: dx200xyz
   Expires: 3600
<- SIP/2.0 204 No Notification
   Expires: 3600
"""
REGISTERED = """
-> REGISTER sip:example.com SIP/2.0
   To: <sip:alice@example.com>
   Contact: <sip:alice@192.0.2.1>
<- SIP/2.0 200 OK
   Contact: <sip:alice@192.0.2.1>;expires=60, "Desk" <sips:a%20b@host>;q=0.5
   Contact: <sip:third@192.0.2.3>
   Expires: 1800
"""


def with_call_id(call_id: str) -> str:
    """Return the declined call under another Call-ID."""
    dialogue = DECLINED.replace("   User-Agent: Phone/1", f"   Call-ID: {call_id}")
    return dialogue + f"   Call-ID: {call_id}\n"


def lines_of(trace: Trace) -> list[Report]:
    """Return the JSON Lines of a trace."""
    out = io.BytesIO()
    write_jsonl(trace, out, OutputOptions(messages=True))
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_record_comes_when_it_is_over(trace_of: TraceOf) -> None:
    """JSON Lines begin with header and captures, have each record after its last message, those of
    one message in the order of the sections, and end with anomalies, statistics, coverage, counts.
    """
    lines = lines_of(trace_of(DECLINED))
    shown = [(line["type"], line.get("id")) for line in lines if line["type"] != "anomaly"]
    assert shown == [
        ("header", None),
        ("capture", None),
        ("message", 0),
        ("message", 1),
        ("finding", 0),
        ("message", 2),
        ("transaction", 0),
        ("call", 0),
        ("message", 3),
        ("statistics", None),
        ("coverage", None),
        ("counts", None),
    ]


def test_keys_come_in_the_order_of_the_contract(trace_of: TraceOf) -> None:
    """The JSON object has its keys in the documented order, messages only when asked for."""
    trace = trace_of(DECLINED)
    keys = [
        "schema", "version", "captures", "counts", "coverage", "transactions", "calls",
        "subscriptions", "registrations", "findings", "messages", "anomalies", "statistics",
    ]  # fmt: skip
    assert list(json_of(trace, messages=True)) == keys
    assert list(json_of(trace)) == [key for key in keys if key != "messages"]


@pytest.mark.parametrize("dialogue", [DECLINED, SUBSCRIBED, REGISTERED])
def test_same_input_gives_same_bytes(
    dialogue: str, trace_of: TraceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two analyses of one capture, and one without compiled writers, give the same bytes."""
    written = []
    for compiled in (True, True, False):
        if not compiled:
            monkeypatch.setattr(records, "COMPILED", False)
            monkeypatch.setattr(record_spans, "COMPILED", False)
        out = io.BytesIO()
        write_json(trace_of(dialogue), out, OutputOptions(messages=True))
        write_jsonl(trace_of(dialogue), out, OutputOptions(messages=True))
        written.append(out.getvalue())
    assert written[0] == written[1] == written[2]


def test_samples_give_the_same_without_compiled_writers(monkeypatch: pytest.MonkeyPatch) -> None:
    """On every sample both writers say the same, and what they say fits the schema."""
    folder = Path(__file__).parents[2] / "samples"
    paths = [str(path) for path in sorted(folder.glob("*.pcap*"))]
    assert paths
    with open_trace(paths) as trace:
        compiled = json_of(trace, messages=True)
        monkeypatch.setattr(records, "COMPILED", False)
        monkeypatch.setattr(record_spans, "COMPILED", False)
        assert json_of(trace, messages=True) == compiled


def test_call_picks_what_belongs_to_a_call_id(trace_of: TraceOf) -> None:
    """`--call` leaves only what has a Call-ID with that part; counts stay those of the capture."""
    other = with_call_id("wanted@example.com")
    report = json_of(trace_of(DECLINED + other), call="wanted", messages=True)
    assert [each["call_ids"] for each in report["calls"]] == [["wanted@example.com"]]
    for section in ("transactions", "findings", "messages"):
        assert {each["call_id"] for each in report[section]} == {"wanted@example.com"}
    assert len(report["messages"]) == 4
    assert report["counts"]["calls"] == 2


def test_nothing_is_left_when_no_call_fits(trace_of: TraceOf) -> None:
    """A part that no Call-ID has gives empty lists, still valid."""
    report = json_of(trace_of(DECLINED), call="nobody", messages=True)
    assert report["calls"] == report["transactions"] == report["messages"] == []


def test_capture_text_is_data(trace_of: TraceOf) -> None:
    """Quotes, backslashes, control characters and templates in a capture stay text."""
    dialogue = DECLINED.replace("User-Agent: Phone/1", 'User-Agent: "{caller}" [x] \\ \x1b[31m é漢')
    call = json_of(trace_of(dialogue))["calls"][0]
    assert call["user_agents"]["caller"] == '"{caller}" [x] \\ \x1b[31m é漢'
    named = DECLINED.replace("INVITE sip:bob@example.com", "INVITE sip:{talk}@example.com", 1)
    named = named.replace("User-Agent: Phone/1", "To: <sip:{talk}[x]@example.com>")
    assert "called {talk}[x]: declined" in json_of(trace_of(named))["calls"][0]["summary"]


def test_language_changes_texts_only(trace_of: TraceOf) -> None:
    """Another language changes titles, texts and summaries, no ids, numbers or evidence."""
    trace = trace_of(DECLINED)
    english, japanese = json_of(trace), json_of(trace, language="ja")
    assert "拒否" in japanese["calls"][0]["summary"]
    assert "拒否" in japanese["findings"][0]["message"]
    for report in (english, japanese):
        report["calls"][0].pop("summary")
        for key in ("title", "meaning", "message", "likely", "next_steps"):
            report["findings"][0].pop(key)
    assert english == japanese


def test_many_batches(trace_of: TraceOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records written in many batches, in threads, are those written in one."""
    dialogue = "".join(with_call_id(f"{number}@example.com") for number in range(20))
    trace = trace_of(dialogue)
    whole = json_of(trace, messages=True)
    monkeypatch.setattr("analyzer.render.json_records.BATCH_RECORDS", 3)
    assert json_of(trace, messages=True) == whole
    assert len(whole["calls"]) == 20


def test_capture_without_sip(trace_of: TraceOf) -> None:
    """Without any message the output is complete and empty."""
    trace = trace_of("-> INVITE sip:bob@example.com SIP/2.0")
    assert json_of(trace)["counts"]["responses"] == 0


@pytest.mark.parametrize("write", [write_json, write_jsonl])
def test_writing_stops_with_its_reader(
    write: Callable[[Trace, BinaryIO, OutputOptions], None],
    trace_of: TraceOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When what is written to fails, the error comes out and no thread stays behind."""
    monkeypatch.setattr("analyzer.render.json_records.BATCH_RECORDS", 1)

    class Broken(io.BytesIO):
        def write(self, text: object) -> int:
            assert isinstance(text, bytes | memoryview)
            if b'"id":1' in bytes(text):
                raise BrokenPipeError
            return super().write(text)

        def writelines(self, lines: Iterable[object]) -> None:
            for line in lines:
                self.write(line)

    trace = trace_of(DECLINED)
    with pytest.raises(BrokenPipeError):
        write(trace, Broken(), OutputOptions(messages=True))
    assert not [each for each in threading.enumerate() if each.name.startswith("ThreadPool")]
