# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Compiled twin of stream_start.py, GIL released: what it cannot decide keeps UNDECIDED."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t
from libc.string cimport memchr, memcmp

from analyzer.decode.sip_start cimport is_token, may_be_sip

cdef enum:  # analyzer.sip.stream_start.Start
    NONE = 0
    SIP = 1
    BLANK = 6
    UNDECIDED = 255

cdef enum:
    SIPS_PORT = 5061
    ODD = -1
    WORD = 64


cdef inline bint is_upper(uint8_t byte) noexcept nogil:
    return 65 <= byte <= 90


cdef bint may_be_frame(const uint8_t *text, int32_t size) noexcept nogil:
    """Tell whether a WebSocket frame may begin here whose payload begins with capital letters."""
    cdef int32_t at = 2, length = text[1] & 127
    cdef bint masked = text[1] & 128
    if length == 126:
        at = 4
    elif length == 127:
        at = 10
    if at + 4 * masked + 3 > size:
        return size >= 12
    if not masked:
        return is_upper(text[at]) and is_upper(text[at + 1]) and is_upper(text[at + 2])
    return (
        is_upper(text[at] ^ text[at + 4])
        and is_upper(text[at + 1] ^ text[at + 5])
        and is_upper(text[at + 2] ^ text[at + 6])
    )


cdef int find_start(
    const uint8_t *text, int32_t size, uint16_t source_port, uint16_t destination_port
) noexcept nogil:
    """Return what a payload begins with as far as it is plain."""
    cdef uint8_t first = text[0]
    cdef int32_t at
    if is_token(first) or first == 10 or first == 13:
        if first == 10 or first == 13:
            at = 0
            while at < size and (text[at] == 10 or text[at] == 13):
                at += 1
            if at == size:
                return BLANK
        if may_be_sip(text, size):
            return SIP
        if size <= WORD:
            return UNDECIDED
        if size >= 4 and (memcmp(text, b"HEP3", 4) == 0 or memcmp(text, b"GET ", 4) == 0):
            return UNDECIDED
        if size >= 4 and memcmp(text, b"HTTP", 4) == 0:
            return UNDECIDED
        return NONE
    if 20 <= first <= 23 and size >= 6 and text[1] == 3:
        if source_port == SIPS_PORT or destination_port == SIPS_PORT:
            return UNDECIDED
        if first == 22 and text[5] == 1:
            return UNDECIDED
        return NONE
    if ((first & 127) == 1 or (first & 127) == 2) and size >= 12 and may_be_frame(text, size):
        return UNDECIDED
    return NONE


cdef inline int64_t read_length(const uint8_t *text, int64_t at, int64_t end) noexcept nogil:
    """Return the number of a Content-Length line after its name, ODD when it is not ordinary."""
    cdef int64_t number = 0, begin
    if at >= end or text[at] != 58:
        return ODD
    at += 1
    while at < end and text[at] == 32:
        at += 1
    begin = at
    while at < end and 48 <= text[at] <= 57 and at - begin < 7:
        number = number * 10 + (text[at] - 48)
        at += 1
    return number if at > begin and at == end else ODD


cdef inline int is_length_name(const uint8_t *text, int64_t size) noexcept nogil:
    """Return how many bytes of a line are the name Content-Length, in either form; 0 for none."""
    cdef const char *name = "content-length"
    cdef int i
    if size > 2 and (text[0] | 32) == 108 and (text[1] == 58 or text[1] == 32 or text[1] == 9):
        return 1
    if size < 15 or (text[0] | 32) != 99 or (text[8] | 32) != 108:
        return 0
    for i in range(14):
        if (text[i] | 32) != <uint8_t>name[i] and text[i] != <uint8_t>name[i]:
            return 0
    return 14


cdef int64_t whole_message(
    const uint8_t *text, int64_t size, int64_t max_head, int64_t max_message
) noexcept nogil:
    """Return the length of the ordinary message that stands here whole, ODD when there is none."""
    cdef int64_t at = 0, end, length = ODD, name
    cdef const uint8_t *found
    cdef bint first = True
    while at < size:
        found = <const uint8_t *>memchr(text + at, 10, <size_t>(size - at))
        if found == NULL:
            return ODD
        end = found - text
        if end == at or text[end - 1] != 13:
            return ODD
        if end == at + 1:
            if first or length == ODD or end >= max_head or end + 1 + length > size:
                return ODD
            return end + 1 + length if end + 1 + length <= max_message else ODD
        if not first:
            if text[at] == 32 or text[at] == 9:
                return ODD
            name = is_length_name(text + at, end - 1 - at)
            if name:
                if length != ODD:
                    return ODD
                length = read_length(text + at, name, end - 1 - at)
                if length == ODD:
                    return ODD
        first = False
        at = end + 1
    return ODD


def read_starts(
    const uint8_t[::1] data, tuple spans, tuple ports, tuple limits, tuple segments, tuple messages
):
    """Set start and count of each segment, fill the spans of whole messages, return their number."""
    cdef const int64_t[::1] pos = spans[0]
    cdef const int32_t[::1] length = spans[1]
    cdef const int32_t[::1] wire_length = spans[2]
    cdef const uint16_t[::1] source_port = ports[0]
    cdef const uint16_t[::1] destination_port = ports[1]
    cdef uint8_t[::1] start = segments[0]
    cdef int32_t[::1] count = segments[1]
    cdef int32_t[::1] message_row = messages[0]
    cdef int64_t[::1] message_pos = messages[1]
    cdef int32_t[::1] message_length = messages[2]
    cdef int64_t size = data.shape[0], at, step, max_head = limits[0], max_message = limits[1]
    cdef Py_ssize_t i, found = 0, room = message_row.shape[0], before
    cdef const uint8_t *text
    with nogil:
        for i in range(start.shape[0]):
            if length[i] < 1 or pos[i] < 0 or length[i] > size - pos[i]:
                continue
            text = &data[0] + pos[i]
            start[i] = <uint8_t>find_start(text, length[i], source_port[i], destination_port[i])
            if start[i] != SIP or length[i] != wire_length[i]:
                continue
            at, before = 0, found
            while at < length[i] and found < room:
                # A later message of the segment must be one as plainly as the first.
                if at and not may_be_sip(text + at, length[i] - at):
                    break
                step = whole_message(text + at, length[i] - at, max_head, max_message)
                if step < 0:
                    break
                message_row[found] = <int32_t>i
                message_pos[found] = pos[i] + at
                message_length[found] = <int32_t>step
                found += 1
                at += step
            if at == length[i]:
                count[i] = <int32_t>(found - before)
            else:
                found = before
    return found
