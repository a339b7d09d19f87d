# cython: language_level=3
"""What a line that may begin a SIP message looks like: `payloads.may_be_sip`, for compiled code."""

from libc.stdint cimport int64_t, uint8_t, uint64_t
from libc.string cimport memchr, memcmp


cdef inline bint is_token(uint8_t byte) noexcept nogil:
    """Tell whether a character may stand in a token (RFC 3261 §25.1)."""
    if byte < 64:
        return ((<uint64_t>0x03FF6CA200000000 >> byte) & 1) != 0
    if byte < 128:
        return ((<uint64_t>0x47FFFFFF87FFFFFE >> (byte - 64)) & 1) != 0
    return False


cdef inline bint is_sip_name(const uint8_t *at) noexcept nogil:
    """Tell whether the three bytes are SIP in any case."""
    return (at[0] | 32) == 115 and (at[1] | 32) == 105 and (at[2] | 32) == 112


cdef inline bint is_method(const uint8_t *at, int64_t length) noexcept nogil:
    """Tell whether a token is a registered method."""
    if length == 3:
        return memcmp(at, b"ACK", 3) == 0 or memcmp(at, b"BYE", 3) == 0
    if length == 4:
        return memcmp(at, b"INFO", 4) == 0
    if length == 5:
        return memcmp(at, b"PRACK", 5) == 0 or memcmp(at, b"REFER", 5) == 0
    if length == 6:
        return (
            memcmp(at, b"INVITE", 6) == 0 or memcmp(at, b"CANCEL", 6) == 0
            or memcmp(at, b"NOTIFY", 6) == 0 or memcmp(at, b"UPDATE", 6) == 0
        )
    if length == 7:
        return (
            memcmp(at, b"OPTIONS", 7) == 0 or memcmp(at, b"PUBLISH", 7) == 0
            or memcmp(at, b"MESSAGE", 7) == 0
        )
    if length == 8:
        return memcmp(at, b"REGISTER", 8) == 0
    return length == 9 and memcmp(at, b"SUBSCRIBE", 9) == 0


cdef inline bint may_be_sip(const uint8_t *text, int64_t length) noexcept nogil:
    """Tell whether a payload begins with a line that may be a request line or a status line."""
    cdef int64_t at = 0, token, end, slash
    cdef const uint8_t *found
    while at < length:
        if text[at] == 10:
            at += 1
        elif text[at] == 13 and at + 1 < length and text[at + 1] == 10:
            at += 2
        else:
            break
    if at + 4 <= length and is_sip_name(text + at) and text[at + 3] == 47:
        return True
    token = at
    while at < length and is_token(text[at]):
        at += 1
    if at == token or at >= length or (text[at] != 32 and text[at] != 9):
        return False
    found = <const uint8_t *>memchr(text + at, 10, <size_t>(length - at))
    end = length if found == NULL else found - text
    slash = at + 4
    while slash < end:
        found = <const uint8_t *>memchr(text + slash, 47, <size_t>(end - slash))
        if found == NULL:
            break
        slash = found - text
        if is_sip_name(text + slash - 3):
            return True
        slash += 1
    return end == length and is_method(text + token, at - token)
