"""A call that is answered, talks for 30 s and is ended by the caller."""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> INVITE sip:bob@example.com SIP/2.0
   User-Agent: DeskPhone/4.2
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
+5ms <- SIP/2.0 100 Trying
+0.3s <- SIP/2.0 180 Ringing
   Contact: <sip:bob@192.0.2.2>
+4.1s <- SIP/2.0 200 OK
   Contact: <sip:bob@192.0.2.2>
   Server: Handset/1.9

      v=0
      o=bob 1 1 IN IP4 192.0.2.2
      s=-
      c=IN IP4 192.0.2.2
      t=0 0
      m=audio 6000 RTP/AVP 0
      a=rtpmap:0 PCMU/8000
-> ACK sip:bob@192.0.2.2 SIP/2.0
+30s -> BYE sip:bob@192.0.2.2 SIP/2.0
   Reason: Q.850;cause=16;text="Normal call clearing"
<- SIP/2.0 200 OK
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "answered", "2026-03-02 09:00"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
