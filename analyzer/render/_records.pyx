# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""The compiled record writer: runs a program of `record_program` for each record of a batch.

Every span is checked against its source before it is read, every token number against its pool.
"""

import ipaddress

from libc.stdint cimport int64_t, uint32_t, uint64_t, uintptr_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy, memset

from analyzer.fetch cimport fetches, prefetch

cdef extern from "Python.h":
    char *PyByteArray_AsString(object) except NULL
    int PyByteArray_Resize(object, Py_ssize_t) except -1
    char *PyBytes_AsString(object) except NULL

cdef enum:
    LITERAL = 0
    INTEGER = 1
    BOOLEAN = 2
    DURATION = 3
    PERIOD = 4
    TOKEN = 5
    TEXT = 6
    ENDPOINT = 7
    ADDRESS = 8
    FRAME = 9
    LIST = 10
    SENTENCE = 11
    BODY = 12
    OPTIONAL = 13
    NUMBER = 14
    WORD = 15
    CHOICE = 16

cdef enum:
    PREFIX = 32
    ROOM = 160
    AHEAD = 6

cdef struct Span:
    const unsigned char *start
    int64_t size

cdef struct Operation:
    int code
    int prefix_size
    char prefix[PREFIX]
    Py_ssize_t body
    int64_t count
    const int64_t *a
    const int64_t *b
    const int64_t *c
    const int64_t *d
    Span literal
    Span *tokens
    int64_t token_count
    int64_t absent

cdef struct Output:
    void *array
    unsigned char *data
    Py_ssize_t size
    Py_ssize_t room
    bint failed

cdef struct Writer:
    Operation *operations
    Span *sources
    int64_t source_count
    Output out
    bint mapped_is_dotted

# what a byte needs inside a JSON string: 0 nothing, 1 an escape, 2 a look at UTF-8
cdef unsigned char NEEDS[256]
memset(NEEDS, 0, 128)
memset(NEEDS, 1, 32)
memset(NEEDS + 128, 2, 128)
NEEDS[34] = 1
NEEDS[92] = 1

# the digits of 00 to 99
cdef unsigned char PAIRS[200]
for _number in range(100):
    PAIRS[2 * _number] = 48 + _number // 10
    PAIRS[2 * _number + 1] = 48 + _number % 10

# the texts of 0 to 255 with a dot, and how long they are
cdef unsigned char OCTETS[256 * 8]
for _number in range(256):
    _text = f"{_number}.".encode()
    memcpy(&OCTETS[8 * _number], PyBytes_AsString(_text), len(_text))
    OCTETS[8 * _number + 4] = len(_text)

cdef const char *HEX = b"0123456789abcdef"
cdef bint MAPPED_IS_DOTTED = "." in str(ipaddress.IPv6Address("::ffff:1.2.3.4"))


cdef bint grow(Output *out, Py_ssize_t more) noexcept with gil:
    cdef Py_ssize_t room
    if out.failed:
        return False
    room = out.room * 2
    if room < out.size + more:
        room = out.size + more
    try:
        PyByteArray_Resize(<object> out.array, room)
        out.data = <unsigned char *> PyByteArray_AsString(<object> out.array)
    except (MemoryError, BufferError):  # the latter where a text before was not released
        out.failed = True
        return False
    out.room = room
    return True


cdef inline bint ensure(Output *out, Py_ssize_t more) noexcept nogil:
    return out.room - out.size >= more or grow(out, more)


cdef inline void put(Output *out, const void *text, Py_ssize_t size) noexcept nogil:
    if size > 0 and ensure(out, size):
        memcpy(out.data + out.size, text, size)
        out.size += size


cdef inline void put_byte(Output *out, unsigned char byte) noexcept nogil:
    if ensure(out, 1):
        out.data[out.size] = byte
        out.size += 1


cdef void put_number(Output *out, int64_t value) noexcept nogil:
    """Write a number where `ROOM` was ensured."""
    cdef unsigned char digits[48]
    cdef int at = 24
    cdef uint64_t rest = <uint64_t> value
    cdef unsigned int pair
    if value < 0:
        rest = 0 - rest
    while rest >= 100:
        pair = <unsigned int> (rest % 100)
        rest //= 100
        at -= 2
        memcpy(&digits[at], &PAIRS[2 * pair], 2)
    if rest >= 10:
        at -= 2
        memcpy(&digits[at], &PAIRS[2 * rest], 2)
    else:
        at -= 1
        digits[at] = 48 + <unsigned char> rest
    if value < 0:
        at -= 1
        digits[at] = 45
    memcpy(out.data + out.size, &digits[at], 24)
    out.size += 24 - at


cdef void put_duration(Output *out, int64_t nanoseconds) noexcept nogil:
    cdef int64_t microseconds = nanoseconds // 1000 + (nanoseconds % 1000 >= 500)
    cdef int64_t rest = microseconds % 1000
    if microseconds >= (<int64_t> 1 << 40) * 1000:
        put_number(out, microseconds // 1000 + (rest >= 500))
        return
    put_number(out, microseconds // 1000)
    if rest:
        put_byte(out, 46)
        put_byte(out, 48 + <unsigned char> (rest // 100))
        if rest % 100:
            put_byte(out, 48 + <unsigned char> (rest // 10 % 10))
            if rest % 10:
                put_byte(out, 48 + <unsigned char> (rest % 10))


cdef inline void put_unit(Output *out, Span unit) noexcept nogil:
    """Write a text without its quotes, and leave room for a number."""
    put(out, unit.start + 1, unit.size - 2)
    ensure(out, ROOM)


cdef void put_period(Output *out, int64_t nanoseconds, Span *units) noexcept nogil:
    cdef int64_t tenths = nanoseconds // 100000000 + (nanoseconds % 100000000 >= 50000000)
    cdef int64_t seconds
    if tenths < 600:
        put_number(out, tenths // 10)
        put_byte(out, 46)
        put_number(out, tenths % 10)
        put_unit(out, units[2])
        return
    seconds = nanoseconds // 1000000000 + (nanoseconds % 1000000000 >= 500000000)
    if seconds >= 3600:
        put_number(out, seconds // 3600)
        put_unit(out, units[0])
    if out.failed:
        return
    put_number(out, seconds // 60 % 60)
    put_unit(out, units[1])
    if out.failed:
        return
    put_number(out, seconds % 60)
    put_unit(out, units[2])


cdef inline bint goes_on(const unsigned char *p) noexcept nogil:
    return (p[0] & 0xC0) == 0x80


cdef int utf8_length(const unsigned char *p, int64_t left) noexcept nogil:
    """Return the bytes of the character that begins here, 0 when none does (RFC 3629 §4)."""
    cdef unsigned char first = p[0]
    if first < 0xC2 or first > 0xF4 or left < 2 or not goes_on(p + 1):
        return 0
    if first < 0xE0:
        return 2
    if left < 3 or not goes_on(p + 2):
        return 0
    if first < 0xF0:
        if (first == 0xE0 and p[1] < 0xA0) or (first == 0xED and p[1] > 0x9F):
            return 0
        return 3
    if left < 4 or not goes_on(p + 3):
        return 0
    if (first == 0xF0 and p[1] < 0x90) or (first == 0xF4 and p[1] > 0x8F):
        return 0
    return 4


cdef void put_escaped(Output *out, unsigned char byte) noexcept nogil:
    """Write a byte that JSON does not allow as it is."""
    put_byte(out, 92)
    if byte == 34 or byte == 92:
        put_byte(out, byte)
    elif byte == 8:
        put_byte(out, 98)
    elif byte == 9:
        put_byte(out, 116)
    elif byte == 10:
        put_byte(out, 110)
    elif byte == 12:
        put_byte(out, 102)
    elif byte == 13:
        put_byte(out, 114)
    else:
        put(out, b"u00", 3)
        put_byte(out, HEX[byte >> 4])
        put_byte(out, HEX[byte & 15])


cdef inline uint64_t needs_a_look(uint64_t v) noexcept nogil:
    """Return 0 when none of eight bytes needs an escape or is outside ASCII."""
    cdef uint64_t quote = v ^ 0x2222222222222222ULL
    cdef uint64_t backslash = v ^ 0x5C5C5C5C5C5C5C5CULL
    return 0x8080808080808080ULL & (
        v
        | ((v - 0x2020202020202020ULL) & ~v)
        | ((quote - 0x0101010101010101ULL) & ~quote)
        | ((backslash - 0x0101010101010101ULL) & ~backslash)
    )


cdef void put_text(Output *out, const unsigned char *p, int64_t size) noexcept nogil:
    cdef int64_t at = 0
    cdef uint64_t eight
    while at < size:
        if not ensure(out, size - at):
            return
        while size - at >= 8:
            memcpy(&eight, p + at, 8)
            if needs_a_look(eight):
                break
            memcpy(out.data + out.size, &eight, 8)
            out.size += 8
            at += 8
        while at < size and NEEDS[p[at]] == 0:
            out.data[out.size] = p[at]
            out.size += 1
            at += 1
        if at < size:
            at += put_special(out, p + at, size - at)


cdef int64_t put_special(Output *out, const unsigned char *p, int64_t left) noexcept nogil:
    """Write one character that is not plain and return its bytes in the text."""
    cdef int length
    if NEEDS[p[0]] == 1:
        put_escaped(out, p[0])
        return 1
    length = utf8_length(p, left)
    if length:
        put(out, p, length)
        return length
    put(out, b"\\\\x", 3)
    put_byte(out, HEX[p[0] >> 4])
    put_byte(out, HEX[p[0] & 15])
    return 1


cdef void put_ipv4(Output *out, uint64_t address) noexcept nogil:
    cdef int shift
    cdef const unsigned char *octet
    for shift in range(24, -8, -8):
        octet = &OCTETS[8 * ((address >> shift) & 255)]
        memcpy(out.data + out.size, octet, 4)
        out.size += octet[4]
    out.size -= 1


cdef void put_hex(Output *out, unsigned int value) noexcept nogil:
    if value > 0xFFF:
        put_byte(out, HEX[value >> 12])
    if value > 0xFF:
        put_byte(out, HEX[(value >> 8) & 15])
    if value > 0xF:
        put_byte(out, HEX[(value >> 4) & 15])
    put_byte(out, HEX[value & 15])


cdef void put_ipv6(Output *out, uint64_t high, uint64_t low, bint mapped_is_dotted) noexcept nogil:
    """Write an address as RFC 5952 §4 asks."""
    cdef unsigned int groups[8]
    cdef int i, run = 0
    cdef int best = -1
    cdef int best_run = 1
    if mapped_is_dotted and high == 0 and (low >> 32) == 0xFFFF:
        put(out, b"::ffff:", 7)
        put_ipv4(out, <uint32_t> low)
        return
    for i in range(4):
        groups[i] = <unsigned int> ((high >> (48 - 16 * i)) & 0xFFFF)
        groups[i + 4] = <unsigned int> ((low >> (48 - 16 * i)) & 0xFFFF)
    for i in range(8):
        run = run + 1 if groups[i] == 0 else 0
        if run > best_run:
            best_run = run
            best = i - run + 1
    i = 0
    while i < 8:
        if i == best:
            put(out, b"::", 2)
            i += best_run
            continue
        if i and not (best >= 0 and i == best + best_run):
            put_byte(out, 58)
        put_hex(out, groups[i])
        i += 1


cdef void put_address(Writer *w, Operation *op, int64_t i) noexcept nogil:
    if op.a[i] == 4:
        put_ipv4(&w.out, <uint32_t> op.c[i])
    else:
        put_ipv6(&w.out, <uint64_t> op.b[i], <uint64_t> op.c[i], w.mapped_is_dotted)


cdef inline void fetch(Writer *w, int64_t source, int64_t pos) noexcept nogil:
    fetches()
    if 0 <= source < w.source_count and 0 <= pos < w.sources[source].size:
        prefetch(w.sources[source].start + pos)


cdef bint put_span(Writer *w, Operation *op, int64_t i, bint bare) noexcept nogil:
    cdef int64_t source = op.a[i]
    cdef int64_t pos = op.b[i]
    cdef int64_t size = op.c[i]
    if i + AHEAD < op.count:
        # texts lie far apart in the capture: have the next ones fetched meanwhile
        fetch(w, op.a[i + AHEAD], op.b[i + AHEAD])
        fetch(w, op.a[i + AHEAD], op.b[i + AHEAD] + op.c[i + AHEAD])
    if op.d != NULL and op.d[i] >= 0:
        return put_token(w, op, op.d[i], bare)
    if source < 0 or source >= w.source_count or pos < 0 or pos >= w.sources[source].size:
        return False
    if size > w.sources[source].size - pos:
        size = w.sources[source].size - pos
    if size <= 0:
        return False
    if not bare:
        put_byte(&w.out, 34)
    put_text(&w.out, w.sources[source].start + pos, size)
    if not bare:
        put_byte(&w.out, 34)
    return True


cdef bint put_token(Writer *w, Operation *op, int64_t number, bint bare) noexcept nogil:
    if number < 0 or number >= op.token_count:
        return False
    if bare:
        put_unit(&w.out, op.tokens[number])
    else:
        put(&w.out, op.tokens[number].start, op.tokens[number].size)
    return True


cdef bint put_place(Writer *w, Operation *op, int64_t i, bint bare) noexcept nogil:
    """Write an endpoint, an address or a frame."""
    if op.code == FRAME:
        if op.b[i] < 1:
            return False
        put_byte(&w.out, 91)
        put_number(&w.out, op.a[i])
        put_byte(&w.out, 44)
        put_number(&w.out, op.b[i])
        put_byte(&w.out, 93)
        return True
    if op.a[i] == 0:
        return False
    if op.code == ENDPOINT:
        put(&w.out, b'{"address":', 11)
    if not bare:
        put_byte(&w.out, 34)
    put_address(w, op, i)
    if not bare:
        put_byte(&w.out, 34)
    if op.code == ENDPOINT:
        put(&w.out, b',"port":', 8)
        put_number(&w.out, op.d[i])
        put_byte(&w.out, 125)
    return True


cdef inline bint put_prefix(Output *out, Operation *op) noexcept nogil:
    """Ensure room for what is written unchecked, and write the fixed text before a value."""
    if not ensure(out, ROOM):
        return False
    memcpy(out.data + out.size, op.prefix, PREFIX)
    out.size += op.prefix_size
    return True


cdef bint put_value(Writer *w, Operation *op, int64_t i, bint bare) noexcept nogil:
    """Write one value; False when it is absent."""
    if not put_prefix(&w.out, op):
        return False
    if op.code == LITERAL:
        put(&w.out, op.literal.start, op.literal.size)
    elif op.code == TEXT:
        return put_span(w, op, i, bare)
    elif op.code == INTEGER:
        if op.a[i] == op.absent:
            return False
        put_number(&w.out, op.a[i])
    elif op.code == NUMBER:
        put_number(&w.out, op.a[i])
    elif op.code == TOKEN:
        return put_token(w, op, op.a[i], bare)
    elif op.code == WORD:
        put_token(w, op, op.a[i], True)
    elif op.code == BOOLEAN:
        if op.a[i]:
            put(&w.out, b"true", 4)
        else:
            put(&w.out, b"false", 5)
    elif op.code == DURATION or op.code == PERIOD:
        if op.a[i] < 0:
            return False
        if op.code == DURATION:
            put_duration(&w.out, op.a[i])
        else:
            put_period(&w.out, op.a[i], op.tokens)
    else:
        return put_place(w, op, i, bare)
    return True


cdef Py_ssize_t form_of(Writer *w, Py_ssize_t at, int64_t i) noexcept nogil:
    """Return the operation of the form that record i has; past the last one for none."""
    cdef Operation *choice = &w.operations[at]
    cdef int64_t variant = choice.a[i]
    cdef Py_ssize_t step = at + 1
    while variant > 0 and step <= at + choice.body:
        step += 1 + w.operations[step].body
        variant -= 1
    return step


cdef void put_choice(Writer *w, Py_ssize_t at, int64_t i) noexcept nogil:
    cdef Py_ssize_t step = form_of(w, at, i)
    put_prefix(&w.out, &w.operations[at])
    if step <= at + w.operations[at].body:
        put_range(w, step + 1, step + 1 + w.operations[step].body, i)


cdef void put_sentence(Writer *w, Py_ssize_t at, int64_t i) noexcept nogil:
    cdef Operation *sentence = &w.operations[at]
    cdef Py_ssize_t step = form_of(w, at, i)
    cdef Py_ssize_t end = step
    cdef Py_ssize_t inner_end, size
    if step <= at + sentence.body:
        end = step + 1 + w.operations[step].body
        step += 1
    put_prefix(&w.out, sentence)
    put_byte(&w.out, 34)
    while step < end:
        if w.operations[step].code == OPTIONAL:
            size = w.out.size
            inner_end = step + 1 + w.operations[step].body
            step += 1
            while step < inner_end:
                if not put_value(w, &w.operations[step], i, True):
                    w.out.size = size
                    break
                step += 1
            step = inner_end
        else:
            if not put_value(w, &w.operations[step], i, True):
                put(&w.out, sentence.literal.start, sentence.literal.size)
            step += 1
    put_byte(&w.out, 34)


cdef void put_range(Writer *w, Py_ssize_t begin, Py_ssize_t end, int64_t i) noexcept nogil:
    """Run the operations from begin to end for row i."""
    cdef Py_ssize_t step = begin
    cdef int64_t item
    cdef Operation *op
    while step < end:
        op = &w.operations[step]
        if op.code == LIST:
            put_prefix(&w.out, op)
            put_byte(&w.out, 91)
            for item in range(op.a[i], op.a[i + 1]):
                if item > op.a[i]:
                    put_byte(&w.out, 44)
                put_range(w, step + 1, step + 1 + op.body, item)
            put_byte(&w.out, 93)
        elif op.code == SENTENCE:
            put_sentence(w, step, i)
        elif op.code == CHOICE:
            put_choice(w, step, i)
        elif not put_value(w, op, i, False):
            put(&w.out, b"null", 4)
        step += 1 + op.body


cdef const int64_t *column_of(object columns, Py_ssize_t number) except? NULL:
    cdef const int64_t[::1] view
    if number >= len(columns) or len(columns[number]) == 0:
        return NULL
    view = columns[number]
    return &view[0]


cdef Span span_of(object text):
    cdef Span span
    span.start = <const unsigned char *> PyBytes_AsString(text)
    span.size = len(text)
    return span


cdef void fill(Operation *op, object each, dict pools) except *:
    """Take over an operation; its texts and columns stay the caller's.

    `pools` has the operations whose tokens were taken over, by the identity of their tokens.
    """
    cdef Py_ssize_t i
    code, columns, literal, tokens, absent, body, prefix = each
    if len(prefix) > PREFIX:
        raise ValueError(prefix)
    if len(set(map(len, columns))) > 1:
        raise ValueError("columns of different lengths")
    op.code = code
    op.body = body
    op.count = len(columns[0]) if columns else 0
    op.prefix_size = len(prefix)
    memcpy(op.prefix, PyBytes_AsString(prefix), len(prefix))
    op.absent = absent
    op.literal = span_of(literal)
    op.a = column_of(columns, 0)
    op.b = column_of(columns, 1)
    op.c = column_of(columns, 2)
    op.d = column_of(columns, 3)
    op.tokens = NULL
    op.token_count = 0
    if not tokens:
        return
    if id(tokens) not in pools:
        op.token_count = len(tokens)
        op.tokens = <Span *> malloc(op.token_count * sizeof(Span))
        if op.tokens == NULL:
            raise MemoryError
        pools[id(tokens)] = (<uintptr_t> op.tokens, op.token_count)
        for i in range(op.token_count):
            op.tokens[i] = span_of(tokens[i])
    address, size = pools[id(tokens)]
    op.tokens = <Span *> <uintptr_t> address
    op.token_count = size


cdef int check(Operation *operations, Py_ssize_t begin, Py_ssize_t end, int64_t rows) except -1:
    """Raise ValueError unless every column has an entry for each of its rows."""
    cdef Py_ssize_t step = begin
    cdef int64_t wanted
    while step < end:
        wanted = rows + (operations[step].code == LIST)
        if operations[step].a != NULL and operations[step].count < wanted:
            raise ValueError(f"a column of {operations[step].count} values for {wanted}")
        if operations[step].code == LIST:
            wanted = operations[step].a[rows] if operations[step].a != NULL else 0
            check(operations, step + 1, step + 1 + operations[step].body, wanted)
        elif operations[step].code in (SENTENCE, CHOICE, BODY, OPTIONAL):
            check(operations, step + 1, step + 1 + operations[step].body, rows)
        step += 1 + operations[step].body
    return 0


cdef Span *spans_of(object sources) except? NULL:
    cdef const unsigned char[::1] view
    cdef Py_ssize_t i
    cdef Span *spans = <Span *> malloc((len(sources) + 1) * sizeof(Span))
    if spans == NULL:
        raise MemoryError
    for i, source in enumerate(sources):
        spans[i].size = len(source)
        spans[i].start = NULL
        if len(source):
            view = source
            spans[i].start = &view[0]
    return spans


cdef struct Part:
    Writer writer  # runs a program, unless the records are written already:
    bint is_written
    const unsigned char *text
    const int64_t *text_ends
    Py_ssize_t operations
    int64_t rows, done


cdef int prepare(Part *part, tuple given, dict pools) except -1:
    """Take over a program with its sources and number of rows, or a text with where its records
    end.
    """
    cdef const unsigned char[::1] text
    cdef const int64_t[::1] ends
    cdef Py_ssize_t i
    if len(given) == 2:
        part.is_written = True
        ends = given[1]
        part.rows = ends.shape[0]
        if part.rows:
            part.text_ends = &ends[0]
            if ends[part.rows - 1] > len(given[0]):
                raise ValueError("records that end after their text")
            if len(given[0]):
                text = given[0]
                part.text = &text[0]
        return 0
    operations, sources, rows = given
    part.operations, part.rows = len(operations), rows
    part.writer.mapped_is_dotted = MAPPED_IS_DOTTED
    part.writer.source_count = len(sources)
    part.writer.operations = <Operation *> calloc(part.operations + 1, sizeof(Operation))
    if part.writer.operations == NULL:
        raise MemoryError
    part.writer.sources = spans_of(sources)
    for i in range(part.operations):
        fill(&part.writer.operations[i], operations[i], pools)
    check(part.writer.operations, 0, part.operations, rows)
    return 0


cdef bint put_record(Part *part, Output *out) noexcept nogil:
    """Write the next record of a part; False when there is none."""
    cdef int64_t begin, row = part.done
    if row >= part.rows:
        return False
    part.done += 1
    if part.is_written:
        begin = part.text_ends[row - 1] if row else 0
        put(out, part.text + begin, part.text_ends[row] - begin)
        return True
    part.writer.out = out[0]
    put_range(&part.writer, 0, part.operations, row)
    out[0] = part.writer.out
    return True


def write(parts, const unsigned char[::1] which, bytes separator, bytearray buffer, int64_t[::1] ends):
    """Write the next record of `parts[which[i]]` for each i into a buffer, after each the separator.

    A part is (operations, sources, rows), or (text, ends) of records that are written already. The
    buffer grows as needed; return what it holds, `ends` is filled with where the records end.
    """
    cdef Py_ssize_t i, count = len(parts)
    cdef Span mark = span_of(separator)
    cdef Output out
    cdef bint has_all = True
    cdef Part *made = <Part *> calloc(count + 1, sizeof(Part))
    pools = {}
    if made == NULL:
        raise MemoryError
    try:
        for i in range(count):
            prepare(&made[i], parts[i], pools)
        for i in range(which.shape[0]):
            if which[i] >= count:
                raise ValueError("no such part")
        if len(buffer) < 1024:
            PyByteArray_Resize(buffer, 1024 + 1024 * which.shape[0])
        out.array = <void *> buffer
        out.room, out.size, out.failed = len(buffer), 0, False
        out.data = <unsigned char *> PyByteArray_AsString(buffer)
        with nogil:
            for i in range(which.shape[0]):
                has_all = put_record(&made[which[i]], &out) and has_all
                put(&out, mark.start, mark.size)
                ends[i] = out.size
        if out.failed:
            raise MemoryError
        if not has_all:
            raise ValueError("more records wanted than there are")
        return out.size
    finally:
        for address, _ in pools.values():
            free(<void *> <uintptr_t> address)
        for i in range(count):
            free(made[i].writer.operations)
            free(made[i].writer.sources)
        free(made)
