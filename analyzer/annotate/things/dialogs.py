"""Subscriptions and registrations, and what of them is no column of their tables."""

from analyzer.annotate.fields import Values
from analyzer.annotate.items import TableKind, declare_kind, item_field
from analyzer.annotate.rule import Text
from analyzer.annotate.things.named import addresses, call_ids, naming_rows
from analyzer.tables.registrations import RegistrationState, RegistrationTable
from analyzer.tables.subscriptions import SubscriptionState, SubscriptionTable
from analyzer.tables.trace import Trace

_STATES: dict[str, tuple[str, str]] = {
    "incomplete": ("the capture does not show it", "キャプチャからは不明"),
    "pending": ("not yet decided", "保留中"),
    "active": ("active", "有効"),
    "terminated": ("ended", "終了"),
    "refused": ("refused", "拒否"),
    "registered": ("registered", "登録済み"),
    "removed": ("removed", "登録解除"),
    "unanswered": ("never answered", "応答なし"),
}


def _choices(names: type[SubscriptionState] | type[RegistrationState]) -> dict[str, Text]:
    words = {each.name.lower(): _STATES.get(each.name.lower(), (each.name, "")) for each in names}
    return {name: {"en": en, "ja": ja} for name, (en, ja) in words.items()}


SUBSCRIPTIONS = declare_kind(
    TableKind(
        "subscriptions",
        {"en": "Subscriptions (RFC 6665).", "ja": "購読（RFC 6665）。"},
        SubscriptionTable,
        lambda trace: trace.subscriptions,
        {"shown": "first_row"},
    )
)
REGISTRATIONS = declare_kind(
    TableKind(
        "registrations",
        {"en": "Registrations.", "ja": "登録。"},
        RegistrationTable,
        lambda trace: trace.registrations,
        {"request": "request_row", "response": "final_row", "shown": "first_row"},
    )
)


@item_field(
    "subscriptions",
    "state",
    "text",
    en="Where it stands.",
    ja="状態。",
    choices=_choices(SubscriptionState),
)
def _subscription_state(trace: Trace) -> Values:
    return [SubscriptionState(each).name.lower() for each in trace.subscriptions.state.tolist()]


@item_field("subscriptions", "event", "text", en="Event package.", ja="イベントパッケージ。")
def _event(trace: Trace) -> Values:
    return [trace.texts[each] or None for each in trace.subscriptions.event_sym.tolist()]


@item_field("subscriptions", "call_id", "text", en="Call-ID.", ja="Call-ID。")
def _subscription_call_id(trace: Trace) -> Values:
    return call_ids(trace, trace.subscriptions.first_row)


@item_field(
    "registrations",
    "state",
    "text",
    en="Where it stands.",
    ja="状態。",
    choices=_choices(RegistrationState),
)
def _registration_state(trace: Trace) -> Values:
    return [RegistrationState(each).name.lower() for each in trace.registrations.state.tolist()]


@item_field("registrations", "address_of_record", "text", en="Address in To.", ja="To のアドレス。")
def _address_of_record(trace: Trace) -> Values:
    table = trace.registrations
    return addresses(trace, naming_rows(table.request_row, table.first_row), "To")
