"""A capture cut off inside its last packet, the 603: what can be read is reported."""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> INVITE sip:bob@example.com SIP/2.0
+0.3s <- SIP/2.0 180 Ringing
+2.9s <- SIP/2.0 603 Decline
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "cut", "2026-03-02 10:10"))[:-40]


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
