# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The compiled twins of `pcap.walk_records` and `pcapng.walk_blocks`; these say what is right.

Each function proves once per record that its bytes lie before `end`, then reads without checks.
The GIL is released while bytes are read.
"""

from libc.stdint cimport int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from analyzer.fetch cimport fetch_along

cdef enum:
    ENHANCED_PACKET = 6
    SIMPLE_PACKET = 3
    SMALLEST_BLOCK = 12
    CAPTURED_FIRST = 0
    ORIGINAL_FIRST = 2
    KEPT_BITS = 34

cdef uint32_t MAX_RECORD_BYTES = 256 << 20
cdef int64_t MAX_TIME_NS = <int64_t>1 << 62
cdef int64_t MAX_ORIGINAL = 0x7FFFFFFF
cdef uint64_t BILLION = 1000000000


cdef inline uint32_t word(const uint8_t *at, bint big_endian) noexcept nogil:
    if big_endian:
        return (<uint32_t>at[0] << 24) | (<uint32_t>at[1] << 16) | (<uint32_t>at[2] << 8) | at[3]
    return (<uint32_t>at[3] << 24) | (<uint32_t>at[2] << 16) | (<uint32_t>at[1] << 8) | at[0]


cdef inline int32_t wire_length(int64_t captured, int64_t original) noexcept nogil:
    return <int32_t>min(max(captured, original), MAX_ORIGINAL)


def walk_pcap(const uint8_t[::1] data, Py_ssize_t pos, Py_ssize_t end, layout, frames):
    """Fill rows of `frames`; see `pcap.walk_records`."""
    cdef int64_t[::1] time_ns = frames.time_ns
    cdef int64_t[::1] position = frames.pos
    cdef int32_t[::1] captured_column = frames.captured
    cdef int32_t[::1] original_column = frames.original
    cdef int32_t[::1] link_column = frames.link_type
    cdef Py_ssize_t room = time_ns.shape[0]
    cdef Py_ssize_t row = 0
    cdef bint big_endian = layout.big_endian
    cdef Py_ssize_t header = layout.record_header_bytes
    cdef int64_t fraction_ns = layout.fraction_ns
    cdef int lengths = layout.lengths
    cdef int32_t link_type = layout.link_type
    cdef int64_t limit = layout.max_captured
    cdef int64_t captured, original, first
    cdef const uint8_t *at
    cdef const uint8_t *base
    if room == 0 or data.shape[0] == 0:
        return 0, pos
    base = &data[0]
    with nogil:
        while row < room and pos + header <= end:
            at = base + pos
            captured = word(at + 8, big_endian)
            original = word(at + 12, big_endian)
            if lengths == ORIGINAL_FIRST or (lengths != CAPTURED_FIRST and captured > original):
                first = captured
                captured = original
                original = first
            if captured > limit or captured > end - pos - header:
                break
            fetch_along(base, pos, header + captured, end)
            time_ns[row] = (
                <int64_t>word(at, big_endian) * <int64_t>BILLION
                + <int64_t>word(at + 4, big_endian) * fraction_ns
            )
            position[row] = pos + header
            captured_column[row] = <int32_t>captured
            original_column[row] = wire_length(captured, original)
            link_column[row] = link_type
            row += 1
            pos += header + captured
    return row, pos


cdef inline int64_t tick_time(
    uint64_t ticks, uint64_t multiply, uint64_t divide, int shift, int64_t offset_ns
) noexcept nogil:
    """Return `Clock.time_ns`."""
    cdef uint64_t most = <uint64_t>MAX_TIME_NS
    cdef uint64_t since, seconds, fraction
    cdef int bits = shift
    if shift < 0:
        since = ticks if divide == 1 else ticks / divide
        since = most if since > most / multiply else since * multiply
    else:
        seconds = ticks >> shift if shift < 64 else 0
        fraction = ticks & ((<uint64_t>1 << shift) - 1) if shift < 64 else ticks
        if bits > KEPT_BITS:
            fraction = fraction >> (bits - KEPT_BITS) if bits - KEPT_BITS < 64 else 0
            bits = KEPT_BITS
        if seconds > most / BILLION:
            since = most
        else:
            since = min(seconds * BILLION + (fraction * BILLION >> bits), most)
    if offset_ns > MAX_TIME_NS - <int64_t>since:
        return MAX_TIME_NS
    return max(-MAX_TIME_NS, <int64_t>since + offset_ns)


def walk_pcapng(
    const uint8_t[::1] data, Py_ssize_t pos, Py_ssize_t end, section, frames, Py_ssize_t row
):
    """Fill rows of `frames` from `row` on; see `pcapng.walk_blocks`."""
    cdef int64_t[::1] time_ns = frames.time_ns
    cdef int64_t[::1] position = frames.pos
    cdef int32_t[::1] captured_column = frames.captured
    cdef int32_t[::1] original_column = frames.original
    cdef int32_t[::1] link_column = frames.link_type
    cdef const int32_t[::1] links = section.table.link_type
    cdef const int64_t[::1] snap_lens = section.table.snap_len
    cdef const uint64_t[::1] multiply = section.table.multiply
    cdef const uint64_t[::1] divide = section.table.divide
    cdef const int16_t[::1] shift = section.table.shift
    cdef const int64_t[::1] offset_ns = section.table.offset_ns
    cdef uint32_t interfaces = len(section.interfaces)
    cdef bint big_endian = section.big_endian
    cdef Py_ssize_t room = time_ns.shape[0]
    cdef Py_ssize_t first_row = row
    cdef Py_ssize_t length
    cdef uint32_t kind, claimed, interface
    cdef uint64_t ticks
    cdef int64_t captured, original
    cdef const uint8_t *at
    cdef const uint8_t *base
    if room == 0 or data.shape[0] == 0:
        return 0, pos
    base = &data[0]
    with nogil:
        while row < room and pos + SMALLEST_BLOCK <= end:
            at = base + pos
            kind = word(at, big_endian)
            claimed = word(at + 4, big_endian)
            if claimed < SMALLEST_BLOCK or claimed > MAX_RECORD_BYTES:
                break
            length = (<Py_ssize_t>claimed + 3) & ~<Py_ssize_t>3
            if length > end - pos:
                break
            fetch_along(base, pos, length, end)
            # Added in 32 bits: an absurd length wraps to less than the smallest block.
            if ((word(at + length - 4, big_endian) + 3) & ~<uint32_t>3) != <uint32_t>length:
                break
            if kind == ENHANCED_PACKET and length >= 32:
                interface = word(at + 8, big_endian)
                captured = word(at + 20, big_endian)
                original = word(at + 24, big_endian)
                if captured > length - 32 or interface >= interfaces:
                    break
                ticks = (<uint64_t>word(at + 12, big_endian) << 32) | word(at + 16, big_endian)
                time_ns[row] = tick_time(
                    ticks, multiply[interface], divide[interface], shift[interface],
                    offset_ns[interface],
                )
                position[row] = pos + 28
            elif kind == SIMPLE_PACKET and length >= 16 and interfaces > 0:
                interface = 0
                original = word(at + 8, big_endian)
                captured = original
                if snap_lens[0] > 0 and captured > snap_lens[0]:
                    captured = snap_lens[0]
                if captured > length - 16:
                    break
                time_ns[row] = 0
                position[row] = pos + 12
            else:
                break
            captured_column[row] = <int32_t>captured
            original_column[row] = wire_length(captured, original)
            link_column[row] = links[interface]
            row += 1
            pos += length
    return row - first_row, pos
