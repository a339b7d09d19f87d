"""IP fragments, as both versions give them (RFC 791 §3.2, RFC 8200 §4.5)."""

from analyzer.decode.cursor import Packets
from analyzer.decode.parts import FragmentTable
from analyzer.decode.verdicts import PACKET_CUT, WAITING
from analyzer.tables.schema import Int64

MORE = 0x2000
"""The flag that more fragments follow, above 13 bits of offset in units of 8 bytes."""


def hand_on_fragments(p: Packets, place: Int64, protocol: Int64, identification: Int64) -> None:
    """Take out the packets at whose cursor a piece of a payload is; `place` is 0 for others."""
    waits = place != 0
    if not waits.any():
        return
    p.hand_on(
        FragmentTable,
        waits & (p.at < p.end),
        identification=identification,
        protocol=protocol,
        offset=(place & 0x1FFF) * 8,
        more=(place & MORE) >> 13,
    )
    cut = waits & (p.at >= p.end)
    p.leave(cut, PACKET_CUT)
    p.leave(waits[~cut], WAITING)
