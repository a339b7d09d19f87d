# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Compiled twins of analyzer/sip/headers.py: spans of the capture compared, hashed and searched.

Every span is checked against the length of its source, so no position can reach outside it.
"""

from cpython.buffer cimport PyBUF_SIMPLE, PyBuffer_Release, PyObject_GetBuffer
from libc.stdint cimport int16_t, int32_t, int64_t, uint8_t, uint16_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memchr, memcmp

cdef extern from "Python.h":
    object PyUnicode_FromStringAndSize(const char *, Py_ssize_t)

from analyzer.fetch cimport fetch_text
from analyzer.sip.siphash cimport load64, siphash13

cdef enum:
    AHEAD = 3  # texts between the one that is fetched and the one that is read


cdef class Buffers:
    """Read-only buffers with their addresses, held until `release`."""

    cdef Py_buffer *buffers
    cdef Py_ssize_t count
    cdef Py_ssize_t held

    def __cinit__(self, tuple views):
        self.count = len(views)
        self.held = 0
        self.buffers = <Py_buffer *>calloc(self.count + 1, sizeof(Py_buffer))
        if self.buffers == NULL:
            raise MemoryError
        for view in views:
            PyObject_GetBuffer(view, &self.buffers[self.held], PyBUF_SIMPLE)
            self.held += 1

    cpdef void release(self):
        """Give the buffers back, so that what they view can be closed."""
        while self.held:
            self.held -= 1
            PyBuffer_Release(&self.buffers[self.held])

    def __dealloc__(self):
        self.release()
        free(self.buffers)

    cdef inline const uint8_t *at(
        self, Py_ssize_t source, int64_t pos, int64_t length
    ) noexcept nogil:
        """Return the address of a span, NULL when it is not inside its source."""
        if source < 0 or source >= self.held or pos < 0 or length < 0:
            return NULL
        if pos > self.buffers[source].len or length > self.buffers[source].len - pos:
            return NULL
        return <const uint8_t *>self.buffers[source].buf + pos

    cdef inline void fetch(self, Py_ssize_t source, int64_t pos, int64_t length) noexcept nogil:
        """Fetch a span that is read soon."""
        fetch_text(self.at(source, pos, length), length)


def same_bytes(
    tuple views,
    const int16_t[::1] a_source, const int64_t[::1] a_pos, const int64_t[::1] a_len,
    const int16_t[::1] b_source, const int64_t[::1] b_pos, const int64_t[::1] b_len,
    uint8_t[::1] same,
):
    """Set `same` to 1 where two spans hold the same bytes."""
    cdef Buffers buffers = Buffers(views)
    cdef Py_ssize_t i
    cdef const uint8_t *a
    cdef const uint8_t *b
    with nogil:
        for i in range(same.shape[0]):
            same[i] = 0
            if a_len[i] <= 0 or b_len[i] <= 0:
                same[i] = a_len[i] <= 0 and b_len[i] <= 0
            elif a_len[i] == b_len[i]:
                a = buffers.at(a_source[i], a_pos[i], a_len[i])
                b = buffers.at(b_source[i], b_pos[i], b_len[i])
                same[i] = a != NULL and b != NULL and memcmp(a, b, <size_t>a_len[i]) == 0
    buffers.release()


def hash_spans(
    tuple views,
    const int16_t[::1] source, const int64_t[::1] pos, const int64_t[::1] length,
    const uint8_t[::1] key, uint64_t[::1] hashes,
):
    """Hash spans; an absent one (length 0 or less, or outside its source) gets 0."""
    cdef Buffers buffers = Buffers(views)
    cdef uint64_t k0 = load64(&key[0])
    cdef uint64_t k1 = load64(&key[8])
    cdef Py_ssize_t i
    cdef const uint8_t *data
    with nogil:
        for i in range(hashes.shape[0]):
            if i + AHEAD < hashes.shape[0]:
                buffers.fetch(source[i + AHEAD], pos[i + AHEAD], length[i + AHEAD])
            data = buffers.at(source[i], pos[i], length[i]) if length[i] > 0 else NULL
            hashes[i] = siphash13(k0, k1, data, length[i]) if data != NULL else 0
    buffers.release()


cdef inline bint is_blank(uint8_t byte) noexcept nogil:
    return byte == 32 or byte == 9


cdef inline bint is_space(uint8_t byte) noexcept nogil:
    return byte == 32 or byte == 9 or byte == 13 or byte == 10


cdef inline bint names_match(
    const uint8_t *line, int64_t length, const uint8_t *name, int64_t name_len
) noexcept nogil:
    """Tell whether the bytes before a colon are `name` (lower case), white space after it."""
    cdef int64_t i
    cdef uint8_t byte
    if length < name_len:
        return False
    for i in range(name_len):
        byte = line[i]
        if 65 <= byte <= 90:
            byte += 32
        if byte != name[i]:
            return False
    for i in range(name_len, length):
        if not is_blank(line[i]):
            return False
    return True


cdef int64_t next_line(const uint8_t *head, int64_t at, int64_t end) noexcept nogil:
    """Return where the line after the one at `at` begins."""
    cdef const uint8_t *found = <const uint8_t *>memchr(head + at, 10, <size_t>(end - at))
    return end if found == NULL else (found - head) + 1


def plain_texts(
    tuple views,
    const int16_t[::1] source, const int64_t[::1] pos, const int64_t[::1] length,
    list odd,
):
    """Return the text of each span, None where it is absent; what is not plain ASCII on one line is
    None too, and its number is appended to `odd`.
    """
    cdef Buffers buffers = Buffers(views)
    cdef const uint8_t *text
    cdef int64_t at
    cdef Py_ssize_t i
    cdef list found = []
    for i in range(source.shape[0]):
        if length[i] < 0:
            found.append(None)
            continue
        text = buffers.at(source[i], pos[i], length[i])
        at = 0
        if text != NULL:
            while at < length[i] and text[at] < 128 and text[at] != 10:
                at += 1
        if at < length[i]:
            odd.append(i)
            found.append(None)
        else:
            found.append(PyUnicode_FromStringAndSize(<const char *>text, length[i]) if at else "")
    return found


def mark_private(
    tuple views,
    const int16_t[::1] source, const int64_t[::1] pos, const int32_t[::1] head_len,
    uint8_t[::1] marks,
):
    """Mark the heads that have a header line whose name begins with X-."""
    cdef Buffers buffers = Buffers(views)
    cdef const uint8_t *head
    cdef int64_t at, length
    cdef Py_ssize_t i
    with nogil:
        for i in range(source.shape[0]):
            marks[i] = 0
            if i + AHEAD < source.shape[0]:
                buffers.fetch(source[i + AHEAD], pos[i + AHEAD], head_len[i + AHEAD])
            head = buffers.at(source[i], pos[i], head_len[i])
            if head == NULL:
                continue
            length = head_len[i]
            at = next_line(head, 0, length)
            while at + 1 < length:
                if (head[at] | 32) == 120 and head[at + 1] == 45:
                    marks[i] = 1
                    break
                at = next_line(head, at, length)


def find_header(
    tuple views,
    const int16_t[::1] source, const int64_t[::1] pos, const int32_t[::1] head_len,
    bytes name, bytes compact,
    int64_t[::1] value_pos, int32_t[::1] value_len, int32_t[::1] count,
):
    """Find the first value of a header (names in lower case) and count its lines, per head."""
    cdef Buffers buffers = Buffers(views)
    cdef const uint8_t[::1] names = name + compact + b"\0"
    cdef int64_t name_len = len(name), compact_len = len(compact)
    cdef const uint8_t *head
    cdef const uint8_t *colon
    cdef int64_t at, line_end, value_end, start, length
    cdef Py_ssize_t i
    cdef bint found
    with nogil:
        for i in range(source.shape[0]):
            value_pos[i] = pos[i]
            value_len[i] = -1
            count[i] = 0
            if i + AHEAD < source.shape[0]:
                buffers.fetch(source[i + AHEAD], pos[i + AHEAD], head_len[i + AHEAD])
            head = buffers.at(source[i], pos[i], head_len[i])
            if head == NULL:
                continue
            length = head_len[i]
            at = next_line(head, 0, length)
            while at < length:
                line_end = next_line(head, at, length)
                found = False
                # Most lines are told apart by their first letter.
                if (head[at] | 32) == (names[0] | 32) or (
                    compact_len and (head[at] | 32) == names[name_len]
                ):
                    colon = <const uint8_t *>memchr(head + at, 58, <size_t>(line_end - at))
                    if colon != NULL:
                        start = colon - head
                        found = names_match(head + at, start - at, &names[0], name_len) or (
                            compact_len > 0
                            and names_match(
                                head + at, start - at, &names[name_len], compact_len
                            )
                        )
                value_end = line_end
                while value_end < length and is_blank(head[value_end]):
                    value_end = next_line(head, value_end, length)
                if found:
                    count[i] += 1
                    if count[i] == 1:
                        start += 1
                        while start < value_end and is_space(head[start]):
                            start += 1
                        line_end = value_end
                        while line_end > start and is_space(head[line_end - 1]):
                            line_end -= 1
                        value_pos[i] = pos[i] + start
                        value_len[i] = <int32_t>(line_end - start)
                at = value_end
    buffers.release()


cdef struct Endpoint:
    uint64_t high
    uint64_t low
    uint16_t port
    uint8_t version


cdef class EndpointInterner:
    """Numbers endpoints in order of appearance: open addressing over a table of their rows."""

    cdef Endpoint *endpoints
    cdef int32_t *slots
    cdef Py_ssize_t count, capacity, slot_count
    cdef uint64_t seed

    def __cinit__(self, uint64_t seed):
        self.seed = seed | 1
        self.count = 0
        self.capacity = 1024
        self.slot_count = 4096
        self.endpoints = <Endpoint *>malloc(self.capacity * sizeof(Endpoint))
        self.slots = <int32_t *>malloc(self.slot_count * sizeof(int32_t))
        if self.endpoints == NULL or self.slots == NULL:
            raise MemoryError
        self._clear()

    def __dealloc__(self):
        free(self.endpoints)
        free(self.slots)

    def __len__(self):
        return self.count

    cdef void _clear(self) noexcept nogil:
        cdef Py_ssize_t i
        for i in range(self.slot_count):
            self.slots[i] = -1

    cdef inline Py_ssize_t _slot(
        self, uint64_t high, uint64_t low, uint64_t rest
    ) noexcept nogil:
        """Return the slot of an endpoint, an empty one when it is new."""
        cdef uint64_t mixed = (high ^ self.seed) * <uint64_t>0x9E3779B97F4A7C15
        mixed = ((mixed ^ (mixed >> 29)) ^ low) * <uint64_t>0xBF58476D1CE4E5B9
        mixed = ((mixed ^ (mixed >> 32)) ^ rest ^ self.seed) * <uint64_t>0x94D049BB133111EB
        mixed ^= mixed >> 31
        cdef Py_ssize_t slot = <Py_ssize_t>(mixed & <uint64_t>(self.slot_count - 1))
        cdef Endpoint *known
        while self.slots[slot] >= 0:
            known = &self.endpoints[self.slots[slot]]
            if (
                known.low == low
                and known.high == high
                and ((<uint64_t>known.port << 8) | known.version) == rest
            ):
                break
            slot = (slot + 1) & (self.slot_count - 1)
        return slot

    cdef int _grow(self) except -1:
        cdef Py_ssize_t capacity = self.capacity * 2
        cdef Py_ssize_t slot_count = self.slot_count * 2
        cdef Endpoint *endpoints = <Endpoint *>malloc(capacity * sizeof(Endpoint))
        cdef int32_t *slots = <int32_t *>malloc(slot_count * sizeof(int32_t))
        cdef Py_ssize_t i
        if endpoints == NULL or slots == NULL:
            free(endpoints)
            free(slots)
            raise MemoryError
        for i in range(self.count):
            endpoints[i] = self.endpoints[i]
        free(self.endpoints)
        free(self.slots)
        self.endpoints, self.slots = endpoints, slots
        self.capacity, self.slot_count = capacity, slot_count
        self._clear()
        for i in range(self.count):
            self.slots[
                self._slot(
                    endpoints[i].high,
                    endpoints[i].low,
                    (<uint64_t>endpoints[i].port << 8) | endpoints[i].version,
                )
            ] = <int32_t>i
        return 0

    def fill(
        self,
        const uint64_t[::1] high, const uint64_t[::1] low, const uint16_t[::1] port,
        const uint8_t[::1] version, int32_t[::1] rows,
    ):
        """Set `rows` to the row of each endpoint given by parallel columns."""
        cdef Py_ssize_t i, slot
        for i in range(rows.shape[0]):
            slot = self._slot(high[i], low[i], (<uint64_t>port[i] << 8) | version[i])
            if self.slots[slot] < 0:
                if self.count == self.capacity:
                    self._grow()
                    slot = self._slot(high[i], low[i], (<uint64_t>port[i] << 8) | version[i])
                self.endpoints[self.count].high = high[i]
                self.endpoints[self.count].low = low[i]
                self.endpoints[self.count].port = port[i]
                self.endpoints[self.count].version = version[i]
                self.slots[slot] = <int32_t>self.count
                self.count += 1
            rows[i] = self.slots[slot]

    def copy_to(
        self, uint64_t[::1] high, uint64_t[::1] low, uint16_t[::1] port, uint8_t[::1] version
    ):
        """Copy all endpoints numbered so far into columns."""
        cdef Py_ssize_t i
        for i in range(self.count):
            high[i] = self.endpoints[i].high
            low[i] = self.endpoints[i].low
            port[i] = self.endpoints[i].port
            version[i] = self.endpoints[i].version


def differ_from_leader(
    tuple views, const int16_t[::1] source, const int64_t[::1] pos,
    tuple texts, const int64_t[::1] leaders, uint8_t[::1] differs,
):
    """Set `differs` to 1 for each message one of whose texts is not that of its leader; `texts` are
    pairs of columns, position and length.
    """
    cdef Buffers buffers = Buffers(views)
    cdef const uint16_t[::1] column
    cdef const uint16_t *text_pos[8]
    cdef const uint16_t *text_len[8]
    cdef Py_ssize_t count = len(texts), rows = differs.shape[0]
    cdef Py_ssize_t i, t
    cdef int64_t leader
    cdef uint16_t length
    cdef const uint8_t *a
    cdef const uint8_t *b
    if count > 8:
        raise ValueError("more than 8 texts")
    if rows == 0:
        return
    for t in range(count):
        column = texts[t][0]
        text_pos[t] = &column[0]
        column = texts[t][1]
        text_len[t] = &column[0]
    with nogil:
        for i in range(rows):
            leader = leaders[i]
            if leader == i:
                continue
            for t in range(count):
                length = text_len[t][i]
                if length != text_len[t][leader]:
                    differs[i] = 1
                elif length:
                    a = buffers.at(source[i], pos[i] + text_pos[t][i], length)
                    b = buffers.at(source[leader], pos[leader] + text_pos[t][leader], length)
                    if a == NULL or b == NULL or memcmp(a, b, length) != 0:
                        differs[i] = 1
    buffers.release()


def mark_headers(
    tuple views,
    const int16_t[::1] source, const int64_t[::1] pos, const int32_t[::1] head_len,
    list names, uint64_t[::1] marks,
):
    """Set bit k of a head's mark where it has a header line with `names[k]` (in lower case)."""
    cdef Buffers buffers = Buffers(views)
    cdef const uint8_t[::1] text = b"".join(names) + b"\0"
    cdef int64_t begins[65]
    cdef uint8_t initials[256]
    cdef const uint8_t *head
    cdef const uint8_t *colon
    cdef int64_t at, line_end, length
    cdef Py_ssize_t i, k, count = len(names)
    if count > 64:
        raise ValueError("too many names")
    begins[0] = 0
    for i in range(256):
        initials[i] = 0
    for k in range(count):
        begins[k + 1] = begins[k] + len(names[k])
        initials[text[begins[k]] | 32] = 1
    with nogil:
        for i in range(source.shape[0]):
            marks[i] = 0
            if i + AHEAD < source.shape[0]:
                buffers.fetch(source[i + AHEAD], pos[i + AHEAD], head_len[i + AHEAD])
            head = buffers.at(source[i], pos[i], head_len[i])
            if head == NULL:
                continue
            length = head_len[i]
            at = next_line(head, 0, length)
            while at < length:
                line_end = next_line(head, at, length)
                if initials[head[at] | 32]:
                    colon = <const uint8_t *>memchr(head + at, 58, <size_t>(line_end - at))
                    if colon != NULL:
                        for k in range(count):
                            if names_match(
                                head + at, (colon - head) - at, &text[begins[k]],
                                begins[k + 1] - begins[k],
                            ):
                                marks[i] |= (<uint64_t>1) << k
                at = line_end
    buffers.release()


