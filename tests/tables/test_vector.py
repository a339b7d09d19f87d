"""Each index trick equals its scalar twin."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.tables import vector

keys = st.lists(st.integers(0, 5), max_size=40)
groups_and_masks = st.lists(st.tuples(st.integers(-1, 4), st.booleans()), max_size=40)


def uint64(values: list[int]) -> npt.NDArray[np.uint64]:
    """Make a key column."""
    return np.array(values, np.uint64)


def columns(pairs: list[tuple[int, bool]]) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """Make a group column and a mask."""
    return np.array([group for group, _ in pairs], np.int32), np.array(
        [is_set for _, is_set in pairs], np.bool_
    )


def twins() -> Iterator[str]:
    """Use the compiled functions where there are any, then the references."""
    yield "compiled"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector, "_vector", None)
        yield "reference"


@given(values=st.lists(st.integers(-1, 6), max_size=30))
def test_numbers_by_appearance_leave_no_gaps(values: list[int]) -> None:
    """Groups with rows are numbered 0, 1, … in the order of their first rows."""
    groups = np.array(values, np.int32)
    expected = {group: n for n, group in enumerate(dict.fromkeys(v for v in values if v >= 0))}
    found = vector.by_appearance(groups)
    assert {group: int(found[group]) for group in expected} == expected


@given(keys)
def test_number_groups_numbers_by_first_appearance(values: list[int]) -> None:
    """Equal keys get one number, numbers rise in the order of first appearance."""
    seen: dict[int, int] = {}
    expected = [seen.setdefault(value, len(seen)) for value in values]
    for number in (vector.number_groups, vector.sort_groups):
        numbers, firsts = number(uint64(values))
        assert numbers.tolist() == expected
        assert firsts.tolist() == [values.index(value) for value in seen]


@given(groups_and_masks)
def test_first_last_and_count_of_each_group(pairs: list[tuple[int, bool]]) -> None:
    """First row, last row and number of rows of each group where the mask holds."""
    groups, mask = columns(pairs)
    rows = {
        group: [at for at, pair in enumerate(pairs) if pair == (group, True)] for group in range(5)
    }
    firsts = [rows[group][0] if rows[group] else -1 for group in range(5)]
    lasts = [rows[group][-1] if rows[group] else -1 for group in range(5)]
    for twin in twins():
        for column in (groups, groups.astype(np.int64), groups.astype(np.int8)):
            assert vector.first_of_each(column, mask, 5).tolist() == firsts, twin
            assert vector.last_of_each(column, mask, 5).tolist() == lasts, twin
    assert vector.count_each(groups, mask, 5).tolist() == [len(rows[group]) for group in range(5)]


@given(groups_and_masks)
def test_group_rows_lists_each_groups_rows_in_order(pairs: list[tuple[int, bool]]) -> None:
    """The rows of a group are its rows, ascending; rows of no group are in none."""
    groups, _ = columns(pairs)
    for group_rows in (vector.group_rows, vector.sort_rows):
        grouped = group_rows(groups, 5)
        for group in range(5):
            expected = [at for at, pair in enumerate(pairs) if pair[0] == group]
            assert grouped.of(group).tolist() == expected
        assert len(grouped) == 5
        assert grouped.sizes().tolist() == [len(grouped.of(group)) for group in range(5)]


@given(keys, keys)
def test_find_keys_finds_the_first_row_with_a_key(known: list[int], wanted: list[int]) -> None:
    """The first row that has a key, -1 when none has."""
    expected = [known.index(key) if key in known else -1 for key in wanted]
    for find in (vector.find_keys, vector.search_keys):
        assert find(uint64(known), uint64(wanted)).tolist() == expected


@given(st.lists(st.integers(-1, 3), max_size=20))
def test_pick_gives_the_absent_value_for_negative_rows(rows: list[int]) -> None:
    """A negative row picks the absent value, also out of an empty column."""
    column = np.array([7, 8, 9, 10])
    expected = [int(column[row]) if row >= 0 else -5 for row in rows]
    assert vector.pick(column, np.array(rows, np.int32), -5).tolist() == expected
    nothing = np.full(len(rows), -1)
    assert vector.pick(np.zeros(0, np.int64), nothing, -5).tolist() == [-5] * len(rows)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_mix_keys_depends_on_the_order(one: int, other: int) -> None:
    """Two keys mixed in another order give another key, unless they are equal."""
    found = set()
    for _ in twins():
        there = vector.mix_keys(uint64([one]), uint64([other]))
        back = vector.mix_keys(uint64([other]), uint64([one]))
        assert (there[0] == back[0]) == (one == other)
        found.add((int(there[0]), int(back[0])))
    assert len(found) == 1


@given(st.integers(0, 2**64 - 1), st.integers(-(2**15), 2**15 - 1))
def test_keys_of_any_whole_numbers(one: int, other: int) -> None:
    """A number counts alike in a column of any width, the compiled twin's or not."""
    keys = {
        int(vector.keys_of(uint64([one]), np.array([other], width))[0])
        for _ in twins()
        for width in (np.int16, np.int32, np.int64)
    }
    assert len(keys) == 1


@given(st.lists(st.integers(-5, 5)))
def test_distinct_gives_each_value_once(values: list[int]) -> None:
    """The values of a set, ascending."""
    assert vector.distinct(np.array(values, np.int64)).tolist() == sorted(set(values))


@given(st.lists(st.integers(-5, 5)), st.lists(st.integers(-5, 5)))
def test_is_in_tells_members(values: list[int], wanted: list[int]) -> None:
    """A value is in or not, also where the columns have different types."""
    found = vector.is_in(np.array(values, np.int32), np.array(wanted, np.int64))
    assert found.tolist() == [each in wanted for each in values]


@given(keys)
def test_rows_with_a_shared_key(values: list[int]) -> None:
    """Rows whose key occurs more than once."""
    expected = [at for at, value in enumerate(values) if values.count(value) > 1]
    for find in (vector.rows_with_shared_key, vector.search_shared_keys):
        assert find(uint64(values)).tolist() == expected
