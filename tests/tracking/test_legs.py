"""Legs of one call across a back-to-back user agent are joined on evidence, never on numbers."""

from collections.abc import Callable

import pytest

from analyzer.tables.legs import Confidence, Evidence
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

UUID, OTHER = "ab30317f1a784dc48ff824d0d3715d86", "47755a9de7794ba387653f2099600ef2"
NIL = "0" * 32


def two_legs(first: str, second: str, *, gap: str = "20ms", callee: str = "bob") -> str:
    """Return a call through a back-to-back user agent p, with headers of each leg's INVITE."""
    return f"""
a->p INVITE sip:bob@example.com SIP/2.0
   Call-ID: first-leg@a.example
   {first}
+{gap} p->b INVITE sip:{callee}@example.com SIP/2.0
   Call-ID: second@b.example
   To: <sip:{callee}@example.com>
   {second}
p<-b SIP/2.0 180 Ringing
   Call-ID: second@b.example
a<-p SIP/2.0 180 Ringing
   Call-ID: first-leg@a.example
p<-b SIP/2.0 200 OK
   Call-ID: second@b.example
a<-p SIP/2.0 200 OK
   Call-ID: first-leg@a.example
"""


JOINED = [
    (f"Session-ID: {UUID};remote={NIL}", f"Session-ID: {UUID};remote={NIL}", Evidence.SESSION_ID),
    ("P-Charging-Vector: icid-value=x1.y", 'P-Charging-Vector: icid-value="x1.y"', Evidence.ICID),
    ("Subject: x", "X-CID: first-leg@a.example", Evidence.HEADER),
    ("X-Call-ID: abc123", "X-Call-ID: abc123", Evidence.HEADER),
]


@pytest.mark.parametrize(("first", "second", "evidence"), JOINED)
def test_identifiers_that_are_passed_on_join_legs(
    trace_of: TraceOf, first: str, second: str, evidence: Evidence
) -> None:
    """RFC 7989, RFC 7315 and private headers name the session across Call-IDs."""
    trace = trace_of(two_legs(first, second))
    assert trace.legs.call_row.tolist() == [0, 0]
    assert trace.legs.evidence[1] & evidence
    assert trace.legs.confidence.tolist() == [Confidence.NONE, Confidence.HIGH]
    assert len(trace.calls) == 1


APART = [
    ("Subject: x", "Subject: y"),
    (f"Session-ID: {UUID};remote={NIL}", f"Session-ID: {OTHER};remote={NIL}"),
    (f"Session-ID: {NIL}", f"Session-ID: {NIL}"),
]


@pytest.mark.parametrize(("first", "second"), APART)
def test_numbers_alone_join_nothing(trace_of: TraceOf, first: str, second: str) -> None:
    """The same caller and callee within milliseconds prove nothing."""
    trace = trace_of(two_legs(first, second))
    assert trace.legs.call_row.tolist() == [0, 1]
    assert trace.legs.evidence.tolist() == [0, 0]


def test_one_call_id_of_different_elements_joins(trace_of: TraceOf) -> None:
    """Some elements keep the Call-ID and change the tag (Call-IDs are unique: §8.1.1.4)."""
    dialogue = two_legs("Subject: x", "From: <sip:alice@example.com>;tag=other")
    trace = trace_of(dialogue.replace("second@b.example", "first-leg@a.example"))
    assert trace.legs.call_row.tolist() == [0, 0]
    assert trace.legs.evidence[1] & Evidence.CALL_ID


DERIVED = [
    ("3c26700a-b0c1@10.0.0.1", "3c26700a-b0c1@10.0.0.1-b2b_1"),
    ("3c26700a-b0c1@10.0.0.1", "B2B.1.3c26700a-b0c1@10.0.0.1"),
    ("3c26700a-b0c1@10.0.0.1", "3c26700a-b0c1@10.9.9.9"),
]


