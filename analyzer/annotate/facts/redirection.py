"""Fields of redirections (3xx): where to, and whether anybody went there (RFC 3261 §8.1.3.4)."""

from bisect import bisect_right
from weakref import WeakKeyDictionary

import numpy as np

from analyzer.annotate.facts.acknowledgement import last_time
from analyzer.annotate.facts.message import line_texts
from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.frozen import frozen
from analyzer.sip.auth import redact_credentials
from analyzer.sip.contact import Contact
from analyzer.sip.headers import all_header_values
from analyzer.sip.uri import Uri
from analyzer.tables.endpoints import address_numbers
from analyzer.tables.messages import MessageTable
from analyzer.tables.schema import ABSENT
from analyzer.tables.trace import Trace

_NS_PER_MS = 1_000_000

_OUTCOMES: dict[str, Text] = {
    "followed": {"en": "followed", "ja": "転送先に送られた"},
    "elsewhere": {"en": "tried elsewhere", "ja": "別の宛先に送られた"},
    "not-followed": {"en": "not followed", "ja": "転送先に送られていない"},
    "open": {"en": "the capture ends before", "ja": "キャプチャがその前に終わっている"},
}


@frozen
class _Redirection:
    """A 3xx and what became of it."""

    contacts: tuple[str, ...]
    """URIs as written, the preferred one first."""
    outcome: str
    answer_status: int
    """Final status of the request that followed; 0 none."""
    is_loop: bool


def _address(uri: str) -> str:
    return Uri.parse(uri).address_of_record


def _redirections(judged: Judged) -> list[_Redirection | None]:
    """Return what became of each response judged, None for one that is no 3xx."""
    trace = judged.trace
    statuses = trace.messages.status[judged.message_rows]
    found: list[_Redirection | None] = [None] * len(judged)
    rows = np.flatnonzero((statuses >= 300) & (statuses < 400)).tolist()
    if not rows:
        return found
    later = _later(trace)
    for at in rows:
        found[at] = _read(trace, later, judged, at)
    return found


def _read(trace: Trace, later: "_Later", judged: Judged, at: int) -> _Redirection:
    row = int(judged.message_rows[at])
    contacts = _contacts(trace, row)
    asked = int(judged.request_rows[at])
    own = line_texts(trace, np.array([asked]))[0] if asked >= 0 else ""
    targets = {_address(uri) for uri in contacts if uri != own}
    next_row, is_target = later.find(trace, int(judged.transaction_rows[at]), row, targets)
    if next_row == ABSENT:
        patience = int(float(str(judged.settings["follow_within_ms"])) * _NS_PER_MS)
        is_open = int(trace.messages.time_ns[row]) + patience > last_time(trace)
        return _Redirection(contacts, "open" if is_open else "not-followed", 0, own in contacts)
    status = int(trace.transactions.final_status[next_row])
    outcome = "followed" if is_target else "elsewhere"
    return _Redirection(contacts, outcome, status, own in contacts)


def _contacts(trace: Trace, row: int) -> tuple[str, ...]:
    listed = [
        each
        for value in all_header_values(trace, row, "Contact")
        for each in Contact.parse_list(value)
    ]
    preferred = sorted(listed, key=lambda each: -1 if each.q is None else -each.q)
    return tuple(each.address.uri for each in preferred if each.address)


