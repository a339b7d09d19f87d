"""A registration with a challenge, a refresh and a removal."""

from wire import ethernet, pcap, write_beside

DIALOGUE = """
-> REGISTER sip:example.com SIP/2.0
   Contact: <sip:alice@192.0.2.1>
   Expires: 600
<- SIP/2.0 401 Unauthorized
   WWW-Authenticate: Digest realm="example.com", nonce="f84f1cec41e6cbe5aea9c8e88d359"
-> REGISTER sip:example.com SIP/2.0
   Contact: <sip:alice@192.0.2.1>
   Expires: 600
   Authorization: Digest username="alice", realm="example.com", uri="sip:example.com",
      nonce="f84f1cec41e6cbe5aea9c8e88d359", response="00000000000000000000000000000000"
<- SIP/2.0 200 OK
   Contact: <sip:alice@192.0.2.1>;expires=600
+290s -> REGISTER sip:example.com SIP/2.0
   Contact: <sip:alice@192.0.2.1>
   Expires: 600
   Authorization: Digest username="alice", realm="example.com", uri="sip:example.com",
      nonce="f84f1cec41e6cbe5aea9c8e88d359", response="00000000000000000000000000000000"
<- SIP/2.0 200 OK
   Contact: <sip:alice@192.0.2.1>;expires=600
+290s -> REGISTER sip:example.com SIP/2.0
   Contact: *
   Expires: 0
   Authorization: Digest username="alice", realm="example.com", uri="sip:example.com",
      nonce="f84f1cec41e6cbe5aea9c8e88d359", response="00000000000000000000000000000000"
<- SIP/2.0 200 OK
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(ethernet(DIALOGUE, "registration", "2026-03-02 09:54"))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
