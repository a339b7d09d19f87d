"""What is wrong with responses that ordinarily are no news."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.fields import Judged
from analyzer.measure.ordinary import remarkable
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def told(trace: Trace) -> set[int]:
    """Return the statuses of a trace that rules are needed for."""
    return remarkable(trace, set(trace.messages.status.tolist()) - {0})


def test_an_ordinary_call_needs_no_rule(trace_of: TraceOf) -> None:
    """Ringing, progress and an answer as they should be leave nothing to read rules for."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
           Contact: <sip:alice@192.0.2.1>
           Supported: 100rel
        <- SIP/2.0 100 Trying
        <- SIP/2.0 183 Session Progress
           Require: 100rel
           RSeq: 1
        <- SIP/2.0 180 Ringing
        <- SIP/2.0 200 OK
           Contact: <sip:bob@192.0.2.2>
        -> ACK sip:bob@192.0.2.2 SIP/2.0
    """)
    assert told(trace) == set()
    assert trace.rules == ()


@pytest.mark.parametrize(
    ("request_lines", "response_lines", "missing"),
    [
        ("INVITE|Contact: <sip:a@192.0.2.1>", "200 OK", "Contact"),
        ("INVITE|Contact: <sip:a@192.0.2.1>", "200 OK|m: <sip:b@192.0.2.2>", None),
        ("INVITE", "200 OK", None),
        ("REGISTER|Contact: <sip:a@192.0.2.1>", "200 OK", "Contact"),
        ("REGISTER|Contact: <sip:a@192.0.2.1>|Expires: 0", "200 OK", None),
        ("REGISTER|Contact: <sip:a@192.0.2.1>;expires=0", "200 OK", None),
        ("REGISTER|Contact: *|Expires: 0", "200 OK", None),
        ("SUBSCRIBE|Expires: 60", "200 OK", "Expires"),
        ("PUBLISH|Expires: 60", "200 OK|Expires: 60", "SIP-ETag"),
        ("PUBLISH|Expires: 60", "200 OK|SIP-ETag: a", "Expires"),
        ("OPTIONS|Contact: <sip:a@192.0.2.1>", "200 OK", None),
    ],
)
def test_headers_of_a_2xx(
    trace_of: TraceOf, request_lines: str, response_lines: str, missing: str | None
) -> None:
    """The headers that each RFC asks for, compact forms included, where the request has them."""
    method, *asked = request_lines.split("|")
    status, *said = response_lines.split("|")
    lines = [f"-> {method} sip:bob@example.com SIP/2.0", *(f"   {each}" for each in asked)]
    lines += [f"<- SIP/2.0 {status}", *(f"   {each}" for each in said)]
    trace = trace_of("\n".join(lines))
    rows = np.array([0])
    judged = Judged(trace, rows, trace.transactions.final_row[rows], {})
    assert list(judged.values("missing_header")) == [missing]
    assert told(trace) == ({200} if missing else set())


@pytest.mark.parametrize(
    ("method", "response_lines", "fault"),
    [
        ("INVITE", "180 Ringing", None),
        ("INVITE", "100 Trying", None),
        ("REGISTER", "100 Trying", "not-invite"),
        ("REGISTER", "180 Ringing", "not-invite"),
        ("INVITE", "180 Ringing|To: <sip:bob@example.com>", "no-to-tag"),
        ("INVITE", "183 Session Progress|Require: 100rel", "no-rseq"),
        ("INVITE", "183 Session Progress|Require: precondition", None),
        ("INVITE", "183 Session Progress|RSeq: 1", "no-require"),
    ],
)
def test_faults_of_a_1xx(
    trace_of: TraceOf, method: str, response_lines: str, fault: str | None
) -> None:
    """RFC 4320 §4.1, RFC 3261 §8.2.6.2 and RFC 3262 §3 say what a 1xx may be."""
    status, *said = response_lines.split("|")
    lines = [f"-> {method} sip:bob@example.com SIP/2.0", f"<- SIP/2.0 {status}"]
    trace = trace_of("\n".join(lines + [f"   {each}" for each in said]))
    judged = Judged(trace, np.array([0]), np.array([1]), {})
    assert list(judged.values("provisional_fault")) == [fault]
    assert told(trace) == ({int(status[:3])} if fault else set())
