"""All tables of one analysis."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Any, Self

import numpy as np

from analyzer.tables.anomalies import AnomalyLog, Coverage
from analyzer.tables.calls import CallTable
from analyzer.tables.captures import CaptureInfo
from analyzer.tables.dialogs import DialogTable
from analyzer.tables.endpoints import EndpointTable
from analyzer.tables.findings import FindingTable
from analyzer.tables.hops import HopTable
from analyzer.tables.legs import LegTable
from analyzer.tables.media import CallMedia, no_media
from analyzer.tables.messages import KNOWN_METHODS, LinkTable, MessageTable
from analyzer.tables.origins import OriginTable
from analyzer.tables.registrations import RegistrationTable
from analyzer.tables.rtp import Rtp, no_rtp
from analyzer.tables.spans import SpanStore
from analyzer.tables.stories import Stories, no_stories
from analyzer.tables.subscriptions import SubscriptionChangeTable, SubscriptionTable
from analyzer.tables.symbols import SymbolTable
from analyzer.tables.transactions import TransactionTable
from analyzer.tables.vector import Groups, group_rows


@dataclass(slots=True)
class MessageAnomalies:
    """Kinds of anomaly per message: parallel lists, in the order of the messages."""

    message_rows: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)


@dataclass(eq=False, repr=False)
class Trace:
    """The tables of one analysis, filled from left to right by the stages of `pipeline`."""

    captures: list[CaptureInfo]
    spans: SpanStore
    messages: MessageTable
    endpoints: EndpointTable
    methods: SymbolTable = field(default_factory=lambda: SymbolTable(KNOWN_METHODS))
    texts: SymbolTable = field(default_factory=SymbolTable)
    coverage: Coverage = field(default_factory=Coverage)
    anomalies: AnomalyLog = field(default_factory=AnomalyLog)
    message_anomalies: MessageAnomalies = field(default_factory=MessageAnomalies)
    links: LinkTable = field(default_factory=lambda: LinkTable.zeros(0))
    transactions: TransactionTable = field(default_factory=lambda: TransactionTable.zeros(0))
    calls: CallTable = field(default_factory=lambda: CallTable.zeros(0))
    legs: LegTable = field(default_factory=lambda: LegTable.zeros(0))
    subscriptions: SubscriptionTable = field(default_factory=lambda: SubscriptionTable.zeros(0))
    subscription_changes: SubscriptionChangeTable = field(
        default_factory=lambda: SubscriptionChangeTable.zeros(0)
    )
    registrations: RegistrationTable = field(default_factory=lambda: RegistrationTable.zeros(0))
    findings: FindingTable = field(default_factory=lambda: FindingTable.zeros(0))
    dialog_tracker: "Callable[[Trace], DialogTable]" = field(default=lambda _: DialogTable.zeros(0))
    """Fills `dialogs` when they are first asked for: no report needs them."""
    path_tracker: "Callable[[Trace], HopTable]" = field(default=lambda _: HopTable.zeros(0))
    """Fills `hops` when they are first asked for."""
    story_teller: "Callable[[Trace], Stories]" = field(default=lambda _: no_stories())
    """Fills `stories` when they are first asked for."""
    origins: OriginTable = field(default_factory=lambda: OriginTable.zeros(0))
    """What the bytes of `spans` that stand in no capture were made of; see `provenance`."""
    rtp: Rtp = field(default_factory=no_rtp)
    media_measurer: "Callable[[Trace], CallMedia]" = field(
        default=lambda trace: no_media(len(trace.calls))
    )
    """Fills `media` when it is first asked for."""
    rules: tuple[Any, ...] = ()
    """The rules (`annotate.rule.Rule`) that FindingTable.rule counts in."""
    opened: tuple[Any, ...] = ()
    """The captures themselves (`capture.mapped.Capture`), in the order of `captures`."""
    skipped: tuple[str, ...] = ()
    """Files of searched directories that are no captures."""
    problems: tuple[str, ...] = ()
    """Inputs that could not be read beside those that could: a line each."""
    resources: ExitStack = field(default_factory=ExitStack)
    """What `close` releases: mapped captures and views of them."""

    def close(self) -> None:
        """Release the captures; texts can no longer be read, the numbers in the tables can."""
        self.resources.close()

    def __enter__(self) -> Self:
        """Use the trace in a `with` statement, which closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Release the captures."""
        self.close()

    @cached_property
    def dialogs(self) -> DialogTable:
        """Dialogs, early ones included."""
        return self.dialog_tracker(self)

    @cached_property
    def hops(self) -> HopTable:
        """Hops of calls, in path order."""
        return self.path_tracker(self)

    @cached_property
    def hops_of_call(self) -> Groups:
        """Hop rows of each call."""
        return group_rows(self.hops.call_row, len(self.calls))

    @cached_property
    def stories(self) -> Stories:
        """What happened during calls."""
        return self.story_teller(self)

    @cached_property
    def events_of_call(self) -> Groups:
        """Event rows of each call."""
        return group_rows(self.stories.events.call_row, len(self.calls))

    @cached_property
    def transfers_of_call(self) -> Groups:
        """Transfer rows of each call."""
        return group_rows(self.stories.transfers.call_row, len(self.calls))

    @cached_property
    def media(self) -> CallMedia:
        """Media of the calls; nothing when nobody wants to know."""
        return self.media_measurer(self)

    @cached_property
    def streams_of_call(self) -> Groups:
        """Rows of the RTP sources of each call."""
        rows = self.media.streams.call_row
        return group_rows(rows, len(self.calls))

    @cached_property
    def media_of_call(self) -> Groups:
        """Rows of what was offered and answered on the deciding hop of each call."""
        agreements = self.media.agreements
        deciding = self.calls.transaction_row[agreements.call_row]
        is_deciding = agreements.transaction_row == deciding
        return group_rows(np.where(is_deciding, agreements.call_row, -1), len(self.calls))

    @cached_property
    def reports_of_call(self) -> Groups:
        """Rows of the RTCP of each call."""
        rows = self.media.reports.call_row
        return group_rows(rows, len(self.calls))

    @cached_property
    def messages_of_transaction(self) -> Groups:
        """Message rows of each transaction."""
        return group_rows(self.links.transaction_row, len(self.transactions))

    @cached_property
    def transactions_of_call(self) -> Groups:
        """Transaction rows of each call."""
        return group_rows(self.transactions.call_row, len(self.calls))

    @cached_property
    def legs_of_call(self) -> Groups:
        """Leg rows of each call."""
        return group_rows(self.legs.call_row, len(self.calls))

    @cached_property
    def transactions_of_subscription(self) -> Groups:
        """Transaction rows of each subscription."""
        return group_rows(self.transactions.subscription_row, len(self.subscriptions))

    @cached_property
    def changes_of_subscription(self) -> Groups:
        """Rows of the changes of state of each subscription."""
        return group_rows(self.subscription_changes.subscription_row, len(self.subscriptions))

    @cached_property
    def transactions_of_registration(self) -> Groups:
        """Transaction rows of each registration."""
        return group_rows(self.transactions.registration_row, len(self.registrations))

    @cached_property
    def findings_of_transaction(self) -> Groups:
        """Finding rows of each transaction."""
        return group_rows(self.findings.transaction_row, len(self.transactions))

    @cached_property
    def findings_of_call(self) -> Groups:
        """Finding rows of each call."""
        return group_rows(self.findings.call_row, len(self.calls))

    def message_bytes(self, row: int) -> bytes:
        """Copy a message, head and body, out of its capture."""
        messages = self.messages
        length = int(messages.head_len[row]) + int(messages.body_len[row])
        return self.spans.bytes_at(int(messages.source[row]), int(messages.pos[row]), length)

    def text(self, row: int, name: str) -> str:
        r"""Return a text of a message by the name of its span columns (`call_id`, `branch`, `line`,
        `from_tag`, `to_tag`, `sent_by`); bytes that are not UTF-8 become `\xNN`.
        """
        messages = self.messages
        pos = int(messages.pos[row]) + int(getattr(messages, name + "_pos")[row])
        length = int(getattr(messages, name + "_len")[row])
        raw = self.spans.bytes_at(int(messages.source[row]), pos, length)
        return raw.decode("utf-8", "backslashreplace")

    def frame(self, row: int) -> tuple[int, int]:
        """Return the capture index and frame number of a message."""
        return int(self.messages.capture[row]), int(self.messages.frame[row])
