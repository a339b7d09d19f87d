"""SIP messages as columns."""

from enum import IntEnum

from analyzer.tables.schema import Int8, Int16, Int32, Int64, Table, UInt8, UInt16, UInt64, column

KNOWN_METHODS = (
    "INVITE", "ACK", "BYE", "CANCEL", "REGISTER", "OPTIONS", "PRACK", "SUBSCRIBE", "NOTIFY",
    "PUBLISH", "INFO", "REFER", "MESSAGE", "UPDATE",
)  # fmt: skip
"""Registered methods; their symbols are 1, 2, … in this order in every analysis."""


class Method(IntEnum):
    """Symbols of the registered methods; other methods get higher symbols as they are met."""

    ABSENT = 0
    INVITE = 1
    ACK = 2
    BYE = 3
    CANCEL = 4
    REGISTER = 5
    OPTIONS = 6
    PRACK = 7
    SUBSCRIBE = 8
    NOTIFY = 9
    PUBLISH = 10
    INFO = 11
    REFER = 12
    MESSAGE = 13
    UPDATE = 14


class Transport(IntEnum):
    """What carried a message (RFC 3261 §18, RFC 7118, RFC 4168)."""

    UDP = 1
    TCP = 2
    TLS = 3
    WS = 4
    WSS = 5
    SCTP = 6


class MessageTable(Table):
    """One row per SIP message seen on the wire, in the order of the timeline. Retransmissions and
    copies are rows too. Spans are relative to `pos` unless they say otherwise; length 0 is absent.
    """

    time_ns: Int64 = column("Capture time of the frame that completes it, ns since 1970 UTC.")
    frame: Int64 = column("Number of that frame in its capture, from 1, as Wireshark counts.")
    capture: Int16 = column("Index of the capture in Trace.captures.")
    transport: Int8 = column("Transport.")
    source_row: Int32 = column("Row in EndpointTable: where it came from.")
    destination_row: Int32 = column("Row in EndpointTable: where it went.")
    ip_id: Int32 = column("IPv4 identification of its packet; -1 when there is none (IPv6).")
    source: Int16 = column("Index in SpanStore of the bytes that `pos` counts in.")
    pos: Int64 = column("Start of the message in that source.")
    head_len: Int32 = column("Bytes of start line and headers, the empty line included.")
    body_len: Int32 = column("Body bytes present; may be less than Content-Length says.")
    method_sym: Int16 = column("Method of a request, method in CSeq of a response; 0 unreadable.")
    status: Int16 = column("Status code of a response; 0 for a request.")
    cseq: Int64 = column("CSeq number; -1 when unreadable or above 2**32-1.")
    transaction_hash: UInt64 = column(
        "Keyed hash of what identifies the transaction on its hop, ACK counted as INVITE: branch, "
        "sent-by, Call-ID, CSeq number and method; without the RFC 3261 cookie the From tag for "
        "the branch (§17.2.3): see transaction_identity."
    )
    call_id_hash: UInt64 = column("Keyed hash of Call-ID; 0 when absent.")
    from_tag_hash: UInt64 = column("Keyed hash of the tag of From; 0 when absent.")
    to_tag_hash: UInt64 = column("Keyed hash of the tag of To; 0 when absent.")
    line_pos: UInt16 = column("Request-URI of a request, reason phrase of a response: start.")
    line_len: UInt16 = column("Its length.")
    call_id_pos: UInt16 = column("Call-ID value: start.")
    call_id_len: UInt16 = column("Its length.")
    branch_pos: UInt16 = column("Branch of the topmost Via: start.")
    branch_len: UInt16 = column("Its length.")
    sent_by_pos: UInt16 = column("Sent-by (host and port) of the topmost Via: start.")
    sent_by_len: UInt16 = column("Its length.")
    from_tag_pos: UInt16 = column("Tag of From: start.")
    from_tag_len: UInt16 = column("Its length.")
    to_tag_pos: UInt16 = column("Tag of To: start.")
    to_tag_len: UInt16 = column("Its length.")
    flags: UInt8 = column("MessageFlag bits.")
    header_marks: UInt64 = column(
        "Which headers it may have: a header whose `header_bit` is clear is absent."
    )


class MessageFlag(IntEnum):
    """Bits of MessageTable.flags."""

    ODD = 1
    """An anomaly names this message, or the reference parser had to read it."""
    CUT = 2
    """The capture holds less of it than was on the wire."""


class LinkTable(Table):
    """One row per message: what it belongs to and repeats (tracking)."""

    transaction_row: Int32 = column("Row in TransactionTable.")
    copy_of_row: Int32 = column(
        "First message of which this is the same packet seen again; -1 none."
    )
    retransmission_of_row: Int32 = column("First message that this one repeats; -1 none.")
