"""A Report made by hand, for the tests of what renders reports."""

from analyzer.annotate.wording import AnsweredBy, FindingText, LikelyText
from analyzer.frozen import replace
from analyzer.report.model import (
    Arrow,
    CallSummary,
    Counts,
    EvidenceItem,
    FindingBlock,
    Ladder,
    Occurrence,
    Party,
    Proof,
    Quote,
    Remark,
    Report,
    Server,
    Story,
)
from analyzer.tables.anomalies import Coverage
from analyzer.tables.calls import Outcome
from analyzer.tables.captures import CaptureInfo
from analyzer.tables.findings import Severity

START = 1_700_000_000_000_000_000
"""2023-11-14 22:13:20 UTC."""
ALICE = Party("sip:alice@example.com", "Alice", "alice@example.com", "alice")
BOB = Party("sip:bob@example.com", "", "bob@example.com", "bob")
SECOND = 10**9

TEXT = FindingText(
    rule="RSP603",
    name="decline",
    case="declined-after-ringing",
    notes=(),
    severity=Severity.NOTICE,
    title="603 Decline",
    meaning="A global failure.",
    message="Declined 4200 ms after ringing began.",
    likely=LikelyText("A person declined.", "medium"),
    next_steps=("Respect it; no automatic redial.", "Use another channel."),
    references=("RFC 3261 §21.6.2", "RFC 6665 §4.2.1.3"),
    evidence={"since_alerting_ms": 4200, "response.retry_after": None},
    answered_by=AnsweredBy("192.0.2.2", 5060, "ExamplePhone/1.0"),
)

LADDER = Ladder(
    lanes=("192.0.2.1:5060", "192.0.2.2:5060"),
    arrows=(
        Arrow(START, (0, 1), 0, 1, "INVITE", 1),
        Arrow(START + 200_000_000, (0, 4), 1, 0, "180 Ringing", 0),
        Arrow(START + 4_400_000_000, (0, 5), 1, 0, "603 Decline", 0),
        Arrow(START + 4_410_000_000, (0, 6), 0, 1, "ACK", 0),
    ),
    start_ns=START,
)

BLOCK = FindingBlock(
    severity=Severity.NOTICE,
    text=TEXT,
    alike=True,
    count=1,
    first=Occurrence(START + 4_400_000_000, (0, 5), ALICE, BOB, "a84b4c76e66710@192.0.2.1", 0),
    last_ns=START + 4_400_000_000,
    callees=(("bob@example.com", 1),),
    callee_count=1,
    calls=1,
    subscriptions=0,
    server=Server("192.0.2.2:5060", "ExamplePhone/1.0"),
    servers=1,
    products=(("ExamplePhone/1.0", 1),),
    evidence=(
        EvidenceItem("since_alerting_ms", "4200"),
        EvidenceItem("response.retry_after", None),
    ),
    relayed=(),
    relayed_count=0,
    listed=(),
    alike_steps=(True, True),
    is_request=False,
    via=2,
    proof=Proof(
        replace(LADDER, arrows=(*LADDER.arrows[:2], replace(LADDER.arrows[2], decisive=True))),
        (Quote((0, 5), ("Server: ExamplePhone/1.0",)),),
    ),
)

CALL = CallSummary(0, START, ALICE, BOB, Outcome.DECLINED, 603, 4_200_000_000, None, 1)


def example_report() -> Report:
    """Return the report of a call that somebody declined."""
    return Report(
        captures=(CaptureInfo("office.pcap", "pcap", None, ["ETHERNET"], 8, 3000, START, START),),
        skipped=0,
        counts=Counts(8, 5, 3, 2, 1, 1, 0, 0, 1, 1, 0),
        coverage=Coverage(8, 5, 2, 0, {"esp": (1, (0, 8))}),
        first_ns=START,
        last_ns=START + 5 * SECOND,
        outcomes=((Outcome.DECLINED, 1),),
        subscription_states=(),
        registration_states=(),
        severities=((Severity.NOTICE, 1),),
        findings=(BLOCK,),
        kinds_left_out=0,
        calls=(CALL,),
        calls_selected=1,
        stories=(
            Story(
                "call",
                0,
                "a84b4c76e66710@192.0.2.1",
                "alice@example.com called bob@example.com: declined with 603 Decline (rang 4.2 s).",
                LADDER,
            ),
        ),
        stories_left_out=0,
        remarks=(
            Remark("file-cut", "data_loss", "the file ends inside a packet", 1, (0, 8), "70 of 90"),
        ),
        selection="",
    )
