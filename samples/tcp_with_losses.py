"""Calls over one TCP connection as a bad capture shows them: joined in the middle of a message, an
INVITE in two segments out of order, a retransmission, a keep-alive, and segments that are missing.
"""

from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether

from analyzer.annotate.dialogue import parse_dialogue
from wire import Frame, pcap, write_beside

DIALOGUE = """
    -> INVITE sip:bob@example.com SIP/2.0
       Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK-{name}
    <- SIP/2.0 180 Ringing
    +4.2s <- SIP/2.0 603 Decline
    -> ACK sip:bob@example.com SIP/2.0
"""
START_NS = 1_772_442_480 * 10**9


def capture() -> bytes:
    """Return the capture."""
    calls = [
        parse_dialogue(
            DIALOGUE.format(name=name), start_ns=START_NS + at * 10**10, name=f"tcp-{name}"
        )
        for at, name in enumerate(("split", "lost"))
    ]
    frames: list[Frame] = []
    following = {"192.0.2.1": 4_294_967_000, "192.0.2.2": 7_000}

    def send(
        time_ns: int, ends: tuple[tuple[str, int], tuple[str, int]], text: bytes, back: int = 0
    ) -> Frame:
        """Return the next segment, or one `back` bytes before it."""
        (source, sport), (destination, dport) = ends
        sequence = following[source] - back
        following[source] = max(following[source], sequence + len(text))
        layers = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
        layers /= IP(src=source, dst=destination, id=len(frames) + 1)
        layers /= TCP(
            sport=sport, dport=dport, seq=sequence % 2**32, ack=following[destination] % 2**32,
            flags="PA",
        ) / text  # fmt: skip
        return Frame(time_ns, bytes(layers))

    invite, ringing, decline, ack = calls[0]
    client, server = (invite.source, invite.destination), (invite.destination, invite.source)
    tail = b"-Agent: Handset/1.9\r\nContent-Length: 0\r\n\r\n"
    frames.append(send(invite.time_ns - 10**9, client, tail))
    first = send(invite.time_ns, client, invite.payload[:100])
    second = send(invite.time_ns, client, invite.payload[100:])
    frames += [second, Frame(first.time_ns + 1000, first.data)]
    frames.append(send(ringing.time_ns, server, ringing.payload))
    frames.append(send(ringing.time_ns + 10**8, server, ringing.payload, back=len(ringing.payload)))
    frames.append(send(ringing.time_ns + 2 * 10**8, client, b"\r\n\r\n"))
    frames.append(send(decline.time_ns, server, decline.payload))
    frames.append(send(ack.time_ns, client, ack.payload))
    invite, ringing, decline, ack = calls[1]
    frames.append(send(invite.time_ns, client, invite.payload))
    send(ringing.time_ns, server, ringing.payload)
    cut = len(decline.payload) // 2
    send(decline.time_ns, server, decline.payload[:cut])
    frames.append(send(decline.time_ns, server, decline.payload[cut:]))
    frames.append(send(ack.time_ns, client, ack.payload))
    return pcap(frames)


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
