"""A declined call in a pcap file packed with gzip."""

from wire import ethernet, gzip, pcap, write_beside

DIALOGUE = """
-> INVITE sip:bob@example.com SIP/2.0
+0.3s <- SIP/2.0 180 Ringing
+5.8s <- SIP/2.0 603 Decline
-> ACK sip:bob@example.com SIP/2.0
"""


def capture() -> bytes:
    """Return the file."""
    return gzip(pcap(ethernet(DIALOGUE, "packed", "2026-03-02 09:48")))


if __name__ == "__main__":
    write_beside(__file__, ".pcap.gz", capture())
