# cython: language_level=3, boundscheck=False, wraparound=False
"""Compiled twins of functions of `vector`: one hash table instead of a sort.

Keys are keyed hashes, mixes of them or small numbers; none is chosen by who made the capture.
"""

from libc.stdint cimport int16_t, int32_t, int64_t, uint8_t, uint64_t
from libc.stdlib cimport calloc, free


cdef int32_t *open_table(Py_ssize_t rows, uint64_t *mask) except NULL:
    """Return an empty table of at least twice as many slots as rows; a slot holds a row and 1."""
    cdef uint64_t slots = 16
    cdef int32_t *table
    while slots < <uint64_t>rows * 2:
        slots *= 2
    mask[0] = slots - 1
    table = <int32_t *>calloc(slots, sizeof(int32_t))
    if table == NULL:
        raise MemoryError
    return table


cdef inline uint64_t slot_of(
    const int32_t *table, uint64_t mask, const uint64_t[::1] keys, uint64_t key
) noexcept nogil:
    """Return the slot of the row that has the key, or the empty one where it belongs."""
    cdef uint64_t slot = ((key ^ (key >> 32)) * <uint64_t>0x9E3779B97F4A7C15) >> 20 & mask
    while table[slot] != 0 and keys[table[slot] - 1] != key:
        slot = (slot + 1) & mask
    return slot


def number_groups(const uint64_t[::1] keys, int32_t[::1] numbers, int64_t[::1] firsts) -> int:
    """Fill each row's number and each group's first row; return how many groups there are."""
    cdef Py_ssize_t row, rows = keys.shape[0]
    cdef uint64_t mask, slot
    cdef int32_t count = 0
    if numbers.shape[0] != rows or firsts.shape[0] != rows:
        raise ValueError("columns of different lengths")
    cdef int32_t *table = open_table(rows, &mask)
    with nogil:
        for row in range(rows):
            slot = slot_of(table, mask, keys, keys[row])
            if table[slot] == 0:
                table[slot] = <int32_t>(row + 1)
                firsts[count] = row
                numbers[row] = count
                count += 1
            else:
                numbers[row] = numbers[table[slot] - 1]
    free(table)
    return count


def find_keys(const uint64_t[::1] keys, const uint64_t[::1] wanted, int32_t[::1] found) -> None:
    """Fill for each wanted key the first row of `keys` that has it, -1 when none does."""
    cdef Py_ssize_t row, rows = keys.shape[0]
    cdef uint64_t mask, slot
    if found.shape[0] != wanted.shape[0]:
        raise ValueError("columns of different lengths")
    cdef int32_t *table = open_table(rows, &mask)
    with nogil:
        for row in range(rows):
            slot = slot_of(table, mask, keys, keys[row])
            if table[slot] == 0:
                table[slot] = <int32_t>(row + 1)
        for row in range(wanted.shape[0]):
            found[row] = table[slot_of(table, mask, keys, wanted[row])] - 1
    free(table)


def mark_shared(const uint64_t[::1] keys, uint8_t[::1] shared) -> None:
    """Set `shared` to 1 for each row whose key another row has too."""
    cdef Py_ssize_t row, rows = keys.shape[0]
    cdef uint64_t mask, slot
    if shared.shape[0] != rows:
        raise ValueError("columns of different lengths")
    cdef int32_t *table = open_table(rows, &mask)
    with nogil:
        for row in range(rows):
            slot = slot_of(table, mask, keys, keys[row])
            if table[slot] == 0:
                table[slot] = <int32_t>(row + 1)
            else:
                shared[row] = 1
                shared[table[slot] - 1] = 1
    free(table)


def group_rows(const int32_t[::1] groups, int64_t[::1] order, int64_t[::1] starts) -> int:
    """Fill `order` with the rows sorted by group and `starts` with where each group begins; rows of
    no group (a negative number) are left out. Return how many rows are in one.
    """
    cdef Py_ssize_t rows = groups.shape[0]
    cdef Py_ssize_t count = starts.shape[0] - 1
    cdef Py_ssize_t row, group
    cdef int64_t end = 0, size
    if order.shape[0] != rows or count < 0:
        raise ValueError("columns of different lengths")
    for row in range(rows):
        if groups[row] >= count:
            raise ValueError("a group number beyond the last group")
    with nogil:
        for group in range(count + 1):
            starts[group] = 0
        for row in range(rows):
            if groups[row] >= 0:
                starts[groups[row]] += 1
        for group in range(count + 1):
            size = starts[group]
            starts[group] = end
            end += size
        for row in range(rows):
            group = groups[row]
            if group >= 0:
                order[starts[group]] = row
                starts[group] += 1
        for group in range(count, 0, -1):
            starts[group] = starts[group - 1]
        starts[0] = 0
    return end


ctypedef fused Whole:
    int16_t
    int32_t
    int64_t
    uint64_t


ctypedef fused Group:
    int32_t
    int64_t


def first_of_each(const Group[::1] groups, const uint8_t[::1] mask, int32_t[::1] first) -> None:
    """Fill for each group the first row where the mask holds."""
    cdef Py_ssize_t row, count = first.shape[0]
    cdef int64_t group
    if mask.shape[0] != groups.shape[0]:
        raise ValueError("columns of different lengths")
    with nogil:
        for row in range(count):
            first[row] = -1
        for row in range(groups.shape[0]):
            group = groups[row]
            if mask[row] and 0 <= group < count and first[group] < 0:
                first[group] = <int32_t>row


def last_of_each(const Group[::1] groups, const uint8_t[::1] mask, int32_t[::1] last) -> None:
    """Fill for each group the last row where the mask holds."""
    cdef Py_ssize_t row, count = last.shape[0]
    cdef int64_t group
    if mask.shape[0] != groups.shape[0]:
        raise ValueError("columns of different lengths")
    with nogil:
        for row in range(count):
            last[row] = -1
        for row in range(groups.shape[0]):
            group = groups[row]
            if mask[row] and 0 <= group < count:
                last[group] = <int32_t>row


def mix_keys(const uint64_t[::1] first, const Whole[::1] second, uint64_t[::1] mixed) -> None:
    """Fill each row with the mix of two keys."""
    cdef Py_ssize_t row
    cdef uint64_t key
    if second.shape[0] != first.shape[0] or mixed.shape[0] != first.shape[0]:
        raise ValueError("columns of different lengths")
    with nogil:
        for row in range(first.shape[0]):
            key = first[row] * <uint64_t>0x9E3779B97F4A7C15 + <uint64_t>0x632BE59BD9B4E019
            key ^= key >> 29
            key = (key ^ <uint64_t>second[row]) * <uint64_t>0xBF58476D1CE4E5B9
            mixed[row] = key ^ (key >> 32)
