from analyzer.tables.schema import Int16, Int32, Int64, UInt8, UInt16, UInt64

def same_bytes(
    views: tuple[memoryview, ...],
    a_source: Int16,
    a_pos: Int64,
    a_len: Int64,
    b_source: Int16,
    b_pos: Int64,
    b_len: Int64,
    same: UInt8,
) -> None: ...
def hash_spans(
    views: tuple[memoryview, ...],
    source: Int16,
    pos: Int64,
    length: Int64,
    key: bytes,
    hashes: UInt64,
) -> None: ...
def plain_texts(
    views: tuple[memoryview, ...], source: Int16, pos: Int64, length: Int64, odd: list[int]
) -> list[str | None]: ...
def mark_private(
    views: tuple[memoryview, ...], source: Int16, pos: Int64, head_len: Int32, marks: UInt8
) -> None: ...
def find_header(
    views: tuple[memoryview, ...],
    source: Int16,
    pos: Int64,
    head_len: Int32,
    name: bytes,
    compact: bytes,
    value_pos: Int64,
    value_len: Int32,
    count: Int32,
) -> None: ...

class EndpointInterner:
    def __init__(self, seed: int) -> None: ...
    def __len__(self) -> int: ...
    def fill(
        self, high: UInt64, low: UInt64, port: UInt16, version: UInt8, rows: Int32
    ) -> None: ...
    def copy_to(self, high: UInt64, low: UInt64, port: UInt16, version: UInt8) -> None: ...

def differ_from_leader(
    views: tuple[memoryview, ...],
    source: Int16,
    pos: Int64,
    texts: tuple[tuple[UInt16, UInt16], ...],
    leaders: Int64,
    differs: UInt8,
) -> None: ...
def mark_headers(
    views: tuple[memoryview, ...],
    source: Int16,
    pos: Int64,
    head_len: Int32,
    names: list[bytes],
    marks: UInt64,
) -> None: ...
def find_media(
    views: tuple[memoryview, ...],
    source: Int16,
    pos: Int64,
    length: Int64,
    spans: Int64,
) -> None: ...
def find_addresses(
    views: tuple[memoryview, ...], source: Int16, pos: Int64, length: Int32, odd: UInt8
) -> None: ...
def find_media_lines(
    views: tuple[memoryview, ...],
    source: Int16,
    pos: Int64,
    length: Int64,
    out: Int64,
    text: UInt8,
) -> int: ...
