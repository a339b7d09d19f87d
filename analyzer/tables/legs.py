"""Legs of calls as columns."""

from enum import IntEnum

from analyzer.tables.schema import Int8, Int16, Int32, Table, column


class Evidence(IntEnum):
    """What shows that two legs are one call; bits of LegTable.evidence."""

    SESSION_ID = 1
    """The same identifier in Session-ID (RFC 7989)."""
    ICID = 2
    """The same icid-value in P-Charging-Vector (RFC 7315)."""
    HEADER = 4
    """A header that settings name carries the other Call-ID, or the same value on both legs."""
    CALL_ID = 8
    """Different elements began them with one Call-ID, but other From tags."""
    DERIVED_CALL_ID = 16
    """The element that was sent the one leg began the other with a Call-ID made from its own."""
    MEDIA = 32
    """An element that was sent the one leg began the other with the same address and port for media
    in its offer.
    """
    NUMBERS = 64
    """The same caller and callee within a short time; only beside other evidence."""


class Confidence(IntEnum):
    """How sure it is that a leg belongs to its call."""

    NONE = 0
    MEDIUM = 1
    HIGH = 2


class LegTable(Table):
    """One row per leg: a Call-ID and From tag with its retries, forks and hops. Most calls have
    one; a back-to-back user agent makes more.
    """

    call_row: Int32 = column("Row in CallTable.")
    first_row: Int32 = column("First message, in MessageTable.")
    invite_row: Int32 = column("First initial INVITE request, in MessageTable; -1 when missing.")
    joined_row: Int32 = column("Row of the leg it was joined to; -1 for the first leg of a call.")
    evidence: Int16 = column("Evidence bits that joined it; 0 for the first leg.")
    confidence: Int8 = column("Confidence; 0 for the first leg.")
    replaces_row: Int32 = column(
        "Row of the leg whose dialog its INVITE was to replace (RFC 3891); -1 none in the capture."
    )
    joins_row: Int32 = column(
        "Row of the leg whose dialog its INVITE was to join (RFC 3911); -1 none in the capture."
    )
