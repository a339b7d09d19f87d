"""SipHash-1-3 for the compiled modules; the reference is siphash.py."""

from libc.stdint cimport uint64_t


cdef extern from *:
    """
    #include <stdint.h>
    #include <string.h>
    static inline uint64_t sipwhy_load64(const unsigned char *at) {
        uint64_t word;
    #if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        int i;
        word = 0;
        for (i = 7; i >= 0; i--) word = (word << 8) | at[i];
    #else
        memcpy(&word, at, 8);
    #endif
        return word;
    }
    """
    uint64_t load64 "sipwhy_load64"(const unsigned char *at) noexcept nogil


cdef struct SipState:
    uint64_t v0, v1, v2, v3


cdef inline uint64_t rotate(uint64_t word, int bits) noexcept nogil:
    return (word << bits) | (word >> (64 - bits))


cdef inline void sip_round(SipState *s) noexcept nogil:
    s.v0 += s.v1
    s.v1 = rotate(s.v1, 13) ^ s.v0
    s.v0 = rotate(s.v0, 32)
    s.v2 += s.v3
    s.v3 = rotate(s.v3, 16) ^ s.v2
    s.v0 += s.v3
    s.v3 = rotate(s.v3, 21) ^ s.v0
    s.v2 += s.v1
    s.v1 = rotate(s.v1, 17) ^ s.v2
    s.v2 = rotate(s.v2, 32)


cdef inline uint64_t siphash13(
    uint64_t k0, uint64_t k1, const unsigned char *data, Py_ssize_t length
) noexcept nogil:
    """Hash bytes; never 0."""
    cdef uint64_t tail = 0
    cdef Py_ssize_t i, whole = length & ~<Py_ssize_t>7
    for i in range(whole, length):
        tail |= <uint64_t>data[i] << (8 * (i - whole))
    return siphash13_tail(k0, k1, data, length, tail)


cdef inline uint64_t siphash13_padded(
    uint64_t k0, uint64_t k1, const unsigned char *data, Py_ssize_t length
) noexcept nogil:
    """Hash bytes after which 8 more may be read; never 0."""
    cdef uint64_t tail = load64(data + (length & ~<Py_ssize_t>7))
    return siphash13_tail(
        k0, k1, data, length, tail & ((<uint64_t>1 << (8 * (length & 7))) - 1)
    )


cdef inline uint64_t siphash13_tail(
    uint64_t k0, uint64_t k1, const unsigned char *data, Py_ssize_t length, uint64_t tail
) noexcept nogil:
    """Hash the whole words of bytes, then the rest as it is given."""
    cdef SipState s
    cdef uint64_t word
    cdef Py_ssize_t at = 0
    s.v0 = k0 ^ <uint64_t>0x736F6D6570736575
    s.v1 = k1 ^ <uint64_t>0x646F72616E646F6D
    s.v2 = k0 ^ <uint64_t>0x6C7967656E657261
    s.v3 = k1 ^ <uint64_t>0x7465646279746573
    while at + 8 <= length:
        word = load64(data + at)
        s.v3 ^= word
        sip_round(&s)
        s.v0 ^= word
        at += 8
    word = (<uint64_t>length & 0xFF) << 56 | tail
    s.v3 ^= word
    sip_round(&s)
    s.v0 ^= word
    s.v2 ^= 0xFF
    sip_round(&s)
    sip_round(&s)
    sip_round(&s)
    word = s.v0 ^ s.v1 ^ s.v2 ^ s.v3
    return word if word else 1
