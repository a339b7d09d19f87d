"""Legs → calls: what a back-to-back user agent took apart is put together, on evidence only.

A leg is joined to an earlier one that was not over when it began. Explicit evidence (identifiers
that elements pass on) is sure; a derived Call-ID or media passed through is likely, and surer when
caller and callee are the same within a short time. Numbers alone join nothing, and a leg that could
belong to two calls stays alone, which an anomaly says.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from analyzer.frozen import frozen
from analyzer.settings import Settings
from analyzer.sip.address import Address
from analyzer.sip.headers import hash_spans, header_values, which_headers
from analyzer.sip.media_places import find_media
from analyzer.sip.siphash import siphash
from analyzer.tables.endpoints import hop_ends
from analyzer.tables.legs import Confidence, Evidence, LegTable
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool, Int8, Int16, Int32, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import (
    distinct,
    find_keys,
    first_of_each,
    is_in,
    mix_keys,
    number_groups,
    pick,
)
from analyzer.tracking.calls import CallMembers, ends_of_calls
from analyzer.tracking.identity import same_text

SURE = Evidence.SESSION_ID | Evidence.ICID | Evidence.HEADER | Evidence.CALL_ID
MOST_ALIKE = 32
"""Legs that share one sign; a sign of more says nothing."""
SHORTEST = 8
"""Bytes of a Call-ID that another may be derived from."""
_ICID = re.compile(r"icid-value\s*=\s*\"?([^\";,\s]+)", re.IGNORECASE)
_UUID = re.compile(r"\s*([0-9a-f]{32})\b", re.IGNORECASE)
_SEPARATOR = re.compile(r"[-_.@;~+:]")
_UNSPECIFIED = frozenset({"0" * 32})
_FEWEST_DIGITS = 7


@frozen
class Legs:
    """The calls as they were grouped by Call-ID and From tag, before any are joined."""

    first_row: Int32
    invite: Int64
    """First initial INVITE of each, in MessageTable; -1 when the capture lacks it."""
    start_ns: Int64
    end_ns: Int64
    client: Int64
    """Number of the element that sent the first INVITE (`hop_ends`)."""
    server: Int64
    """Number of the element it was sent to."""


@frozen
class _Pair:
    """A sign that two legs are one call."""

    later: int
    earlier: int
    evidence: Evidence


def join_legs(
    trace: Trace, members: CallMembers, settings: Settings, key: bytes
) -> tuple[CallMembers, LegTable]:
    """Return the members of the calls with legs joined, and all legs."""
    legs = _legs(trace, members)
    named = _Named(trace, members, legs, (settings, key))
    pairs = list(_signs(trace, legs, named)) if members.count > 1 else []
    count = members.count
    joined = np.full(count, ABSENT, np.int32)
    evidence, confidence = np.zeros(count, np.int16), np.zeros(count, np.int8)
    root = np.arange(count, dtype=np.int32)
    if pairs:
        _decide(trace, legs, pairs, settings, (root, joined, evidence, confidence))
    is_first = joined < 0
    call_of_leg = number_groups(root.astype(np.uint64))[0]
    table = LegTable(
        call_row=call_of_leg,
        first_row=legs.first_row,
        invite_row=legs.invite,
        joined_row=joined,
        evidence=evidence,
        confidence=confidence,
        replaces_row=named.dialogs("Replaces"),
        joins_row=named.dialogs("Join"),
    )
    if is_first.all():
        return members, table
    return _renumbered(members, call_of_leg, is_first), table


def _renumbered(members: CallMembers, call_of_leg: Int32, is_first: Bool) -> CallMembers:
    """Return the members by call; only the INVITEs of a call's first leg decide about it."""
    leg = members.call_of_transaction
    return CallMembers(
        call_of_transaction=pick(call_of_leg, leg, ABSENT),
        stray_acks=members.stray_acks,
        call_of_stray_ack=pick(call_of_leg, members.call_of_stray_ack, ABSENT),
        is_initial=members.is_initial & pick(is_first, leg, 0),
        count=int(np.count_nonzero(is_first)),
    )


