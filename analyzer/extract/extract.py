"""A trace and what is asked for → a capture of its packets."""

from typing import BinaryIO

from analyzer.extract.choice import Chosen
from analyzer.extract.comments import comments_of
from analyzer.extract.packets import find_packets
from analyzer.extract.write import write_pcap, write_pcapng
from analyzer.frozen import frozen
from analyzer.settings import Settings
from analyzer.tables.trace import Trace


@frozen
class Extracted:
    """What was written."""

    calls: int
    messages: int
    packets: int
    bytes: int
    """Captured bytes of the packets."""


def extract(
    trace: Trace,
    chosen: Chosen,
    out: BinaryIO,
    settings: Settings,
    *,
    as_pcap: bool = False,
) -> Extracted:
    """Write the packets of what was chosen in a trace that was read with `Settings.origins`;
    comments are in the language of the settings.
    """
    found = find_packets(trace, chosen, settings)
    if as_pcap:
        write_pcap(out, found)
    else:
        write_pcapng(out, found, comments_of(trace, chosen, settings.language))
    return Extracted(
        calls=len(chosen.calls),
        messages=len(chosen.messages),
        packets=sum(len(each.frames) for each in found),
        bytes=sum(int(each.frames.captured.sum()) for each in found),
    )
