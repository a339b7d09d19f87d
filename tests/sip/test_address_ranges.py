"""Which addresses are private (RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291)."""

import ipaddress

import numpy as np
import pytest

from analyzer.sip.address_ranges import is_private, private_endpoints
from analyzer.tables.endpoints import EndpointTable, address_halves

PRIVATE = [
    "10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1",
    "100.127.255.255", "169.254.1.1", "fc00::1", "fdff::1", "fe80::1",
]  # fmt: skip  # read side by side
PUBLIC = [
    "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
    "100.63.255.255", "100.128.0.0", "192.0.2.1", "2001:db8::1", "fbff::1", "fec0::1",
]  # fmt: skip  # read side by side


@pytest.mark.parametrize("address", PRIVATE)
def test_private(address: str) -> None:
    """The ends of each range are in it, with brackets as a URI has them too."""
    assert is_private(address)
    assert is_private(f"[{address}]")


@pytest.mark.parametrize("host", [*PUBLIC, "example.com", "", "10.0.0", "10.0.0.1.example"])
def test_no_private(host: str) -> None:
    """What lies beside a range is not in it, and a name is no address."""
    assert not is_private(host)


def test_endpoints_are_judged_alike() -> None:
    """Columns say the same as texts do; the host itself counts as private there too."""
    addresses = [ipaddress.ip_address(each) for each in (*PRIVATE, *PUBLIC)]
    rows = [(*address_halves(int(each)), 5060, each.version) for each in addresses]
    found = private_endpoints(EndpointTable.from_rows(rows))
    assert found.tolist() == [each in PRIVATE for each in (*PRIVATE, *PUBLIC)]
    local = [(*address_halves(int(ipaddress.ip_address("127.0.0.1"))), 5060, 4), (0, 1, 5060, 6)]
    assert np.all(private_endpoints(EndpointTable.from_rows(local)))
