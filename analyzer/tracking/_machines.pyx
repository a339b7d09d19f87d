# cython: language_level=3, boundscheck=False, wraparound=False
"""Compiled twin of `machines.step_machines`."""

from libc.stdint cimport int8_t, int16_t, int32_t, uint8_t

cdef inline uint8_t event_of(int16_t status, int16_t method, int32_t again) noexcept nogil:
    if status == 0:
        return 5 if method == 2 else 0
    if status < 200:
        return 1
    if again >= 0:
        return 4
    return 2 if status < 300 else 3


def run(
    const int32_t[::1] transaction, const int16_t[::1] status, const int16_t[::1] method,
    const int32_t[::1] copy_of, const int32_t[::1] retransmission_of,
    const uint8_t[::1] is_invite, const uint8_t[:, :, ::1] tables,
    int8_t[::1] client, int8_t[::1] server, uint8_t[::1] odd,
) -> None:
    """Step the machines of each transaction through its messages; `odd` takes the anomalies."""
    cdef Py_ssize_t row
    cdef int32_t group, count = <int32_t>client.shape[0]
    cdef uint8_t event, machine, one, other
    with nogil:
        for row in range(transaction.shape[0]):
            group = transaction[row]
            if group < 0 or group >= count or copy_of[row] >= 0:
                continue
            if status[row] < 0:
                continue
            event = event_of(status[row], method[row], retransmission_of[row])
            machine = 2 * is_invite[group]
            one = tables[machine, client[group] & 7, event]
            other = tables[machine + 1, server[group] & 7, event]
            client[group] = one & 7
            server[group] = other & 7
            one >>= 3
            other >>= 3
            odd[row] = one if one else other
