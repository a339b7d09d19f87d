from analyzer.capture.pcap import PcapLayout
from analyzer.capture.pcapng_blocks import Section
from analyzer.tables.frames import FrameTable

def walk_pcap(
    data: memoryview, pos: int, end: int, layout: PcapLayout, frames: FrameTable
) -> tuple[int, int]: ...
def walk_pcapng(
    data: memoryview, pos: int, end: int, section: Section, frames: FrameTable, row: int
) -> tuple[int, int]: ...
