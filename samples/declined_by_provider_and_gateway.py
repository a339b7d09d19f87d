"""Declines that say why: a provider without funds, a gateway with a Q.850 cause, a full trunk
group, and one with a better time to call.
"""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> INVITE sip:+12155550142@provider.example SIP/2.0
   Call-ID: funds@example.com
+80ms <- SIP/2.0 603 Decline
   X-Twilio-Error: 10001 Account is not active
-> ACK sip:+12155550142@provider.example SIP/2.0
   Call-ID: funds@example.com
+10s -> INVITE sip:200@pbx.example SIP/2.0
   Call-ID: dialplan@example.com
+40ms <- SIP/2.0 603 Decline
   Server: BranchPBX 18
   Reason: Q.850;cause=16
-> ACK sip:200@pbx.example SIP/2.0
   Call-ID: dialplan@example.com
+10s -> INVITE sip:+12155550143;tgrp=tg7;trunk-context=example.com@gw.example;user=phone SIP/2.0
   Call-ID: trunk@example.com
+30ms <- SIP/2.0 603 Decline
-> ACK sip:+12155550143;tgrp=tg7;trunk-context=example.com@gw.example;user=phone SIP/2.0
   Call-ID: trunk@example.com
+10s -> INVITE sip:bob@example.com SIP/2.0
   Call-ID: later@example.com
+0.2s <- SIP/2.0 180 Ringing
   Call-ID: later@example.com
+6.3s <- SIP/2.0 603 Decline
   Call-ID: later@example.com
   Retry-After: 3600 (in a meeting)
-> ACK sip:bob@example.com SIP/2.0
   Call-ID: later@example.com
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "declined-by-provider-and-gateway", "2026-03-02 09:12"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
