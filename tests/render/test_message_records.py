"""Message records."""

from collections.abc import Callable

from analyzer.tables.trace import Trace
from json_output import json_of

TraceOf = Callable[[str], Trace]


def test_request_and_response(trace_of: TraceOf) -> None:
    """A request has a method, a response a status, a phrase and the method of its CSeq."""
    dialogue = """
-> MESSAGE sip:bob@example.com SIP/2.0
   Content-Type: text/plain

   hello
<- SIP/2.0 202 Accepted
"""
    request, response = json_of(trace_of(dialogue), messages=True)["messages"]
    assert (request["method"], request["status"], request["reason"]) == ("MESSAGE", None, None)
    assert request["content_type"] == "text/plain"
    assert request["content_length"] >= len("hello")
    assert (response["method"], response["status"]) == (None, 202)
    assert response["reason"] == "Accepted"
    assert response["cseq"] == {"number": 1, "method": "MESSAGE"}
    assert request["source"] == response["destination"] == {"address": "192.0.2.1", "port": 5060}
    assert (request["transaction"], response["transaction"]) == (0, 0)


def test_repeats_name_the_first(trace_of: TraceOf) -> None:
    """A retransmission and a copy name the message they repeat."""
    dialogue = "-> OPTIONS sip:b@h SIP/2.0\n-> copy OPTIONS\n+500ms -> again OPTIONS\n"
    messages = json_of(trace_of(dialogue), messages=True)["messages"]
    assert [each["copy_of"] for each in messages] == [None, 0, None]
    assert [each["retransmission_of"] for each in messages] == [None, None, 0]


def test_odd_message(trace_of: TraceOf) -> None:
    """What is strange is named, numbers that are none are null, what CSeq says is shown."""
    dialogue = """
-> OPTIONS sip:b@h SIP/2.0
   CSeq: 5 INFO
   Content-Length: many
"""
    (message,) = json_of(trace_of(dialogue), messages=True)["messages"]
    assert message["method"] == "OPTIONS"
    assert message["cseq"] == {"number": 5, "method": "INFO"}
    assert message["content_length"] is None
    assert message["anomalies"] == sorted(set(message["anomalies"]))
    assert len(message["anomalies"]) >= 2
