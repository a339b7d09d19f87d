"""REFER inside calls, and its NOTIFYs → transfers: who was to go where, and whether it worked.

The status in a message/sipfrag body is the outcome of the transfer and no response on this wire
(RFC 3515 §2.4.5): 603 in it says that who was to be called declined.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from analyzer.sip.address import Address
from analyzer.sip.headers import header_values, which_headers
from analyzer.sip.uri import Uri
from analyzer.tables.calls import Party
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT
from analyzer.tables.stories import TransferState, TransferTable
from analyzer.tables.trace import Trace

CHALLENGES = (401, 407)
NOT_TRANSFERRED = (TransferState.REFUSED, TransferState.FAILED)
_FRAGMENT = re.compile(rb"\s*SIP/2\.0[ \t]+(\d{3})\b", re.IGNORECASE)
_REPLACES = re.compile(r"[?&]replaces=", re.IGNORECASE)
_PATIENCE_NS = 32_000_000_000
"""64*T1: within this time a transferred party calls."""

_Report = tuple[int, str, int, bool]
"""A NOTIFY: its message, the id in Event, the status in its body, whether it ends the subscription.
"""


def find_transfers(trace: Trace, call: int = ABSENT) -> TransferTable:
    """Return the transfers asked for inside all calls, or inside one."""
    transactions = trace.transactions
    is_refer = (transactions.method_sym == Method.REFER) & (transactions.call_row >= 0)
    rows = np.flatnonzero(is_refer & transactions.in_dialog)
    if call >= 0:
        rows = rows[transactions.call_row[rows] == call]
    if len(rows) == 0:
        return TransferTable.zeros(0)
    referred = _Referred(trace)
    dialogs: dict[tuple[int, int, int], dict[int, list[int]]] = defaultdict(dict)
    for row in rows.tolist():
        number = int(trace.messages.cseq[transactions.first_row[row]])
        dialogs[_dialog(trace, row)].setdefault(number, []).append(row)
    reports = _reports(trace, set(transactions.call_row[rows].tolist()))
    made = [
        _transfer(trace, hops, told, referred)
        for dialog, asked in dialogs.items()
        for hops, told in _with_reports(trace, asked, reports.get(dialog, []))
    ]
    made.sort(key=lambda each: each[2])
    return TransferTable.from_rows(made)


def _with_reports(
    trace: Trace, asked: dict[int, list[int]], reports: list[_Report]
) -> Iterator[tuple[list[int], list[int]]]:
    """Go through the REFERs of one side, by CSeq number, with the statuses their NOTIFYs tell.

    One that was challenged and sent again is no transfer of its own. A NOTIFY names its REFER by
    id, that of the first may go without (RFC 3515 §2.4.6): it belongs to the first that was there,
    not refused and not over.
    """
    transactions = trace.transactions
    answers = {
        number: max(int(transactions.final_status[hop]) for hop in hops)
        for number, hops in asked.items()
    }
    told: dict[str, list[int]] = {str(number): [] for number in asked}
    waiting = {str(number): asked[number][0] for number in asked if answers[number] < 300}
    for request, name, status, is_last in reports:
        begun = (each for each, row in waiting.items() if transactions.first_row[row] < request)
        refer = name or next(begun, "")
        told.get(refer, []).append(status)
        if is_last:
            waiting.pop(refer, None)
    for number, hops in asked.items():
        if answers[number] not in CHALLENGES or number == max(asked):
            yield hops, told[str(number)]


def _dialog(trace: Trace, row: int) -> tuple[int, int, int]:
    """Return Call-ID, From tag and To tag of a transaction."""
    first, messages = trace.transactions.first_row[row], trace.messages
    tags = int(messages.from_tag_hash[first]), int(messages.to_tag_hash[first])
    return int(messages.call_id_hash[first]), *tags


def _reports(trace: Trace, calls: set[int]) -> dict[tuple[int, int, int], list[_Report]]:
    """Return what NOTIFYs report, in order, by the dialog as the sender of the REFER names it."""
    transactions = trace.transactions
    is_notify = (transactions.method_sym == Method.NOTIFY) & (transactions.request_row >= 0)
    rows = np.flatnonzero(is_notify & np.isin(transactions.call_row, sorted(calls)))
    requests = transactions.request_row[rows].astype(np.int64)
    found: dict[tuple[int, int, int], dict[int, _Report]] = defaultdict(dict)
    events = header_values(trace, requests, "Event")
    states = header_values(trace, requests, "Subscription-State")
    for row, request, event, state in zip(
        rows.tolist(), requests.tolist(), events, states, strict=True
    ):
        package, _, parameters = (event or "").partition(";")
        if package.strip().lower() != "refer":
            continue
        names = dict(each.strip().partition("=")[::2] for each in parameters.split(";"))
        body = trace.message_bytes(request)[int(trace.messages.head_len[request]) :]
        fragment = _FRAGMENT.match(body)
        status = int(fragment[1]) if fragment else 0
        is_last = (state or "").strip().lower().startswith("terminated")
        call_id, notifier, referrer = _dialog(trace, row)
        # on the next hop it is the same NOTIFY
        number = int(trace.messages.cseq[request])
        found[call_id, referrer, notifier].setdefault(
            number, (request, names.get("id", ""), status, is_last)
        )
    return {dialog: list(each.values()) for dialog, each in found.items()}


def _transfer(
    trace: Trace, hops: list[int], told: list[int], referred: "_Referred"
) -> tuple[int, ...]:
    """Return the row of one REFER, seen on some hops, with the statuses its NOTIFYs tell."""
    transactions = trace.transactions
    row = hops[0]
    answered = next((hop for hop in hops if transactions.final_row[hop] >= 0), row)
    request = int(transactions.request_row[row])
    final = next((status for status in reversed(told) if status >= 200), 0)
    state, status = _state(int(transactions.final_status[answered]), final)
    value = header_values(trace, np.array([request]), "Refer-To")[0] if request >= 0 else None
    uri = Address.parse(value).uri if value else ""
    target = uri.partition("?")[0]
    call = int(transactions.call_row[row])
    return (
        call,
        _party(trace, row, call),
        max(request, int(transactions.first_row[row])),
        bool(_REPLACES.search(uri)),
        trace.texts.intern(target),
        state,
        status,
        referred.call(row, call, target),
    )


def _state(answer: int, reported: int) -> tuple[TransferState, int]:
    if answer >= 300:
        return TransferState.REFUSED, answer
    if 200 <= reported < 300:
        return TransferState.SUCCEEDED, reported
    if reported:
        state = TransferState.REFUSED if reported == 603 else TransferState.FAILED
        return state, reported
    return (TransferState.ACCEPTED if answer else TransferState.INCOMPLETE), 0


def _party(trace: Trace, row: int, call: int) -> Party:
    messages, invite = trace.messages, int(trace.calls.invite_row[call])
    first = trace.transactions.first_row[row]
    if invite < 0:
        invite = int(trace.calls.first_row[call])
    begins = [invite, *trace.legs.first_row[trace.legs_of_call.of(call)].tolist()]
    own = [
        begin for begin in begins if messages.call_id_hash[begin] == messages.call_id_hash[first]
    ]
    begin = own[0] if own else first
    is_caller = messages.from_tag_hash[first] == messages.from_tag_hash[begin]
    return Party.CALLER if is_caller else Party.CALLEE


class _Referred:
    """Calls that somebody was referred to: their INVITE has Referred-By (RFC 3892)."""

    def __init__(self, trace: Trace) -> None:
        calls = trace.calls
        self._trace = trace
        known = np.flatnonzero(calls.invite_row >= 0)
        has = which_headers(trace, calls.invite_row[known].astype(np.int64), ("Referred-By",)) > 0
        known = known[has]
        self._calls = known[np.argsort(calls.start_ns[known], kind="stable")]
        self._start_ns = calls.start_ns[self._calls]

    def call(self, refer: int, own: int, target: str) -> int:
        """Return the call that came of a transfer: begun within 64*T1 after the REFER, to the user
        and host that Refer-To names; -1 when none or several were.
        """
        trace = self._trace
        asked_ns = int(trace.messages.time_ns[trace.transactions.first_row[refer]])
        low = int(np.searchsorted(self._start_ns, asked_ns))
        high = int(np.searchsorted(self._start_ns, asked_ns + _PATIENCE_NS, "right"))
        wanted = _user_and_host(target)
        found = [
            call
            for call in self._calls[low:high].tolist()
            if call != own
            and _user_and_host(trace.text(int(trace.calls.invite_row[call]), "line")) == wanted
        ]
        return found[0] if len(found) == 1 else ABSENT


def _user_and_host(uri: str) -> tuple[str, str]:
    parts = Uri.parse(uri)
    return parts.plain_user, parts.host.lower()
