"""RTP and RTCP as they were captured, as columns; what SDP says of them is in `tables.media`."""

from analyzer.frozen import frozen
from analyzer.tables.schema import (
    Float64,
    Int32,
    Int64,
    Table,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    column,
)

GUESSED_RATES = (8_000, 16_000, 48_000, 90_000)
"""Clock rates, Hz, by which the jitter of dynamic payload types is measured side by side: which one
holds is only known from SDP, later.
"""


class RtpStreamTable(Table):
    """One row per stretch of RTP packets from one source (SSRC) on one pair of endpoints, in the
    order of their first packets. A new stretch begins after a silence of `settings.rtp_gap_ms`, and
    where the sequence numbers start anew (RFC 3550 A.1).
    """

    capture: Int32 = column("Index of the capture.")
    version: UInt8 = column("IP version, 4 or 6.")
    source_high: UInt64 = column("Upper 64 bits of an IPv6 source address; 0 for IPv4.")
    source_low: UInt64 = column("Lower 64 bits of the source address.")
    source_port: UInt16 = column("Source port.")
    destination_high: UInt64 = column("Upper 64 bits of an IPv6 destination address; 0 for IPv4.")
    destination_low: UInt64 = column("Lower 64 bits of the destination address.")
    destination_port: UInt16 = column("Destination port.")
    ssrc: UInt32 = column("Synchronization source.")
    first_frame: Int64 = column("Number of the frame of the first packet.")
    first_ns: Int64 = column("First packet, ns since 1970 UTC.")
    last_ns: Int64 = column("Latest packet, ns since 1970 UTC.")
    packets: Int64 = column("Packets, duplicates and those out of sequence included.")
    octets: Int64 = column("Bytes of their UDP payloads on the wire.")
    lowest: Int64 = column("Lowest extended sequence number (RFC 3550 A.1); the first is < 65536.")
    highest: Int64 = column("Highest extended sequence number.")
    duplicates: Int64 = column("Packets whose sequence number had come before.")
    reordered: Int64 = column("Packets that came after one with a higher sequence number.")
    jumps: Int64 = column(
        "Packets far out of sequence, which count neither as received nor as lost."
    )
    gap_ns: Int64 = column("Longest time between two packets.")


class RtpPayloadTable(Table):
    """One row per payload type of a stretch. Jitter is the estimate of RFC 3550 A.8, in timestamp
    units; 0 to 3 are by the clock rates of GUESSED_RATES, but for static payload types 0 is by
    their own rate and the others are 0.
    """

    stream_row: Int32 = column("Row in RtpStreamTable.")
    payload_type: UInt8 = column("Payload type.")
    packets: Int64 = column("Packets.")
    differences: Int64 = column("Pairs of packets that the jitter is made of.")
    last_0: Float64 = column("Jitter at the end.")
    last_1: Float64 = column("The same by the second rate.")
    last_2: Float64 = column("The same by the third rate.")
    last_3: Float64 = column("The same by the fourth rate.")
    most_0: Float64 = column("Greatest jitter.")
    most_1: Float64 = column("The same by the second rate.")
    most_2: Float64 = column("The same by the third rate.")
    most_3: Float64 = column("The same by the fourth rate.")
    sum_0: Float64 = column("Sum of the estimates after each pair: divided by the pairs, the mean.")
    sum_1: Float64 = column("The same by the second rate.")
    sum_2: Float64 = column("The same by the third rate.")
    sum_3: Float64 = column("The same by the fourth rate.")


class RtcpTable(Table):
    """One row per sender of RTCP on one pair of endpoints and source that it reports on."""

    capture: Int32 = column("Index of the capture.")
    version: UInt8 = column("IP version, 4 or 6.")
    source_high: UInt64 = column("Upper 64 bits of an IPv6 source address; 0 for IPv4.")
    source_low: UInt64 = column("Lower 64 bits of the source address.")
    source_port: UInt16 = column("Source port.")
    destination_high: UInt64 = column("Upper 64 bits of an IPv6 destination address; 0 for IPv4.")
    destination_low: UInt64 = column("Lower 64 bits of the destination address.")
    destination_port: UInt16 = column("Destination port.")
    sender: UInt32 = column("SSRC that sent the reports.")
    about: Int64 = column("SSRC that they are about; -1 for packets without a report block.")
    first_ns: Int64 = column("First packet, ns since 1970 UTC.")
    last_ns: Int64 = column("Latest packet, ns since 1970 UTC.")
    sender_reports: Int64 = column("Sender reports.")
    receiver_reports: Int64 = column("Receiver reports.")
    fraction_lost: Int32 = column("Greatest fraction lost that was reported, of 256; -1 none.")
    lost: Int64 = column("Cumulative number of packets lost, as reported last.")
    jitter: Int64 = column("Interarrival jitter, timestamp units, as reported last; -1 none.")
    most_jitter: Int64 = column("Greatest one that was reported; -1 none.")
    round_trip_ns: Int64 = column(
        "Longest time from a sender report to its echo less the delay that the echo states (RFC "
        "3550 §6.4.1), as from where it was captured; -1 none."
    )


@frozen
class Rtp:
    """All RTP and RTCP of a capture, or of several."""

    streams: RtpStreamTable
    payloads: RtpPayloadTable
    reports: RtcpTable


def no_rtp() -> Rtp:
    """Return tables without rows."""
    return Rtp(RtpStreamTable.zeros(0), RtpPayloadTable.zeros(0), RtcpTable.zeros(0))
