"""A declined call as `tcpdump -i any` captures it on Linux (cooked v2)."""

from wire import LINUX_SLL2, linux_cooked, pcap, write_beside

DIALOGUE = """
-> INVITE sip:bob@example.com SIP/2.0
+0.3s <- SIP/2.0 180 Ringing
+4.7s <- SIP/2.0 603 Decline
-> ACK sip:bob@example.com SIP/2.0
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(linux_cooked(DIALOGUE, "linux-cooked", "2026-03-02 09:45"), LINUX_SLL2)


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
