"""A presence subscription whose refreshes are conditional (RFC 5839): unchanged, muted, ended."""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> SUBSCRIBE sip:pres@example.com SIP/2.0
   Event: presence
   Expires: 3600
   Contact: <sip:alice@192.0.2.1>
<- SIP/2.0 200 OK
   Expires: 3600
   Contact: <sip:pres@192.0.2.2>
<- NOTIFY sip:alice@192.0.2.1 SIP/2.0
   Event: presence
   Subscription-State: active;expires=3600
   SIP-ETag: dx200xyz
   Content-Type: application/pidf+xml

   <presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:pres@example.com"/>
-> SIP/2.0 200 OK
+50m -> SUBSCRIBE sip:pres@192.0.2.2 SIP/2.0
   To: <sip:pres@example.com>;tag=n1
   Event: presence
   Suppress-If-Match: dx200xyz
   Expires: 3600
<- SIP/2.0 204 No Notification
   Expires: 3600
+50m -> SUBSCRIBE sip:pres@192.0.2.2 SIP/2.0
   To: <sip:pres@example.com>;tag=n1
   Event: presence
   Suppress-If-Match: *
   Expires: 3600
<- SIP/2.0 204 No Notification
   Expires: 3600
+50m -> SUBSCRIBE sip:pres@192.0.2.2 SIP/2.0
   To: <sip:pres@example.com>;tag=n1
   Event: presence
   Suppress-If-Match: dx200xyz
   Expires: 0
<- SIP/2.0 204 No Notification
   Expires: 0
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "subscription-renewed", "2026-03-02 06:00"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
