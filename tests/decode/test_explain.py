"""Numbers of verdicts in words."""

import pytest

from analyzer.decode.explain import explain


@pytest.mark.parametrize(
    ("kind", "number", "text"),
    [
        ("unknown-link-type", 127, "link type 127 (IEEE802_11_RADIOTAP)"),
        ("unknown-link-type", 9999, "link type 9999"),
        ("unknown-ethertype", 0x88E5, "EtherType 0x88e5"),
        ("unknown-ethertype", 7, "address family 7"),
        ("unknown-ip-protocol", 200, "IP protocol 200"),
        ("unknown-ppp-protocol", 0x3D, "PPP protocol 0x003d"),
        ("ip-fragment", 0, ""),
    ],
)
def test_explain(kind: str, number: int, text: str) -> None:
    """Unknown numbers are shown as their registries write them."""
    assert explain(kind, number) == text
