"""Media as signalled in SDP, and as seen in RTP, as columns."""

from enum import IntEnum

from analyzer.frozen import frozen
from analyzer.tables.rtp import RtcpTable
from analyzer.tables.schema import (
    Bool,
    Float64,
    Int8,
    Int16,
    Int32,
    Int64,
    Table,
    UInt8,
    UInt32,
    UInt64,
    column,
)


class Direction(IntEnum):
    """Direction attribute of a media, as its sender sees it (RFC 8866 §6.7)."""

    SENDRECV = 1
    SENDONLY = 2
    RECVONLY = 3
    INACTIVE = 4


class MediaFlag(IntEnum):
    """Bits of MediaLineTable.flags."""

    RTCP_MUX = 1
    """RTP and RTCP on one port (RFC 5761)."""
    ICE = 2
    """Candidates or credentials of ICE (RFC 8839): media may go elsewhere."""
    CRYPTO = 4
    """Keys for SRTP in the SDP (RFC 4568)."""
    FINGERPRINT = 8
    """A fingerprint for DTLS-SRTP (RFC 5763)."""


class MediaState(IntEnum):
    """What became of an offered media."""

    OFFERED = 1
    """The capture shows no answer."""
    AGREED = 2
    REJECTED = 3
    """Port 0 in the answer (RFC 3264 §6)."""
    DISABLED = 4
    """Port 0 in the offer (RFC 3264 §5.1, §8.2)."""


@frozen
class Format:
    """A format of an m= line."""

    payload: str
    """Payload type, or the name of a format that is no RTP."""
    name: str
    """Encoding name; the payload type itself where nothing names it."""
    clock_rate: int
    """Hz; 0 when it is not known."""


@frozen
class MediaDescription:
    """What m= lines that differ in port and address have in common."""

    kind: str
    """`audio`, `video`, `image` …"""
    protocol: str
    """`RTP/AVP`, `RTP/SAVPF`, `udptl` …"""
    formats: tuple[Format, ...]
    """In the order of the m= line."""

    @property
    def codecs(self) -> tuple[str, ...]:
        """Return the encoding names, each once."""
        return tuple(dict.fromkeys(each.name for each in self.formats))


class MediaLineTable(Table):
    """One row per m= line of the session descriptions in messages, in their order; messages that
    repeat another are left out.
    """

    message_row: Int32 = column("Row in MessageTable.")
    index: Int16 = column("Place of the m= line in its session description, from 0.")
    port: Int32 = column("Port; 0 refuses or ends the media, -1 unreadable.")
    version: UInt8 = column("IP version of the address; 0 when it is a name or missing.")
    high: UInt64 = column("Upper 64 bits of an IPv6 address; 0 for IPv4.")
    low: UInt64 = column("Lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address.")
    direction: Int8 = column("Direction.")
    flags: UInt8 = column("MediaFlag bits.")
    rtcp_port: Int32 = column("Port of a=rtcp (RFC 3605); -1 none.")
    description: Int32 = column("Index in CallMedia.descriptions.")
    call_row: Int32 = column("Row in CallTable; -1 none.")
    party: Int8 = column("Party that says so.")


class AgreementTable(Table):
    """One row per m= line of an offer, with that of its answer, in the order of the offers; a call
    that passed proxies has rows for each hop.
    """

    call_row: Int32 = column("Row in CallTable.")
    transaction_row: Int32 = column("Row in TransactionTable: INVITE, UPDATE or PRACK.")
    path: Int32 = column("Number of the leg and hop: equal for changes inside one dialog and hop.")
    index: Int16 = column("Place of the m= line, from 0.")
    offer_row: Int32 = column("Row in MediaLineTable.")
    answer_row: Int32 = column("Row in MediaLineTable; -1 none.")
    offered_by: Int8 = column("Party.")
    state: Int8 = column("MediaState.")
    start_ns: Int64 = column("The answer, else the offer, ns since 1970 UTC.")
    end_ns: Int64 = column("The next offer and answer on this path, else the end of the call.")


