"""What else a 603 refuses: a subscription, a message, a transfer, an OPTIONS ping, and a hold
inside a call that goes on.
"""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> SUBSCRIBE sip:bob@example.com SIP/2.0
   Call-ID: watch@example.com
   Event: presence
   Expires: 3600
<- SIP/2.0 603 Decline
+1s -> MESSAGE sip:bob@example.com SIP/2.0
   Call-ID: text@example.com
   Content-Type: text/plain

   Lunch?
<- SIP/2.0 603 Decline
+1s -> OPTIONS sip:bob@example.com SIP/2.0
   Call-ID: ping@example.com
<- SIP/2.0 603 Decline
+1s -> INVITE sip:bob@example.com SIP/2.0
   Call-ID: hold@example.com

      v=0
      o=alice 1 1 IN IP4 192.0.2.1
      s=-
      c=IN IP4 192.0.2.1
      t=0 0
      m=audio 4000 RTP/AVP 0 8 101
      a=rtpmap:0 PCMU/8000
      a=rtpmap:8 PCMA/8000
      a=rtpmap:101 telephone-event/8000
+0.2s <- SIP/2.0 180 Ringing
+2.8s <- SIP/2.0 200 OK

      v=0
      o=bob 1 1 IN IP4 192.0.2.2
      s=-
      c=IN IP4 192.0.2.2
      t=0 0
      m=audio 6000 RTP/AVP 0
      a=rtpmap:0 PCMU/8000
-> ACK sip:bob@192.0.2.2 SIP/2.0
   Call-ID: hold@example.com
+8s -> INVITE sip:bob@192.0.2.2 SIP/2.0
   Call-ID: hold@example.com
   To: <sip:bob@example.com>;tag=b1

   v=0
   o=alice 1 2 IN IP4 192.0.2.1
   s=-
   c=IN IP4 192.0.2.1
   t=0 0
   m=audio 4000 RTP/AVP 0
   a=sendonly
<- SIP/2.0 603 Decline
-> ACK sip:bob@192.0.2.2 SIP/2.0
   Call-ID: hold@example.com
+2s -> REFER sip:bob@192.0.2.2 SIP/2.0
   Call-ID: hold@example.com
   To: <sip:bob@example.com>;tag=b1
   Refer-To: <sip:carol@example.com>
<- SIP/2.0 603 Declined
+5s <- BYE sip:alice@192.0.2.1 SIP/2.0
   Call-ID: hold@example.com
-> SIP/2.0 200 OK
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "declined-requests", "2026-03-02 09:18"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
