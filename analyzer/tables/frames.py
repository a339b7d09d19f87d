"""Frames of a capture, a batch at a time; never kept."""

from analyzer.tables.schema import Int32, Int64, Table, column


class FrameTable(Table):
    """A batch of consecutive frames of one capture file."""

    number: Int64 = column("Number in the file, from 1, as Wireshark counts.")
    time_ns: Int64 = column("Capture time, ns since 1970 UTC; 0 when the format gives none.")
    pos: Int64 = column("Start of the captured bytes in the capture's data.")
    captured: Int32 = column("Bytes captured, all inside the data.")
    original: Int32 = column("Bytes on the wire; more than `captured` when the snap length cut it.")
    link_type: Int32 = column("LINKTYPE_ number of www.tcpdump.org/linktypes.html.")
