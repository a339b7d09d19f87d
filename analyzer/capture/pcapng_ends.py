"""How long a capture was watched for, which an extract of it cannot show by its packets.

An Interface Statistics Block (draft-ietf-opsawg-pcapng §4.6) says it. Other tools that cut files
keep such blocks though they leave out packets of the time, so only our own are believed.
"""

from struct import pack, unpack

from analyzer.capture.originals import Option
from analyzer.capture.pcapng_blocks import Block, Section, options
from analyzer.capture.pcapng_clock import Clock

INTERFACE_STATISTICS = 5
APPLICATION = 4
"""shb_userappl: what wrote the file."""
OURS = "sipwhy "
"""What the application begins with where we wrote the file, before a version."""
_START, _END = 2, 3
"""isb_starttime, isb_endtime."""


def is_ours(data: memoryview, block: Block, section: Section) -> bool:
    """Tell whether a section header says that we wrote the section."""
    found = options(bytes(data[block.pos + 24 : block.end - 4]), _order(section))
    return any(code == APPLICATION and value.startswith(OURS.encode()) for code, value in found)


def end_of(data: memoryview, block: Block, section: Section) -> int | None:
    """Return the end that a block of statistics states, ns since 1970 UTC."""
    if block.end - block.pos < 24:
        return None
    number = int(section.word.unpack_from(data, block.pos + 8)[0])
    interface = section.interfaces[number] if number < len(section.interfaces) else None
    order = _order(section)
    for code, value in options(bytes(data[block.pos + 20 : block.end - 4]), order):
        if interface and code == _END and len(value) == 8:
            high, low = unpack(order + "II", value)
            return interface.clock.time_ns(high << 32 | low)
    return None


def statistics_options(clock: Clock, first_ns: int, end_ns: int) -> tuple[Option, ...]:
    """Return what says that an interface was watched from one time to another."""
    return tuple(
        (code, pack("<II", *divmod(clock.ticks(time_ns), 1 << 32)))
        for code, time_ns in ((_START, first_ns), (_END, end_ns))
    )


def _order(section: Section) -> str:
    return ">" if section.big_endian else "<"
