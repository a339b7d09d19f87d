"""A capture that begins inside one call and ends while another one rings."""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
# the BYE of a call that began before the capture
-> BYE sip:carol@example.com SIP/2.0
   Call-ID: before@example.com
   CSeq: 7 BYE
<- SIP/2.0 200 OK
+1s -> INVITE sip:bob@example.com SIP/2.0
   Call-ID: ringing@example.com
+0.2s <- SIP/2.0 180 Ringing
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "incomplete", "2026-03-02 10:11"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
