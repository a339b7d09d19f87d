from analyzer.tables.schema import Int32, Int64, UInt8, UInt16

def read_starts(
    data: memoryview,
    spans: tuple[Int64, Int32, Int32],
    ports: tuple[UInt16, UInt16],
    limits: tuple[int, int],
    segments: tuple[UInt8, Int32],
    messages: tuple[Int32, Int64, Int32],
) -> int: ...
