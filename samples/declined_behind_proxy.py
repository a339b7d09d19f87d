"""Captured at a proxy: one decline on two hops, relayed to the caller."""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
a->p INVITE sip:bob@example.com SIP/2.0
   User-Agent: SoftPhone/5.1
   Contact: <sip:alice@192.0.2.1>

      v=0
      o=alice 1 1 IN IP4 192.0.2.1
      s=-
      c=IN IP4 192.0.2.1
      t=0 0
      m=audio 4000 RTP/AVP 0 8 101
      a=rtpmap:0 PCMU/8000
      a=rtpmap:8 PCMA/8000
      a=rtpmap:101 telephone-event/8000
+1ms a<-p SIP/2.0 100 Trying
+3ms p->b INVITE sip:bob@192.0.2.2 SIP/2.0
+0.2s p<-b SIP/2.0 180 Ringing
   Contact: <sip:bob@192.0.2.2>
+1ms a<-p SIP/2.0 180 Ringing
   Contact: <sip:bob@192.0.2.2>
+5.4s p<-b SIP/2.0 603 Decline
   User-Agent: SoftPhone/5.1
+1ms p->b ACK sip:bob@192.0.2.2 SIP/2.0
+1ms a<-p SIP/2.0 603 Decline
   User-Agent: SoftPhone/5.1
a->p ACK sip:bob@example.com SIP/2.0
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "declined-behind-proxy", "2026-03-02 09:09"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