def find_media(
    tuple views,
    const int16_t[::1] source, const int64_t[::1] pos, const int64_t[::1] length,
    int64_t[:, ::1] spans,
):
    """Find address and port of the first media in bodies that begin like SDP: the first c= line up
    to the first m= line or after it, and that m= line; spans are pairs of start and length.
    """
    cdef Buffers buffers = Buffers(views)
    cdef const uint8_t *body
    cdef int64_t at, end, size, first, stop
    cdef Py_ssize_t i
    cdef bint is_media
    with nogil:
        for i in range(source.shape[0]):
            spans[i, 0] = spans[i, 1] = spans[i, 2] = spans[i, 3] = 0
            size = length[i]
            body = buffers.at(source[i], pos[i], size) if size > 2 else NULL
            if body == NULL or body[0] != 118 or body[1] != 61 or body[2] != 48:
                continue
            at = 0
            is_media = False
            while at + 1 < size:
                end = next_line(body, at, size)
                if body[at + 1] == 61 and body[at] == 109:
                    if is_media:
                        break
                    is_media = True
                    # m=<media> <port> …
                    first = at + 2
                    while first < end and body[first] != 32:
                        first += 1
                    first += 1
                    stop = first
                    while stop < end and 48 <= body[stop] <= 57:
                        stop += 1
                    if stop > first:
                        spans[i, 2] = pos[i] + first
                        spans[i, 3] = stop - first
                elif body[at + 1] == 61 and body[at] == 99:
                    # c=IN IP4 <address>; one inside the media counts more
                    first = at + 2
                    stop = 0
                    while first < end and stop < 2:
                        if body[first] == 32:
                            stop += 1
                        first += 1
                    stop = first
                    while stop < end and body[stop] > 32 and body[stop] != 47:
                        stop += 1
                    if stop > first:
                        spans[i, 0] = pos[i] + first
                        spans[i, 1] = stop - first
                at = end
    buffers.release()


