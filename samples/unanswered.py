"""Nobody answers: seven INVITEs in 32 s (Timers A and B), and the capture runs on."""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> INVITE sip:bob@example.com SIP/2.0
+0.5s -> again INVITE
+1s -> again INVITE
+2s -> again INVITE
+4s -> again INVITE
+8s -> again INVITE
+16s -> again INVITE
+5s -> OPTIONS sip:example.com SIP/2.0
   Call-ID: keepalive@example.com
<- SIP/2.0 200 OK
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "unanswered", "2026-03-02 09:39"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
