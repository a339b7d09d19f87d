"""A declined call over IPv6, inside two stacked 802.1Q tags."""

from wire import pcap, vlan_ipv6, write_beside

DIALOGUE = """
-> INVITE sip:bob@example.com SIP/2.0
+0.3s <- SIP/2.0 180 Ringing
+3.6s <- SIP/2.0 603 Decline
-> ACK sip:bob@example.com SIP/2.0
"""


def capture() -> bytes:
    """Return the file."""
    return pcap(vlan_ipv6(DIALOGUE, "vlan-ipv6", "2026-03-02 09:42", (100, 7)))


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
