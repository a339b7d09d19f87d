"""Legs → calls: what a back-to-back user agent took apart is put together, on evidence only.

A leg is joined to an earlier one that was not over when it began. Explicit evidence (identifiers
that elements pass on) is sure; a derived Call-ID or media passed through is likely, and surer when
caller and callee are the same within a short time. Numbers alone join nothing, and a leg that could
belong to two calls stays alone, which an anomaly says.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from analyzer.settings import Settings
from analyzer.tables.legs import Confidence, Evidence, LegTable
from analyzer.tables.schema import ABSENT, Bool, Int8, Int16, Int32
from analyzer.tables.trace import Trace
from analyzer.tables.vector import number_groups, pick
from analyzer.tracking.calls import CallMembers
from analyzer.tracking.grouped_legs import Legs, find_legs
from analyzer.tracking.leg_signs import NamedLegs, Sign, signs_of_one_call
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
    signs = _Signs(trace, legs, pairs, settings)
    legs_of: dict[int, list[int]] = {}
    for leg in sorted(signs.of_leg):
        calls = signs.calls(leg, root)
        begun = [
            each
            for each in calls
            if each.leg == each.call and _is_upstream(legs, leg, each.call, settings)
        ]
        if calls and begun == calls:
            for each in calls:
                below = legs_of.pop(each.call, [each.call])
                legs_of.setdefault(leg, [leg]).extend(below)
                root[below] = leg
                joined[each.call], evidence[each.call] = leg, each.evidence
                confidence[each.call] = _confidence(each.evidence)
        elif len(calls) == 1:
            (only,) = calls
            legs_of.setdefault(only.call, [only.call]).append(leg)
            root[leg] = only.call
            joined[leg], evidence[leg] = only.leg, only.evidence
            confidence[leg] = _confidence(only.evidence)
        elif calls:
            trace.anomalies.add("leg-ambiguous", [trace.frame(int(legs.invite[leg]))])


@dataclass(slots=True)
class _Candidate:
    """A call that a leg may belong to."""

    call: int
    """Its first leg."""
    leg: int
    """The earliest of its legs that share a sign."""
    evidence: int = 0
    goes_on: bool = False
    """A leg that shares a sign was not over when this one began."""


class _Signs:
    """Signs of each leg, and the calls that they point to."""

    def __init__(self, trace: Trace, legs: Legs, pairs: list[Sign], settings: Settings) -> None:
        self.of_leg: dict[int, dict[int, int]] = defaultdict(dict)
        for pair in pairs:
            known = self.of_leg[pair.later].get(pair.earlier, 0)
            self.of_leg[pair.later][pair.earlier] = known | int(pair.evidence)
        named = {leg for later, others in self.of_leg.items() for leg in (later, *others)}
        naming = np.where(legs.invite >= 0, legs.invite, legs.first_row)
        self._names = PartyNames(trace, naming, np.array(sorted(named)))
        self._legs = legs
        self._slack_ns = settings.leg_window_ms * 1_000_000

    def calls(self, leg: int, root: Int32) -> list[_Candidate]:
        """Return the calls that the best signs of a leg point to, of several those that went on."""
        legs, found = self._legs, dict[int, _Candidate]()
        for other, bits in sorted(self.of_leg[leg].items()):
            is_late = legs.start_ns[leg] > legs.end_ns[other] + self._slack_ns
            if is_late and not (bits & SURE and _goes_on_from(legs, leg, other)):
                continue
            call = int(root[other])
            candidate = found.setdefault(call, _Candidate(call, other))
            candidate.evidence |= bits
            is_soon = legs.start_ns[leg] - legs.start_ns[other] <= self._slack_ns
            if is_soon and self._names.same(leg, other):
                candidate.evidence |= Evidence.NUMBERS
            candidate.goes_on |= bool(
                legs.is_open[other] or legs.start_ns[leg] <= legs.end_ns[other]
            )
        sure = [(_confidence(each.evidence), each) for each in found.values()]
        best = max((confidence for confidence, _ in sure), default=Confidence.NONE)
        calls = [each for confidence, each in sure if confidence == best]
        going_on = [each for each in calls if each.goes_on]
        return going_on if len(calls) > 1 and going_on else calls


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
