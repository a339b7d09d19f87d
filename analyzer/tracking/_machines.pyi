from analyzer.tables.schema import Int8, Int16, Int32, UInt8

def run(
    transaction: Int32,
    status: Int16,
    method: Int16,
    copy_of: Int32,
    retransmission_of: Int32,
    is_invite: UInt8,
    tables: UInt8,
    client: Int8,
    server: Int8,
    odd: UInt8,
) -> None: ...
