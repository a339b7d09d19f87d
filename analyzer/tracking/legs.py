"""Legs → calls: what a back-to-back user agent took apart is put together, on evidence only.

A leg is joined to an earlier one that was not over when it began. Explicit evidence (identifiers
that elements pass on) is sure; a derived Call-ID or media passed through is likely, and surer when
caller and callee are the same within a short time. Numbers alone join nothing, and a leg that could
belong to two calls stays alone, which an anomaly says.
"""

from collections import defaultdict

import numpy as np

from analyzer.settings import Settings
from analyzer.tables.endpoints import hop_ends
from analyzer.tables.legs import Confidence, Evidence, LegTable
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool, Int8, Int16, Int32
from analyzer.tables.trace import Trace
from analyzer.tables.vector import first_of_each, number_groups, pick
from analyzer.tracking.calls import CallMembers, ends_of_calls
from analyzer.tracking.leg_signs import Legs, NamedLegs, Sign, signs_of_one_call
from analyzer.tracking.party_names import PartyNames

SURE = Evidence.SESSION_ID | Evidence.ICID | Evidence.HEADER | Evidence.CALL_ID


def join_legs(
    trace: Trace, members: CallMembers, settings: Settings, key: bytes
) -> tuple[CallMembers, LegTable]:
    """Return the members of the calls with legs joined, and all legs."""
    legs = find_legs(trace, members)
    named = NamedLegs(trace, members, legs, (settings, key))
    pairs = list(signs_of_one_call(trace, legs, named)) if members.count > 1 else []
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


def find_legs(trace: Trace, members: CallMembers) -> Legs:
    """Return the calls as they were grouped, as legs that may be joined."""
    messages, transactions = trace.messages, trace.transactions
    leg, count = members.call_of_transaction, members.count
    first, last = ends_of_calls(trace, members)
    invite = first_of_each(leg, members.is_initial & (transactions.request_row >= 0), count)
    hops = np.flatnonzero(members.is_initial)
    clients, servers = hop_ends(
        trace.endpoints, transactions.client_row[hops], transactions.server_row[hops]
    )
    opening = first_of_each(leg[hops], np.ones(len(hops), np.bool_), count)
    is_answered = members.is_initial & (transactions.final_status // 100 == 2)
    is_bye = transactions.method_sym == Method.BYE
    return Legs(
        first_row=first,
        invite=pick(transactions.request_row, invite, ABSENT).astype(np.int64),
        start_ns=messages.time_ns[first],
        end_ns=messages.time_ns[last],
        client=pick(clients, opening, ABSENT),
        server=pick(servers, opening, ABSENT),
        reached=np.sort(leg[hops].astype(np.int64) << 32 | servers),
        is_open=_has_any(members, is_answered) & ~_has_any(members, is_bye),
    )


def _has_any(members: CallMembers, is_such: Bool) -> Bool:
    """Tell which legs have such a transaction."""
    return first_of_each(members.call_of_transaction, is_such, members.count) >= 0


def _decide(
    trace: Trace,
    legs: Legs,
    pairs: list[Sign],
    settings: Settings,
    found: tuple[Int32, Int32, Int16, Int8],
) -> None:
    """Join each leg that has signs to the one call they point to; fill root, joined leg, evidence
    and confidence.
    """
    root, joined, evidence, confidence = found
    by_leg: dict[int, dict[int, int]] = defaultdict(dict)
    for pair in pairs:
        known = by_leg[pair.later].get(pair.earlier, 0)
        by_leg[pair.later][pair.earlier] = known | int(pair.evidence)
    named = {leg for later, others in by_leg.items() for leg in (later, *others)}
    naming = np.where(legs.invite >= 0, legs.invite, legs.first_row)
    names = PartyNames(trace, naming, np.array(sorted(named)))
    legs_of: dict[int, list[int]] = {}
    slack_ns = settings.leg_window_ms * 1_000_000
    for leg in sorted(by_leg):
        signs: dict[int, int] = defaultdict(int)
        earliest: dict[int, int] = {}
        for other, bits in sorted(by_leg[leg].items()):
            is_late = legs.start_ns[leg] > legs.end_ns[other] + slack_ns
            if is_late and not (bits & SURE and _goes_on_from(legs, leg, other)):
                continue
            call = int(root[other])
            if legs.start_ns[leg] - legs.start_ns[other] <= slack_ns and names.same(leg, other):
                bits |= Evidence.NUMBERS  # noqa: PLW2901 - what else speaks for this pair
            signs[call] |= bits
            earliest.setdefault(call, other)
        best = max(map(_confidence, signs.values()), default=Confidence.NONE)
        calls = [call for call, bits in signs.items() if _confidence(bits) == best]
        begun = [call for call in calls if earliest[call] == call]
        begun = [call for call in begun if _is_upstream(legs, leg, call, settings)]
        if calls and begun == calls:
            for call in calls:
                below = legs_of.pop(call, [call])
                legs_of.setdefault(leg, [leg]).extend(below)
                root[below] = leg
                joined[call], evidence[call], confidence[call] = leg, signs[call], best
        elif len(calls) == 1:
            call = calls[0]
            legs_of.setdefault(call, [call]).append(leg)
            root[leg] = call
            joined[leg], evidence[leg], confidence[leg] = earliest[call], signs[call], best
        elif calls:
            trace.anomalies.add("leg-ambiguous", [trace.frame(int(legs.invite[leg]))])


def _goes_on_from(legs: Legs, leg: int, other: int) -> bool:
    """Tell whether a leg was begun by the element that another one was sent to, while that one
    goes on in silence: a queue, an announcement, an attendant.
    """
    return bool(legs.is_open[other] and legs.has_reached(other, int(legs.client[leg])))


def _is_upstream(legs: Legs, leg: int, first: int, settings: Settings) -> bool:
    """Tell whether the first leg of a call was begun by an element that this one was sent to: at
    one instant, where two points of capture disagree a little, or where the beginning of this one
    was not captured, order says nothing.
    """
    window_ns = settings.copy_window_without_id_ms * 1_000_000
    if legs.invite[leg] >= 0 and legs.start_ns[leg] - legs.start_ns[first] > window_ns:
        return False
    if not legs.has_reached(leg, int(legs.client[first])):
        return False
    return not legs.has_reached(first, int(legs.client[leg]))


def _confidence(bits: int) -> Confidence:
    if bits & SURE or (bits & Evidence.NUMBERS and bits != Evidence.NUMBERS):
        return Confidence.HIGH
    both = Evidence.DERIVED_CALL_ID | Evidence.MEDIA
    return Confidence.HIGH if bits & both == both else Confidence.MEDIUM
