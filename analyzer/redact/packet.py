"""One packet while it is made anew: its bytes, and the headers that were found in it."""

from dataclasses import dataclass

from analyzer.redact.addresses import Addresses

LONGEST = 0xFFFF


class CannotRedactError(Exception):
    """A packet cannot be made anew with certainty; its payload is lost."""


@dataclass(slots=True)
class Layer:
    """A header in a packet."""

    key: tuple[int, int]
    """Number space and number of its protocol."""
    start: int
    stop: int
    """Where what it carries begins."""
    end: int
    """Where that ends, of what was captured; in new bytes once the packet is made."""
    is_cut: bool = False
    """Whether less was captured than was on the wire."""


@dataclass(slots=True)
class Packet:
    """A packet: `data` holds new bytes up to where it is made."""

    data: bytearray
    layers: list[Layer]
    addresses: Addresses
    original: bytes = b""
    growth: int = 0
    """Bytes by which what the headers carry became longer."""
    is_lost: bool = False
    """Whether something in it that may be SIP could not be kept."""

    def u16(self, at: int) -> int:
        """Read 16 bits."""
        return int.from_bytes(self.data[at : at + 2], "big")

    def put16(self, at: int, value: int) -> None:
        """Write 16 bits."""
        if not 0 <= value <= LONGEST:
            raise CannotRedactError
        self.data[at : at + 2] = value.to_bytes(2, "big")

    def u32(self, at: int) -> int:
        """Read 32 bits."""
        return int.from_bytes(self.data[at : at + 4], "big")

    def put32(self, at: int, value: int) -> None:
        """Write the lower 32 bits of a number."""
        self.data[at : at + 4] = (value & 0xFFFFFFFF).to_bytes(4, "big")

    def grow16(self, at: int) -> None:
        """Let a length follow; one of 0 says nothing, and stays."""
        if self.growth and self.u16(at):
            self.put16(at, self.u16(at) + self.growth)

    def map_address(self, at: int, size: int) -> None:
        """Exchange an IP address."""
        self.data[at : at + size] = self.addresses.packed(bytes(self.data[at : at + size]))

    def map_mac(self, at: int) -> None:
        """Exchange a MAC address."""
        self.data[at : at + 6] = self.addresses.mac(bytes(self.data[at : at + 6]))

    def blank(self, start: int, end: int) -> None:
        """Put zeros."""
        self.data[start:end] = bytes(max(0, end - start))
