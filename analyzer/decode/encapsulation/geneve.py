"""Geneve → what its protocol type says (RFC 8926)."""

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import ETHER_SPACE, UdpPort, decodes
from analyzer.decode.udp_payloads import UdpPayloads
from analyzer.decode.verdicts import OTHER
from analyzer.tables.schema import Bool

IS_CONTROL = 0x80
OPTIONS = 0x3F
"""Length of the options in units of 4 bytes."""


def is_geneve(payloads: UdpPayloads) -> Bool:
    """Tell where the version is 0 and a header fits."""
    fits: Bool = (payloads.p.u8(0) >> 6 == 0) & (payloads.wire_len >= 8)
    return payloads.to_port(UdpPort.GENEVE) & fits


@decodes(UdpPort.GENEVE, recognise=is_geneve)
def geneve(p: Packets) -> None:
    """Step over header and options, whatever they are: they never change what the payload is."""
    p.require(8)
    p.leave(p.u8(1) & IS_CONTROL != 0, OTHER)
    p.require(8 + 4 * (p.u8(0) & OPTIONS))
    numbers = p.u16(2)
    p.advance(8 + 4 * (p.u8(0) & OPTIONS))
    p.go_on(ETHER_SPACE, numbers)
