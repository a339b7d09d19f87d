"""The index tricks, each once and named; a scalar twin in the tests says what each means."""

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from analyzer.frozen import frozen
from analyzer.tables.schema import Bool, Int32, Int64, UInt8, UInt64

try:
    from analyzer.tables import _vector
except ImportError:
    _vector = None  # type: ignore[assignment]  # built without a compiler

IntArray = npt.NDArray[Any]
Scalar = TypeVar("Scalar", bound=np.generic)


@frozen
class Groups:
    """Rows sorted by group: the rows of group g are `order[starts[g]:starts[g + 1]]`, ascending."""

    order: Int64
    starts: Int64

    def of(self, group: int) -> Int64:
        """Return the rows of one group, ascending."""
        return self.order[self.starts[group] : self.starts[group + 1]]

    def sizes(self) -> Int64:
        """Count the rows of each group."""
        return np.diff(self.starts)

    def __len__(self) -> int:
        """Count the groups."""
        return len(self.starts) - 1


def group_rows(groups: IntArray, count: int) -> Groups:
    """Group rows by their group number 0 … count-1; rows with a negative number are in none."""
    if _vector is None:
        return sort_rows(groups, count)
    order, starts = np.empty(len(groups), np.int64), np.empty(count + 1, np.int64)
    grouped = _vector.group_rows(np.ascontiguousarray(groups, np.int32), order, starts)
    return Groups(order[:grouped], starts)


def sort_rows(groups: IntArray, count: int) -> Groups:
    """Do what `group_rows` does, by sorting."""
    order = np.argsort(groups, kind="stable").astype(np.int64, copy=False)
    order = order[np.count_nonzero(groups < 0) :]
    starts = np.searchsorted(groups[order], np.arange(count + 1)).astype(np.int64, copy=False)
    return Groups(order, starts)


def number_groups(keys: UInt64) -> tuple[Int32, Int64]:
    """Give equal keys one number 0, 1, … by first appearance; return the number of each row and the
    first row of each number. Keys are hashes or mixes of them: a sort does it without the compiled
    twin.
    """
    if _vector is None:
        return sort_groups(keys)
    numbers, firsts = np.empty(len(keys), np.int32), np.empty(len(keys), np.int64)
    count = _vector.number_groups(np.ascontiguousarray(keys), numbers, firsts)
    return numbers, firsts[:count].copy()


def by_appearance(groups: IntArray) -> Int32:
    """Return for each group number the number 0, 1, … by first appearance that it gets when those
    without rows are left out; rows with a negative number are in none.
    """
    count = int(groups.max(initial=-1)) + 1
    first = first_of_each(groups, groups >= 0, count)
    is_first = np.zeros(len(groups), np.bool_)
    is_first[first[first >= 0]] = True
    return (np.cumsum(is_first, dtype=np.int32) - 1)[first]


def sort_groups(keys: UInt64) -> tuple[Int32, Int64]:
    """Do what `number_groups` does, by sorting."""
    if len(keys) == 0:
        return np.zeros(0, np.int32), np.zeros(0, np.int64)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    is_first = np.empty(len(keys), np.bool_)
    is_first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    firsts = order[is_first]
    rank = np.empty(len(firsts), np.int32)
    by_appearance = np.argsort(firsts, kind="stable")
    rank[by_appearance] = np.arange(len(firsts), dtype=np.int32)
    numbers = np.empty(len(keys), np.int32)
    numbers[order] = rank[np.cumsum(is_first) - 1]
    return numbers, firsts[by_appearance].astype(np.int64, copy=False)


def distinct(values: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    """Return the values that occur, ascending. `np.unique` would import numpy.ma, which takes
    longer than a small capture.
    """
    ordered = np.sort(values)
    is_first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]


def is_in(values: IntArray, wanted: IntArray) -> Bool:
    """Tell for each value whether it is among the wanted ones; for `np.isin` see `distinct`."""
    keys = [np.asarray(each).astype(np.int64).view(np.uint64) for each in (wanted, values)]
    return find_keys(*keys) >= 0


