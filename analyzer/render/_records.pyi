from collections.abc import Sequence
from typing import TypeAlias

from analyzer.render.record_program import Operation
from analyzer.tables.schema import Int64, UInt8

Program: TypeAlias = tuple[Sequence[Operation], Sequence[UInt8], int]
Written: TypeAlias = tuple[bytes | memoryview, Int64]

def write(
    parts: Sequence[Program | Written],
    which: UInt8,
    separator: bytes,
    buffer: bytearray,
    ends: Int64,
) -> int: ...
