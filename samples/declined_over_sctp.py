"""A declined call over SCTP: the INVITE in two DATA chunks, two responses in one packet."""

from scapy.layers.inet import IP
from scapy.layers.l2 import Ether
from scapy.layers.sctp import SCTP, SCTPChunkData

from analyzer.annotate.dialogue import parse_dialogue
from wire import Frame, pcap, write_beside

DIALOGUE = """
    -> INVITE sip:bob@example.com SIP/2.0
       Via: SIP/2.0/SCTP 192.0.2.1;branch=z9hG4bK-sctp-1
    <- SIP/2.0 100 Trying
    <- SIP/2.0 180 Ringing
    +4.2s <- SIP/2.0 603 Decline
    -> ACK sip:bob@example.com SIP/2.0
"""
START_NS = 1_772_442_180 * 10**9


def capture() -> bytes:
    """Return the capture."""
    invite, *answers, decline, ack = parse_dialogue(
        DIALOGUE, start_ns=START_NS, name="declined-over-sctp"
    )
    half = len(invite.payload) // 2
    client, server = (invite.source, invite.destination), (invite.destination, invite.source)
    sent = [
        (invite.time_ns, client, [(1, invite.payload[:half], 1, 0)]),
        (invite.time_ns + 10**6, client, [(2, invite.payload[half:], 0, 1)]),
        (
            answers[1].time_ns,
            server,
            [(at, each.payload, 1, 1) for at, each in enumerate(answers, 7)],
        ),
        (decline.time_ns, server, [(9, decline.payload, 1, 1)]),
        (ack.time_ns, client, [(3, ack.payload, 1, 1)]),
    ]
    return pcap([Frame(time_ns, packet(ends, chunks)) for time_ns, ends, chunks in sent])


def packet(
    ends: tuple[tuple[str, int], tuple[str, int]], chunks: list[tuple[int, bytes, int, int]]
) -> bytes:
    """Return a packet with DATA chunks: TSN, payload, whether it begins and ends a message."""
    (source, sport), (destination, dport) = ends
    layers = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
    layers /= IP(src=source, dst=destination, id=0) / SCTP(sport=sport, dport=dport, tag=1)
    for tsn, payload, begins, finishes in chunks:
        layers /= SCTPChunkData(
            tsn=tsn, stream_id=1, beginning=begins, ending=finishes, data=payload
        )
    return bytes(layers)


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