cdef enum:  # analyzer.sip.media_lines
    MOST_MEDIA = 64
    MEDIA_WIDTH = 12
    RTCP_MUX = 1
    ICE = 2
    CRYPTO = 4
    FINGERPRINT = 8

cdef struct Section:
    int64_t address_pos, address_len
    int64_t direction, flags, rtcp_port


cdef inline bint begins(
    const uint8_t *line, int64_t length, const char *word, int64_t word_len
) noexcept nogil:
    return length >= word_len and memcmp(line, word, <size_t>word_len) == 0


cdef inline int64_t read_port(const uint8_t *text, int64_t at, int64_t end) noexcept nogil:
    """Return a number of at most five digits that ends at a slash, a blank or the end, else -1."""
    cdef int64_t number = 0, first = at
    while at < end and 48 <= text[at] <= 57 and at - first < 6:
        number = 10 * number + (text[at] - 48)
        at += 1
    if at == first or at - first > 5 or number > 65535:
        return -1
    return number if at == end or text[at] <= 32 or text[at] == 47 else -1


cdef inline int64_t skip_field(const uint8_t *text, int64_t at, int64_t end) noexcept nogil:
    """Step over a field and the blanks after it."""
    while at < end and text[at] > 32:
        at += 1
    while at < end and text[at] <= 32:
        at += 1
    return at


