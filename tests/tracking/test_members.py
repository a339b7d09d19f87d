"""The messages of a transaction, found by both twins."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analyzer.tables.messages import MessageTable
from analyzer.tracking.members import find_members, search_members

messages = st.lists(
    st.tuples(
        st.integers(-1, 3),
        st.sampled_from([0, 100, 180, 183, 189, 200, 299, 300, 603]),
        st.integers(0, 4),
    ),
    max_size=30,
)


@given(messages)
def test_both_twins_find_the_first_of_each_kind(rows: list[tuple[int, int, int]]) -> None:
    """First of each kind, as a plain search over the rows finds it."""
    table = MessageTable.zeros(len(rows)).replace(
        status=[status for _, status, _ in rows], method_sym=[method for _, _, method in rows]
    )
    transaction = np.array([group for group, _, _ in rows], np.int32)

    def first(group: int, low: int, high: int, *, acks: bool | None = None) -> int:
        found = (
            at
            for at, (own, status, method) in enumerate(rows)
            if own == group and low <= status <= high and acks in (None, method == 2)
        )
        return next(found, -1)

    def last(group: int) -> int:
        return max((at for at, row in enumerate(rows) if row[0] == group), default=-1)

    expected = [
        [first(group, 0, 999) for group in range(4)],
        [last(group) for group in range(4)],
        [first(group, 0, 0, acks=False) for group in range(4)],
        [first(group, 100, 199) for group in range(4)],
        [first(group, 180, 189) for group in range(4)],
        [first(group, 200, 299) for group in range(4)],
        [first(group, 200, 999) for group in range(4)],
        [first(group, 0, 0, acks=True) for group in range(4)],
    ]
    for find in (find_members, search_members):
        assert [column.tolist() for column in find(table, transaction, 4)] == expected
