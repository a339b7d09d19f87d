"""The columns that records are written from."""

import numpy as np

from analyzer.render.record_columns import Members, Texts, TokenPool, at_most_one, single
from analyzer.tables.vector import group_rows


def test_members_of_some_rows() -> None:
    """The members of any rows, in any order, come as lists one after the other."""
    members = Members(group_rows(np.array([1, 0, -1, 1, 3, 1]), 4))
    starts, found = members.of(np.array([3, 2, 1]))
    lists = [found[starts[at] : starts[at + 1]].tolist() for at in range(3)]
    assert lists == [[4], [], [0, 3, 5]]
    starts, found = members.of(np.zeros(0, np.int64))
    assert (starts.tolist(), found.tolist()) == ([0], [])


def test_pool_encodes_each_value_once() -> None:
    """Equal values have one number, and tokens are JSON."""
    pool = TokenPool()
    assert [pool.number(each) for each in ("a", ("a", "b"), "a")] == [0, 1, 0]
    assert pool.tokens == [b'"a"', b'["a","b"]']


def test_pools_join() -> None:
    """The values of a second pool follow those of the first."""
    first, second = TokenPool(), TokenPool()
    first.number("a")
    second.number("b")
    assert first.joined(second).tokens == [b'"a"', b'"b"']


def test_lists_of_one() -> None:
    """`single` makes lists of one item, `at_most_one` empty ones where a text is absent."""
    texts = Texts(np.zeros(3, np.int16), np.arange(3), np.array([1, 0, 2]))
    assert single(texts, 3).starts.tolist() == [0, 1, 2, 3]
    lists = at_most_one(texts)
    assert lists.starts.tolist() == [0, 1, 1, 2]
    assert isinstance(lists.items, Texts)
    assert lists.items.pos.tolist() == [0, 2]
