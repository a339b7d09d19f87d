"""REFER inside calls, and its NOTIFYs → transfers: who was to go where, and whether it worked.

The status in a message/sipfrag body is the outcome of the transfer and no response on this wire
(RFC 3515 §2.4.5): 603 in it says that who was to be called declined.
"""

import re
from collections import defaultdict

import numpy as np

from analyzer.sip.address import Address
from analyzer.sip.headers import header_values, which_headers
from analyzer.sip.uri import Uri
from analyzer.tables.calls import Party
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT
from analyzer.tables.stories import TransferState, TransferTable
from analyzer.tables.trace import Trace

NOT_TRANSFERRED = (TransferState.REFUSED, TransferState.FAILED)
_FRAGMENT = re.compile(rb"\s*SIP/2\.0[ \t]+(\d{3})\b", re.IGNORECASE)
_REPLACES = re.compile(r"[?&]replaces=", re.IGNORECASE)
_PATIENCE_NS = 32_000_000_000
"""64*T1: within this time a transferred party calls."""


def find_transfers(trace: Trace, call: int = ABSENT) -> TransferTable:
    """Return the transfers asked for inside all calls, or inside one."""
    transactions = trace.transactions
    is_refer = (transactions.method_sym == Method.REFER) & (transactions.call_row >= 0)
    rows = np.flatnonzero(is_refer & transactions.in_dialog)
    if call >= 0:
        rows = rows[transactions.call_row[rows] == call]
    if len(rows) == 0:
        return TransferTable.zeros(0)
    reports = _reports(trace, set(transactions.call_row[rows].tolist()))
    referred = _Referred(trace)
    found: dict[tuple[int, int, int, int], list[int]] = {}
    for row in rows.tolist():
        key = (*_dialog(trace, row), int(trace.messages.cseq[transactions.first_row[row]]))
        found.setdefault(key, []).append(row)
    begun: set[tuple[int, int, int]] = set()
    made = []
    for key, hops in found.items():
        own = reports.get(key[:3], [])
        # the first REFER of a dialog may go without an id (RFC 3515 §2.4.6)
        ids = {str(key[3])} | (set() if key[:3] in begun else {""})
        begun.add(key[:3])
        told = [status for number, status in own if number in ids]
        made.append(_transfer(trace, hops, told, referred))
    made.sort(key=lambda each: each[2])
    return TransferTable.from_rows(made)


def _dialog(trace: Trace, row: int) -> tuple[int, int, int]:
    """Return Call-ID and both tags, the smaller first: a NOTIFY goes the other way."""
    first = trace.transactions.first_row[row]
    messages = trace.messages
    tags = sorted((int(messages.from_tag_hash[first]), int(messages.to_tag_hash[first])))
    return int(messages.call_id_hash[first]), tags[0], tags[1]


def _reports(trace: Trace, calls: set[int]) -> dict[tuple[int, int, int], list[tuple[str, int]]]:
    """Return, by dialog, the id of Event and the status that each NOTIFY reports, in order."""
    transactions = trace.transactions
    is_notify = (transactions.method_sym == Method.NOTIFY) & (transactions.request_row >= 0)
    rows = np.flatnonzero(is_notify & np.isin(transactions.call_row, sorted(calls)))
    requests = transactions.request_row[rows].astype(np.int64)
    found: dict[tuple[int, int, int], list[tuple[str, int]]] = defaultdict(list)
    events = header_values(trace, requests, "Event")
    for row, request, event in zip(rows.tolist(), requests.tolist(), events, strict=True):
        package, _, parameters = (event or "").partition(";")
        if package.strip().lower() != "refer":
            continue
        names = dict(each.strip().partition("=")[::2] for each in parameters.split(";"))
        body = trace.message_bytes(request)[int(trace.messages.head_len[request]) :]
        status = _FRAGMENT.match(body)
        if status:
            found[_dialog(trace, row)].append((names.get("id", ""), int(status[1])))
    return found


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
