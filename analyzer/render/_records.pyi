from collections.abc import Sequence

from analyzer.render.record_program import Operation
from analyzer.tables.schema import Int64, UInt8

def run(operations: Sequence[Operation], sources: Sequence[UInt8], ends: Int64) -> bytearray: ...
def join(
    parts: Sequence[bytes | bytearray | memoryview],
    ends: Sequence[Int64],
    which: UInt8,
    separator: bytes,
) -> bytes: ...
