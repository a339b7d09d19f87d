from analyzer.tables.schema import Int32, Int64, UInt8

def decode_frames(
    data: memoryview,
    frames: tuple[Int64, Int32, Int32, Int32],
    ends: tuple[UInt8, UInt8],
    max_layers: int,
    verdicts: UInt8,
    datagrams: tuple[object, ...],
    segments: tuple[object, ...],
) -> tuple[int, int]: ...