def _legs(trace: Trace, members: CallMembers) -> Legs:
    messages, transactions = trace.messages, trace.transactions
    first, last = ends_of_calls(trace, members)
    opens = members.is_initial & (transactions.request_row >= 0)
    opening = first_of_each(members.call_of_transaction, opens, members.count)
    known = np.flatnonzero(opening >= 0)
    client, server = (np.full(members.count, ABSENT, np.int64) for _ in range(2))
    rows = opening[known]
    client[known], server[known] = hop_ends(
        trace.endpoints, transactions.client_row[rows], transactions.server_row[rows]
    )
    return Legs(
        first,
        pick(transactions.request_row, opening, ABSENT).astype(np.int64),
        messages.time_ns[first],
        messages.time_ns[last],
        client,
        server,
    )


class _Named:
    """What headers of the first INVITEs name: found in one pass over their heads."""

    def __init__(
        self, trace: Trace, members: CallMembers, legs: Legs, options: tuple[Settings, bytes]
    ) -> None:
        settings, self.key = options
        self.trace, self.members, self.legs = trace, members, legs
        self.known = np.flatnonzero(legs.invite >= 0)
        self.rows = legs.invite[self.known]
        self.signs = ("Session-ID", "P-Charging-Vector", *settings.leg_headers)
        self._names = (*self.signs, "Replaces", "Join")
        self._marks = which_headers(trace, self.rows, self._names)
        self._call_ids = trace.messages.call_id_hash[legs.first_row]

    def values(self, name: str) -> tuple[Int64, list[str | None]]:
        """Return the legs that have a header, and its values."""
        bit = np.uint64(1 << self._names.index(name))
        has = np.flatnonzero(self._marks & bit)
        if len(has) == 0:
            return has, []
        return self.known[has], header_values(self.trace, self.rows[has], name)

    def leg_of(self, call_id: str) -> int:
        """Return the first leg with a Call-ID, -1 for none."""
        hashed = np.array([siphash(self.key, call_id.encode())], np.uint64)
        found = int(find_keys(self._call_ids, hashed)[0])
        if found < 0 or self.trace.text(int(self.legs.first_row[found]), "call_id") != call_id:
            return ABSENT
        return found

    def dialogs(self, name: str) -> Int32:
        """Return for each leg the one whose dialog Replaces or Join names, -1 for none."""
        found = np.full(len(self.legs.first_row), ABSENT, np.int32)
        for leg, value in zip(*self.values(name), strict=True):
            other = self.leg_of((value or "").partition(";")[0].strip())
            found[leg] = other if other != leg else ABSENT
        return found


def _signs(trace: Trace, legs: Legs, named: _Named) -> Iterator[_Pair]:
    """Go through the signs that legs of one call leave."""
    known = named.known
    yield from _same_call_ids(trace, legs, known, named.rows)
    for name in named.signs:
        yield from _of_header(named, name)
    is_begun = is_in(legs.client[known], legs.server[known])
    yield from _derived(trace, legs, known[is_begun], known)
    sent = is_in(legs.server[known], legs.client[known[is_begun]])
    yield from _same_media(trace, named.members, legs, known[is_begun | sent], named.key)


def _same_call_ids(trace: Trace, legs: Legs, known: Int64, rows: Int64) -> Iterator[_Pair]:
    """Find legs with one Call-ID, which is unique in space and time, that different elements began;
    one element may begin two calls with it.
    """
    for group in _alike(trace.messages.call_id_hash[rows]):
        first = np.full(len(group) - 1, rows[group[0]])
        if same_text(trace, "call_id", rows[group[1:]], first).all():
            for pair in _pairs(known[group], Evidence.CALL_ID):
                if legs.client[pair.later] != legs.client[pair.earlier]:
                    yield pair


def _of_header(named: _Named, name: str) -> Iterator[_Pair]:
    """Compare the values of a header, and those of a private one with Call-IDs."""
    find = {"Session-ID": _session_id, "P-Charging-Vector": _icid}.get(name, str.strip)
    kinds = {"Session-ID": Evidence.SESSION_ID, "P-Charging-Vector": Evidence.ICID}
    kind = kinds.get(name, Evidence.HEADER)
    by_value: dict[str, list[int]] = defaultdict(list)
    for leg, value in zip(*named.values(name), strict=True):
        if text := find(value or ""):
            by_value[text].append(leg)
    for text, alike in by_value.items():
        yield from _pairs(np.array(alike), kind)
        found = named.leg_of(text) if kind is Evidence.HEADER else ABSENT
        for leg in alike:
            if found not in {ABSENT, leg}:
                yield _Pair(max(leg, found), min(leg, found), kind)