@pytest.mark.parametrize(("one", "other"), DERIVED)
@pytest.mark.parametrize(("callee", "confidence"), [("bob", "HIGH"), ("carol", "MEDIUM")])
def test_a_derived_call_id_joins_and_numbers_make_it_surer(
    trace_of: TraceOf, one: str, other: str, callee: str, confidence: str
) -> None:
    """Something before or behind it, or another host; caller and callee add to it."""
    dialogue = two_legs("Subject: x", "Subject: y", callee=callee)
    dialogue = dialogue.replace("first-leg@a.example", one).replace("second@b.example", other)
    trace = trace_of(dialogue)
    assert trace.legs.call_row.tolist() == [0, 0]
    assert trace.legs.evidence[1] & Evidence.DERIVED_CALL_ID
    assert Confidence(trace.legs.confidence[1]).name == confidence


def media(address: str, port: int) -> str:
    """Return the body of an offer."""
    return f"""
     v=0
     o=- 1 1 IN IP4 {address}
     s=-
     c=IN IP4 {address}
     t=0 0
     m=audio {port} RTP/AVP 0"""


def test_media_passed_through_joins(trace_of: TraceOf) -> None:
    """An element that begins a leg with the address and port it was offered passed them on."""
    body = media("192.0.2.1", 4000)
    trace = trace_of(two_legs("Subject: x\n" + body, "Subject: y\n" + body, callee="carol"))
    assert trace.legs.call_row.tolist() == [0, 0]
    assert trace.legs.evidence[1] == Evidence.MEDIA
    assert trace.legs.confidence[1] == Confidence.MEDIUM


def test_media_passed_on_by_a_later_invite_joins(trace_of: TraceOf) -> None:
    """An element that stands in the media at first, and then lets both ends send to each other."""
    caller, own = media("192.0.2.1", 4000), media("192.0.2.16", 9000)
    trace = trace_of(
        two_legs("Subject: x\n" + caller, "Subject: y\n" + own, callee="carol")
        + f"""
+1s p->b INVITE sip:carol@192.0.2.2 SIP/2.0
   Call-ID: second@b.example
   To: <sip:carol@example.com>;tag=b1
{caller}
"""
    )
    assert trace.legs.call_row.tolist() == [0, 0]
    assert trace.legs.evidence[1] == Evidence.MEDIA


def test_one_phone_with_one_port_has_two_calls(trace_of: TraceOf) -> None:
    """The same media address in two calls of one phone joins nothing: it is the phone's own."""
    body = media("192.0.2.1", 4000)
    trace = trace_of(f"""
-> INVITE sip:bob@example.com SIP/2.0
   Call-ID: one
{body}
a->c INVITE sip:carol@example.com SIP/2.0
   Call-ID: two
{body}
""")
    assert trace.legs.call_row.tolist() == [0, 1]


def test_a_leg_that_fits_two_calls_stays_alone(trace_of: TraceOf) -> None:
    """Two calls with one sign and a leg with it too: nobody knows whose leg it is."""
    body = media("192.0.2.9", 4000)
    trace = trace_of(f"""
a->p INVITE sip:bob@example.com SIP/2.0
   Call-ID: one
{body}
c->p INVITE sip:bob@example.com SIP/2.0
   Call-ID: two
{body}
p->b INVITE sip:dave@example.com SIP/2.0
   Call-ID: three
{body}
""")
    assert trace.legs.call_row.tolist() == [0, 1, 2]
    assert [(each.kind, each.frames) for each in trace.anomalies if "leg" in each.kind] == [
        ("leg-ambiguous", [(0, 3)])
    ]


def test_a_leg_after_the_end_of_a_call_is_not_its(trace_of: TraceOf) -> None:
    """A sign that comes back minutes later is of another call."""
    sign = "X-Call-ID: abc123"
    trace = trace_of(
        two_legs(sign, sign, gap="20ms")
        + f"""
+60s d->p INVITE sip:bob@example.com SIP/2.0
   Call-ID: later
   {sign}
"""
    )
    assert trace.legs.call_row.tolist() == [0, 0, 1]


