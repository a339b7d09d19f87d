"""What the steps of a subscription make of it (RFC 6665 §4.1, RFC 5839)."""

from dataclasses import dataclass, field

from analyzer.sip.event import SubscriptionState as StateHeader
from analyzer.tables.schema import ABSENT
from analyzer.tables.subscriptions import SubscriptionState
from analyzer.tracking.subscription_steps import Step

ENDING_STATUSES = frozenset({404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604})
"""Answers to a refresh or a NOTIFY that end the subscription (RFC 6665 §4.1.2.2, RFC 5057 §5.1)."""
ASKING_AGAIN = frozenset({401, 407, 423})
"""Answers to a SUBSCRIBE that refuse nothing where it is sent again as they ask."""

STATES = {
    "active": SubscriptionState.ACTIVE,
    "pending": SubscriptionState.PENDING,
    "terminated": SubscriptionState.TERMINATED,
}

OVER = frozenset({SubscriptionState.TERMINATED, SubscriptionState.REFUSED})


@dataclass(slots=True)
class Subscription:
    """A subscription as it is followed through its transactions."""

    number: int
    """Row in SubscriptionTable."""
    event: str
    subscriber_row: int
    notifier_row: int
    refreshes: int = 0
    notifies: int = 0
    suppressed: int = 0
    expires_s: int = ABSENT
    etag: str = ""
    etag_changes: int = 0
    final_status: int = 0
    state: SubscriptionState = SubscriptionState.INCOMPLETE
    reason: str = ""
    """Why it ended, as the last NOTIFY says."""
    granted_row: int = ABSENT
    """Message with the last grant, in MessageTable."""
    changes: list[tuple[int, SubscriptionState, str]] = field(default_factory=list)
    """Message, state and reason of each change of state."""
    senders: dict[tuple[bool, int], int] = field(default_factory=dict)
    """Who sent each request first: whether a NOTIFY, CSeq number."""
    siblings: set[int] = field(default_factory=set)
    """Tags of the notifiers at which its SUBSCRIBE made subscriptions."""
    wants_end: bool = False
    """The subscriber asked for the state once (a fetch), or for the end."""

    def is_asked_again(self) -> bool:
        """Tell whether the last answer refuses nothing should the subscriber do as it asks."""
        return self.state == SubscriptionState.REFUSED and self.final_status in ASKING_AGAIN

    def refuse_nothing(self) -> None:
        """Take back a refusal that was none."""
        self.changes.pop()
        self.state = SubscriptionState.INCOMPLETE


def apply(step: Step, subscription: Subscription) -> None:
    """Note what a step changes; a further hop of a request changes nothing."""
    sender = step.notifier_row if step.is_notify else step.subscriber_row
    if subscription.senders.setdefault((step.is_notify, step.cseq), sender) != sender:
        return
    if subscription.is_asked_again():
        subscription.refuse_nothing()
    before = subscription.state
    shown = _notify(step, subscription) if step.is_notify else _answer(step, subscription)
    if subscription.state == before:
        return
    if subscription.state != SubscriptionState.INCOMPLETE:
        reason = subscription.reason if shown == step.request_row else ""
        subscription.changes.append((shown, subscription.state, reason))


def _notify(step: Step, subscription: Subscription) -> int:
    """Note what a NOTIFY says, and whether its answer ends the subscription; return which shows
    the state.
    """
    subscription.notifies += 1
    state = StateHeader.parse(step.state_text) if step.state_text else None
    is_late = subscription.wants_end and subscription.state == SubscriptionState.TERMINATED
    if state is not None and (not is_late or state.state == "terminated"):
        subscription.state = STATES.get(state.state, subscription.state)
        # whoever asks for the end is told "timeout", though nothing timed out (RFC 6665 §4.1.3)
        is_asked = subscription.wants_end and state.reason == "timeout"
        subscription.reason = "" if is_asked else state.reason or ""
        if state.expires is not None:
            subscription.expires_s = state.expires
            subscription.granted_row = step.request_row
    subscription.etag_changes += bool(step.etag and subscription.etag not in {"", step.etag})
    subscription.etag = step.etag or subscription.etag
    if step.status in ENDING_STATUSES and subscription.state != SubscriptionState.TERMINATED:
        subscription.state, subscription.reason = SubscriptionState.TERMINATED, ""
        return step.final_row
    return step.request_row


def _answer(step: Step, subscription: Subscription) -> int:
    """Note what the answer to a SUBSCRIBE says; return its row."""
    subscription.final_status = step.status or subscription.final_status
    if step.status // 100 in {0, 2}:
        subscription.wants_end = step.asked_s == 0
    if step.status // 100 == 2:
        _grant(step, subscription)
    elif step.in_dialog and step.status in ENDING_STATUSES:
        subscription.state = SubscriptionState.TERMINATED
    elif step.status and not step.in_dialog and subscription.state == SubscriptionState.INCOMPLETE:
        subscription.state = SubscriptionState.REFUSED
    return step.final_row


def _grant(step: Step, subscription: Subscription) -> None:
    """Note a 2xx to a SUBSCRIBE: a refresh, a 204, the end (Expires: 0)."""
    subscription.suppressed += step.status == 204
    if step.granted_s >= 0:
        subscription.expires_s = step.granted_s
        subscription.granted_row = step.final_row
    if step.asked_s == 0:
        if step.in_dialog:
            subscription.state = SubscriptionState.TERMINATED
        return
    subscription.refreshes += step.in_dialog
    if subscription.state == SubscriptionState.REFUSED:
        subscription.state = SubscriptionState.INCOMPLETE
