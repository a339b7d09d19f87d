"""Packets of several captures → one file, in the order of time.

Packets of one capture keep their order, as on the timeline of messages.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np

from analyzer.capture.originals import COMMENT, InterfaceDescription, Original
from analyzer.capture.pcap_writer import PcapHead, PcapWriter
from analyzer.capture.pcapng_ends import OURS, statistics_options
from analyzer.capture.pcapng_writer import PcapngWriter
from analyzer.decode.link_names import link_name
from analyzer.errors import UsageError
from analyzer.extract.comments import Comments
from analyzer.extract.packets import Packets
from analyzer.extract.secrets import secrets_of
from analyzer.tables.schema import Int64
from analyzer.tables.vector import distinct
from analyzer.version import VERSION

_AT_A_TIME = 16_384
_USUAL_SNAP_LEN = 262_144
_MICROSECONDS = 6

Placed = tuple[int, int, int, bytes, int, Original]
"""Capture, frame, time, bytes, length on the wire, and how it stands in its capture."""


def write_pcapng(out: BinaryIO, found: Sequence[Packets], comments: Comments) -> None:
    """Write a pcapng file: interfaces, times and comments as they were, and further comments."""
    writer = PcapngWriter(out, f"{OURS}{VERSION}")
    for packets in found:
        writer.write_key_logs(secrets_of(packets))
    numbers: dict[tuple[int, int], int] = {}
    for capture, frame, time_ns, data, wire, original in _in_order(found):
        key = (capture, original.interface)
        if key not in numbers:
            described = found[capture].reader.interfaces()[original.interface]
            numbers[key] = writer.add_interface(described)
        more = [(COMMENT, text) for text in comments.get((capture, frame), ())]
        options = (*original.options, *more)
        packets = found[capture]
        ticks = original.ticks
        if packets.capture.info.ahead_ns:
            ticks = packets.reader.interfaces()[original.interface].clock.ticks(time_ns)
        writer.write_packet(numbers[key], ticks, data, wire, options)
    for (capture, interface), number in numbers.items():
        info = found[capture].capture.info
        clock = found[capture].reader.interfaces()[interface].clock
        if info.ends_ns is not None and info.watched_until_ns is not None:
            ends = (info.ends_ns[0], info.watched_until_ns)
            writer.write_statistics(number, statistics_options(clock, *ends))


def write_pcap(out: BinaryIO, found: Sequence[Packets]) -> None:
    """Write a pcap file, which has one link type and no comments."""
    writer = PcapWriter(out, pcap_head(found))
    for _, _, time_ns, data, wire, _ in _in_order(found):
        writer.write_packet(time_ns, data, wire)


def pcap_head(found: Sequence[Packets]) -> PcapHead:
    """Return what a pcap file says of all packets; raises UsageError where it cannot hold them."""
    used = [each for packets in found for each in _interfaces(packets)]
    links = sorted({each.link_type for each in used})
    if len(links) > 1:
        named = ", ".join(map(link_name, links))
        raise UsageError(
            f"pcap holds one link type, these packets have several ({named}): "
            "name a file that ends in .pcapng"
        )
    lengths = [each.snap_len or _USUAL_SNAP_LEN for each in used]
    lengths += [int(each.frames.captured.max(initial=0)) for each in found]
    is_fine = any(each.resolution > _MICROSECONDS for each in used)
    return PcapHead(links[0] if links else 1, max(lengths, default=_USUAL_SNAP_LEN), is_fine)


def _interfaces(packets: Packets) -> list[InterfaceDescription]:
    """Return the interfaces that packets came from."""
    described, used = packets.reader.interfaces(), set()
    for start in range(0, len(packets.frames), _AT_A_TIME):
        rows = np.arange(start, min(start + _AT_A_TIME, len(packets.frames)))
        used |= {each.interface for each in packets.reader.originals(packets.frames.take(rows))}
    return [described[number] for number in sorted(used)]


def _in_order(found: Sequence[Packets]) -> Iterator[Placed]:
    """Yield the packets of all captures."""
    times = [np.maximum.accumulate(each.frames.time_ns) for each in found]
    order = np.argsort(np.concatenate(times), kind="stable")
    sizes = [len(each.frames) for each in found]
    capture = np.repeat(np.arange(len(found)), sizes)[order]
    row = np.concatenate([np.arange(size) for size in sizes])[order]
    for start in range(0, len(order), _AT_A_TIME):
        batch = slice(start, start + _AT_A_TIME)
        yield from _batch(found, capture[batch], row[batch])


def _batch(found: Sequence[Packets], capture: Int64, row: Int64) -> Iterator[Placed]:
    packets = {
        number: iter(_of_one(number, found[number], row[capture == number]))
        for number in distinct(capture).tolist()
    }
    for number in capture.tolist():
        yield next(packets[number])


def _of_one(number: int, packets: Packets, rows: Int64) -> Iterator[Placed]:
    frames, data = packets.frames.take(rows), packets.capture.data
    columns = (frames.number, frames.time_ns, frames.pos, frames.captured, frames.original)
    originals = packets.reader.originals(frames)
    values = zip(*(each.tolist() for each in columns), originals, strict=True)
    for frame, time_ns, pos, captured, wire, original in values:
        yield number, frame, time_ns, bytes(data[pos : pos + captured]), wire, original