cdef int64_t read_ipv4(const uint8_t *text, int64_t length) noexcept nogil:
    """Return an IPv4 address as a number, -1 for anything else."""
    cdef int64_t at, number = 0, part = 0, digits = 0, parts = 0
    for at in range(length):
        if 48 <= text[at] <= 57 and digits < 3:
            part = 10 * part + (text[at] - 48)
            digits += 1
        elif text[at] == 46 and digits and part < 256 and parts < 3:
            number = number << 8 | part
            part = digits = 0
            parts += 1
        else:
            return -1
    return number << 8 | part if digits and part < 256 and parts == 3 else -1


cdef void read_attribute(const uint8_t *value, int64_t size, Section *section) noexcept nogil:
    """Take what a line `a=` says of a media, or of all."""
    if size == 8 and begins(value, size, "sendrecv", 8):
        section.direction = 1
    elif size == 8 and begins(value, size, "sendonly", 8):
        section.direction = 2
    elif size == 8 and begins(value, size, "recvonly", 8):
        section.direction = 3
    elif size == 8 and begins(value, size, "inactive", 8):
        section.direction = 4
    elif size == 8 and begins(value, size, "rtcp-mux", 8):
        section.flags |= RTCP_MUX
    elif begins(value, size, "rtcp:", 5):
        section.rtcp_port = read_port(value, 5, size)
    elif begins(value, size, "ice-ufrag:", 10) or begins(value, size, "candidate:", 10):
        section.flags |= ICE
    elif begins(value, size, "crypto:", 7):
        section.flags |= CRYPTO
    elif begins(value, size, "fingerprint:", 12):
        section.flags |= FINGERPRINT


