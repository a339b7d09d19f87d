"""How packets stand in their file: interface, time as it was written, options.

What `FrameTable` leaves out because no analysis needs it, and who writes packets again must keep.
"""

from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from analyzer.capture.pcapng_clock import DEFAULT_RESOLUTION, Clock, make_clock
from analyzer.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

Option = tuple[int, bytes]
"""Code and value of an option of a pcapng block, numbers in it little-endian."""

END_OF_OPTIONS, COMMENT = 0, 1
IF_NAME, IF_TSRESOL, IF_TSOFFSET, IF_FCSLEN = 2, 9, 14, 13
_INTERFACE_NUMBERS = {8: "Q", 10: "I", IF_TSOFFSET: "q", 16: "Q", 17: "Q"}
"""Options of an interface that are one number: speeds, zone, offset of its clock."""
_PACKET_NUMBERS = {2: "I", 4: "Q", 5: "Q", 6: "I"}
"""The same of a packet: flags, drop count, id, queue."""


@frozen
class InterfaceDescription:
    """What is known of an interface (draft-ietf-opsawg-pcapng §4.2)."""

    link_type: int
    snap_len: int
    """Longest captured length; 0 unlimited."""
    options: tuple[Option, ...] = ()

    @property
    def resolution(self) -> int:
        """if_tsresol: microseconds when nothing says otherwise."""
        stated = self._number(IF_TSRESOL, 1)
        return DEFAULT_RESOLUTION if stated is None else stated

    @property
    def clock(self) -> Clock:
        """How its ticks are counted."""
        return make_clock(self.resolution, self._number(IF_TSOFFSET, 8) or 0)

    def _number(self, code: int, size: int) -> int | None:
        """Return the last option of a code that has the size of a number."""
        found = [value for each, value in self.options if each == code and len(value) == size]
        return int.from_bytes(found[-1], "little", signed=size == 8) if found else None


class Original(NamedTuple):
    """A packet as it stands in its file."""

    interface: int
    """Index in what `interfaces` of its reader gives."""
    ticks: int
    """Its time, in the resolution of the interface."""
    options: "Sequence[Option]" = ()


def interface_options(found: "Sequence[Option]", order: str) -> tuple[Option, ...]:
    """Return options of an interface read in a byte order (`<` or `>`)."""
    return _little_endian(found, order, _INTERFACE_NUMBERS)


def packet_options(found: "Sequence[Option]", order: str) -> tuple[Option, ...]:
    """Return options of a packet read in a byte order."""
    return _little_endian(found, order, _PACKET_NUMBERS)


def _little_endian(
    found: "Sequence[Option]", order: str, numbers: dict[int, str]
) -> tuple[Option, ...]:
    if order == "<":
        return tuple(found)
    return tuple((code, _turned(value, numbers.get(code))) for code, value in found)


def _turned(value: bytes, kind: str | None) -> bytes:
    if kind is None or len(value) != Struct(kind).size:
        return value
    return value[::-1]
