"""What a report says, independent of how it is printed: the only input of the text renderer.

Times are integers, ns since 1970 UTC, durations integers in ns; a value that does not exist is None
(or an empty text or tuple). Texts from the capture are as they are: a renderer makes them harmless.
"""

from datetime import UTC, tzinfo

from analyzer.annotate.wording import FindingText
from analyzer.frozen import frozen
from analyzer.in_notebooks import ShownInNotebooks
from analyzer.tables.anomalies import Coverage, Frame
from analyzer.tables.calls import Outcome
from analyzer.tables.captures import CaptureInfo
from analyzer.tables.findings import Severity


@frozen
class Counts:
    """How many there are of what, in all captures together."""

    packets: int
    sip_messages: int
    requests: int
    responses: int
    transactions: int
    calls: int
    subscriptions: int
    registrations: int
    findings: int
    retransmissions: int
    duplicates: int


@frozen
class Party:
    """Who a From or To header names."""

    uri: str = ""
    display: str = ""
    address: str = ""
    """The URI without scheme, password and parameters: `alice@example.com`."""
    user: str = ""

    @property
    def short(self) -> str:
        """Return the user, or the host where the URI has none."""
        return self.user or self.address


@frozen
class Occurrence:
    """One finding's place in the traffic."""

    time_ns: int
    frame: Frame
    caller: Party
    callee: Party
    call_id: str
    call: int | None
    """Id of the call it belongs to."""
    subscription: int | None = None
    """Id of the subscription it belongs to."""


@frozen
class Server:
    """Who sent a response."""

    address: str
    """Address and port."""
    product: str | None
    """What its Server or User-Agent header says."""


@frozen
class EvidenceItem:
    """A header value or measured figure that a verdict rests on."""

    name: str
    value: str | None
    """None: looked for, and not there."""


@frozen
class Arrow:
    """One line of a ladder: a message, or several that repeat it."""

    time_ns: int
    frame: Frame
    source: int
    """Index in the ladder's lanes."""
    destination: int
    label: str
    repeats: int
    """Retransmissions and copies of it that are not drawn."""
    decisive: bool = False
    """A verdict rests on it."""
    left_out: int = 0
    """Arrows that are missing after it."""


@frozen
class Ladder(ShownInNotebooks):
    """The messages of a call between its parties, in order of time."""

    lanes: tuple[str, ...]
    """Address and port of each party, in the order of appearance."""
    arrows: tuple[Arrow, ...]
    start_ns: int


@frozen
class Quote:
    """Lines of a message."""

    frame: Frame
    lines: tuple[str, ...]


@frozen
class Proof:
    """What a finding rests on: the messages that matter, and lines of them."""

    ladder: Ladder
    quotes: tuple[Quote, ...]


@frozen
class FindingBlock:
    """A finding, or many alike: same rule, same case, same notes."""

    severity: Severity
    text: FindingText
    """Words of the first of them."""
    alike: bool
    """All of them have the words of the first; else its words are an example."""
    count: int
    first: Occurrence
    last_ns: int
    callees: tuple[tuple[str, int], ...]
    """The most frequent ones and how often, the most frequent first."""
    callee_count: int
    calls: int
    """Distinct calls among them."""
    subscriptions: int
    """Distinct subscriptions among them."""
    server: Server
    """Who answered first."""
    servers: int
    """Distinct addresses and ports that answered."""
    products: tuple[tuple[str, int], ...]
    """What they name in Server or User-Agent and how often, the most frequent first."""
    evidence: tuple[EvidenceItem, ...]
    relayed: tuple[Frame, ...]
    """Further hops that only passed the response on, at most a few."""
    relayed_count: int
    listed: tuple[Occurrence, ...]
    """The first ones, where there are several."""
    alike_steps: tuple[bool, ...]
    """For each step of `text.next_steps` whether it says the same for all of them."""
    is_request: bool
    """What is judged are requests; `server` and `servers` are who sent them then."""
    via: int
    """Via values of the first response: elements the request had passed when it was answered."""
    proof: Proof
    """Of the first of them."""


@frozen
class CallSummary(ShownInNotebooks):
    """A row of the call table."""

    id: int
    start_ns: int
    caller: Party
    callee: Party
    outcome: Outcome
    final_status: int | None
    ring_ns: int | None
    talk_ns: int | None
    findings: int


@frozen
class Story(ShownInNotebooks):
    """A call, subscription, registration or lone transaction: one sentence and its ladder."""

    kind: str
    """`call`, `subscription`, `registration` or `transaction`."""
    id: int
    call_id: str
    sentence: str
    ladder: Ladder | None


@frozen
class Remark:
    """An anomaly in words."""

    kind: str
    severity: str
    text: str
    count: int
    first_frame: Frame | None
    detail: str


@frozen
class Report(ShownInNotebooks):
    """All that the text report says."""

    captures: tuple[CaptureInfo, ...]
    skipped: int
    """Files of directories that are no capture."""
    counts: Counts
    coverage: Coverage
    first_ns: int | None
    last_ns: int | None
    outcomes: tuple[tuple[Outcome, int], ...]
    """Outcomes that occurred, the most frequent first."""
    subscription_states: tuple[tuple[str, int], ...]
    registration_states: tuple[tuple[str, int], ...]
    severities: tuple[tuple[Severity, int], ...]
    """Severities that occurred, the highest first."""
    findings: tuple[FindingBlock, ...]
    kinds_left_out: int
    """Groups of findings that did not fit."""
    calls: tuple[CallSummary, ...]
    calls_selected: int
    """Calls to choose from: all, or those that `--call` picks; more than shown when many."""
    stories: tuple[Story, ...]
    stories_left_out: int
    remarks: tuple[Remark, ...]
    selection: str
    """Part of the Call-ID that was asked for; empty for all."""
    language: str = "en"
    """Of the sentences in it."""
    zone: tzinfo | None = UTC
    """Of the times in texts; None is that of the system."""
