# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Compiled twin of message_rows.py for messages in which nothing is odd, GIL released.

A head is read here only when every header that the reference parser checks looks as its own
patterns of ordinary values say (`CLEAN_…` of start_line, via, address, checks); any other head
keeps the state 0 and goes to that parser.
"""

from libc.stdint cimport int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memchr, memcmp, memcpy

from analyzer.fetch cimport fetch_text
from analyzer.sip.siphash cimport load64, siphash13_padded

cdef extern from *:
    """
    #include <stdint.h>
    #include <string.h>
    #if defined(__SSE2__) && defined(__GNUC__)
    #include <emmintrin.h>
    #endif
    #define SIPWHY_WORD(a, b, c, d, e, f, g, h) ((uint64_t)(a) | (uint64_t)(b) << 8 \\
        | (uint64_t)(c) << 16 | (uint64_t)(d) << 24 | (uint64_t)(e) << 32 | (uint64_t)(f) << 40 \\
        | (uint64_t)(g) << 48 | (uint64_t)(h) << 56)
    /* Header names in lower case, as load64 reads them. */
    #define SIPWHY_VIA SIPWHY_WORD('v', 'i', 'a', ':', 0, 0, 0, 0)
    #define SIPWHY_FROM SIPWHY_WORD('f', 'r', 'o', 'm', ':', 0, 0, 0)
    #define SIPWHY_TO SIPWHY_WORD('t', 'o', ':', 0, 0, 0, 0, 0)
    #define SIPWHY_CSEQ SIPWHY_WORD('c', 's', 'e', 'q', ':', 0, 0, 0)
    #define SIPWHY_CALL_ID SIPWHY_WORD('c', 'a', 'l', 'l', '-', 'i', 'd', ':')
    #define SIPWHY_CONTACT SIPWHY_WORD('c', 'o', 'n', 't', 'a', 'c', 't', ':')
    #define SIPWHY_CONTENT SIPWHY_WORD('c', 'o', 'n', 't', 'e', 'n', 't', '-')
    #define SIPWHY_LENGTH SIPWHY_WORD('l', 'e', 'n', 'g', 't', 'h', ':', 0)
    #define SIPWHY_TYPE SIPWHY_WORD('t', 'y', 'p', 'e', ':', 0, 0, 0)
    #define SIPWHY_MAX_FORW SIPWHY_WORD('m', 'a', 'x', '-', 'f', 'o', 'r', 'w')
    #define SIPWHY_ARDS SIPWHY_WORD('a', 'r', 'd', 's', ':', 0, 0, 0)
    #define SIPWHY_FIRST(count) (~(uint64_t)0 >> (64 - 8 * (count)))
    #if defined(__SSE2__) && defined(__GNUC__)
    #define SIPWHY_EQUAL(byte) _mm_cmpeq_epi8(c, _mm_set1_epi8(byte))
    #define SIPWHY_UP_TO(low, high) _mm_cmpeq_epi8( \\
        _mm_min_epu8(_mm_sub_epi8(c, _mm_set1_epi8(low)), _mm_set1_epi8((high) - (low))), \\
        _mm_sub_epi8(c, _mm_set1_epi8(low)))
    #define SIPWHY_OR _mm_or_si128
    /* Where the first byte stands that is none of the class, 16 bytes at a time: PADDING bytes past
       the end must be readable. Each class here is part of the one of the table CLASS, which has the
       last word on the byte found. */
    #define SIPWHY_SKIP(name, inside) \\
        static inline int32_t name(const unsigned char *text, int32_t at, int32_t end) { \\
            while (at < end) { \\
                __m128i c = _mm_loadu_si128((const __m128i *)(text + at)); \\
                unsigned out = 0xFFFFu & ~(unsigned)_mm_movemask_epi8(inside); \\
                at += out ? __builtin_ctz(out) : 16; \\
                if (out) break; \\
            } \\
            return at < end ? at : end; \\
        }
    #define SIPWHY_NOT(out) _mm_andnot_si128(out, SIPWHY_UP_TO(0x21, 0x7E))
    SIPWHY_SKIP(sipwhy_skip_word, SIPWHY_OR(SIPWHY_OR(SIPWHY_UP_TO('-', '.'),
        SIPWHY_UP_TO('0', '9')), SIPWHY_OR(SIPWHY_UP_TO('A', 'Z'), SIPWHY_UP_TO('a', 'z'))))
    SIPWHY_SKIP(sipwhy_skip_uri, SIPWHY_NOT(SIPWHY_OR(SIPWHY_EQUAL('"'),
        SIPWHY_OR(SIPWHY_EQUAL('<'), SIPWHY_EQUAL('>')))))
    SIPWHY_SKIP(sipwhy_skip_value, SIPWHY_NOT(SIPWHY_OR(SIPWHY_OR(SIPWHY_EQUAL('"'),
        SIPWHY_UP_TO(';', '<')), SIPWHY_OR(SIPWHY_EQUAL(','), SIPWHY_EQUAL('>')))))
    SIPWHY_SKIP(sipwhy_skip_visible, SIPWHY_UP_TO(0x21, 0x7E))
    static inline uint64_t sipwhy_line_feeds(const unsigned char *text) {
        uint64_t found = 0;
        int i;
        for (i = 0; i < 4; i++) {
            __m128i c = _mm_loadu_si128((const __m128i *)(text + 16 * i));
            found |= (uint64_t)(unsigned)_mm_movemask_epi8(SIPWHY_EQUAL(10)) << (16 * i);
        }
        return found;
    }
    /* The next line feed, or size when there is none; `block` begins at -64 and `feeds` at 0. */
    static inline int32_t sipwhy_next_feed(const unsigned char *text, int32_t size,
            int32_t *block, uint64_t *feeds) {
        int32_t at;
        while (!*feeds) {
            *block += 64;
            if (*block >= size) return size;
            *feeds = sipwhy_line_feeds(text + *block);
        }
        at = *block + __builtin_ctzll(*feeds);
        *feeds &= *feeds - 1;
        return at < size ? at : size;
    }
    #else
    static inline int32_t sipwhy_next_feed(const unsigned char *text, int32_t size,
            int32_t *block, uint64_t *feeds) {
        const unsigned char *found;
        if (*block < 0) *block = 0;
        found = memchr(text + *block, 10, (size_t)(size - *block));
        (void)feeds;
        if (!found) return size;
        *block = (int32_t)(found - text) + 1;
        return *block - 1;
    }
    #define sipwhy_skip_word(text, at, end) (at)
    #define sipwhy_skip_uri(text, at, end) (at)
    #define sipwhy_skip_value(text, at, end) (at)
    #define sipwhy_skip_visible(text, at, end) (at)
    #endif
    """
    uint64_t VIA_WORD "SIPWHY_VIA"
    uint64_t FROM_WORD "SIPWHY_FROM"
    uint64_t TO_WORD "SIPWHY_TO"
    uint64_t CSEQ_WORD "SIPWHY_CSEQ"
    uint64_t CALL_ID_WORD "SIPWHY_CALL_ID"
    uint64_t CONTACT_WORD "SIPWHY_CONTACT"
    uint64_t CONTENT_WORD "SIPWHY_CONTENT"
    uint64_t LENGTH_WORD "SIPWHY_LENGTH"
    uint64_t TYPE_WORD "SIPWHY_TYPE"
    uint64_t MAX_FORW_WORD "SIPWHY_MAX_FORW"
    uint64_t ARDS_WORD "SIPWHY_ARDS"
    uint64_t first_bytes "SIPWHY_FIRST"(int count) noexcept nogil
    int32_t find_next_feed "sipwhy_next_feed"(
        const uint8_t *text, int32_t size, int32_t *block, uint64_t *feeds) noexcept nogil
    int32_t quick_word "sipwhy_skip_word"(
        const uint8_t *text, int32_t at, int32_t end) noexcept nogil
    int32_t quick_uri "sipwhy_skip_uri"(
        const uint8_t *text, int32_t at, int32_t end) noexcept nogil
    int32_t quick_value "sipwhy_skip_value"(
        const uint8_t *text, int32_t at, int32_t end) noexcept nogil
    int32_t quick_visible "sipwhy_skip_visible"(
        const uint8_t *text, int32_t at, int32_t end) noexcept nogil

cdef enum:
    AHEAD = 2  # datagrams between the one that is fetched and the one that is read
    MAX_HEAD = 65535
    SCRATCH = 2 * 65536
    PADDING = 80

cdef enum:  # classes of characters, one bit each
    IS_TOKEN = 1
    IS_VALUE = 2  # of a parameter: not white space, not one of ;,"<>
    IS_URI = 4  # not white space, not one of <>"
    IS_HOST = 8
    IS_SCHEME = 16
    IS_DIGIT = 32
    IS_ALPHA = 64

cdef enum:  # headers that are looked into
    UNKNOWN = 0
    VIA = 1
    FROM = 2
    TO = 3
    CALL_ID = 4
    CSEQ = 5
    CONTACT = 6
    CONTENT_LENGTH = 7
    CONTENT_TYPE = 8
    MAX_FORWARDS = 9
    DATE = 10
    EXPIRES = 11
    RETRY_AFTER = 12
    WARNING = 13

cdef struct Span:
    int32_t pos
    int32_t length

cdef struct Lines:
    const uint8_t *text
    int32_t size
    int32_t block
    uint64_t feeds

cdef struct Row:
    int32_t head_len
    int32_t body_len
    int32_t method
    int32_t status
    int64_t cseq
    int64_t content_length
    int32_t cseq_method
    int32_t seen
    uint64_t marks
    Span line
    Span call_id
    Span branch
    Span sent_by
    Span from_tag
    Span to_tag

cdef const char **METHODS = [
    "", "INVITE", "ACK", "BYE", "CANCEL", "REGISTER", "OPTIONS", "PRACK", "SUBSCRIBE", "NOTIFY",
    "PUBLISH", "INFO", "REFER", "MESSAGE", "UPDATE",
]
cdef int32_t[15] METHOD_LENGTHS = [0, 6, 3, 3, 6, 8, 7, 5, 9, 6, 7, 4, 5, 7, 6]

cdef uint8_t[256] CLASS
cdef int class_index
for class_index in range(256):
    _character = chr(class_index)
    _is_alnum = _character.isascii() and _character.isalnum()
    _is_alpha = _character.isascii() and _character.isalpha()
    _is_value = not _character.isspace() and _character not in ';,"<>'
    _is_uri = not _character.isspace() and _character not in '<>"'
    CLASS[class_index] = (
        IS_TOKEN * (_is_alnum or _character in "-.!%*_+`'~")
        | IS_VALUE * _is_value
        | IS_URI * _is_uri
        | IS_HOST * (_is_alnum or _character in ".-_")
        | IS_SCHEME * (_is_alnum or _character in "+.-")
        | IS_DIGIT * (_is_alnum and not _is_alpha)
        | IS_ALPHA * _is_alpha
    )


cdef inline bint is_(uint8_t byte, int classes) noexcept nogil:
    return (CLASS[byte] & classes) != 0


cdef inline int32_t skip_word(
    const uint8_t *text, int32_t at, int32_t end, int classes
) noexcept nogil:
    """Step over characters of a class that has all letters, digits, `-` and `.` in it."""
    at = quick_word(text, at, end)
    while at < end and is_(text[at], classes):
        at += 1
    return at


cdef inline int32_t skip_uri(const uint8_t *text, int32_t at, int32_t end) noexcept nogil:
    at = quick_uri(text, at, end)
    while at < end and is_(text[at], IS_URI):
        at += 1
    return at


cdef inline int32_t skip_value(const uint8_t *text, int32_t at, int32_t end) noexcept nogil:
    at = quick_value(text, at, end)
    while at < end and is_(text[at], IS_VALUE):
        at += 1
    return at


cdef inline bint is_blank(uint8_t byte) noexcept nogil:
    return (byte == 32) | (byte == 9)


cdef inline bint is_name(
    const uint8_t *text, const char *name, int32_t length
) noexcept nogil:
    """Compare with a name in lower case, letters in any case."""
    cdef int32_t i
    for i in range(length):
        if (text[i] | 32 if 65 <= text[i] <= 90 else text[i]) != <uint8_t>name[i]:
            return False
    return True


cdef inline int find_method(const uint8_t *text, int32_t length) noexcept nogil:
    """Return the symbol of a registered method, 0 for another."""
    cdef int i
    for i in range(1, 15):
        if METHOD_LENGTHS[i] == length and memcmp(text, METHODS[i], <size_t>length) == 0:
            return i
    return 0


cdef inline int find_name(const uint8_t *text, int32_t length) noexcept nogil:
    """Return which header a name is of those that are looked into."""
    cdef uint8_t first = text[0] | 32
    if length == 1:
        if first == 118:
            return VIA
        if first == 102:
            return FROM
        if first == 116:
            return TO
        if first == 105:
            return CALL_ID
        if first == 109:
            return CONTACT
        if first == 108:
            return CONTENT_LENGTH
        return CONTENT_TYPE if first == 99 else UNKNOWN
    if length == 2:
        return TO if is_name(text, "to", 2) else UNKNOWN
    if length == 3:
        return VIA if is_name(text, "via", 3) else UNKNOWN
    if length == 4:
        if is_name(text, "from", 4):
            return FROM
        if is_name(text, "cseq", 4):
            return CSEQ
        return DATE if is_name(text, "date", 4) else UNKNOWN
    if length == 7:
        if is_name(text, "call-id", 7):
            return CALL_ID
        if is_name(text, "contact", 7):
            return CONTACT
        if is_name(text, "expires", 7):
            return EXPIRES
        return WARNING if is_name(text, "warning", 7) else UNKNOWN
    if length == 11:
        return RETRY_AFTER if is_name(text, "retry-after", 11) else UNKNOWN
    if length == 12:
        if is_name(text, "max-forwards", 12):
            return MAX_FORWARDS
        return CONTENT_TYPE if is_name(text, "content-type", 12) else UNKNOWN
    if length == 14:
        return CONTENT_LENGTH if is_name(text, "content-length", 14) else UNKNOWN
    return UNKNOWN


cdef inline int find_usual_name(const uint8_t *text, int32_t *length) noexcept nogil:
    """Return which header a line begins with, when its name is a usual one with the colon at once;
    -1 for any other line. Quicker than to find the end of the name first.
    """
    # In lower case; a few control characters look like `:` and `-` then, hence the second look.
    cdef uint64_t word = load64(text) | <uint64_t>0x2020202020202020
    cdef uint64_t second
    cdef uint8_t first = <uint8_t>word
    if first == 99:
        if word == CALL_ID_WORD and text[7] == 58 and text[4] == 45:
            length[0] = 7
            return CALL_ID
        if word == CONTACT_WORD and text[7] == 58:
            length[0] = 7
            return CONTACT
        if (word & first_bytes(5)) == CSEQ_WORD and text[4] == 58:
            length[0] = 4
            return CSEQ
        if word == CONTENT_WORD and text[7] == 45:
            second = load64(text + 8) | <uint64_t>0x2020202020202020
            if (second & first_bytes(7)) == LENGTH_WORD and text[14] == 58:
                length[0] = 14
                return CONTENT_LENGTH
            if (second & first_bytes(5)) == TYPE_WORD and text[12] == 58:
                length[0] = 12
                return CONTENT_TYPE
    elif first == 118:
        if (word & first_bytes(4)) == VIA_WORD and text[3] == 58:
            length[0] = 3
            return VIA
    elif first == 102:
        if (word & first_bytes(5)) == FROM_WORD and text[4] == 58:
            length[0] = 4
            return FROM
    elif first == 116:
        if (word & first_bytes(3)) == TO_WORD and text[2] == 58:
            length[0] = 2
            return TO
    elif first == 109 and word == MAX_FORW_WORD and text[3] == 45:
        second = load64(text + 8) | <uint64_t>0x2020202020202020
        if (second & first_bytes(5)) == ARDS_WORD and text[12] == 58:
            length[0] = 12
            return MAX_FORWARDS
    return -1


cdef inline int64_t read_number(
    const uint8_t *text, int32_t start, int32_t end, int32_t digits
) noexcept nogil:
    """Return a number of at most so many digits, -1 when the text is anything else."""
    cdef int64_t number = 0
    cdef int32_t i
    if start >= end or end - start > digits:
        return -1
    for i in range(start, end):
        if not is_(text[i], IS_DIGIT):
            return -1
        number = number * 10 + (text[i] - 48)
    return number


cdef inline int32_t scan_scheme(
    const uint8_t *text, int32_t at, int32_t end
) noexcept nogil:
    """Return where a URI goes on after its scheme, -1 when it has none."""
    if at >= end or not is_(text[at], IS_ALPHA):
        return -1
    at = skip_word(text, at, end, IS_SCHEME)
    return at + 1 if at < end and text[at] == 58 else -1


cdef int32_t scan_parameters(
    const uint8_t *text, int32_t at, int32_t end, bint may_tab,
    const char *wanted, int32_t wanted_len, Span *value, int *valueless
) noexcept nogil:
    """Step over `;name=value` as far as they are ordinary; give the first value of one name.

    `valueless` counts parameters of that name without a value.
    """
    cdef int32_t begin, name_end, value_pos, step
    value.pos = value.length = 0
    while at < end:
        step = 1 if text[at] == 32 or (may_tab and text[at] == 9) else 0
        if at + step >= end or text[at + step] != 59:
            break
        begin = at + step + 1
        name_end = skip_word(text, begin, end, IS_TOKEN)
        if name_end == begin:
            break
        at = name_end
        value_pos = 0
        if name_end + 1 < end and text[name_end] == 61 and is_(text[name_end + 1], IS_VALUE):
            value_pos = name_end + 1
            at = skip_value(text, value_pos, end)
        if name_end - begin == wanted_len and is_name(text + begin, wanted, wanted_len):
            if value_pos == 0:
                valueless[0] += 1
            elif value.length == 0:
                value.pos = value_pos
                value.length = at - value_pos
    return at


cdef int32_t scan_address(
    const uint8_t *text, int32_t at, int32_t end, const char *wanted, int32_t wanted_len,
    Span *value, int *valueless
) noexcept nogil:
    """Step over a name-addr or addr-spec that is ordinary, -1 when it is not (`CLEAN_NAME_ADDR`,
    `CLEAN_ADDR_SPEC`).
    """
    cdef int32_t start = at, stop
    cdef const uint8_t *found
    if at >= end:
        return -1
    if text[at] == 34:
        at += 1
        while at < end and text[at] != 34:
            if text[at] == 92 or text[at] == 10 or text[at] == 13:
                return -1
            at += 1
        at += 1
        if at < end and is_blank(text[at]):
            at += 1
        if at >= end or text[at] != 60:
            return -1
    else:
        # A display name of tokens with one blank between them, or at once the URI.
        while at < end and is_(text[at], IS_TOKEN):
            at = skip_word(text, at, end, IS_TOKEN)
            if at < end and is_blank(text[at]):
                at += 1
    if at < end and text[at] == 60:
        at = scan_scheme(text, at + 1, end)
        if at < 0:
            return -1
        stop = skip_uri(text, at, end)
        if stop == at or stop >= end or text[stop] != 62:
            return -1
        at = stop + 1
    else:
        at = scan_scheme(text, start, end)
        if at < 0:
            return -1
        stop = at
        while stop < end and is_(text[stop], IS_VALUE) and text[stop] != 63:
            stop += 1
        if stop == at:
            return -1
        at = stop
    return scan_parameters(text, at, end, True, wanted, wanted_len, value, valueless)


cdef bint scan_tagged(
    const uint8_t *text, int32_t start, int32_t end, Span *tag
) noexcept nogil:
    """Read a From or To value; False when it is not ordinary."""
    cdef int valueless = 0
    return scan_address(text, start, end, "tag", 3, tag, &valueless) == end


cdef bint scan_contacts(const uint8_t *text, int32_t start, int32_t end) noexcept nogil:
    """Tell whether all addresses of a Contact row are ordinary, and their expires small numbers."""
    cdef Span expires
    cdef int valueless = 0
    if end - start == 1 and text[start] == 42:
        return True
    while True:
        while start < end and is_blank(text[start]):
            start += 1
        start = scan_address(text, start, end, "expires", 7, &expires, &valueless)
        if start < 0 or valueless:
            return False
        if expires.length and read_number(
            text, expires.pos, expires.pos + expires.length, 9
        ) < 0:
            return False
        while start < end and is_blank(text[start]):
            start += 1
        if start == end:
            return True
        if text[start] != 44:
            return False
        start += 1


cdef bint scan_via(const uint8_t *text, int32_t start, int32_t end, Row *row) noexcept nogil:
    """Read the topmost hop of a Via row; False when it is not ordinary (`_CLEAN_TOP`)."""
    cdef int32_t at = start + 8, begin
    cdef int64_t port
    cdef int valueless = 0
    if end - start < 12 or memcmp(text + start, "SIP/2.0/", 8) != 0:
        return False
    begin = at
    while at < end and (is_(text[at], IS_ALPHA | IS_DIGIT) or text[at] == 45):
        at += 1
    if at == begin or at >= end or text[at] != 32:
        return False
    at += 1
    begin = at
    if at < end and text[at] == 91:
        at += 1
        while at < end and (
            is_(text[at], IS_DIGIT) or text[at] == 58 or text[at] == 46
            or 97 <= (text[at] | 32) <= 102
        ):
            at += 1
        if at - begin < 2 or at >= end or text[at] != 93:
            return False
        at += 1
    else:
        at = skip_word(text, at, end, IS_HOST)
        if at == begin:
            return False
    row.sent_by.pos = begin
    if at < end and text[at] == 58:
        begin = at + 1
        at = begin
        while at < end and is_(text[at], IS_DIGIT):
            at += 1
        port = read_number(text, begin, at, 5)
        if port < 0 or port > 65535:
            return False
    row.sent_by.length = at - row.sent_by.pos
    at = scan_parameters(text, at, end, False, "branch", 6, &row.branch, &valueless)
    while at < end and is_blank(text[at]):
        at += 1
    if at < end and text[at] != 44:
        return False
    if row.branch.length == 0:
        return False
    return row.branch.length != 7 or not is_name(text + row.branch.pos, "z9hg4bk", 7)


cdef bint scan_call_id(const uint8_t *text, int32_t start, int32_t end) noexcept nogil:
    cdef int32_t at = quick_visible(text, start, end)
    while at < end and text[at] > 32 and text[at] != 127:
        at += 1
    return at == end and end > start


cdef bint scan_cseq(const uint8_t *text, int32_t start, int32_t end, Row *row) noexcept nogil:
    cdef int32_t at = start
    while at < end and is_(text[at], IS_DIGIT):
        at += 1
    row.cseq = read_number(text, start, at, 18)
    if row.cseq < 0 or row.cseq > 2147483647 or at >= end or not is_blank(text[at]):
        return False
    while at < end and is_blank(text[at]):
        at += 1
    row.cseq_method = find_method(text + at, end - at)
    return row.cseq_method != 0


cdef bint scan_date(const uint8_t *text, int32_t start, int32_t end) noexcept nogil:
    """Tell whether this is a date as RFC 3261 §20.17 writes it."""
    cdef const char *days = "MonTueWedThuFriSatSun"
    cdef const char *months = "JanFebMarAprMayJunJulAugSepOctNovDec"
    cdef const char *form = "xxx, 00 xxx 0000 00:00:00 GMT"
    cdef int32_t i
    cdef bint has_day = False, has_month = False
    if end - start != 29:
        return False
    for i in range(29):
        if form[i] == 48:
            if not is_(text[start + i], IS_DIGIT):
                return False
        elif form[i] != 120 and text[start + i] != <uint8_t>form[i]:
            return False
    for i in range(7):
        has_day |= memcmp(text + start, days + 3 * i, 3) == 0
    for i in range(12):
        has_month |= memcmp(text + start + 8, months + 3 * i, 3) == 0
    return has_day and has_month


cdef bint scan_warning(const uint8_t *text, int32_t start, int32_t end) noexcept nogil:
    """Tell whether this is one warning without escapes (`_CLEAN_WARNING`)."""
    cdef int32_t at = start + 4
    if end - start < 8 or read_number(text, start, start + 3, 3) < 0 or text[start + 3] != 32:
        return False
    # An agent is like the value of a parameter, but for the characters ;<> that it may have.
    while at < end and (is_(text[at], IS_URI) or text[at] == 60 or text[at] == 62) and text[at] != 44:
        at += 1
    if at == start + 4 or at + 2 >= end or text[at] != 32 or text[at + 1] != 34:
        return False
    at += 2
    while at < end and text[at] != 34:
        if text[at] == 92:
            return False
        at += 1
    return at == end - 1


cdef bint scan_value(
    int header, const uint8_t *text, int32_t start, int32_t end, Row *row
) noexcept nogil:
    """Read one header value; False when the reference parser must read the message."""
    cdef int bit = 1 << header
    cdef bint again = (row.seen & bit) != 0
    row.seen |= bit
    if header == VIA:
        return again or scan_via(text, start, end, row)
    if header == CONTACT:
        return scan_contacts(text, start, end)
    if header == DATE:
        return scan_date(text, start, end)
    if header == EXPIRES or header == RETRY_AFTER:
        return read_number(text, start, end, 9) >= 0
    if header == WARNING:
        return scan_warning(text, start, end)
    if again:
        return False
    if header == FROM:
        return scan_tagged(text, start, end, &row.from_tag) and row.from_tag.length > 0
    if header == TO:
        return scan_tagged(text, start, end, &row.to_tag)
    if header == CALL_ID:
        row.call_id.pos = start
        row.call_id.length = end - start
        return scan_call_id(text, start, end)
    if header == CSEQ:
        return scan_cseq(text, start, end, row)
    if header == CONTENT_LENGTH:
        row.content_length = read_number(text, start, end, 18)
        return row.content_length >= 0
    if header == MAX_FORWARDS:
        return end - start <= 3 and 0 <= read_number(text, start, end, 3) <= 255
    return True


cdef inline int32_t next_feed(Lines *lines) noexcept nogil:
    """Return where the next line feed stands, the size when there is no more."""
    return find_next_feed(lines.text, lines.size, &lines.block, &lines.feeds)


cdef int32_t scan_start_line(const uint8_t *text, int32_t end, Row *row) noexcept nogil:
    """Read the start line; return where the next line begins, -1 when it is not ordinary."""
    cdef int32_t at
    if end < 12 or text[end] != 13:
        return -1
    if memcmp(text, "SIP/2.0 ", 8) == 0:
        row.status = <int32_t>read_number(text, 8, 11, 3)
        if row.status < 100 or row.status > 699:
            return -1
        if end > 11:
            if text[11] != 32:
                return -1
            row.line.pos = 12
            row.line.length = end - 12
        return end + 2
    at = skip_word(text, 0, end, IS_TOKEN)
    row.method = find_method(text, at)
    if row.method == 0 or text[at] != 32 or memcmp(text + end - 8, " SIP/2.0", 8) != 0:
        return -1
    row.line.pos = at + 1
    row.line.length = end - 8 - row.line.pos
    at = scan_scheme(text, at + 1, end - 8)
    if at < 0 or at >= end - 8:
        return -1
    if memchr(text + at, 63, <size_t>(end - 8 - at)) != NULL:
        return -1
    return end + 2 if skip_uri(text, at, end - 8) == end - 8 else -1


cdef inline int header_bit(const uint8_t *name, int32_t length) noexcept nogil:
    """Return the bit of a header name that is not empty; see `header_marks.py`."""
    cdef uint32_t packed = (name[0] | 32) | (name[length - 1] | 32) << 8 | <uint32_t>length << 16
    return <int>((packed * <uint32_t>0x4DA7F54F) >> 26)


cdef bint scan_head(
    const uint8_t *text, int32_t size, int32_t max_headers, Row *row
) noexcept nogil:
    """Read a head; False when the reference parser must."""
    cdef Lines lines
    cdef int32_t at, line_end, name_end = 0, start, end, header, count = 0
    lines.text, lines.size, lines.block, lines.feeds = text, size, -64, 0
    at = next_feed(&lines)
    if at == size:
        return False
    at = scan_start_line(text, at - 1, row)
    if at < 0:
        return False
    while True:
        if at + 1 < size and text[at] == 13 and text[at + 1] == 10:
            row.head_len = at + 2
            return True
        if count == max_headers:
            return False
        count += 1
        line_end = next_feed(&lines)
        if line_end == size:
            return False
        if text[line_end - 1] != 13:
            return False
        header = find_usual_name(text + at, &name_end)
        name_end += at
        if header < 0:
            name_end = skip_word(text, at, line_end, IS_TOKEN)
            if name_end == at:
                return False
            header = find_name(text + at, name_end - at)
        row.marks |= <uint64_t>1 << header_bit(text + at, name_end - at)
        start = name_end
        while is_blank(text[start]):
            start += 1
        if text[start] != 58:
            return False
        at = line_end + 1
        if at < size and is_blank(text[at]):
            if header != UNKNOWN:
                return False
            while at < size and is_blank(text[at]):
                at = next_feed(&lines)
                if at == size or text[at - 1] != 13:
                    return False
                at += 1
            continue
        if header == UNKNOWN:
            continue
        start += 1
        end = line_end
        while start < end and (is_blank(text[start]) or text[start] == 13):
            start += 1
        while end > start and (is_blank(text[end - 1]) or text[end - 1] == 13):
            end -= 1
        if not scan_value(header, text, start, end, row):
            return False


cdef bint scan_message(
    const uint8_t *text, int32_t size, int32_t max_headers, Row *row
) noexcept nogil:
    """Read a message that is all of a datagram; False when the reference parser must."""
    cdef int mandatory = (1 << VIA) | (1 << FROM) | (1 << TO) | (1 << CALL_ID) | (1 << CSEQ)
    if not scan_head(text, size, max_headers, row):
        return False
    if row.seen & mandatory != mandatory:
        return False
    if row.method == 0:
        row.method = row.cseq_method
    elif row.method != row.cseq_method:
        return False
    row.body_len = size - row.head_len
    return row.content_length < 0 or row.content_length == row.body_len


cdef inline uint64_t hash_span(
    const uint8_t *text, Span span, uint64_t k0, uint64_t k1
) noexcept nogil:
    return siphash13_padded(k0, k1, text + span.pos, span.length) if span.length else 0


cdef uint64_t hash_identity(
    const uint8_t *text, const Row *row, uint8_t *scratch, uint64_t k0, uint64_t k1
) noexcept nogil:
    """Hash what `transaction_identity` says."""
    cdef Span first = row.branch
    cdef int32_t at = 1, length = row.sent_by.length, i
    cdef int method = 1 if row.method == 2 else row.method
    cdef int64_t number = row.cseq, power = 1
    cdef uint8_t byte
    scratch[0] = 1
    if first.length <= 7 or not is_name(text + first.pos, "z9hg4bk", 7):
        scratch[0] = 2
        first = row.from_tag
    memcpy(scratch + at, text + first.pos, <size_t>first.length)
    at += first.length
    scratch[at] = 0
    at += 1
    if length >= 5 and memcmp(text + row.sent_by.pos + length - 5, ":5060", 5) == 0:
        length -= 5
    for i in range(length):
        byte = text[row.sent_by.pos + i]
        scratch[at + i] = byte | (<uint8_t>(<uint8_t>(byte - 65) < 26) << 5)
    at += length
    scratch[at] = 0
    at += 1
    memcpy(scratch + at, text + row.call_id.pos, <size_t>row.call_id.length)
    at += row.call_id.length
    scratch[at] = 0
    at += 1
    while power * 10 <= number:
        power *= 10
    while power:
        scratch[at] = <uint8_t>(48 + (number // power) % 10)
        at += 1
        power //= 10
    scratch[at] = 0
    at += 1
    memcpy(scratch + at, METHODS[method], <size_t>METHOD_LENGTHS[method])
    at += METHOD_LENGTHS[method]
    return siphash13_padded(k0, k1, scratch, at)


cdef inline void clear(Row *row) noexcept nogil:
    cdef Span absent
    absent.pos = absent.length = 0
    row.head_len = row.body_len = row.method = row.status = 0
    row.cseq = row.content_length = -1
    row.cseq_method = row.seen = 0
    row.marks = 0
    row.line = row.call_id = row.branch = row.sent_by = row.from_tag = row.to_tag = absent


def read_rows(
    const uint8_t[::1] data, tuple spans, const uint8_t[::1] key, tuple limits, tuple columns
):
    """Fill the rows of the datagrams whose messages have nothing odd; others keep the state 0."""
    cdef const int64_t[::1] datagram_pos = spans[0]
    cdef const int32_t[::1] lengths = spans[1]
    cdef const int32_t[::1] wire_lengths = spans[2]
    cdef uint8_t[::1] state = columns[0]
    cdef int64_t[::1] pos = columns[1]
    cdef int32_t[::1] head_len = columns[2]
    cdef int32_t[::1] body_len = columns[3]
    cdef int16_t[::1] method_sym = columns[4]
    cdef int16_t[::1] status = columns[5]
    cdef int64_t[::1] cseq = columns[6]
    cdef uint64_t[::1] transaction_hash = columns[7]
    cdef uint64_t[::1] call_id_hash = columns[8]
    cdef uint64_t[::1] from_tag_hash = columns[9]
    cdef uint64_t[::1] to_tag_hash = columns[10]
    cdef uint16_t[::1] line_pos = columns[11]
    cdef uint16_t[::1] line_len = columns[12]
    cdef uint16_t[::1] call_id_pos = columns[13]
    cdef uint16_t[::1] call_id_len = columns[14]
    cdef uint16_t[::1] branch_pos = columns[15]
    cdef uint16_t[::1] branch_len = columns[16]
    cdef uint16_t[::1] sent_by_pos = columns[17]
    cdef uint16_t[::1] sent_by_len = columns[18]
    cdef uint16_t[::1] from_tag_pos = columns[19]
    cdef uint16_t[::1] from_tag_len = columns[20]
    cdef uint16_t[::1] to_tag_pos = columns[21]
    cdef uint16_t[::1] to_tag_len = columns[22]
    cdef uint64_t[::1] header_marks = columns[24]
    cdef int32_t max_head = min(limits[0], MAX_HEAD), max_headers = min(limits[1], 1 << 30)
    cdef int64_t size = data.shape[0]
    cdef uint64_t k0 = load64(&key[0]), k1 = load64(&key[8])
    cdef const uint8_t *text
    cdef uint8_t *scratch = <uint8_t *>malloc(SCRATCH)
    cdef uint8_t *padded = <uint8_t *>calloc(1, MAX_HEAD + PADDING)
    cdef Row row
    cdef Py_ssize_t i
    if scratch == NULL or padded == NULL:
        free(scratch)
        free(padded)
        raise MemoryError
    with nogil:
        for i in range(state.shape[0]):
            if i + AHEAD < state.shape[0] and 0 <= datagram_pos[i + AHEAD] < size:
                fetch_text(&data[0] + datagram_pos[i + AHEAD], min(
                    lengths[i + AHEAD], size - datagram_pos[i + AHEAD]
                ))
            if lengths[i] != wire_lengths[i] or lengths[i] > max_head or lengths[i] < 1:
                continue
            if datagram_pos[i] < 0 or lengths[i] > size - datagram_pos[i]:
                continue
            text = &data[0] + datagram_pos[i]
            if size - datagram_pos[i] - lengths[i] < PADDING:
                memcpy(padded, text, <size_t>lengths[i])
                text = padded
            clear(&row)
            if not scan_message(text, lengths[i], max_headers, &row):
                continue
            state[i] = 1
            pos[i] = datagram_pos[i]
            head_len[i], body_len[i] = row.head_len, row.body_len
            method_sym[i], status[i] = <int16_t>row.method, <int16_t>row.status
            cseq[i] = row.cseq
            header_marks[i] = row.marks
            transaction_hash[i] = hash_identity(text, &row, scratch, k0, k1)
            call_id_hash[i] = hash_span(text, row.call_id, k0, k1)
            from_tag_hash[i] = hash_span(text, row.from_tag, k0, k1)
            to_tag_hash[i] = hash_span(text, row.to_tag, k0, k1)
            if row.line.length:
                line_pos[i] = <uint16_t>row.line.pos
                line_len[i] = <uint16_t>row.line.length
            call_id_pos[i] = <uint16_t>row.call_id.pos
            call_id_len[i] = <uint16_t>row.call_id.length
            branch_pos[i], branch_len[i] = <uint16_t>row.branch.pos, <uint16_t>row.branch.length
            sent_by_pos[i] = <uint16_t>row.sent_by.pos
            sent_by_len[i] = <uint16_t>row.sent_by.length
            from_tag_pos[i] = <uint16_t>row.from_tag.pos
            from_tag_len[i] = <uint16_t>row.from_tag.length
            if row.to_tag.length:
                to_tag_pos[i] = <uint16_t>row.to_tag.pos
                to_tag_len[i] = <uint16_t>row.to_tag.length
    free(scratch)
    free(padded)
