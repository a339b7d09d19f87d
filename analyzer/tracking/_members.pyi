from analyzer.tables.schema import Int16, Int32

def find_members(
    transaction: Int32,
    status: Int16,
    method: Int16,
    first: Int32,
    last: Int32,
    request: Int32,
    provisional: Int32,
    alerting: Int32,
    success: Int32,
    final: Int32,
    ack: Int32,
) -> None: ...