def _session_id(value: str) -> str:
    match = _UUID.match(value)
    text = match[1].lower() if match else ""
    return "" if text in _UNSPECIFIED else text


def _icid(value: str) -> str:
    match = _ICID.search(value)
    return match[1] if match else ""


def _derived(trace: Trace, legs: Legs, begun: Int64, known: Int64) -> Iterator[_Pair]:
    """Find legs whose Call-ID is made from that of one that was sent to who began them: something
    put before or behind it, or another host.
    """
    if len(begun) == 0:
        return
    of_text: dict[str, list[int]] = defaultdict(list)
    of_user: dict[str, list[int]] = defaultdict(list)
    senders = legs.client[begun]
    for leg in known[is_in(legs.server[known], senders)].tolist():
        text = trace.text(int(legs.invite[leg]), "call_id")
        of_text[text].append(leg)
        of_user[text.partition("@")[0]].append(leg)
    for leg in begun.tolist():
        text = trace.text(int(legs.invite[leg]), "call_id")
        cuts = [match.start() for match in _SEPARATOR.finditer(text)]
        parts = {text[:cut] for cut in cuts} | {text[cut + 1 :] for cut in cuts}
        parts = {part for part in parts if len(part) >= SHORTEST}
        found = {other for part in parts for other in of_text.get(part, ())}
        user = text.partition("@")[0]
        if len(user) >= SHORTEST:
            found |= set(of_user.get(user, ()))
        for other in sorted(found):
            if other != leg and legs.server[other] == legs.client[leg]:
                yield _Pair(max(leg, other), min(leg, other), Evidence.DERIVED_CALL_ID)


def _same_media(
    trace: Trace, members: CallMembers, legs: Legs, which: Int64, key: bytes
) -> Iterator[_Pair]:
    """Find offers, those of later INVITEs too, that name the same address and port where an element
    that was sent the one leg began the other.
    """
    transactions = trace.transactions
    if len(which) < 2:
        return
    is_offer = (transactions.method_sym == Method.INVITE) & (transactions.request_row >= 0)
    is_offer &= is_in(members.call_of_transaction, which)
    leg = members.call_of_transaction[is_offer]
    rows = transactions.request_row[is_offer].astype(np.int64)
    spans = find_media(trace, rows)
    has = np.flatnonzero((spans[:, 1] > 0) & (spans[:, 3] > 0))
    source = trace.messages.source[rows[has]]
    address, port = (
        hash_spans(trace.spans, source, spans[has, at], spans[has, at + 1], key) for at in (0, 2)
    )
    for group in _alike(mix_keys(address, port)):
        at = has[group]
        alike = distinct(leg[at])
        texts = {_media_text(trace, int(rows[each]), spans[each]) for each in at.tolist()}
        if len(alike) > 1 and len(texts) == 1 and _is_place(*texts.pop()):
            for pair in _pairs(alike, Evidence.MEDIA):
                if legs.client[pair.later] == legs.server[pair.earlier]:
                    yield pair


def _is_place(address: str, port: str) -> bool:
    """Tell whether media can be sent there: not to who is on hold, or waits for ICE."""
    return address not in {"0.0.0.0", "::"} and port not in {"0", "9"}  # noqa: S104 - no socket


def _media_text(trace: Trace, row: int, span: Int64) -> tuple[str, str]:
    source = int(trace.messages.source[row])
    address, port = (
        trace.spans.bytes_at(source, int(span[at]), int(span[at + 1])).decode("latin-1")
        for at in (0, 2)
    )
    return address, port


