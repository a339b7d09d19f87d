"""Endpoints are kept once and printed as RFC 5952 and dotted decimal say."""

import numpy as np

from analyzer.tables.endpoints import EndpointInterner


def test_equal_endpoints_share_a_row_and_print_as_addresses() -> None:
    """Rows are numbered by first appearance; port and version tell endpoints apart."""
    interner = EndpointInterner()
    rows = interner.intern(
        np.array([0, 0x20010DB800000000, 0, 0], np.uint64),
        np.array([0x0A000001, 1, 0x0A000001, 0x0A000001], np.uint64),
        np.array([5060, 5060, 5060, 5061], np.uint16),
        np.array([4, 6, 4, 4], np.uint8),
    )
    assert rows.tolist() == [0, 1, 0, 2]
    table = interner.table()
    assert [table.address(row) for row in range(3)] == ["10.0.0.1", "2001:db8::1", "10.0.0.1"]
    assert table.port.tolist() == [5060, 5060, 5061]
