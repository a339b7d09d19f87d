"""A network blocks calls by analytics: one whole 603+, one whose phrase a middle box rewrote, one
without a way to complain, and one rejected by an intermediary that names a card to contact.
"""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> INVITE sip:+12155550142@example.com SIP/2.0
   Call-ID: whole@example.com
+30ms <- SIP/2.0 603 Network Blocked
   Reason: SIP;cause=603;text="v=analytics1;url=https://redress.example/form;id=a-77";location=RLN
-> ACK sip:+12155550142@example.com SIP/2.0
   Call-ID: whole@example.com
+5s -> INVITE sip:+12155550142@example.com SIP/2.0
   Call-ID: rewritten@example.com
+30ms <- SIP/2.0 603 Decline
   Reason: SIP;cause=603;text="v=analytics1;url=https://redress.example/form;id=a-78";location=RLN
-> ACK sip:+12155550142@example.com SIP/2.0
   Call-ID: rewritten@example.com
+5s -> INVITE sip:+12155550142@example.com SIP/2.0
   Call-ID: no-contact@example.com
+30ms <- SIP/2.0 603 Network Blocked
   Reason: SIP;cause=603;text="v=analytics1;id=a-79";location=RLN
-> ACK sip:+12155550142@example.com SIP/2.0
   Call-ID: no-contact@example.com
+5s -> INVITE sip:+12155550142@example.com SIP/2.0
   Call-ID: card@example.com
+30ms <- SIP/2.0 603 Decline
   Call-Info: <https://card.example/jcard>;purpose=jwscard
-> ACK sip:+12155550142@example.com SIP/2.0
   Call-ID: card@example.com
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "blocked", "2026-03-02 09:24"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
