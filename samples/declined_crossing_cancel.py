"""The caller gives up in the moment in which the callee declines: the CANCEL crosses the 603."""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> INVITE sip:bob@example.com SIP/2.0
   User-Agent: DeskPhone/4.2
   Contact: <sip:alice@192.0.2.1>
+0.3s <- SIP/2.0 180 Ringing
+9s -> CANCEL sip:bob@example.com SIP/2.0
+2ms <- SIP/2.0 603 Decline
   Server: Handset/1.9
+3ms -> ACK sip:bob@example.com SIP/2.0
<- SIP/2.0 481 Call/Transaction Does Not Exist
   CSeq: 1 CANCEL
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "declined-crossing-cancel", "2026-03-02 09:15"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
