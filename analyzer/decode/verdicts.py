"""What became of a frame: one number each, so that a batch of them is a column.

SIP, MEDIA and OTHER are understood; every other verdict is a kind of anomaly, as such a frame may
hide SIP. The compiled twin `_datagrams.pyx` uses the same numbers.
"""

SIP = 1
"""A UDP datagram that may hold a SIP message: the reader of heads decides."""
MEDIA = 2
OTHER = 3
WAITING = 4
"""A segment of a stream or a fragment: other frames decide what it is."""
FIRST_KIND = 16

NOT_UNDERSTOOD = (
    "packet-cut",
    "packet-damaged",
    "too-many-layers",
    "unknown-link-type",
    "unknown-ethertype",
    "unknown-ip-protocol",
    "ip-fragment",
    "tls",
    "stream-unread",
    "esp",
    "gre",
    "l2tp",
    "mpls",
    "vxlan",
    "gtpu",
    "hep-compressed",
    "tzsp",
    "erspan",
    "unknown-ppp-protocol",
    "ppp-compressed",
    "wlan-protected",
    "wlan-pieces",
)
"""Kinds of `analyzer.anomaly_kinds`; the first has the verdict FIRST_KIND, and so on."""


def verdict_of(kind: str) -> int:
    """Return the verdict that says this kind of anomaly."""
    return FIRST_KIND + NOT_UNDERSTOOD.index(kind)


PACKET_CUT = verdict_of("packet-cut")
PACKET_DAMAGED = verdict_of("packet-damaged")
TOO_MANY_LAYERS = verdict_of("too-many-layers")
UNKNOWN_LINK_TYPE = verdict_of("unknown-link-type")
UNKNOWN_ETHERTYPE = verdict_of("unknown-ethertype")
UNKNOWN_IP_PROTOCOL = verdict_of("unknown-ip-protocol")
IP_FRAGMENT = verdict_of("ip-fragment")
UNKNOWN_PPP_PROTOCOL = verdict_of("unknown-ppp-protocol")
TLS = verdict_of("tls")
STREAM_UNREAD = verdict_of("stream-unread")
