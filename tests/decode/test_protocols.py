"""Decoders are found by themselves; no number is claimed twice."""

import pytest

from analyzer.anomaly_kinds import PACKET_KINDS
from analyzer.decode.cursor import Packets
from analyzer.decode.link_names import LINK_NAMES, link_name
from analyzer.decode.protocols import (
    ENDS,
    ETHER_SPACE,
    IP_SPACE,
    LINK_SPACE,
    EtherType,
    IpProtocol,
    LinkType,
    decoders,
    decodes,
)
from analyzer.decode.verdicts import NOT_UNDERSTOOD, verdict_of


def test_every_number_is_decoded_or_ends() -> None:
    """Each declared protocol either has a decoder or a verdict, never both."""
    found = decoders()
    for space, numbers in (
        (LINK_SPACE, LinkType),
        (ETHER_SPACE, EtherType),
        (IP_SPACE, IpProtocol),
    ):
        for each in numbers:
            assert ((space, int(each)) in found) != ((space, int(each)) in ENDS), each


@pytest.mark.parametrize("claimed", [LinkType.ETHERNET, EtherType.ARP])
def test_second_claim_fails(claimed: LinkType | EtherType) -> None:
    """A number that has a decoder or a verdict cannot be claimed again."""
    decoders()

    def decoder(_: Packets) -> None:
        """Do nothing."""

    with pytest.raises(ValueError, match="claimed twice"):
        decodes(claimed)(decoder)


def test_kinds_are_anomalies() -> None:
    """Every verdict on what is not understood is a kind of anomaly with its words."""
    assert set(NOT_UNDERSTOOD) <= set(PACKET_KINDS)
    assert verdict_of(NOT_UNDERSTOOD[-1]) < 256


def test_link_names() -> None:
    """Decoded link types have names; unknown ones show their number."""
    assert all(int(each) in LINK_NAMES for each in LinkType)
    assert (link_name(276), link_name(9999)) == ("LINUX_SLL2", "9999")
