from analyzer.tables.schema import Int32, Int64

def read_rows(
    data: memoryview,
    spans: tuple[Int64, Int32, Int32],
    key: bytes,
    limits: tuple[int, int],
    columns: tuple[object, ...],
) -> None: ...
