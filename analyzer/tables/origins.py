"""Where the bytes of messages came from: which frames, and where in them.

What stands in a capture as it is needs no table: `MessageTable.pos` says where. Of what was put
together from parts of frames, `OriginTable` keeps the parts when `Settings.origins` asks for it;
`provenance` reads it.
"""

from enum import IntEnum

from analyzer.tables.schema import Int8, Int16, Int32, Int64, Table, UInt8, column


class Form(IntEnum):
    """How bytes of a message stand in a frame."""

    PLAIN = 1
    MASKED = 2
    """As WebSocket masks them (RFC 6455 §5.3): byte by byte, and the mask is the difference."""
    PACKED = 3
    """Compressed: which bytes of the frame it is, but not one by one."""
    ENCRYPTED = 4
    """Found by Wireshark's engine: only the frame that completes the message is known."""
    AROUND = 5
    """None of the message: the header of the record or the packet that it was taken out of."""


class OriginTable(Table):
    """One row per stretch of the arena of reassembled bytes and frame that brought it, by its place
    in the arena. Of packed bytes, and of what is around, each row names the whole message.
    """

    start: Int64 = column("Where the stretch begins in the arena.")
    length: Int32 = column("Its bytes.")
    capture: Int16 = column("Index of the capture in Trace.captures.")
    frame: Int64 = column("Number of the frame in its capture, from 1.")
    source: Int8 = column("What `pos` counts in: -1 the data of the capture, 0 the arena.")
    pos: Int64 = column("Where the bytes stand that were brought; -1 not known.")
    brought: Int32 = column("How many they are; `length` where they stand byte by byte.")
    form: UInt8 = column("Form.")


class PartTable(Table):
    """One row per message and stretch of it that a frame brought, by message, then by offset; what
    stands before the message in what it was taken out of goes first.
    """

    message_row: Int32 = column("Row in MessageTable.")
    offset: Int32 = column("Where in the message the stretch begins.")
    length: Int32 = column("Its bytes.")
    capture: Int16 = column("Index of the capture in Trace.captures.")
    frame: Int64 = column("Number of the frame in its capture, from 1.")
    pos: Int64 = column("Where the bytes stand in the data of the capture; -1 not known.")
    brought: Int32 = column("How many they are; `length` where they stand byte by byte.")
    form: UInt8 = column("Form.")
