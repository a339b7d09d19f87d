"""Decoders are found by themselves; no number is claimed twice."""

import pytest

from analyzer.anomaly_kinds import PACKET_KINDS
from analyzer.decode.cursor import Packets
from analyzer.decode.link_names import LINK_NAMES, link_name
from analyzer.decode.protocols import (
    ENDS,
    SPACES,
    EtherType,
    LinkType,
    UdpPort,
    decoders,
    decodes,
    udp_tunnels,
)
from analyzer.decode.verdicts import NOT_UNDERSTOOD, verdict_of


def test_every_number_is_decoded_or_ends() -> None:
    """Each declared protocol either has a decoder or a verdict, never both."""
    found = decoders()
    for space, numbers in enumerate(SPACES):
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


def test_numbers_without_a_name() -> None:
    """A decoder can claim a number that has no name here; there are none below 0 or above 65535."""
    assert (EtherType(0x1234), EtherType(0x1234).name) == (0x1234, "EtherType_4660")
    for value in (-1, 0x10000):
        with pytest.raises(ValueError, match="not a valid EtherType"):
            EtherType(value)


def test_udp_needs_recognition() -> None:
    """A port alone does not make a datagram a tunnel: RTP may use any."""
    with pytest.raises(ValueError, match="recognise"):
        decodes(UdpPort(40_000))(lambda _: None)


def test_udp_tunnels() -> None:
    """Each tunnel in UDP has its own ports, and those on any port two bytes to begin with."""
    ports = [port for each in udp_tunnels() for port in each.ports]
    assert len(ports) == len(set(ports))
    assert set(ports) == {int(each) for each in UdpPort}
    assert {len(two) for each in udp_tunnels() for two in each.beginnings} == {2}


def test_kinds_are_anomalies() -> None:
    """Every verdict on what is not understood is a kind of anomaly with its words."""
    assert set(NOT_UNDERSTOOD) <= set(PACKET_KINDS)
    assert verdict_of(NOT_UNDERSTOOD[-1]) < 256


def test_link_names() -> None:
    """Decoded link types have names; unknown ones show their number."""
    assert all(int(each) in LINK_NAMES for each in LinkType)
    assert (link_name(276), link_name(9999)) == ("LINUX_SLL2", "9999")
