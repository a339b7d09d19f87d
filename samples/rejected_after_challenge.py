"""A proxy asks for credentials; with them the call is forbidden: one call, two attempts."""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> INVITE sip:+81355550100@example.com SIP/2.0
<- SIP/2.0 407 Proxy Authentication Required
   Proxy-Authenticate: Digest realm="example.com", nonce="84f1c1ae6cbe5ua9c8e88dfa3ecm3459"
-> ACK sip:+81355550100@example.com SIP/2.0
-> INVITE sip:+81355550100@example.com SIP/2.0
   Proxy-Authorization: Digest username="alice", realm="example.com",
      nonce="84f1c1ae6cbe5ua9c8e88dfa3ecm3459", uri="sip:+81355550100@example.com",
      response="00000000000000000000000000000000"
<- SIP/2.0 100 Trying
+0.4s <- SIP/2.0 403 Forbidden
   Warning: 399 example.com "International calls are barred"
-> ACK sip:+81355550100@example.com SIP/2.0
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "rejected-after-challenge", "2026-03-02 09:33"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
