"""`-> rtp 100` in a dialogue → RTP packets of speech (PCMU, 20 ms each) between two parties.

`lost 5` leaves so many out, `to 10.0.0.1:4000` sends them there. The ports are those of the first
m= line that each party wrote last, 4000 where it wrote none.
"""

import re
import struct
from dataclasses import dataclass, field

from analyzer.annotate.dialogue_pcap import Packet
from analyzer.annotate.dialogue_text import Block

PACE_NS = 20_000_000
TICKS = 160
PORT = 4000
MOST_PACKETS = 5_000
_MEDIA = re.compile(
    r"rtp\s+(?P<count>\d{1,4})(?:\s+lost\s+(?P<lost>\d{1,4}))?"
    r"(?:\s+to\s+(?P<address>\d+\.\d+\.\d+\.\d+):(?P<port>\d{1,5}))?"
)
_PORT = re.compile(r"m=\w+ (\d+) ")


def is_media(block: Block) -> bool:
    """Tell whether a line of a dialogue sends media."""
    return block.start.split()[0] == "rtp"


@dataclass(slots=True)
class MediaSender:
    """What the parties of a dialogue said of their ports, and what they sent."""

    ports: dict[str, int] = field(default_factory=dict)
    sent: dict[tuple[object, ...], int] = field(default_factory=dict)

    def listen(self, block: Block) -> None:
        """Note the port that a party names in its SDP."""
        if found := _PORT.search("\n".join(block.body or [])):
            self.ports[block.source] = int(found[1])

    def packets(self, block: Block, addresses: tuple[str, str], time_ns: int) -> list[Packet]:
        """Return the packets of a line; raises ValueError for one that says something else."""
        match = _MEDIA.fullmatch(block.start)
        if match is None or int(match["count"]) > MOST_PACKETS:
            raise ValueError(
                f"line {block.line}: expected `rtp COUNT`, then `lost COUNT` and `to ADDRESS:PORT` "
                f"if need be: {block.start!r}"
            )
        source = (addresses[0], self.ports.get(block.source, PORT))
        destination = (addresses[1], self.ports.get(block.destination, PORT))
        if match["address"]:
            destination = (match["address"], int(match["port"]))
        count, lost = int(match["count"]), int(match["lost"] or 0)
        ssrc = 1000 + 26 * ord(block.source[0]) + ord(block.destination[0])
        first = self.sent.get((source, destination), 0)
        self.sent[source, destination] = first + count
        # spread evenly, the first and the last packet excepted
        missing = {1 + at * (count - 2) // lost for at in range(lost)}
        return [
            Packet(time_ns + at * PACE_NS, source, destination, _rtp(ssrc, first + at))
            for at in range(count)
            if at not in missing
        ]


def _rtp(ssrc: int, number: int) -> bytes:
    head = struct.pack(">BBHII", 0x80, 0, number & 0xFFFF, number * TICKS & 0xFFFFFFFF, ssrc)
    return head + b"\xff" * TICKS