def _alike(keys: UInt64) -> Iterator[Int64]:
    """Go through the groups of rows with equal keys, those of one row left out."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    repeats = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(repeats) == 0:
        return
    for run in np.split(repeats, np.flatnonzero(np.diff(repeats) > 1) + 1):
        yield order[run[0] : run[-1] + 2]


def _pairs(legs: Int64, evidence: Evidence) -> Iterator[_Pair]:
    """Pair each leg with the earlier ones; legs are numbered in the order they begin."""
    ordered = sorted(legs.tolist())
    if len(ordered) > MOST_ALIKE:
        return
    for at, later in enumerate(ordered):
        for earlier in ordered[:at]:
            yield _Pair(later, earlier, evidence)


def _decide(
    trace: Trace,
    legs: Legs,
    pairs: list[_Pair],
    settings: Settings,
    found: tuple[Int32, Int32, Int16, Int8],
) -> None:
    """Join each leg that has signs to the one call they point to; fill root, joined leg, evidence
    and confidence.
    """
    root, joined, evidence, confidence = found
    names = _Names(trace, legs)
    by_leg: dict[int, dict[int, int]] = defaultdict(dict)
    for pair in pairs:
        known = by_leg[pair.later].get(pair.earlier, 0)
        by_leg[pair.later][pair.earlier] = known | pair.evidence
    slack_ns = settings.leg_window_ms * 1_000_000
    for leg in sorted(by_leg):
        signs: dict[int, int] = defaultdict(int)
        nearest: dict[int, int] = {}
        for other, bits in sorted(by_leg[leg].items()):
            if legs.start_ns[leg] > legs.end_ns[other] + slack_ns:
                continue
            call = int(root[other])
            if legs.start_ns[leg] - legs.start_ns[other] <= slack_ns and names.same(leg, other):
                bits |= Evidence.NUMBERS  # noqa: PLW2901 - what else speaks for this pair
            signs[call] |= bits
            nearest.setdefault(call, other)
        best = max(map(_confidence, signs.values()), default=Confidence.NONE)
        calls = [call for call, bits in signs.items() if _confidence(bits) == best]
        if len(calls) == 1:
            call = calls[0]
            later, earlier = leg, nearest[call]
            if earlier == call and _is_upstream(legs, leg, call, settings):
                root[root == call] = leg
                later, earlier = call, leg
            root[later], joined[later] = root[earlier], earlier
            evidence[later], confidence[later] = signs[call], best
        elif calls:
            trace.anomalies.add("leg-ambiguous", [trace.frame(int(legs.invite[leg]))])


def _is_upstream(legs: Legs, leg: int, first: int, settings: Settings) -> bool:
    """Tell whether the first leg of a call was begun by the element that this one was sent to: at
    one instant, or where two points of capture disagree a little, order says nothing.
    """
    if legs.start_ns[leg] - legs.start_ns[first] > settings.copy_window_without_id_ms * 1_000_000:
        return False
    is_begun = legs.client[first] == legs.server[leg]
    return bool(is_begun and legs.client[leg] != legs.server[first])


def _confidence(bits: int) -> Confidence:
    if bits & SURE or (bits & Evidence.NUMBERS and bits != Evidence.NUMBERS):
        return Confidence.HIGH
    both = Evidence.DERIVED_CALL_ID | Evidence.MEDIA
    return Confidence.HIGH if bits & both == both else Confidence.MEDIUM


class _Names:
    """Who calls whom on each leg, read when it is asked for."""

    def __init__(self, trace: Trace, legs: Legs) -> None:
        self._trace, self._legs = trace, legs
        self._known: dict[int, tuple[str, str]] = {}

    def same(self, one: int, other: int) -> bool:
        """Tell whether two legs have the same caller and callee, numbers by their last digits."""
        return all(map(_alike_users, self._of(one), self._of(other)))

    def _of(self, leg: int) -> tuple[str, str]:
        if leg not in self._known:
            row = np.array([self._legs.invite[leg]])
            users = []
            for name in ("From", "To"):
                value = header_values(self._trace, row, name)[0] or ""
                users.append(Address.parse(value).uri_parts.plain_user.lstrip("+"))
            self._known[leg] = (users[0], users[1])
        return self._known[leg]


def _alike_users(one: str, other: str) -> bool:
    if not one or not other:
        return False
    shorter, longer = sorted((one, other), key=len)
    if shorter.isdigit() and longer.isdigit() and len(shorter) >= _FEWEST_DIGITS:
        return longer.endswith(shorter)
    return one == other
