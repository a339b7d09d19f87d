"""Signs that two legs are one call: identifiers and media passed on, derived Call-IDs."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from analyzer.settings import Settings
from analyzer.sip.headers import hash_spans, hash_texts, header_values, which_headers
from analyzer.sip.media_places import find_media
from analyzer.tables.legs import Evidence
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Int32, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import distinct, find_keys, is_in, mix_keys
from analyzer.tracking.calls import CallMembers
from analyzer.tracking.grouped_legs import ELEMENT, Legs
from analyzer.tracking.identity import same_text

MOST_ALIKE = 32
"""Legs that share one sign; of more, one that need not be unique says nothing."""
UNIQUE = Evidence.SESSION_ID | Evidence.ICID
"""What no two calls share (RFC 7989 §6, RFC 7315 §4.6)."""
SHORTEST = 8
"""Bytes of a Call-ID that another may be derived from."""
_ICID = re.compile(r"icid-value\s*=\s*\"?([^\";,\s]+)", re.IGNORECASE)
_UUID = re.compile(r"\s*([0-9a-f]{32})\b", re.IGNORECASE)
_SEPARATOR = re.compile(r"[-_.@;~+:]")
_UNSPECIFIED = frozenset({"0" * 32})


class Sign(NamedTuple):
    """A sign that two legs are one call."""

    later: int
    earlier: int
    evidence: Evidence


class NamedLegs:
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

    def legs_of(self, call_ids: Sequence[str]) -> list[int]:
        """Return the first leg with each Call-ID, -1 for none."""
        if not call_ids:
            return []
        found = find_keys(self._call_ids, hash_texts(call_ids, self.key)).tolist()
        return [
            leg
            if leg >= 0 and self.trace.text(int(self.legs.first_row[leg]), "call_id") == call_id
            else ABSENT
            for leg, call_id in zip(found, call_ids, strict=True)
        ]

    def dialogs(self, name: str) -> Int32:
        """Return for each leg the one whose dialog Replaces or Join names, -1 for none."""
        found = np.full(len(self.legs.first_row), ABSENT, np.int32)
        legs, values = self.values(name)
        call_ids = [(value or "").partition(";")[0].strip() for value in values]
        for leg, other in zip(legs.tolist(), self.legs_of(call_ids), strict=True):
            found[leg] = other if other != leg else ABSENT
        return found


def signs_of_one_call(trace: Trace, legs: Legs, named: NamedLegs) -> Iterator[Sign]:
    """Go through the signs that legs of one call leave."""
    known = named.known
    yield from _same_call_ids(trace, legs, known, named.rows)
    for name in named.signs:
        yield from _of_header(named, name)
    is_begun = is_in(legs.client[known], legs.reached & ELEMENT)
    begun = known[is_begun]
    is_above = is_in(known, legs.that_reached(legs.client[begun]))
    yield from _derived(trace, legs, begun, known[is_above])
    yield from _same_media(trace, named.members, legs, known[is_begun | is_above], named.key)


def _same_call_ids(trace: Trace, legs: Legs, known: Int64, rows: Int64) -> Iterator[Sign]:
    """Find legs with one Call-ID, which is unique in space and time, that different elements began;
    one element may begin two calls with it.
    """
    for group in _alike(trace.messages.call_id_hash[rows]):
        first = np.full(len(group) - 1, rows[group[0]])
        if same_text(trace, "call_id", rows[group[1:]], first).all():
            for pair in _pairs(known[group].tolist(), Evidence.CALL_ID):
                if legs.client[pair.later] != legs.client[pair.earlier]:
                    yield pair


def _of_header(named: NamedLegs, name: str) -> Iterator[Sign]:
    """Compare the values of a header, and those of a private one with Call-IDs."""
    find = {"Session-ID": _session_id, "P-Charging-Vector": _icid}.get(name, str.strip)
    kinds = {"Session-ID": Evidence.SESSION_ID, "P-Charging-Vector": Evidence.ICID}
    kind = kinds.get(name, Evidence.HEADER)
    by_value: dict[str, list[int]] = defaultdict(list)
    for leg, value in zip(*named.values(name), strict=True):
        if text := find(value or ""):
            by_value[text].append(leg)
    texts = list(by_value) if kind is Evidence.HEADER else []
    with_id = dict(zip(texts, named.legs_of(texts), strict=True))
    for text, alike in by_value.items():
        for pair in _pairs(alike, kind):
            if not _are_beside(named.legs, pair):
                yield pair
        found = with_id.get(text, ABSENT)
        for leg in alike:
            if found not in {ABSENT, leg}:
                yield Sign(max(leg, found), min(leg, found), kind)


def _are_beside(legs: Legs, pair: Sign) -> bool:
    """Tell whether neither of two legs can come after the other. What one element began may be
    several attempts, each with an end of its own; and what a private header says of two legs to one
    element may be said of all its calls.
    """
    one, other = pair.later, pair.earlier
    if legs.client[one] == legs.client[other]:
        return True
    return bool(
        pair.evidence == Evidence.HEADER
        and legs.server[one] == legs.server[other]
        and not legs.has_reached(one, int(legs.client[other]))
        and not legs.has_reached(other, int(legs.client[one]))
    )


def _session_id(value: str) -> str:
    match = _UUID.match(value)
    text = match[1].lower() if match else ""
    return "" if text in _UNSPECIFIED else text


def _icid(value: str) -> str:
    match = _ICID.search(value)
    return match[1] if match else ""


def _derived(trace: Trace, legs: Legs, begun: Int64, above: Int64) -> Iterator[Sign]:
    """Find legs whose Call-ID is made from that of one that was sent to who began them: something
    put before or behind it, or another host.
    """
    if len(begun) == 0:
        return
    of_text: dict[str, list[int]] = defaultdict(list)
    of_user: dict[str, list[int]] = defaultdict(list)
    for leg in above.tolist():
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
            if other != leg and legs.has_reached(other, int(legs.client[leg])):
                yield Sign(max(leg, other), min(leg, other), Evidence.DERIVED_CALL_ID)


def _same_media(
    trace: Trace, members: CallMembers, legs: Legs, which: Int64, key: bytes
) -> Iterator[Sign]:
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
            for pair in _pairs(alike.tolist(), Evidence.MEDIA):
                if legs.has_reached(pair.earlier, int(legs.client[pair.later])):
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


def _pairs(legs: Iterable[int], evidence: Evidence) -> Iterator[Sign]:
    """Pair each leg with the earlier ones; legs are numbered in the order they begin. Of many that
    share what is unique, such as a call to a group of phones, each is paired with the first.
    """
    ordered = sorted(legs)
    are_many = len(ordered) > MOST_ALIKE
    if are_many and not evidence & UNIQUE:
        return
    for at, later in enumerate(ordered):
        for earlier in ordered[: min(at, 1) if are_many else at]:
            yield Sign(later, earlier, evidence)