def first_of_each(groups: IntArray, mask: Bool, count: int) -> Int32:
    """Return for each group 0 … count-1 the first row where `mask` holds, -1 when none does."""
    first = np.full(count, -1, np.int32)
    if _vector is not None:
        _vector.first_of_each(_whole(groups), _bytes(mask), first)
        return first
    rows = np.flatnonzero(mask & (groups >= 0))
    first[groups[rows[::-1]]] = rows[::-1]
    return first


def last_of_each(groups: IntArray, mask: Bool, count: int) -> Int32:
    """Return for each group 0 … count-1 the last row where `mask` holds, -1 when none does."""
    last = np.full(count, -1, np.int32)
    if _vector is not None:
        _vector.last_of_each(_whole(groups), _bytes(mask), last)
        return last
    rows = np.flatnonzero(mask & (groups >= 0))
    last[groups[rows]] = rows
    return last


def _whole(column: IntArray) -> IntArray:
    """Return a column of whole numbers as the compiled twins take it."""
    kept = column.dtype in (np.int32, np.int64)
    return np.ascontiguousarray(column, None if kept else np.int64)


def _bytes(mask: Bool) -> UInt8:
    return np.ascontiguousarray(mask, np.bool_).view(np.uint8)


def count_each(groups: IntArray, mask: Bool, count: int) -> Int32:
    """Count for each group 0 … count-1 the rows where `mask` holds."""
    rows = groups[mask & (groups >= 0)]
    return np.bincount(rows, minlength=count).astype(np.int32)


def pick(column: npt.NDArray[Scalar], rows: IntArray, absent: int) -> npt.NDArray[Scalar]:
    """Return `column[rows]`, `absent` where the row is negative."""
    if len(column) == 0:
        return np.full(len(rows), absent, dtype=column.dtype)
    return np.where(rows >= 0, column[rows], np.asarray(absent, dtype=column.dtype))


def find_keys(keys: UInt64, wanted: UInt64) -> Int32:
    """Return for each wanted key the first row of `keys` that has it, -1 when none does."""
    if _vector is None:
        return search_keys(keys, wanted)
    found = np.empty(len(wanted), np.int32)
    _vector.find_keys(np.ascontiguousarray(keys), np.ascontiguousarray(wanted), found)
    return found


def search_keys(keys: UInt64, wanted: UInt64) -> Int32:
    """Do what `find_keys` does, by sorting."""
    if len(keys) == 0:
        return np.full(len(wanted), -1, np.int32)
    order = np.argsort(keys, kind="stable")
    at = np.searchsorted(keys[order], wanted)
    at[at == len(keys)] = 0
    candidate = order[at]
    return np.where(keys[candidate] == wanted, candidate, -1).astype(np.int32)


def rows_with_shared_key(keys: UInt64) -> Int64:
    """Return the rows whose key another row has too, ascending."""
    if _vector is None:
        return search_shared_keys(keys)
    shared = np.zeros(len(keys), np.uint8)
    _vector.mark_shared(np.ascontiguousarray(keys), shared)
    return np.flatnonzero(shared)


def search_shared_keys(keys: UInt64) -> Int64:
    """Do what `rows_with_shared_key` does, by sorting."""
    numbers, firsts = sort_groups(keys)
    return np.flatnonzero(np.bincount(numbers, minlength=len(firsts))[numbers] > 1)


def mix_keys(first: UInt64, second: IntArray) -> UInt64:
    """Combine two keyed hashes, or a hash and whole numbers, into one; order matters."""
    if _vector is not None:
        mixed = np.empty(len(first), np.uint64)
        kept = second.dtype in (np.int16, np.int32, np.int64, np.uint64)
        column = np.ascontiguousarray(second, None if kept else np.int64)
        _vector.mix_keys(np.ascontiguousarray(first, np.uint64), column, mixed)
        return mixed
    mixed = first.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x632BE59BD9B4E019)
    mixed ^= mixed >> np.uint64(29)
    mixed = (mixed ^ second.astype(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ (mixed >> np.uint64(32))


def keys_of(*columns: IntArray) -> UInt64:
    """Combine parallel columns of whole numbers or keyed hashes into one key column."""
    mixed: UInt64 = columns[0].astype(np.uint64, copy=False)
    for column in columns[1:]:
        mixed = mix_keys(mixed, column)
    return mixed