cdef int64_t read_sections(
    const uint8_t *body, int64_t size, int64_t pos, int64_t message, int64_t[:, ::1] out,
    int64_t row, uint8_t *text, int64_t *used,
) noexcept nogil:
    """Fill a row for each media of a body and return the next row."""
    cdef Section session, section
    cdef int64_t at = 0, end, stop, first, index = -1, value
    session.address_pos = session.address_len = session.direction = session.flags = 0
    session.rtcp_port = -1
    section = session
    while at + 1 < size:
        end = next_line(body, at, size)
        stop = end
        while stop > at + 2 and body[stop - 1] <= 32:
            stop -= 1
        if body[at + 1] != 61 or stop < at + 2:
            pass
        elif body[at] == 109:
            if index < 0:
                session = section
            if index + 1 == MOST_MEDIA:
                break
            if index >= 0:
                row = end_section(body, pos, &section, out, row, used[0])
            index += 1
            section = session
            out[row, 0], out[row, 1] = message, index
            first = skip_field(body, at + 2, stop)
            out[row, 2] = read_port(body, first, stop)
            out[row, 10] = used[0]
            # the same line with port 0: media that differ in their ports are alike
            for value in range(at, first):
                text[used[0]] = body[value]
                used[0] += 1
            text[used[0]], text[used[0] + 1] = 48, 32
            used[0] += 2
            for value in range(skip_field(body, first, stop), stop):
                text[used[0]] = body[value]
                used[0] += 1
            text[used[0]] = 10
            used[0] += 1
        elif body[at] == 99:
            # c=IN IP4 <address>[/…]: the first one of a section counts
            if section.address_len == 0 or section.address_pos == session.address_pos:
                first = skip_field(body, skip_field(body, at + 2, stop), stop)
                value = first
                while value < stop and body[value] > 32 and body[value] != 47:
                    value += 1
                if value > first:
                    section.address_pos, section.address_len = first, value - first
        elif body[at] == 97:
            if index >= 0 and begins(body + at + 2, stop - at - 2, "rtpmap:", 7):
                for value in range(at, stop):
                    text[used[0]] = body[value]
                    used[0] += 1
                text[used[0]] = 10
                used[0] += 1
            else:
                read_attribute(body + at + 2, stop - at - 2, &section)
        at = end
    return end_section(body, pos, &section, out, row, used[0]) if index >= 0 else row


