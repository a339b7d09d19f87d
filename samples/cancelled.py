"""The caller gives up after 12 s of ringing."""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> INVITE sip:bob@example.com SIP/2.0
   User-Agent: DeskPhone/4.2
   Contact: <sip:alice@192.0.2.1>
+0.2s <- SIP/2.0 180 Ringing
+12s -> CANCEL sip:bob@example.com SIP/2.0
   Reason: SIP;cause=487;text="caller hung up"
<- SIP/2.0 200 OK
<- SIP/2.0 487 Request Terminated
-> ACK sip:bob@example.com SIP/2.0
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "cancelled", "2026-03-02 09:30"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
