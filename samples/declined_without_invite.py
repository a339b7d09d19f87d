"""The capture lacks the INVITE: a 603 that comes again because its ACK is lost."""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
<- SIP/2.0 603 Decline
   Server: Handset/1.9
+0.5s <- again
+1s <- again
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "declined-without-invite", "2026-03-02 09:21"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