def test_the_first_leg_decides_and_all_transactions_are_the_calls(trace_of: TraceOf) -> None:
    """A back-to-back user agent tries two routes; what the caller got is the outcome."""
    sign = "X-Call-ID: abc123"
    trace = trace_of(f"""
a->p INVITE sip:bob@example.com SIP/2.0
   Call-ID: one
   {sign}
p->b INVITE sip:bob@example.com SIP/2.0
   Call-ID: two
   CSeq: 7001 INVITE
   {sign}
p<-b SIP/2.0 603 Decline
   Call-ID: two
p->b ACK sip:bob@example.com SIP/2.0
   Call-ID: two
p->c INVITE sip:bob@example.com SIP/2.0
   Call-ID: three
   CSeq: 9001 INVITE
   {sign}
p<-c SIP/2.0 200 OK
   Call-ID: three
a<-p SIP/2.0 200 OK
   Call-ID: one
""")
    assert trace.legs.call_row.tolist() == [0, 0, 0]
    assert trace.transactions.call_row.tolist() == [0, 0, 0]
    assert trace.calls.final_status.tolist() == [200]
    assert trace.calls.attempts.tolist() == [1]


def test_routes_tried_by_an_element_whose_own_leg_is_missing_stay_apart(trace_of: TraceOf) -> None:
    """Behind a back-to-back user agent each of its attempts has an end of its own: that of the
    first must not stand for the one that was answered.
    """
    trace = trace_of("""
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
   Call-ID: one
   X-CID: upstream@a.example
p<-b SIP/2.0 503 Service Unavailable
   Call-ID: one
p->c INVITE sip:bob@192.0.2.3 SIP/2.0
   Call-ID: two
   X-CID: upstream@a.example
p<-c SIP/2.0 200 OK
   Call-ID: two
""")
    assert trace.legs.call_row.tolist() == [0, 1]
    assert trace.calls.final_status.tolist() == [503, 200]


def test_a_uuid_that_its_owner_keeps_for_another_call_joins_nothing(trace_of: TraceOf) -> None:
    """Who is transferred calls the target with the same UUID (RFC 7989 §7): that call has an
    outcome of its own.
    """
    trace = trace_of(f"""
a->b INVITE sip:bob@example.com SIP/2.0
   Call-ID: one
   Session-ID: {UUID};remote={NIL}
a<-b SIP/2.0 200 OK
   Call-ID: one
a->c INVITE sip:carol@example.com SIP/2.0
   Call-ID: two
   Session-ID: {UUID};remote={NIL}
a<-c SIP/2.0 603 Decline
   Call-ID: two
""")
    assert trace.legs.call_row.tolist() == [0, 1]


def test_a_leg_seen_after_those_that_its_receiver_began(trace_of: TraceOf) -> None:
    """At one instant the caller's leg may stand behind all branches: it is the first all the
    same.
    """
    sign = "X-Call-ID: abc123"
    trace = trace_of(f"""
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
   Call-ID: two
   {sign}
+0s p->c INVITE sip:bob@192.0.2.3 SIP/2.0
   Call-ID: three
   {sign}
+0s a->p INVITE sip:bob@example.com SIP/2.0
   Call-ID: one
   {sign}
+1s p<-b SIP/2.0 486 Busy Here
   Call-ID: two
p<-c SIP/2.0 200 OK
   Call-ID: three
a<-p SIP/2.0 200 OK
   Call-ID: one
""")
    assert trace.legs.call_row.tolist() == [0, 0, 0]
    assert trace.legs.joined_row.tolist() == [2, 2, -1]
    assert trace.calls.final_status.tolist() == [200]


@pytest.mark.parametrize(("sign", "joined"), [("X-CID: first-leg@a.example", 0), ("X: y", 1)])
def test_a_leg_begun_while_an_answered_one_is_silent(
    trace_of: TraceOf, sign: str, joined: int
) -> None:
    """A queue answers and calls an agent a minute later; the capture ends before the BYE."""
    trace = trace_of(f"""
a->p INVITE sip:queue@example.com SIP/2.0
   Call-ID: first-leg@a.example
p->a SIP/2.0 200 OK
   Call-ID: first-leg@a.example
a->p ACK sip:queue@example.com SIP/2.0
   Call-ID: first-leg@a.example
+60s p->b INVITE sip:agent@192.0.2.2 SIP/2.0
   Call-ID: second@p.example
   {sign}
""")
    assert trace.legs.call_row.tolist() == [0, joined]


