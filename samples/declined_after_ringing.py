"""The phone rings for 4.2 s, then somebody most likely declines."""

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
+4.2s <- SIP/2.0 603 Decline
   Server: Handset/1.9
-> ACK sip:bob@example.com SIP/2.0
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "declined-after-ringing", "2026-03-02 09:03"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
