# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The compiled twin of `streams.ReferenceStreams`, which says what is right; GIL released."""

from libc.math cimport fabs
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, realloc

from analyzer.fetch cimport prefetch

cdef enum:  # analyzer.rtp.streams
    FIRST_RTCP = 128
    MAX_DROPOUT = 3000
    MAX_MISORDER = 100
    WINDOW = 64
    FEW_SOURCES = 8
    MOST_SOURCES = 64
    LONGEST_DIFFERENCE_S = 5

cdef enum:
    RATES = 4
    NONE = -1
    AHEAD = 16  # packets between the hash of one and its counting: a power of two

cdef double[4] GUESSED  # analyzer.tables.rtp.GUESSED_RATES
GUESSED[0], GUESSED[1], GUESSED[2], GUESSED[3] = 8000, 16000, 48000, 90000

cdef struct Flow:
    uint64_t source_high, source_low, destination_high, destination_low
    uint16_t source_port, destination_port
    uint8_t version
    int32_t newest  # stream; the others of the flow follow it
    int32_t sources

cdef struct Payload:
    int32_t next  # of the same stream
    uint8_t payload_type
    uint32_t timestamp
    int64_t last_ns, packets, differences
    double[4] last
    double[4] most
    double[4] total

cdef struct Stream:
    uint32_t ssrc
    int32_t flow
    int32_t next  # of the same flow, older
    int32_t first_payload, payload  # the first one, and the one of the latest packet
    int32_t restart
    int64_t first_ns, last_ns, packets, octets
    int64_t lowest, highest
    uint64_t window
    int64_t gap_ns
    int64_t duplicates, reordered, jumps, frame


cdef inline uint64_t mix(uint64_t word) noexcept nogil:
    word ^= word >> 30
    word *= <uint64_t>0xBF58476D1CE4E5B9
    word ^= word >> 27
    word *= <uint64_t>0x94D049BB133111EB
    return word ^ (word >> 31)


cdef inline uint64_t hash_flow(const Flow *key, uint64_t seed) noexcept nogil:
    cdef uint64_t word = mix(
        seed ^ key.source_low
        ^ (<uint64_t>key.source_port << 48 | <uint64_t>key.destination_port << 32)
    )
    word = mix(word ^ key.destination_low)
    if key.version == 6:
        word = mix(word ^ key.source_high)
        word = mix(word ^ key.destination_high)
    return word


cdef inline bint is_same(const Flow *a, const Flow *b) noexcept nogil:
    return (
        a.source_low == b.source_low and a.destination_low == b.destination_low
        and a.source_port == b.source_port and a.destination_port == b.destination_port
        and a.source_high == b.source_high and a.destination_high == b.destination_high
        and a.version == b.version
    )


cdef bint place(Stream *stream, uint16_t sequence) noexcept nogil:
    """See `_Stream._place`."""
    cdef int32_t ahead = <uint16_t>(sequence - <uint16_t>stream.highest)
    cdef int32_t behind = 0x10000 - ahead if ahead else 0
    if stream.window and ahead >= MAX_DROPOUT and behind > MAX_MISORDER:
        stream.jumps += 1
        stream.restart = <uint16_t>(sequence + 1)
        return False
    stream.restart = NONE
    if ahead < MAX_DROPOUT and (ahead or not stream.window):
        stream.highest += ahead
        stream.window = (stream.window << ahead | 1) if ahead < WINDOW else 1
        return True
    if behind < WINDOW:
        if stream.window >> behind & 1:
            stream.duplicates += 1
            return False
        stream.window |= <uint64_t>1 << behind
    stream.reordered += 1
    if stream.highest - behind < stream.lowest:
        stream.lowest = stream.highest - behind
    return True


cdef void measure(
    Payload *payload, int64_t time_ns, uint32_t timestamp, double static_rate
) noexcept nogil:
    """See `_Payload.take`."""
    cdef double steps = <int32_t>(timestamp - payload.timestamp)
    cdef double passed_s = <double>(time_ns - payload.last_ns) * 1e-9
    cdef double rate, difference
    cdef int at, rates = 1 if static_rate > 0 else RATES
    payload.last_ns, payload.timestamp = time_ns, timestamp
    payload.packets += 1
    if payload.packets == 1:
        return
    payload.differences += 1
    for at in range(rates):
        rate = static_rate if static_rate > 0 else GUESSED[at]
        difference = fabs(passed_s * rate - steps)
        if difference <= LONGEST_DIFFERENCE_S * rate:
            payload.last[at] += (difference - payload.last[at]) / 16
            if payload.last[at] > payload.most[at]:
                payload.most[at] = payload.last[at]
        payload.total[at] += payload.last[at]