def test_what_a_private_header_says_of_all_calls_of_a_trunk_joins_nothing(
    trace_of: TraceOf,
) -> None:
    """Two elements send calls to a third one: neither call can be a leg of the other."""
    trace = trace_of("""
a->p INVITE sip:bob@example.com SIP/2.0
   Call-ID: one
   X-Call-ID: trunk-1
c->p INVITE sip:dave@example.com SIP/2.0
   Call-ID: two
   X-Call-ID: trunk-1
""")
    assert trace.legs.call_row.tolist() == [0, 1]


@pytest.mark.parametrize("second", ["3c26700a-b0c1@10.0.0.1-b2b_1", "of-its-own"])
def test_a_proxy_before_a_back_to_back_user_agent(trace_of: TraceOf, second: str) -> None:
    """Both legs pass one proxy: what counts is that an INVITE of the first, on whichever hop, was
    sent to who began the second; its Call-ID, or the media passed on, join them.
    """
    body = media("192.0.2.1", 4000)
    trace = trace_of(f"""
a->k INVITE sip:bob@example.com SIP/2.0
   Call-ID: 3c26700a-b0c1@10.0.0.1
{body}
k->p INVITE sip:bob@192.0.2.16 SIP/2.0
   Call-ID: 3c26700a-b0c1@10.0.0.1
p->k INVITE sip:carol@192.0.2.11 SIP/2.0
   Call-ID: {second}
{body}
k->b INVITE sip:carol@192.0.2.2 SIP/2.0
   Call-ID: {second}
""")
    assert trace.legs.call_row.tolist() == [0, 0]
    assert trace.hops.depth.tolist() == [0, 1, 2, 3]


def test_a_leg_whose_beginning_was_not_captured_is_the_first_all_the_same(
    trace_of: TraceOf,
) -> None:
    """What the caller got decides, and its hop comes before the one that was captured whole."""
    trace = trace_of("""
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
   Call-ID: second@p.example
   X-CID: first@a.example
p<-b SIP/2.0 180 Ringing
   Call-ID: second@p.example
a<-p SIP/2.0 180 Ringing
   Call-ID: first@a.example
+2s p<-b SIP/2.0 603 Decline
   Call-ID: second@p.example
a<-p SIP/2.0 480 Temporarily Unavailable
   Call-ID: first@a.example
""")
    assert trace.legs.joined_row.tolist() == [1, -1]
    assert trace.calls.final_status.tolist() == [480]
    assert trace.hops.depth.tolist() == [0, 1]
    assert trace.hops.request_delay_ns.tolist() == [-1, -1]
    assert trace.hops.change.tolist() == [1, 0]


def test_who_calls_again_from_one_port_has_two_calls_of_two_legs(trace_of: TraceOf) -> None:
    """A leg of the second attempt fits the first, too, which was over when it began."""
    body = media("192.0.2.1", 4000)
    attempt = """
a->p INVITE sip:bob@example.com SIP/2.0
   Call-ID: {0}@a.example
{1}
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
   Call-ID: {0}@p.example
{1}
p<-b SIP/2.0 486 Busy Here
   Call-ID: {0}@p.example
a<-p SIP/2.0 486 Busy Here
   Call-ID: {0}@a.example
"""
    trace = trace_of(attempt.format("one", body) + "+2s\n" + attempt.format("two", body))
    assert trace.legs.call_row.tolist() == [0, 0, 1, 1]
    assert not [each.kind for each in trace.anomalies if each.kind == "leg-ambiguous"]


@pytest.mark.parametrize(
    ("sign", "calls"), [(f"Session-ID: {UUID};remote={NIL}", 1), ("X-Call-ID: trunk", 42)]
)
def test_a_call_to_a_large_group(trace_of: TraceOf, sign: str, calls: int) -> None:
    """Forty-one phones ring for one call, as a unique identifier shows; what a private header says
    of so many legs says nothing.
    """
    names = [f"{letter}{number}" for letter in "cd" for number in range(1, 22)][:41]
    phones = "".join(
        f"p->{name} INVITE sip:{name}@example.com SIP/2.0\n   Call-ID: {name}@p\n   {sign}\n"
        for name in names
    )
    trace = trace_of(
        f"a->p INVITE sip:group@example.com SIP/2.0\n   Call-ID: first@a\n   {sign}\n{phones}"
    )
    assert len(trace.calls) == calls