class MediaStreamTable(Table):
    """One row per RTP source of a call on one pair of endpoints: stretches put together, what two
    captures show of the same counted once. In the order of calls, then of first packets.
    """

    call_row: Int32 = column("Row in CallTable.")
    party: Int8 = column("Party that sends.")
    index: Int16 = column("Place of the m= line it belongs to, from 0.")
    stream_row: Int32 = column("Row in RtpStreamTable of its first stretch: endpoints, SSRC.")
    to_row: Int32 = column("Row in MediaLineTable that names its destination; -1 none does.")
    from_row: Int32 = column("Row in MediaLineTable that names its source; -1 none does.")
    back_row: Int32 = column(
        "Where neither is named: row in MediaLineTable of its sender, known by RTP the other way "
        "that comes from where this goes; -1 otherwise."
    )
    payload_type: UInt8 = column("Payload type of most packets.")
    description: Int32 = column("Index in CallMedia.descriptions that names the payload type.")
    first_ns: Int64 = column("First packet, ns since 1970 UTC.")
    last_ns: Int64 = column("Last packet.")
    packets: Int64 = column("Packets, duplicates included.")
    octets: Int64 = column("Bytes of their UDP payloads.")
    expected: Int64 = column("Packets that the sequence numbers stand for (RFC 3550 A.3).")
    lost: Int64 = column("Of these, packets that did not come.")
    duplicates: Int64 = column("Packets whose sequence number had come before.")
    reordered: Int64 = column("Packets that came after a later one.")
    gap_ns: Int64 = column("Longest time between two packets.")
    jitter_ns: Float64 = column(
        "Interarrival jitter (RFC 3550 A.8) at the end, of the payload type with most packets; -1 "
        "when its clock rate is not known or not one that is measured."
    )
    most_jitter_ns: Float64 = column("Greatest jitter; -1 as above.")
    mean_jitter_ns: Float64 = column("Mean jitter; -1 as above.")
    ssrc: UInt32 = column("Synchronization source.")


class CallMediaTable(Table):
    """One row per call, beside CallTable: RTP of all hops together, and whose is missing."""

    from_caller: Int64 = column("RTP packets from the caller's side.")
    from_callee: Int64 = column("RTP packets from the callee's side.")
    missing: Int8 = column(
        "Party from whose side nothing came where both had agreed that it sends; 0 none."
    )
    missing_agreement: Int32 = column("Row in AgreementTable of which it is missing; -1 none.")
    active_ns: Int64 = column("How long that held once the call was answered; -1 none.")
    heard: Int64 = column("RTP packets of the other side on it, about as many as came meanwhile.")
    heard_whole: Bool = column("They are all that this side sent there: no estimate.")
    missing_before: Int64 = column("RTP packets of the missing side that had come before.")
    missing_elsewhere: Int64 = column("RTP packets of it that came on other hops meanwhile.")
    silent: Int8 = column("The missing party where nothing of it was captured at all; 0 none.")
    has_echo: Bool = column("Both directions carry one SSRC: somebody sends back what it gets.")


class MediaReportTable(Table):
    """One row per RtcpTable row that belongs to a call."""

    call_row: Int32 = column("Row in CallTable.")
    party: Int8 = column("Party that sends the reports.")
    report_row: Int32 = column("Row in RtcpTable.")
    encrypted: Bool = column("SRTCP: only the counts can be read (RFC 3711 §3.4).")


@frozen
class CallMedia:
    """The media of the calls of a trace."""

    lines: MediaLineTable
    descriptions: tuple[MediaDescription, ...]
    agreements: AgreementTable
    streams: MediaStreamTable
    reports: MediaReportTable
    calls: CallMediaTable
    rtcp: RtcpTable
    captured: bool
    """Whether the captures hold RTP that belongs to any call: without it nothing can be missing."""

    def encoding(self, description: int, payload: str) -> str:
        """Return the encoding name of a payload type in a description, empty where it has none."""
        if not 0 <= description < len(self.descriptions):
            return ""
        formats = self.descriptions[description].formats
        return next((each.name for each in formats if each.payload == payload), "")


def no_media(calls: int) -> CallMedia:
    """Return the media of calls of which nothing is known."""
    return CallMedia(
        lines=MediaLineTable.zeros(0),
        descriptions=(),
        agreements=AgreementTable.zeros(0),
        streams=MediaStreamTable.zeros(0),
        reports=MediaReportTable.zeros(0),
        calls=CallMediaTable.zeros(calls),
        rtcp=RtcpTable.zeros(0),
        captured=False,
    )
