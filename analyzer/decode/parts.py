"""Parts of what is read only together with other frames: TCP segments, SCTP packets, fragments,
and RTP and RTCP packets.

A position below 0 is in the arena of reassembled bytes, at its bitwise complement.
"""

from analyzer.tables.schema import Int32, Int64, Table, UInt8, UInt16, UInt32, UInt64, column


class SegmentTable(Table):
    """TCP segments that carry bytes or open or end a connection, in the order of the frames."""

    frame_row: Int32 = column("Row of the frame in its batch.")
    pos: Int64 = column("Start of the payload: see above.")
    length: Int32 = column("Payload bytes that were captured.")
    wire_length: Int32 = column("Payload bytes on the wire.")
    ip_id: Int32 = column("IPv4 identification; -1 for IPv6.")
    version: UInt8 = column("IP version, 4 or 6.")
    source_high: UInt64 = column("Upper 64 bits of an IPv6 source address; 0 for IPv4.")
    source_low: UInt64 = column("Lower 64 bits of the source address.")
    source_port: UInt16 = column("Source port.")
    destination_high: UInt64 = column("Upper 64 bits of an IPv6 destination address; 0 for IPv4.")
    destination_low: UInt64 = column("Lower 64 bits of the destination address.")
    destination_port: UInt16 = column("Destination port.")
    sequence: UInt32 = column("Sequence number of the first byte, or of the SYN.")
    flags: UInt8 = column("TcpFlag bits.")


class SctpTable(Table):
    """SCTP packets: `pos` is at the first chunk."""

    frame_row: Int32 = column("Row of the frame in its batch.")
    pos: Int64 = column("Start of the chunks: see above.")
    length: Int32 = column("Bytes of them that were captured.")
    wire_length: Int32 = column("Bytes on the wire.")
    ip_id: Int32 = column("IPv4 identification; -1 for IPv6.")
    version: UInt8 = column("IP version, 4 or 6.")
    source_high: UInt64 = column("Upper 64 bits of an IPv6 source address; 0 for IPv4.")
    source_low: UInt64 = column("Lower 64 bits of the source address.")
    source_port: UInt16 = column("Source port.")
    destination_high: UInt64 = column("Upper 64 bits of an IPv6 destination address; 0 for IPv4.")
    destination_low: UInt64 = column("Lower 64 bits of the destination address.")
    destination_port: UInt16 = column("Destination port.")


class FragmentTable(Table):
    """IP fragments: `pos` is at the piece of the payload."""

    frame_row: Int32 = column("Row of the frame in its batch.")
    pos: Int64 = column("Start of the piece: see above.")
    length: Int32 = column("Bytes of it that were captured.")
    wire_length: Int32 = column("Bytes on the wire.")
    ip_id: Int32 = column("IPv4 identification; -1 for IPv6.")
    version: UInt8 = column("IP version, 4 or 6.")
    source_high: UInt64 = column("Upper 64 bits of an IPv6 source address; 0 for IPv4.")
    source_low: UInt64 = column("Lower 64 bits of the source address.")
    destination_high: UInt64 = column("Upper 64 bits of an IPv6 destination address; 0 for IPv4.")
    destination_low: UInt64 = column("Lower 64 bits of the destination address.")
    identification: Int64 = column("Identification of the packet: 16 bits in IPv4, 32 in IPv6.")
    protocol: Int32 = column("IP protocol number of what the fragments carry.")
    offset: Int32 = column("Where the piece stands in the payload, bytes.")
    more: UInt8 = column("1 when more fragments follow, 0 for the last one.")


class MediaTable(Table):
    """RTP and RTCP packets, in the order of the frames: payloads of UDP that begin with version 2
    and of which the fixed header was captured.
    """

    frame_row: Int32 = column("Row of the frame in its batch.")
    pos: Int64 = column("Start of the payload: see above.")
    length: Int32 = column("Bytes of it that were captured.")
    wire_length: Int32 = column("Bytes on the wire.")
    version: UInt8 = column("IP version, 4 or 6.")
    source_high: UInt64 = column("Upper 64 bits of an IPv6 source address; 0 for IPv4.")
    source_low: UInt64 = column("Lower 64 bits of the source address.")
    source_port: UInt16 = column("Source port.")
    destination_high: UInt64 = column("Upper 64 bits of an IPv6 destination address; 0 for IPv4.")
    destination_low: UInt64 = column("Lower 64 bits of the destination address.")
    destination_port: UInt16 = column("Destination port.")
    payload_type: UInt8 = column("Payload type, below 128; packet type of RTCP, from 192.")
    sequence: UInt16 = column("Sequence number; 0 for RTCP.")
    timestamp: UInt32 = column("RTP timestamp; 0 for RTCP.")
    ssrc: UInt32 = column("Synchronization source that sent it.")