cdef int64_t end_section(
    const uint8_t *body, int64_t pos, const Section *section, int64_t[:, ::1] out, int64_t row,
    int64_t used,
) noexcept nogil:
    """Fill in what is known at the end of a media and return the next row."""
    cdef int64_t number = -1
    if section.address_len:
        number = read_ipv4(body + section.address_pos, section.address_len)
    out[row, 3] = 4 if number >= 0 else 0
    out[row, 4] = number if number >= 0 else 0
    out[row, 5], out[row, 6] = pos + section.address_pos, section.address_len
    out[row, 7] = section.direction if section.direction else 1
    out[row, 8], out[row, 9] = section.flags, section.rtcp_port
    out[row, 11] = used - out[row, 10]
    return row + 1


def find_media_lines(
    tuple views,
    const int16_t[::1] source, const int64_t[::1] pos, const int64_t[::1] length,
    int64_t[:, ::1] out, uint8_t[::1] text,
):
    """Fill a row for each media of session descriptions, and the text that names their formats; see
    `media_lines.sections_of`. There must be room for MOST_MEDIA rows and length + 2 bytes per media
    for each.
    """
    cdef Buffers buffers = Buffers(views)
    cdef const uint8_t *body
    cdef int64_t row = 0, used = 0
    cdef Py_ssize_t i
    with nogil:
        for i in range(source.shape[0]):
            if i + AHEAD < source.shape[0]:
                buffers.fetch(source[i + AHEAD], pos[i + AHEAD], length[i + AHEAD])
            body = buffers.at(source[i], pos[i], length[i]) if length[i] > 2 else NULL
            if body != NULL and memcmp(body, b"v=0", 3) == 0:
                row = read_sections(body, length[i], pos[i], i, out, row, &text[0], &used)
    buffers.release()
    return row


