"""Whether the dialog or transaction that a request was for was still there."""

from collections.abc import Callable

import pytest

from analyzer.tables.trace import Trace
from judged import values_of

TraceOf = Callable[[str], Trace]

CALL = """
    -> INVITE sip:bob@example.com SIP/2.0
    <- SIP/2.0 {status} x
    -> ACK sip:bob@192.0.2.2 SIP/2.0
"""
ANSWERED, REFUSED = CALL.format(status=200), CALL.format(status=486)
BYE_SENT = "-> BYE sip:bob@192.0.2.2 SIP/2.0\n   CSeq: 2 BYE\n<- SIP/2.0 200 OK\n"
BYE_RECEIVED = "<- BYE sip:alice@192.0.2.1 SIP/2.0\n-> SIP/2.0 200 OK\n"
GONE = "+{wait} -> BYE sip:bob@192.0.2.2 SIP/2.0\n   CSeq: 9 BYE\n<- SIP/2.0 481 Gone\n"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (ANSWERED, None),
        (ANSWERED + BYE_SENT, "bye-sent"),
        (ANSWERED + BYE_RECEIVED, "bye-received"),
        (REFUSED, "refused"),
        (REFUSED + ANSWERED, None),
        ("", None),
    ],
    ids=["running", "own-bye", "other-bye", "never-made", "tried-again", "nothing-seen"],
)
def test_over(trace_of: TraceOf, before: str, expected: str | None) -> None:
    """A BYE of either side ends a dialog (RFC 3261 §15), a failure keeps it from being made."""
    assert values_of(trace_of(before + GONE.format(wait="1s")), 481, "dialog.over") == [expected]


def test_the_same_bye_on_the_hop_before(trace_of: TraceOf) -> None:
    """A BYE that a proxy sends on is no second one."""
    trace = trace_of("""
        a->p BYE sip:bob@192.0.2.2 SIP/2.0
        p->b BYE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 481 Call/Transaction Does Not Exist
        p->a SIP/2.0 481 Call/Transaction Does Not Exist
    """)
    assert values_of(trace, 481, "dialog.over") == [None, None]


@pytest.mark.parametrize(("before", "seen"), [(ANSWERED, True), (REFUSED, False), ("", False)])
def test_seen(trace_of: TraceOf, before: str, seen: bool) -> None:  # noqa: FBT001 - a table
    """A 2xx to the INVITE makes the dialog (RFC 3261 §12.1); a refusal does not."""
    assert values_of(trace_of(before + GONE.format(wait="1s")), 481, "dialog.seen") == [seen]


def test_quiet(trace_of: TraceOf) -> None:
    """The silence runs from the ACK, the last message before the request."""
    (quiet,) = values_of(trace_of(ANSWERED + GONE.format(wait="30m")), 481, "dialog.quiet_ms")
    assert quiet == pytest.approx(1_800_000, abs=50)


INVITE = "-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 180 Ringing\n"
CANCEL = "+1s -> CANCEL sip:bob@example.com SIP/2.0\n{between}<- SIP/2.0 481 x\n   CSeq: 1 CANCEL\n"
OTHER_BRANCH = "   Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKother\n"


@pytest.mark.parametrize(
    ("dialogue", "expected"),
    [
        (INVITE + CANCEL.format(between=""), "pending"),
        (INVITE + "<- SIP/2.0 486 x\n" + CANCEL.format(between=""), "finished"),
        (INVITE + CANCEL.format(between="<- SIP/2.0 603 x\n   CSeq: 1 INVITE\n"), "finished"),
        (
            INVITE
            + CANCEL.format(between=OTHER_BRANCH).replace(
                "CSeq: 1 CANCEL\n", "CSeq: 1 CANCEL\n" + OTHER_BRANCH
            ),
            "other-branch",
        ),
        ("-> CANCEL sip:bob@example.com SIP/2.0\n<- SIP/2.0 481 x\n", "unseen"),
        ("-> BYE sip:bob@example.com SIP/2.0\n<- SIP/2.0 481 x\n", None),
    ],
    ids=["pending", "before", "crossing", "other-branch", "unseen", "no-cancel"],
)
def test_cancels(trace_of: TraceOf, dialogue: str, expected: str | None) -> None:
    """A CANCEL finds its INVITE by the branch (RFC 3261 §9.1) and has no effect on one that has its
    final response (§9.2), also where the two cross.
    """
    assert values_of(trace_of(dialogue), 481, "cancels") == [expected]


CHANGE = """
    {arrow} {method} sip:x@192.0.2.9 SIP/2.0
       From: <sip:{own}@example.com>;tag={own}1
       To: <sip:{other}@example.com>;tag={other}1
       CSeq: {cseq} {method}
"""


def change(side: str, cseq: int, method: str = "INVITE") -> str:
    """Return a change of the session by a or b."""
    arrow, other = ("->", "b") if side == "a" else ("<-", "a")
    return CHANGE.format(arrow=arrow, method=method, own=side, other=other, cseq=cseq)


REFUSES = "<- SIP/2.0 491 Request Pending\n   CSeq: 5 INVITE\n"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("", None),
        (change("b", 7), "other-side"),
        (change("b", 7, "UPDATE"), "other-side"),
        (change("a", 4), "same-side"),
        (change("b", 7) + "-> SIP/2.0 200 OK\n   CSeq: 7 INVITE\n", None),
        (change("b", 7, "INFO"), None),
    ],
    ids=["none", "glare", "update", "own", "settled", "no-offer"],
)
def test_pending_offer(trace_of: TraceOf, before: str, expected: str | None) -> None:
    """Glare is an INVITE or UPDATE of the other side without its answer (RFC 3261 §14.2)."""
    trace = trace_of(before + change("a", 5) + REFUSES)
    assert values_of(trace, 491, "pending_offer") == [expected]


@pytest.mark.parametrize(
    ("before", "lower"),
    [(change("a", 9, "INFO"), True), (change("a", 4, "INFO"), False), (change("b", 9), False)],
    ids=["higher-before", "in-order", "other-side"],
)
def test_cseq_lower(
    trace_of: TraceOf,
    before: str,
    lower: bool,  # noqa: FBT001 - a table
) -> None:
    """Each side counts its own CSeq numbers upwards (RFC 3261 §12.2.1.1)."""
    refused = change("a", 5) + "<- SIP/2.0 500 x\n   CSeq: 5 INVITE\n"
    assert values_of(trace_of(before + refused), 500, "cseq_lower") == [lower]


@pytest.mark.parametrize(("rack", "expected"), [("5 1 INVITE", True), ("6 1 INVITE", False)])
def test_rack(
    trace_of: TraceOf,
    rack: str,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    """RAck begins with the RSeq of the 1xx that it acknowledges (RFC 3262 §7.2)."""
    trace = trace_of(f"""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 183 Session Progress
           RSeq: 5
        -> PRACK sip:bob@192.0.2.2 SIP/2.0
           CSeq: 2 PRACK
           RAck: {rack}
        <- SIP/2.0 481 Call/Transaction Does Not Exist
    """)
    assert values_of(trace, 481, "rack_pending") == [expected]
