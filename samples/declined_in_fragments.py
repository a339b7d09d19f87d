"""A declined call whose INVITE comes in three IP fragments out of order; of a second INVITE only
the first fragment is there, as a filter for ports lets no other through.
"""

from scapy.layers.inet import IP, UDP, fragment
from scapy.layers.l2 import Ether

from analyzer.annotate.dialogue import parse_dialogue
from wire import Frame, pcap, write_beside

DIALOGUE = """
    -> INVITE sip:bob@example.com SIP/2.0
       Subject: {subject}
    <- SIP/2.0 180 Ringing
    +4.2s <- SIP/2.0 603 Decline
    -> ACK sip:bob@example.com SIP/2.0
"""
START_NS = 1_772_442_240 * 10**9
PIECE = 1_000
"""Bytes of IP payload in a fragment."""


def capture() -> bytes:
    """Return the capture."""
    frames = []
    for name, minute in (("fragments", 0), ("first-fragment", 1)):
        text = DIALOGUE.format(subject="lunch and more " * 120)
        start_ns = START_NS + minute * 60 * 10**9
        for number, each in enumerate(parse_dialogue(text, start_ns=start_ns, name=name), 1):
            (source, sport), (destination, dport) = each.source, each.destination
            packet = IP(src=source, dst=destination, id=100 * minute + number)
            packet /= UDP(sport=sport, dport=dport) / each.payload
            pieces = fragment(packet, fragsize=PIECE)  # type: ignore[no-untyped-call]  # scapy
            if len(pieces) > 1:
                pieces = pieces[:1] if minute else [pieces[1], pieces[2], pieces[0]]
            frames += [
                Frame(
                    each.time_ns + at * 1000,
                    bytes(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / piece),
                )
                for at, piece in enumerate(pieces)
            ]
    return pcap(frames)


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
