from analyzer.tables.schema import Int16, Int64, UInt8

def split_addresses(
    views: tuple[memoryview, ...], source: Int16, pos: Int64, length: Int64, parts: Int64
) -> None: ...
def has_byte(
    views: tuple[memoryview, ...],
    source: Int16,
    pos: Int64,
    length: Int64,
    byte: int,
    found: UInt8,
) -> None: ...
def find_headers(
    views: tuple[memoryview, ...],
    source: Int16,
    pos: Int64,
    head_len: Int64,
    names: list[tuple[bytes, bytes]],
    spans: Int64,
) -> None: ...
def read_numbers(
    views: tuple[memoryview, ...], source: Int16, pos: Int64, length: Int64, numbers: Int64
) -> None: ...
def codec_lines(
    views: tuple[memoryview, ...], source: Int16, pos: Int64, length: Int64
) -> list[bytes | None]: ...
