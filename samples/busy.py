"""Two calls to somebody busy: at one phone, and everywhere."""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> INVITE sip:bob@example.com SIP/2.0
   Call-ID: here@example.com
<- SIP/2.0 486 Busy Here
-> ACK sip:bob@example.com SIP/2.0
   Call-ID: here@example.com
+5s -> INVITE sip:bob@example.com SIP/2.0
   Call-ID: everywhere@example.com
<- SIP/2.0 600 Busy Everywhere
-> ACK sip:bob@example.com SIP/2.0
   Call-ID: everywhere@example.com
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "busy", "2026-03-02 09:27"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
