# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Compiled twins of `record_spans`: addresses, numbers and SDP read in place for many spans.

What is not plain is left to the reference. Every span is checked against its source first.
"""

from cpython.buffer cimport PyBUF_SIMPLE, PyBuffer_Release, PyObject_GetBuffer
from libc.stdint cimport int16_t, int64_t, uint8_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memchr, memcmp, memcpy, memset

from analyzer.fetch cimport fetch_text

cdef extern from "Python.h":
    object PyBytes_FromStringAndSize(const char *, Py_ssize_t)
    char *PyBytes_AsString(object) except NULL

cdef enum:
    AHEAD = 3  # texts between the one that is fetched and the one that is read
    DISPLAY = 0
    URI = 2
    USER = 4
    EXPIRES = 6
    ODD = 7
    WIDTH = 8

# characters of an unquoted display name: tokens (RFC 3261 §25.1) and spaces
cdef uint8_t IS_DISPLAY[256]
for _byte in range(256):
    IS_DISPLAY[_byte] = chr(_byte).isascii() and (chr(_byte).isalnum() or chr(_byte) in "-.!%*_+`'~ ")


cdef class Sources:
    """Read-only buffers, held until `release`."""

    cdef Py_buffer *buffers
    cdef Py_ssize_t held

    def __cinit__(self, tuple views):
        self.held = 0
        self.buffers = <Py_buffer *> calloc(len(views) + 1, sizeof(Py_buffer))
        if self.buffers == NULL:
            raise MemoryError
        for view in views:
            PyObject_GetBuffer(view, &self.buffers[self.held], PyBUF_SIMPLE)
            self.held += 1

    cdef void release(self):
        while self.held:
            self.held -= 1
            PyBuffer_Release(&self.buffers[self.held])

    def __dealloc__(self):
        self.release()
        free(self.buffers)

    cdef const uint8_t *at(self, Py_ssize_t source, int64_t pos, int64_t size) noexcept nogil:
        """Return where a span is, NULL when it is not inside its source."""
        if source < 0 or source >= self.held or pos < 0 or size < 0:
            return NULL
        if pos > self.buffers[source].len or size > self.buffers[source].len - pos:
            return NULL
        return <const uint8_t *> self.buffers[source].buf + pos

    cdef void fetch(self, Py_ssize_t source, int64_t pos, int64_t size) noexcept nogil:
        """Fetch a span that is read soon."""
        fetch_text(self.at(source, pos, size), size)


cdef inline uint8_t lower(uint8_t byte) noexcept nogil:
    return byte + 32 if 65 <= byte <= 90 else byte


cdef bint begins_with(
    const uint8_t *p, int64_t size, const char *word, int64_t word_size
) noexcept nogil:
    """Tell whether a text begins with a word, which is in lower case."""
    cdef int64_t i
    if size < word_size:
        return False
    for i in range(word_size):
        if lower(p[i]) != <uint8_t> word[i]:
            return False
    return True


cdef int64_t digits_to_number(const uint8_t *p, int64_t size) noexcept nogil:
    """Return a number of 1 to 18 digits, -1 for anything else."""
    cdef int64_t number = 0
    cdef int64_t i
    if size < 1 or size > 18:
        return -1
    for i in range(size):
        if p[i] < 48 or p[i] > 57:
            return -1
        number = number * 10 + p[i] - 48
    return number


cdef bint find_user(const uint8_t *p, int64_t begin, int64_t end, int64_t *part) noexcept nogil:
    """Find the user of a sip, sips or tel URI; False when it takes more than a look."""
    cdef int64_t size = end - begin
    cdef int64_t at, stop, i
    if begins_with(p + begin, size, b"sip:", 4) or begins_with(p + begin, size, b"tel:", 4):
        at = begin + 4
    elif begins_with(p + begin, size, b"sips:", 5):
        at = begin + 5
    else:
        return False
    if lower(p[begin]) == 116:
        stop = at
        while stop < end and p[stop] != 59:
            stop += 1
    else:
        stop = end - 1
        while stop >= at and p[stop] != 64:
            stop -= 1
        if stop < at:
            return True
        i = at
        while i < stop and p[i] != 58:
            i += 1
        stop = i
    for i in range(at, stop):
        if p[i] == 37:
            return False
    part[USER] = at
    part[USER + 1] = stop - at
    return True


cdef bint read_parameters(const uint8_t *p, int64_t at, int64_t end, int64_t *part) noexcept nogil:
    """Read the header parameters after an address; False when they take more than a look."""
    cdef int64_t i, stop
    cdef bint seen = False
    for i in range(at, end):
        if p[i] < 33 or p[i] > 126 or p[i] == 34 or p[i] == 44 or p[i] == 60 or p[i] == 62:
            return False
    if at < end and p[at] != 59:
        return False
    while at < end:
        at += 1
        stop = at
        while stop < end and p[stop] != 59:
            stop += 1
        if begins_with(p + at, stop - at, b"expires", 7):
            if seen or stop - at < 9 or p[at + 7] != 61:
                return False
            seen = True
            part[EXPIRES] = digits_to_number(p + at + 8, stop - at - 8)
            if part[EXPIRES] < 0:
                return False
        at = stop
    return True


cdef bint split_one(const uint8_t *p, int64_t size, int64_t *part) noexcept nogil:
    """Split one plain name-addr or addr-spec; False when it is not plain."""
    cdef int64_t at = 0
    cdef int64_t begin, stop
    cdef bint bracket = False
    if p[0] == 34:
        at = 1
        while at < size and p[at] != 34:
            if p[at] == 92 or p[at] < 32 or p[at] == 127:
                return False
            at += 1
        if at == size:
            return False
        part[DISPLAY] = 1
        part[DISPLAY + 1] = at - 1
        at += 1
        while at < size and p[at] == 32:
            at += 1
        bracket = True
    else:
        while at < size and IS_DISPLAY[p[at]]:
            at += 1
        bracket = at < size and p[at] == 60
        if bracket:
            stop = at
            while stop > 0 and p[stop - 1] == 32:
                stop -= 1
            part[DISPLAY + 1] = stop
    if bracket:
        if at == size or p[at] != 60:
            return False
        at += 1
    else:
        at = 0
    begin = at
    while at < size and p[at] != 62 and (bracket or p[at] != 59):
        if p[at] < 33 or p[at] > 126 or p[at] == 34 or p[at] == 60:
            return False
        if not bracket and (p[at] == 63 or p[at] == 44):
            return False
        at += 1
    if bracket != (at < size and p[at] == 62):
        return False
    part[URI] = begin
    part[URI + 1] = at - begin
    return find_user(p, begin, at, part) and read_parameters(p, at + bracket, size, part)


def split_addresses(
    tuple views, const int16_t[::1] source, const int64_t[::1] pos, const int64_t[::1] length,
    int64_t[:, ::1] parts,
):
    """Set the parts of each address: starts and lengths, its expires, and whether it is odd."""
    cdef Sources sources = Sources(views)
    cdef Py_ssize_t i
    cdef int k
    cdef const uint8_t *p
    cdef int64_t *part
    with nogil:
        for i in range(parts.shape[0]):
            if i + AHEAD < parts.shape[0]:
                sources.fetch(source[i + AHEAD], pos[i + AHEAD], length[i + AHEAD])
            part = &parts[i, 0]
            for k in range(WIDTH):
                part[k] = 0
            part[EXPIRES] = -1
            if length[i] <= 0:
                continue
            p = sources.at(source[i], pos[i], length[i])
            if p == NULL or not split_one(p, length[i], part):
                part[ODD] = 1
                continue
            for k in range(DISPLAY, EXPIRES, 2):
                part[k] += pos[i]
    sources.release()


def has_byte(
    tuple views, const int16_t[::1] source, const int64_t[::1] pos, const int64_t[::1] length,
    int byte, uint8_t[::1] found,
):
    """Set 1 for each span that holds a byte."""
    cdef Sources sources = Sources(views)
    cdef Py_ssize_t i
    cdef const uint8_t *p
    with nogil:
        for i in range(found.shape[0]):
            found[i] = 0
            if length[i] > 0:
                p = sources.at(source[i], pos[i], length[i])
                found[i] = p == NULL or memchr(p, byte, <size_t> length[i]) != NULL
    sources.release()


cdef struct Wanted:
    const char *name
    Py_ssize_t size
    Py_ssize_t number


cdef inline int64_t next_line(const uint8_t *head, int64_t at, int64_t end) noexcept nogil:
    cdef const uint8_t *found = <const uint8_t *> memchr(head + at, 10, <size_t> (end - at))
    return end if found == NULL else (found - head) + 1


cdef inline bint is_blank(uint8_t byte) noexcept nogil:
    return byte == 32 or byte == 9


cdef inline bint is_space(uint8_t byte) noexcept nogil:
    return byte == 32 or byte == 9 or byte == 13 or byte == 10


cdef Py_ssize_t find_name(
    const uint8_t *line, int64_t size, const Wanted *wanted, Py_ssize_t count
) noexcept nogil:
    """Return the number of the wanted header that a line is, -1 for none."""
    cdef const uint8_t *colon = <const uint8_t *> memchr(line, 58, <size_t> size)
    cdef Py_ssize_t k
    if colon == NULL:
        return -1
    size = colon - line
    while size and is_blank(line[size - 1]):
        size -= 1
    for k in range(count):
        if wanted[k].size == size and begins_with(line, size, wanted[k].name, size):
            return wanted[k].number
    return -1


cdef void find_in_head(
    const uint8_t *head, int64_t end, const Wanted *wanted, Py_ssize_t count,
    const uint8_t *initials, int64_t *spans,
) noexcept nogil:
    """Set start and length of the first value of each wanted header."""
    cdef int64_t at = next_line(head, 0, end)
    cdef int64_t line, start, stop
    cdef Py_ssize_t number
    while at < end:
        line = at
        stop = at = next_line(head, at, end)
        while at < end and is_blank(head[at]):
            at = next_line(head, at, end)
        if not initials[head[line]]:
            continue
        number = find_name(head + line, stop - line, wanted, count)
        if number < 0 or spans[2 * number + 1] >= 0:
            continue
        start = <const uint8_t *> memchr(head + line, 58, <size_t> (stop - line)) - head + 1
        stop = at
        while start < stop and is_space(head[start]):
            start += 1
        while stop > start and is_space(head[stop - 1]):
            stop -= 1
        spans[2 * number] = start
        spans[2 * number + 1] = stop - start


def find_headers(
    tuple views, const int16_t[::1] source, const int64_t[::1] pos, const int64_t[::1] head_len,
    list names, int64_t[:, :, ::1] spans,
):
    """Find the first value of several headers in each head, in one pass; length -1 is absent.

    `names` has for each header its long and its compact form in lower case, b"" without one.
    """
    cdef Sources sources = Sources(views)
    cdef Wanted *wanted = <Wanted *> malloc((2 * len(names) + 1) * sizeof(Wanted))
    cdef uint8_t initials[256]
    cdef Py_ssize_t count = 0
    cdef Py_ssize_t i, k
    cdef const uint8_t *head
    if wanted == NULL:
        raise MemoryError
    memset(initials, 0, 256)
    try:
        for k, forms in enumerate(names):
            for form in forms:
                if form:
                    wanted[count].name = PyBytes_AsString(form)
                    wanted[count].size = len(form)
                    wanted[count].number = k
                    count += 1
                    initials[form[0]] = initials[form[:1].upper()[0]] = 1
        with nogil:
            for i in range(spans.shape[0]):
                for k in range(spans.shape[1]):
                    spans[i, k, 0] = 0
                    spans[i, k, 1] = -1
                if i + AHEAD < spans.shape[0]:
                    sources.fetch(source[i + AHEAD], pos[i + AHEAD], head_len[i + AHEAD])
                head = sources.at(source[i], pos[i], head_len[i])
                if head != NULL:
                    find_in_head(head, head_len[i], wanted, count, initials, &spans[i, 0, 0])
                for k in range(spans.shape[1]):
                    spans[i, k, 0] += pos[i]
    finally:
        free(wanted)
        sources.release()


def read_numbers(
    tuple views, const int16_t[::1] source, const int64_t[::1] pos, const int64_t[::1] length,
    int64_t[::1] numbers,
):
    """Set the number each span is, -1 when it is none of 1 to 18 digits."""
    cdef Sources sources = Sources(views)
    cdef Py_ssize_t i
    cdef const uint8_t *p
    with nogil:
        for i in range(numbers.shape[0]):
            p = sources.at(source[i], pos[i], length[i])
            numbers[i] = digits_to_number(p, length[i]) if p != NULL else -1
    sources.release()


cdef bint is_plain_media(const uint8_t *p, int64_t begin, int64_t end) noexcept nogil:
    """Tell whether an m= line is words with one space between them."""
    cdef int64_t i
    if p[begin + 2] == 32:
        return False
    for i in range(begin, end):
        if p[i] < 32 or p[i] > 126 or (p[i] == 32 and p[i - 1] == 32):
            return False
    return True


cdef int64_t copy_media(const uint8_t *p, int64_t begin, int64_t end, uint8_t *out) noexcept nogil:
    """Copy an m= line with 9 for its port, which differs from call to call; 0 stays, as it refuses
    the stream.
    """
    cdef int64_t at = begin
    cdef int64_t written, port
    while at < end and p[at] != 32:
        at += 1
    memcpy(out, p + begin, at - begin)
    written = at - begin
    if at < end:
        at += 1
        port = at
        while at < end and p[at] == 48:
            at += 1
        out[written] = 32
        out[written + 1] = 48 if at > port and (at == end or p[at] == 32 or p[at] == 47) else 57
        written += 2
        while at < end and p[at] != 32:
            at += 1
    memcpy(out + written, p + at, end - at)
    return written + end - at


cdef int64_t copy_codec_lines(const uint8_t *p, int64_t size, uint8_t *out) noexcept nogil:
    """Copy the lines that name codecs and return their length, -1 when the body is not plain."""
    cdef int64_t at = 0
    cdef int64_t written = 0
    cdef int64_t lines = 0
    cdef int64_t end, line
    cdef const uint8_t *found
    while at < size:
        found = <const uint8_t *> memchr(p + at, 10, <size_t> (size - at))
        end = size if found == NULL else (found - p) + 1
        line = at
        at = end
        lines += 1
        while end > line and (p[end - 1] == 10 or p[end - 1] == 13):
            end -= 1
        if end == line:
            continue
        if end - line < 2 or p[line + 1] != 61 or lines > 2000:
            return -1
        if p[line] != 109 and (p[line] != 97 or end - line == 2):
            continue
        if p[line] == 109:
            if end - line == 2 or not is_plain_media(p, line, end):
                return -1
            written += copy_media(p, line, end, out + written)
        elif p[line + 2] < 33 or p[line + 2] > 126:
            return -1
        elif (end - line > 9 and memcmp(p + line, b"a=rtpmap:", 9) == 0) or (
            end - line == 13 and memcmp(p + line, b"a=bundle-only", 13) == 0
        ):
            memcpy(out + written, p + line, end - line)
            written += end - line
        else:
            continue
        out[written] = 10
        written += 1
    return written


def codec_lines(
    tuple views, const int16_t[::1] source, const int64_t[::1] pos, const int64_t[::1] length
):
    """Return the lines that name codecs of each body that begins like SDP, the whole of one that
    is not plain, None for others.
    """
    cdef Sources sources = Sources(views)
    cdef Py_ssize_t i
    cdef const uint8_t *p
    cdef uint8_t *out = NULL
    cdef int64_t room = 0
    cdef int64_t size
    found = []
    try:
        for i in range(length.shape[0]):
            if i + AHEAD < length.shape[0]:
                sources.fetch(source[i + AHEAD], pos[i + AHEAD], length[i + AHEAD])
            size = length[i]
            p = sources.at(source[i], pos[i], size) if size >= 3 else NULL
            if p == NULL or memcmp(p, b"v=0", 3) != 0:
                found.append(None)
                continue
            if size * 3 + 16 > room:
                room = size * 3 + 16
                free(out)
                out = <uint8_t *> malloc(room)
                if out == NULL:
                    room = 0
                    raise MemoryError
            size = copy_codec_lines(p, size, out)
            if size < 0:
                found.append(PyBytes_FromStringAndSize(<const char *> p, length[i]))
            else:
                found.append(PyBytes_FromStringAndSize(<const char *> out, size))
    finally:
        free(out)
        sources.release()
    return found