cdef class StreamTable:
    """All streams of a capture: flows found by hash, each with a list of its sources."""

    cdef int32_t *slots  # flow + 1; 0 for none
    cdef uint64_t mask, seed
    cdef Flow *flows
    cdef Stream *streams
    cdef Payload *payloads
    cdef int64_t flow_count, stream_count, payload_count
    cdef int64_t flow_room, stream_room, payload_room
    cdef int64_t gap_ns, limit
    cdef double[128] static_rates
    cdef readonly int64_t refused, refused_frame

    def __cinit__(self, uint64_t seed, int64_t gap_ns, int64_t limit, const int64_t[::1] rates):
        cdef int at
        self.mask = 1023
        self.slots = <int32_t *>calloc(self.mask + 1, sizeof(int32_t))
        if self.slots == NULL:
            raise MemoryError
        self.seed, self.gap_ns, self.limit = seed, gap_ns, limit
        self.refused, self.refused_frame = 0, NONE
        for at in range(128):
            self.static_rates[at] = <double>rates[at]

    def __dealloc__(self):
        free(self.slots)
        free(self.flows)
        free(self.streams)
        free(self.payloads)

    cdef int make_room(self) except -1 nogil:
        """Make sure that one more of everything fits."""
        cdef void *moved
        cdef int32_t *slots
        cdef int64_t i
        cdef uint64_t at
        if self.flow_count == self.flow_room:
            self.flow_room = max(64, 2 * self.flow_room)
            moved = realloc(self.flows, <size_t>self.flow_room * sizeof(Flow))
            if moved == NULL:
                with gil:
                    raise MemoryError
            self.flows = <Flow *>moved
        if self.stream_count == self.stream_room:
            self.stream_room = max(64, 2 * self.stream_room)
            moved = realloc(self.streams, <size_t>self.stream_room * sizeof(Stream))
            if moved == NULL:
                with gil:
                    raise MemoryError
            self.streams = <Stream *>moved
        if self.payload_count == self.payload_room:
            self.payload_room = max(64, 2 * self.payload_room)
            moved = realloc(self.payloads, <size_t>self.payload_room * sizeof(Payload))
            if moved == NULL:
                with gil:
                    raise MemoryError
            self.payloads = <Payload *>moved
        if 2 * <uint64_t>self.flow_count > self.mask:
            slots = <int32_t *>calloc(2 * (self.mask + 1), sizeof(int32_t))
            if slots == NULL:
                with gil:
                    raise MemoryError
            self.mask = 2 * self.mask + 1
            for i in range(self.flow_count):
                at = hash_flow(&self.flows[i], self.seed) & self.mask
                while slots[at]:
                    at = (at + 1) & self.mask
                slots[at] = <int32_t>(i + 1)
            free(self.slots)
            self.slots = slots
        return 0

    cdef Flow *flow_of(self, const Flow *key, uint64_t hashed) noexcept nogil:
        """Return a flow, a new one where it is not known; there must be room."""
        cdef uint64_t at = hashed & self.mask
        cdef Flow *flow
        while self.slots[at]:
            flow = &self.flows[self.slots[at] - 1]
            if is_same(flow, key):
                return flow
            at = (at + 1) & self.mask
        self.slots[at] = <int32_t>(self.flow_count + 1)
        flow = &self.flows[self.flow_count]
        self.flow_count += 1
        flow[0] = key[0]
        flow.newest, flow.sources = NONE, 0
        return flow

    cdef void begin(self, Stream *stream, Flow *flow, uint32_t ssrc, int64_t time_ns,
                    uint16_t sequence, int64_t frame) noexcept nogil:
        """Make a stream without packets."""
        stream.ssrc, stream.flow = ssrc, <int32_t>(flow - self.flows)
        stream.next = stream.first_payload = stream.payload = stream.restart = NONE
        stream.first_ns = stream.last_ns = time_ns
        stream.packets = stream.octets = stream.duplicates = stream.reordered = stream.jumps = 0
        stream.lowest = stream.highest = sequence
        stream.window, stream.gap_ns, stream.frame = 0, 0, frame

    cdef Stream *stream_of(self, Flow *flow, uint32_t ssrc, int64_t time_ns, uint16_t sequence,
                           int64_t frame) noexcept nogil:
        """See `ReferenceStreams._row`; there must be room."""
        cdef int32_t row = flow.newest, before = NONE, following, single = NONE
        cdef Stream *stream
        while row != NONE:
            stream = &self.streams[row]
            if stream.ssrc == ssrc:
                break
            if stream.packets == 1:
                single = row
            before, row = row, stream.next
        if row != NONE:
            if time_ns - stream.last_ns <= self.gap_ns and sequence != stream.restart:
                return stream
        elif flow.sources >= FEW_SOURCES and single != NONE:
            stream = &self.streams[single]
            following, row = stream.next, stream.first_payload
            self.begin(stream, flow, ssrc, time_ns, sequence, frame)
            stream.next = following
            if row != NONE:  # its room is used again
                self.payloads[row].packets = 0
                stream.first_payload = row
            return stream
        if self.stream_count >= self.limit:
            self.refused += 1
            if self.refused == 1:
                self.refused_frame = frame
            return NULL
        self.stream_count += 1
        self.begin(&self.streams[self.stream_count - 1], flow, ssrc, time_ns, sequence, frame)
        stream = &self.streams[self.stream_count - 1]
        if row != NONE:
            stream.next = self.streams[row].next
            if before == NONE:
                flow.newest = <int32_t>(self.stream_count - 1)
            else:
                self.streams[before].next = <int32_t>(self.stream_count - 1)
            return stream
        stream.next, flow.newest = flow.newest, <int32_t>(self.stream_count - 1)
        flow.sources += 1
        if flow.sources > MOST_SOURCES:
            flow.sources -= 1
            row = flow.newest
            while self.streams[self.streams[row].next].next != NONE:
                row = self.streams[row].next
            self.streams[row].next = NONE
        return stream

    cdef Payload *payload_of(self, Stream *stream, uint8_t payload_type) noexcept nogil:
        """Return what came of a payload type; there must be room."""
        cdef int32_t row = stream.payload, last = NONE
        cdef Payload *payload
        if row != NONE and self.payloads[row].payload_type == payload_type:
            return &self.payloads[row]
        row = stream.first_payload
        while row != NONE:
            payload = &self.payloads[row]
            if payload.packets == 0:
                break
            if payload.payload_type == payload_type:
                stream.payload = row
                return payload
            last, row = row, payload.next
        if row == NONE:
            row = <int32_t>self.payload_count
            self.payload_count += 1
            payload = &self.payloads[row]
            if last == NONE:
                stream.first_payload = row
            else:
                self.payloads[last].next = row
        payload.next = NONE
        payload.payload_type = payload_type
        payload.timestamp, payload.last_ns, payload.packets, payload.differences = 0, 0, 0, 0
        for last in range(RATES):
            payload.last[last] = payload.most[last] = payload.total[last] = 0
        stream.payload = row
        return payload

    def count(self, tuple columns, const int64_t[::1] time_ns, const int64_t[::1] frame):
        """Count the RTP packets of a batch; see `ReferenceStreams.count`."""
        cdef const uint8_t[::1] version = columns[0]
        cdef const uint64_t[::1] source_high = columns[1]
        cdef const uint64_t[::1] source_low = columns[2]
        cdef const uint16_t[::1] source_port = columns[3]
        cdef const uint64_t[::1] destination_high = columns[4]
        cdef const uint64_t[::1] destination_low = columns[5]
        cdef const uint16_t[::1] destination_port = columns[6]
        cdef const uint32_t[::1] ssrc = columns[7]
        cdef const int32_t[::1] wire_length = columns[8]
        cdef const uint8_t[::1] payload_type = columns[9]
        cdef const uint16_t[::1] sequence = columns[10]
        cdef const uint32_t[::1] timestamp = columns[11]
        cdef const int32_t[::1] frame_row = columns[12]
        cdef Flow[AHEAD] keys
        cdef uint64_t[AHEAD] hashes
        cdef Flow *key
        cdef Stream *stream
        cdef Py_ssize_t i, row, last = version.shape[0]
        with nogil:
            for i in range(last + AHEAD):
                # A packet is hashed some places ahead of the one that is counted, and its slot is
                # fetched from memory meanwhile.
                if i >= AHEAD and payload_type[i - AHEAD] < FIRST_RTCP:
                    self.make_room()
                    key = &keys[i % AHEAD]
                    row = frame_row[i - AHEAD]
                    stream = self.stream_of(
                        self.flow_of(key, hashes[i % AHEAD]), ssrc[i - AHEAD], time_ns[row],
                        sequence[i - AHEAD], frame[row],
                    )
                    if stream != NULL:
                        self.take(
                            stream, time_ns[row], wire_length[i - AHEAD],
                            payload_type[i - AHEAD], sequence[i - AHEAD], timestamp[i - AHEAD],
                        )
                if i < last:
                    key = &keys[i % AHEAD]
                    key.version = version[i]
                    key.source_low, key.destination_low = source_low[i], destination_low[i]
                    key.source_high = source_high[i] if version[i] == 6 else 0
                    key.destination_high = destination_high[i] if version[i] == 6 else 0
                    key.source_port = source_port[i]
                    key.destination_port = destination_port[i]
                    hashes[i % AHEAD] = hash_flow(key, self.seed)
                    prefetch(&self.slots[hashes[i % AHEAD] & self.mask])

    cdef void take(self, Stream *stream, int64_t time_ns, int32_t octets, uint8_t payload_type,
                   uint16_t sequence, uint32_t timestamp) noexcept nogil:
        """See `_Stream.take`."""
        stream.packets += 1
        stream.octets += octets
        if time_ns - stream.last_ns > stream.gap_ns:
            stream.gap_ns = time_ns - stream.last_ns
        if time_ns > stream.last_ns:
            stream.last_ns = time_ns
        if place(stream, sequence):
            measure(
                self.payload_of(stream, payload_type), time_ns, timestamp,
                self.static_rates[payload_type],
            )

    def sizes(self):
        """Return the numbers of streams, and of payload types of all of them."""
        cdef int64_t row, payload, count = 0
        for row in range(self.stream_count):
            payload = self.streams[row].first_payload
            while payload != NONE:
                count += self.payloads[payload].packets > 0
                payload = self.payloads[payload].next
        return self.stream_count, count

    def fill(self, tuple streams, tuple payloads):
        """Fill the columns of both tables, that of the capture apart."""
        cdef uint8_t[::1] version = streams[0]
        cdef uint64_t[::1] source_high = streams[1]
        cdef uint64_t[::1] source_low = streams[2]
        cdef uint16_t[::1] source_port = streams[3]
        cdef uint64_t[::1] destination_high = streams[4]
        cdef uint64_t[::1] destination_low = streams[5]
        cdef uint16_t[::1] destination_port = streams[6]
        cdef uint32_t[::1] ssrc = streams[7]
        cdef int64_t[::1] first_frame = streams[8]
        cdef int64_t[::1] first_ns = streams[9]
        cdef int64_t[::1] last_ns = streams[10]
        cdef int64_t[::1] packets = streams[11]
        cdef int64_t[::1] octets = streams[12]
        cdef int64_t[::1] lowest = streams[13]
        cdef int64_t[::1] highest = streams[14]
        cdef int64_t[::1] duplicates = streams[15]
        cdef int64_t[::1] reordered = streams[16]
        cdef int64_t[::1] jumps = streams[17]
        cdef int64_t[::1] gap_ns = streams[18]
        cdef int32_t[::1] stream_row = payloads[0]
        cdef uint8_t[::1] payload_type = payloads[1]
        cdef int64_t[::1] of_payload = payloads[2]
        cdef int64_t[::1] differences = payloads[3]
        cdef double[::1] values
        cdef const Stream *stream
        cdef const Flow *flow
        cdef const Payload *payload
        cdef int64_t i
        cdef int32_t row
        cdef Py_ssize_t at = 0
        cdef int rate
        for i in range(self.stream_count):
            stream = &self.streams[i]
            flow = &self.flows[stream.flow]
            version[i] = flow.version
            source_high[i], source_low[i] = flow.source_high, flow.source_low
            destination_high[i] = flow.destination_high
            destination_low[i] = flow.destination_low
            source_port[i], destination_port[i] = flow.source_port, flow.destination_port
            ssrc[i], first_frame[i] = stream.ssrc, stream.frame
            first_ns[i], last_ns[i] = stream.first_ns, stream.last_ns
            packets[i], octets[i] = stream.packets, stream.octets
            lowest[i], highest[i] = stream.lowest, stream.highest
            duplicates[i], reordered[i] = stream.duplicates, stream.reordered
            jumps[i], gap_ns[i] = stream.jumps, stream.gap_ns
            row = stream.first_payload
            while row != NONE:
                payload = &self.payloads[row]
                row = payload.next
                if payload.packets == 0:
                    continue
                stream_row[at], payload_type[at] = <int32_t>i, payload.payload_type
                of_payload[at], differences[at] = payload.packets, payload.differences
                at += 1
        for rate in range(RATES):
            self.fill_values(payloads[4 + rate], rate, 0)
            self.fill_values(payloads[4 + RATES + rate], rate, 1)
            self.fill_values(payloads[4 + 2 * RATES + rate], rate, 2)

    cdef int fill_values(self, double[::1] values, int rate, int which) except -1:
        """Fill a column of estimates: the last, the greatest or the sum."""
        cdef int64_t i
        cdef int32_t row
        cdef Py_ssize_t at = 0
        cdef const Payload *payload
        for i in range(self.stream_count):
            row = self.streams[i].first_payload
            while row != NONE:
                payload = &self.payloads[row]
                row = payload.next
                if payload.packets:
                    values[at] = (
                        payload.last[rate] if which == 0
                        else payload.most[rate] if which == 1 else payload.total[rate]
                    )
                    at += 1
        return 0