class _Later:
    """The requests outside dialogs of a trace: by Call-ID, and by who sent them where."""

    def __init__(self, trace: Trace) -> None:
        table, messages = trace.transactions, trace.messages
        self._clients = address_numbers(trace.endpoints)[0][table.client_row]
        self._of_call: dict[tuple[int, int], list[tuple[int, int, str]]] = {}
        self._to_target: dict[tuple[int, int, str], list[tuple[int, int]]] = {}
        rows = np.flatnonzero((table.request_row >= 0) & ~table.in_dialog)
        rows = rows[np.argsort(table.request_row[rows], kind="stable")]
        requests = table.request_row[rows].astype(np.int64)
        known: dict[str, str] = {}
        for row, request, call_id, method, client, uri in zip(
            rows.tolist(),
            requests.tolist(),
            messages.call_id_hash[requests].tolist(),
            table.method_sym[rows].tolist(),
            self._clients[rows].tolist(),
            line_texts(trace, requests),
            strict=True,
        ):
            address = known.setdefault(uri, _address(uri))
            self._of_call.setdefault((call_id, method), []).append((request, row, address))
            self._to_target.setdefault((client, method, address), []).append((request, row))

    def find(
        self, trace: Trace, transaction: int, after: int, targets: set[str]
    ) -> tuple[int, bool]:
        """Return the transaction that followed a response, one to a target before any other, -1
        for none, and whether it went to a target.
        """
        client = int(self._clients[transaction])
        method = int(trace.transactions.method_sym[transaction])
        call_id = int(trace.messages.call_id_hash[after])
        of_call = self._of_call.get((call_id, method), [])
        in_call = of_call[bisect_right(of_call, (after, len(trace.transactions), "")) :]
        followed = [(request, row) for request, row, address in in_call if address in targets]
        for target in targets:
            sent = self._to_target.get((client, method, target), [])
            followed += sent[bisect_right(sent, (after, len(trace.transactions))) :][:1]
        if followed:
            return min(followed)[1], True
        again = (row for _, row, _ in in_call if self._clients[row] == client)
        return next(again, ABSENT), False


_KNOWN: WeakKeyDictionary[MessageTable, _Later] = WeakKeyDictionary()


def _later(trace: Trace) -> _Later:
    known = _KNOWN.get(trace.messages)
    if known is None:
        known = _KNOWN[trace.messages] = _Later(trace)
    return known


@field(
    "redirect",
    "text",
    en="What came of a redirection (3xx): whether a later request went to one of its Contacts, in "
    "the same Call-ID or from the same client.",
    ja="リダイレクト（3xx）の結果。同じ Call-ID で、または同じクライアントから、その Contact の"
    "いずれかにリクエストが送られたかどうか。",
    choices=_OUTCOMES,
    settings=("follow_within_ms",),
)
def _redirect(judged: Judged) -> Values:
    return Coded.of([each.outcome if each else None for each in judged.kept(_redirections)])


@field(
    "redirect.contacts",
    "number",
    en="Contacts that a redirection names.",
    ja="リダイレクトが示す Contact の数。",
    settings=("follow_within_ms",),
)
def _count(judged: Judged) -> Values:
    return Coded.of([len(each.contacts) if each else None for each in judged.kept(_redirections)])


@field(
    "redirect.target",
    "text",
    en="Contact that a redirection prefers.",
    ja="リダイレクトが最も優先する Contact。",
    settings=("follow_within_ms",),
)
def _target(judged: Judged) -> Values:
    found: list[Value] = [
        redact_credentials(each.contacts[0]) if each and each.contacts else None
        for each in judged.kept(_redirections)
    ]
    return Coded.of(found)


@field(
    "redirect.to_itself",
    "flag",
    en="Whether a Contact of a redirection is the Request-URI that was asked for.",
    ja="リダイレクトの Contact に、要求された Request-URI と同じものがあるかどうか。",
    settings=("follow_within_ms",),
)
def _to_itself(judged: Judged) -> Values:
    return Coded.of([each.is_loop if each else None for each in judged.kept(_redirections)])


@field(
    "redirect.answer_status",
    "number",
    en="Final status of the request that followed a redirection.",
    ja="リダイレクトの後に送られたリクエストの最終応答のコード。",
    settings=("follow_within_ms",),
)
def _answer_status(judged: Judged) -> Values:
    found: list[Value] = [
        (each.answer_status or None) if each else None for each in judged.kept(_redirections)
    ]
    return Coded.of(found)
