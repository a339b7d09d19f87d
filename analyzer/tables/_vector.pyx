# cython: language_level=3, boundscheck=False, wraparound=False
"""Compiled twin of `vector.number_groups`: one hash table instead of a sort."""

from libc.stdint cimport int32_t, int64_t, uint64_t
from libc.stdlib cimport calloc, free


def number_groups(const uint64_t[::1] keys, int32_t[::1] numbers, int64_t[::1] firsts) -> int:
    """Fill each row's number and each group's first row; return how many groups there are.

    Keys are keyed hashes or mixes of them, so that their low bits spread by themselves.
    """
    cdef Py_ssize_t rows = keys.shape[0]
    cdef Py_ssize_t row
    cdef uint64_t slots = 16
    cdef uint64_t mask, slot, key
    cdef int32_t count = 0
    cdef int32_t *table
    if numbers.shape[0] != rows or firsts.shape[0] != rows:
        raise ValueError("columns of different lengths")
    while slots < <uint64_t>rows * 2:
        slots *= 2
    mask = slots - 1
    table = <int32_t *>calloc(slots, sizeof(int32_t))
    if table == NULL:
        raise MemoryError
    with nogil:
        for row in range(rows):
            key = keys[row]
            slot = ((key ^ (key >> 32)) * <uint64_t>0x9E3779B97F4A7C15) >> 20 & mask
            while table[slot] != 0 and keys[firsts[table[slot] - 1]] != key:
                slot = (slot + 1) & mask
            if table[slot] == 0:
                firsts[count] = row
                count += 1
                table[slot] = count
            numbers[row] = table[slot] - 1
    free(table)
    return count
