# cython: language_level=3, boundscheck=False, wraparound=False
"""Compiled twin of `members.find_members`: one pass over the messages instead of one per column."""

from libc.stdint cimport int16_t, int32_t

cdef int16_t ACK = 2
"""analyzer.tables.messages.Method.ACK"""


cdef inline void keep_first(int32_t[::1] column, int32_t group, Py_ssize_t row) noexcept nogil:
    if column[group] < 0:
        column[group] = <int32_t>row


def find_members(
    const int32_t[::1] transaction, const int16_t[::1] status, const int16_t[::1] method,
    int32_t[::1] first, int32_t[::1] last, int32_t[::1] request, int32_t[::1] provisional,
    int32_t[::1] alerting, int32_t[::1] success, int32_t[::1] final, int32_t[::1] ack,
) -> None:
    """Fill each column, -1 everywhere before, with the first (or last) message of its kind."""
    cdef Py_ssize_t row
    cdef int32_t group, count = <int32_t>first.shape[0]
    cdef int16_t code
    with nogil:
        for row in range(transaction.shape[0]):
            group = transaction[row]
            if group < 0 or group >= count:
                continue
            code = status[row]
            keep_first(first, group, row)
            last[group] = <int32_t>row
            if code == 0:
                keep_first(ack if method[row] == ACK else request, group, row)
            elif 100 <= code < 200:
                keep_first(provisional, group, row)
                if 180 <= code < 190:
                    keep_first(alerting, group, row)
            elif code >= 200:
                keep_first(final, group, row)
                if code < 300:
                    keep_first(success, group, row)
