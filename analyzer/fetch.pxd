# cython: language_level=3
"""What is read soon is fetched from memory meanwhile, for compiled code: a capture is larger than
any cache, and what is read of it lies far apart.
"""

from libc.stdint cimport int64_t, uint8_t

cdef extern from *:
    """
    #if defined(__GNUC__)
    #define sipwhy_prefetch(address) __builtin_prefetch(address)
    /* A function that does nothing but fetch is left out by compilers, unless it states this. */
    #define sipwhy_fetches() __asm__ volatile ("")
    #else
    #define sipwhy_prefetch(address) ((void) (address))
    #define sipwhy_fetches() ((void) 0)
    #endif
    """
    void prefetch "sipwhy_prefetch"(const void *address) noexcept nogil
    void fetches "sipwhy_fetches"() noexcept nogil

cdef enum:
    LINE = 64  # bytes of memory that come at once
    ENOUGH = 1024  # bytes of a text
    DISTANCE = 2048  # bytes between what is fetched and what is read, record after record


cdef inline void fetch_text(const uint8_t *text, int64_t size) noexcept nogil:
    """Fetch a text, of a long one the beginning; NULL is none."""
    cdef int64_t at = 0
    fetches()
    while text != NULL and at < size and at < ENOUGH:
        prefetch(text + at)
        at += LINE


cdef inline void fetch_along(
    const uint8_t *data, int64_t pos, int64_t size, int64_t end
) noexcept nogil:
    """Fetch as many bytes as are read now, some way ahead of them. Every line is fetched, needed or
    not: memory is fastest in its own order.
    """
    cdef int64_t at = pos + DISTANCE
    cdef int64_t last = min(at + min(size, ENOUGH), end)
    fetches()
    at -= at % LINE
    while at < last:
        prefetch(data + at)
        at += LINE
