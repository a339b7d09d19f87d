"""What a page shows of a call when it is opened."""

import json
import zlib
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from analyzer.render import page_data
from analyzer.render.page_data import Chunk, Subject, chunks, subjects_of
from analyzer.render.record_source import RecordSource
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def call(number: int, answer: str) -> str:
    """Return a call that is sent twice and answered."""
    invite = f"-> INVITE sip:bob@example.com SIP/2.0\n   Call-ID: c{number}\n"
    return f"{invite}+0.5s -> again INVITE\n<- SIP/2.0 {answer}\n   Call-ID: c{number}\n"


SUBSCRIBED = """
-> SUBSCRIBE sip:bob@example.com SIP/2.0
   Call-ID: s1
   To: <sip:bob@example.com>;tag=n1
   Suppress-If-Match: e1
<- SIP/2.0 204 No Notification
   Call-ID: s1
"""


def unpacked(chunk: Chunk) -> list[dict[str, Any]]:
    """Return the records of a chunk."""
    return [json.loads(line) for line in zlib.decompress(b64decode(chunk.packed)).split(b"\n")]


def test_what_has_findings_is_chosen_first(trace_of: TraceOf) -> None:
    """Of more calls than there is room for, those with findings, then the first; in their order."""
    trace = trace_of("".join(call(at, "200 OK") for at in range(3)) + call(3, "603 Decline"))
    chosen = subjects_of(trace, np.arange(4), 2)
    assert chosen == [Subject("call", 0), Subject("call", 3)]
    assert subjects_of(trace, np.arange(4), 9)[:4] == [Subject("call", at) for at in range(4)]


def test_a_subscription_with_a_finding_can_be_opened(trace_of: TraceOf) -> None:
    """It comes with its record, its messages, their texts and its finding."""
    trace = trace_of(SUBSCRIBED)
    subjects = subjects_of(trace, np.arange(0), 10)
    assert subjects == [Subject("subscription", 0)]
    (chunk,) = chunks(RecordSource(trace, trace.rules), subjects)
    records = unpacked(chunk)
    assert [each["type"] for each in records] == [
        *("subscription", "finding", "message", "message", "texts")
    ]
    assert records[-1]["of_message"]["0"].startswith("SUBSCRIBE sip:bob@example.com SIP/2.0\n")


def test_repeats_come_without_their_text(trace_of: TraceOf) -> None:
    """A retransmission is a message that names what it repeats; its text is there once."""
    trace = trace_of(call(0, "486 Busy Here"))
    (chunk,) = chunks(RecordSource(trace, trace.rules), [Subject("call", 0)])
    records = unpacked(chunk)
    messages = [each for each in records if each["type"] == "message"]
    assert [each["retransmission_of"] for each in messages] == [None, 0, None]
    assert set(records[-1]["of_message"]) == {"0", "2"}


def test_chunks_hold_every_subject_once(trace_of: TraceOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """However small chunks are, each call is in one, with its own messages."""
    monkeypatch.setattr(page_data, "CHUNK_MESSAGES", 6)
    trace = trace_of("".join(call(at, "200 OK") for at in range(5)))
    made = list(chunks(RecordSource(trace, trace.rules), subjects_of(trace, np.arange(5), 9)))
    assert [len(each.subjects) for each in made] == [2, 2, 1]
    for chunk in made:
        records = unpacked(chunk)
        own = {row for each in records if each["type"] == "call" for row in each["transactions"]}
        assert {each["transaction"] for each in records if each["type"] == "message"} == own


def test_credentials_are_hidden(trace_of: TraceOf) -> None:
    """What could be tried as a password is in no text (RFC 3261 §22.4)."""
    trace = trace_of(
        call(0, "200 OK").replace(
            "   Call-ID: c0\n",
            '   Call-ID: c0\n   Authorization: Digest username="a", response="0123456789abcdef"\n',
            1,
        )
    )
    (chunk,) = chunks(RecordSource(trace, trace.rules), [Subject("call", 0)])
    text = zlib.decompress(b64decode(chunk.packed)).decode()
    assert "username" in text
    assert "0123456789abcdef" not in text
