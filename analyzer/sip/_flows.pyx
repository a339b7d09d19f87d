# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Directions of connections that carry nothing but whole messages, in order: the ordinary case.

A direction is known by its addresses and ports, exactly. What is not ordinary about a direction
sends it to `analyzer.sip.streams`, which says what is right, until it is ordinary again.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free

cdef enum:  # modes of a direction
    EMPTY = 0
    IN_ORDER = 1
    CAREFUL = 2
    FORGOTTEN = 3  # a slot that is in use no more

cdef enum:  # fates of a segment: analyzer.sip.flows.Fate
    OTHER = 0
    ACCEPTED = 1
    LOOK = 2
    UNASSIGNED = 3

cdef enum:
    FIN = 1
    SYN = 2
    RST = 4
    BLANK = 6

cdef struct Key:
    uint64_t source_high, source_low, destination_high, destination_low
    uint16_t source_port, destination_port
    uint8_t version

cdef struct Slot:
    Key key
    uint8_t mode
    uint32_t first  # where it was met
    uint32_t sequence  # where it goes on


cdef inline uint64_t mix(uint64_t word) noexcept nogil:
    word ^= word >> 30
    word *= <uint64_t>0xBF58476D1CE4E5B9
    word ^= word >> 27
    word *= <uint64_t>0x94D049BB133111EB
    return word ^ (word >> 31)


cdef inline uint64_t hash_key(const Key *key, uint64_t seed) noexcept nogil:
    cdef uint64_t word = seed
    word = mix(word ^ key.source_low)
    word = mix(word ^ key.destination_low)
    word = mix(
        word ^ (<uint64_t>key.source_port << 32 | <uint64_t>key.destination_port << 8 | key.version)
    )
    if key.version == 6:
        word = mix(word ^ key.source_high)
        word = mix(word ^ key.destination_high)
    return word


cdef inline bint is_same(const Key *a, const Key *b) noexcept nogil:
    return (
        a.source_low == b.source_low and a.destination_low == b.destination_low
        and a.source_port == b.source_port and a.destination_port == b.destination_port
        and a.source_high == b.source_high and a.destination_high == b.destination_high
        and a.version == b.version
    )


cdef inline Key turned(const Key *key) noexcept nogil:
    """Return the other direction."""
    cdef Key other
    other.source_high, other.source_low = key.destination_high, key.destination_low
    other.destination_high, other.destination_low = key.source_high, key.source_low
    other.source_port, other.destination_port = key.destination_port, key.source_port
    other.version = key.version
    return other


cdef Key key_of(tuple ends):
    cdef Key key
    key.source_high, key.source_low, key.source_port = ends[0], ends[1], ends[2]
    key.destination_high, key.destination_low = ends[3], ends[4]
    key.destination_port, key.version = ends[5], ends[6]
    return key


cdef class Slots:
    """Directions found by hash: a table that is doubled when half full."""

    cdef Slot *slots
    cdef uint64_t mask
    cdef uint64_t used
    cdef uint64_t seed

    def __cinit__(self, uint64_t seed):
        self.mask = 1023
        self.slots = <Slot *>calloc(self.mask + 1, sizeof(Slot))
        if self.slots == NULL:
            raise MemoryError
        self.used = 0
        self.seed = seed

    def __dealloc__(self):
        free(self.slots)

    cdef Slot *find(self, const Key *key) noexcept nogil:
        """Return the slot of a direction, or the empty one where it would be."""
        cdef uint64_t at = hash_key(key, self.seed) & self.mask
        while self.slots[at].mode != EMPTY and not is_same(&self.slots[at].key, key):
            at = (at + 1) & self.mask
        return &self.slots[at]

    cdef int make_room(self) except -1:
        """Double the table when it is half full."""
        cdef Slot *before = self.slots
        cdef Slot *slot
        cdef uint64_t size = self.mask + 1, i
        if 2 * self.used < size:
            return 0
        self.slots = <Slot *>calloc(2 * size, sizeof(Slot))
        if self.slots == NULL:
            self.slots = before
            raise MemoryError
        self.mask = 2 * size - 1
        for i in range(size):
            if before[i].mode != EMPTY:
                slot = self.find(&before[i].key)
                slot[0] = before[i]
        free(before)
        return 0

    cdef int put(self, const Key *key, uint8_t mode, uint32_t first, uint32_t sequence) except -1:
        cdef Slot *slot = self.find(key)
        if slot.mode == EMPTY:
            self.make_room()
            slot = self.find(key)
            slot.key = key[0]
            self.used += 1
        slot.mode = mode
        slot.first = first
        slot.sequence = sequence
        return 0


