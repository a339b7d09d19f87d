"""What in the Reason header of a message does not follow its grammar (RFC 3326 §2, RFC 9366)."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from analyzer.sip.reason import parse_reasons

SINGLE = frozenset({"SIP", "Q.850"})
"""Protocols with at most one value; STIR may have several (RFC 9410 §6)."""


class ReasonFault(StrEnum):
    """A way in which Reason breaks its grammar."""

    REPEATED = "repeated"
    CAUSE_UNREADABLE = "cause-unreadable"
    QUOTE_OPEN = "quote-open"


def reason_faults(values: Sequence[str]) -> tuple[ReasonFault, ...]:
    """Return the faults of the Reason lines of one message, unfolded."""
    reasons = parse_reasons(values)
    protocols = Counter(each.protocol for each in reasons)
    is_found = {
        ReasonFault.REPEATED: any(protocols[each] > 1 for each in SINGLE),
        ReasonFault.CAUSE_UNREADABLE: any(
            each.cause is None and any(name == "cause" for name, _ in each.parameters)
            for each in reasons
        ),
        ReasonFault.QUOTE_OPEN: any(each.quote_open for each in reasons),
    }
    return tuple(each for each, found in is_found.items() if found)
