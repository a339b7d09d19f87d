"""The callee has moved: 302 with a new Contact, which the caller does not try."""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> INVITE sip:bob@example.com SIP/2.0
   User-Agent: DeskPhone/4.2
   Contact: <sip:alice@192.0.2.1>
<- SIP/2.0 302 Moved Temporarily
   Contact: <sip:bob@voicemail.example>
-> ACK sip:bob@example.com SIP/2.0
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "redirected", "2026-03-02 09:36"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