cdef class FlowTable:
    """Known directions, and those of which lately only the opening was seen."""

    cdef Slots known
    cdef Slots opened
    cdef Slots opened_before
    cdef uint64_t limit
    cdef uint64_t most_opened
    cdef uint64_t seed

    def __cinit__(self, uint64_t seed, uint64_t limit, uint64_t most_opened):
        self.known, self.opened, self.opened_before = Slots(seed), Slots(seed), Slots(seed)
        self.limit, self.most_opened, self.seed = limit, most_opened, seed

    def is_full(self):
        """Tell whether there are more directions than the limit."""
        return self.known.used > self.limit

    def clear(self):
        """Forget all directions."""
        self.known = Slots(self.seed)

    cdef int open(self, const Key *key, uint32_t sequence) except -1:
        """Remember where a direction begins; the oldest are forgotten."""
        if self.opened.used >= self.most_opened:
            self.opened_before, self.opened = self.opened, Slots(self.seed)
        self.opened.put(key, IN_ORDER, sequence, sequence)
        return 0

    cdef int64_t opening(self, const Key *key) noexcept:
        """Return where a direction begins, -1 when that was not seen."""
        cdef Slot *slot = self.opened.find(key)
        if slot.mode == EMPTY:
            slot = self.opened_before.find(key)
        return -1 if slot.mode == EMPTY else <int64_t>slot.sequence

    def set(self, tuple ends, int mode, uint32_t first, uint32_t sequence):
        """Say how a direction goes on after it was looked at with care."""
        cdef Key key = key_of(ends)
        self.known.put(&key, <uint8_t>mode, first, sequence)

    def is_in_order(self, tuple ends):
        """Tell whether a direction is known and ordinary."""
        cdef Key key = key_of(ends)
        return self.known.find(&key).mode == IN_ORDER

    def begins(self, tuple ends):
        """Return where a direction begins, -1 when that was not seen."""
        cdef Key key = key_of(ends)
        return self.opening(&key)

    def sort_out(
        self, tuple columns, uint8_t[::1] force, uint8_t[::1] fates, int64_t[::1] firsts,
        int64_t[::1] expected,
    ):
        """Set the fate of each segment. `expected` says where a direction that needs care from now
        on goes on, -2 that only the other direction is known, else -1; `firsts` where it was met,
        or where it begins, else -1.
        """
        cdef const uint8_t[::1] version = columns[0]
        cdef const uint64_t[::1] source_high = columns[1]
        cdef const uint64_t[::1] source_low = columns[2]
        cdef const uint16_t[::1] source_port = columns[3]
        cdef const uint64_t[::1] destination_high = columns[4]
        cdef const uint64_t[::1] destination_low = columns[5]
        cdef const uint16_t[::1] destination_port = columns[6]
        cdef const uint32_t[::1] sequence = columns[7]
        cdef const uint8_t[::1] flags = columns[8]
        cdef const int32_t[::1] length = columns[9]
        cdef const int32_t[::1] wire_length = columns[10]
        cdef const uint8_t[::1] start = columns[11]
        cdef const int32_t[::1] count = columns[12]
        cdef Key key, other
        cdef Slot *slot
        cdef Py_ssize_t i
        cdef bint opens
        cdef int64_t opening
        for i in range(fates.shape[0]):
            key.source_high, key.source_low = source_high[i], source_low[i]
            key.destination_high, key.destination_low = destination_high[i], destination_low[i]
            key.source_port, key.destination_port = source_port[i], destination_port[i]
            key.version = version[i]
            slot = self.known.find(&key)
            opens = flags[i] & SYN
            firsts[i] = expected[i] = -1
            fates[i] = OTHER
            if slot.mode == CAREFUL:
                fates[i] = LOOK
            elif slot.mode != IN_ORDER:
                if wire_length[i] == 0:
                    if opens:
                        self.open(&key, sequence[i] + 1)
                    if force[i]:
                        fates[i] = LOOK
                elif force[i]:
                    firsts[i] = self.opening(&key)
                    fates[i] = LOOK
                elif count[i] > 0:
                    opening = self.opening(&key)
                    if not opens and (opening < 0 or opening == <int64_t>sequence[i]):
                        self.known.put(
                            &key, IN_ORDER, sequence[i], sequence[i] + <uint32_t>length[i]
                        )
                        fates[i] = ACCEPTED
                    else:
                        self.known.put(&key, CAREFUL, 0, 0)
                        firsts[i] = opening
                        fates[i] = LOOK
                else:
                    other = turned(&key)
                    slot = self.known.find(&other)
                    if slot.mode == IN_ORDER or slot.mode == CAREFUL:
                        self.known.put(&key, CAREFUL, 0, 0)
                        firsts[i], expected[i] = self.opening(&key), -2
                        fates[i] = LOOK
                    else:
                        fates[i] = UNASSIGNED
            elif wire_length[i] == 0 and (not opens or sequence[i] + 1 == slot.sequence):
                pass
            elif (
                not opens and sequence[i] == slot.sequence
                and (count[i] > 0 or (start[i] == BLANK and length[i] == wire_length[i]))
            ):
                slot.sequence += <uint32_t>length[i]
                fates[i] = ACCEPTED if count[i] > 0 else OTHER
            else:
                fates[i] = LOOK
                firsts[i], expected[i] = slot.first, slot.sequence
                slot.mode = CAREFUL