cdef inline int64_t scheme_end(const uint8_t *text, int64_t at, int64_t end) noexcept nogil:
    """Return where the address behind `sip:`, `sips:` or `tel:` begins; -1 without one of them."""
    while at < end and is_space(text[at]):
        at += 1
    if end - at < 4:
        return -1
    if (text[at] | 32) == 115 and (text[at + 1] | 32) == 105 and (text[at + 2] | 32) == 112:
        at += 3
        if (text[at] | 32) == 115:
            at += 1
    elif (text[at] | 32) == 116 and (text[at + 1] | 32) == 101 and (text[at + 2] | 32) == 108:
        at += 3
    else:
        return -1
    return at + 1 if at < end and text[at] == 58 else -1


def find_addresses(
    tuple views,
    const int16_t[::1] source, int64_t[::1] pos, int32_t[::1] length, uint8_t[::1] odd,
):
    """Narrow each header value to the address in it, as `address_in` finds it: length -1 where
    there is none. What is not plain ASCII on one line is marked as odd and left as it is.
    """
    cdef Buffers buffers = Buffers(views)
    cdef const uint8_t *text
    cdef int64_t at, begin, end, start
    cdef Py_ssize_t i
    cdef bint in_brackets
    with nogil:
        for i in range(source.shape[0]):
            odd[i] = 0
            if length[i] < 0:
                continue
            text = buffers.at(source[i], pos[i], length[i])
            if text == NULL:
                length[i] = -1
                continue
            begin, end = 0, length[i]
            for at in range(end):
                if text[at] == 34:
                    begin = at + 1
                elif text[at] < 32 or text[at] > 126:
                    odd[i] = 1
                    break
            if odd[i]:
                continue
            in_brackets = False
            start = scheme_end(text, begin, end)
            at = begin
            while start < 0 and at < end:
                if text[at] == 60:
                    start = scheme_end(text, at + 1, end)
                    in_brackets = True
                at += 1
            if start < 0:
                length[i] = -1
                continue
            at = start
            while at < end and text[at] not in (62, 59, 63) and (
                in_brackets or not is_space(text[at])
            ):
                at += 1
            while start < at and is_space(text[start]):
                start += 1
            while at > start and is_space(text[at - 1]):
                at -= 1
            pos[i] += start
            length[i] = <int32_t>(at - start) if at > start else -1
    buffers.release()
