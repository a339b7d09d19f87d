from analyzer.tables.schema import Int32, Int64, UInt8

def walk_frames(
    data: memoryview,
    frames: tuple[Int64, Int32, Int32, Int32],
    tables: tuple[UInt8, ...],
    max_layers: int,
    verdicts: UInt8,
    datagrams: tuple[object, ...],
    segments: tuple[object, ...],
    media: tuple[object, ...],
    left: tuple[object, ...],
) -> tuple[int, int, int, int]: ...
def walk_packets(
    data: memoryview,
    packets: tuple[object, ...],
    tables: tuple[UInt8, ...],
    verdicts: UInt8,
    datagrams: tuple[object, ...],
    segments: tuple[object, ...],
    media: tuple[object, ...],
    left: tuple[object, ...],
) -> tuple[int, int, int, int]: ...
