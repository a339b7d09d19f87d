"""204 where none belongs: to a first SUBSCRIBE, to a refresh that asked for no condition, for a
stale tag, for a tag the capture does not show, and to a REGISTER.
"""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> SUBSCRIBE sip:pres@example.com SIP/2.0
   Call-ID: first@example.com
   Event: presence
   Suppress-If-Match: dx200xyz
   Expires: 3600
<- SIP/2.0 204 No Notification
   Expires: 3600
+10s -> SUBSCRIBE sip:pres@example.com SIP/2.0
   Call-ID: watched@example.com
   Event: presence
   Expires: 3600
<- SIP/2.0 200 OK
   Expires: 3600
<- NOTIFY sip:alice@192.0.2.1 SIP/2.0
   Call-ID: watched@example.com
   Event: presence
   Subscription-State: active;expires=3600
   SIP-ETag: dx200xyz
-> SIP/2.0 200 OK
+50m -> SUBSCRIBE sip:pres@192.0.2.2 SIP/2.0
   Call-ID: watched@example.com
   To: <sip:pres@example.com>;tag=n1
   Event: presence
   Expires: 3600
<- SIP/2.0 204 No Notification
   Expires: 3600
+50m -> SUBSCRIBE sip:pres@192.0.2.2 SIP/2.0
   Call-ID: watched@example.com
   To: <sip:pres@example.com>;tag=n1
   Event: presence
   Suppress-If-Match: older17
   Expires: 3600
<- SIP/2.0 204 No Notification
   Expires: 3600
+1s -> SUBSCRIBE sip:pres@192.0.2.2 SIP/2.0
   Call-ID: earlier@example.com
   CSeq: 31 SUBSCRIBE
   To: <sip:pres@example.com>;tag=n7
   Event: presence
   Suppress-If-Match: dx300abc
   Expires: 3600
<- SIP/2.0 204 No Notification
   Expires: 3600
+1s -> REGISTER sip:example.com SIP/2.0
   Call-ID: register@example.com
   Contact: <sip:alice@192.0.2.1>
   Expires: 3600
<- SIP/2.0 204 No Content
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "subscription-misled", "2026-03-02 07:00"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
