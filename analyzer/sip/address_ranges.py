"""Which addresses are private: they mean something inside one network only (RFC 1918, RFC 6598,
RFC 4193, and those of one link, RFC 3927 and RFC 4291 §2.5.6).
"""

import ipaddress

import numpy as np

from analyzer.tables.endpoints import EndpointTable
from analyzer.tables.schema import Bool

_IPV4 = ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
_IPV6 = ("fc00::/7", "fe80::/10")
_LOOPBACK_IPV4, _LOOPBACK_IPV6 = "127.0.0.0/8", "::1/128"
_RANGES = [ipaddress.ip_network(each) for each in (*_IPV4, *_IPV6)]


def is_private(host: str) -> bool:
    """Tell whether a host of a URI or an SDP address is a private IP address; a name is none."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return any(address in each for each in _RANGES if each.version == address.version)


def private_endpoints(endpoints: EndpointTable) -> Bool:
    """Tell of each endpoint whether its address is private, or the host itself."""
    found = np.zeros(len(endpoints), np.bool_)
    for text in (*_IPV4, _LOOPBACK_IPV4):
        network = ipaddress.IPv4Network(text)
        is_in = endpoints.low & np.uint64(int(network.netmask)) == int(network.network_address)
        found |= is_in & (endpoints.version == 4)
    for text in (*_IPV6, _LOOPBACK_IPV6):
        wide = ipaddress.IPv6Network(text)
        mask, base = int(wide.netmask), int(wide.network_address)
        half = (1 << 64) - 1
        is_in = endpoints.high & np.uint64(mask >> 64) == base >> 64
        is_in &= endpoints.low & np.uint64(mask & half) == base & half
        found |= is_in & (endpoints.version == 6)
    return found
