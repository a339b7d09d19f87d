# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Compiled twin of the decoders: steps through the common headers of each frame, GIL released.

What it does not finish keeps the verdict 0 and goes through the decoders, which say what is right.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from analyzer.decode.sip_start cimport is_token, may_be_sip
from analyzer.fetch cimport fetch_along

cdef enum:  # analyzer.decode.verdicts
    UNDECIDED = 0
    SIP = 1
    MEDIA = 2
    OTHER = 3
    WAITING = 4
    PACKET_CUT = 16
    PACKET_DAMAGED = 17

cdef enum:
    LEFT = -1  # to the decoders, at the protocol where it is

cdef enum:  # analyzer.decode.protocols
    LINK_SPACE = 0
    ETHER_SPACE = 1
    IP_SPACE = 2

cdef struct Packet:
    const uint8_t *data
    int64_t at
    int64_t end
    int64_t wire_end
    int64_t ip_id
    int64_t version
    uint64_t source_high, source_low, destination_high, destination_low
    int64_t layers
    int64_t space
    int64_t number
    uint16_t source_port, destination_port
    uint32_t sequence
    uint8_t flags

cdef struct Tables:
    const uint8_t *ether_ends
    const uint8_t *ip_ends
    const uint8_t *ports
    const uint8_t *beginnings

cdef inline uint32_t u8(const Packet *p, int64_t offset) noexcept nogil:
    """Read 8 bits at an offset from the cursor; 0 past the captured bytes."""
    cdef int64_t at = p.at + offset
    return p.data[at] if 0 <= at < p.end else 0


cdef inline uint32_t u16(const Packet *p, int64_t offset) noexcept nogil:
    cdef const uint8_t *at = p.data + p.at + offset
    if p.at + offset >= 0 and p.at + offset + 2 <= p.end:
        return (<uint32_t>at[0] << 8) | at[1]
    return (u8(p, offset) << 8) | u8(p, offset + 1)


cdef inline uint32_t u32(const Packet *p, int64_t offset) noexcept nogil:
    cdef const uint8_t *at = p.data + p.at + offset
    if p.at + offset >= 0 and p.at + offset + 4 <= p.end:
        return (
            (<uint32_t>at[0] << 24) | (<uint32_t>at[1] << 16) | (<uint32_t>at[2] << 8) | at[3]
        )
    return (u16(p, offset) << 16) | u16(p, offset + 2)


cdef inline uint64_t u64(const Packet *p, int64_t offset) noexcept nogil:
    return (<uint64_t>u32(p, offset) << 32) | u32(p, offset + 4)


cdef inline int lacks(const Packet *p, int64_t count) noexcept nogil:
    """Return the verdict on a packet with less than `count` bytes here, 0 when it has them."""
    if p.at + count <= p.end:
        return 0
    return PACKET_DAMAGED if p.at + count > p.wire_end else PACKET_CUT


cdef inline bint on_port(const Packet *p, uint16_t port) noexcept nogil:
    return p.source_port == port or p.destination_port == port


cdef bint is_media(const Packet *p, int64_t wire_len) noexcept nogil:
    """Tell by the first bytes whether a payload is RTP, RTCP, STUN, DTLS, ZRTP or a TURN channel."""
    cdef uint32_t first = u8(p, 0), second = u8(p, 1), type_, third
    cdef int64_t padding
    if first >> 6 == 2:
        return wire_len >= 12 or (wire_len >= 8 and 192 <= second <= 223)
    if first < 4:
        if wire_len >= 20 and u32(p, 4) == <uint32_t>0x2112A442:
            return True
        type_ = u16(p, 0)
        return (
            type_ == 0x0001 or type_ == 0x0101 or type_ == 0x0111 or type_ == 0x0002
            or type_ == 0x0102
        ) and <int64_t>u16(p, 2) + 20 == wire_len
    if 20 <= first <= 25:
        third = u8(p, 2)
        return second == 0xFE and third >= 0xFC and third != 0xFE
    if first == 0x10:
        return u32(p, 4) == <uint32_t>0x5A525450
    if first >> 4 == 4:
        padding = wire_len - 4 - u16(p, 2)
        return 0 <= padding <= 3
    return False


cdef int classify(const Packet *p, const Tables *tables) noexcept nogil:
    """Return the verdict on a UDP payload at the cursor; LEFT when it may be a tunnel."""
    cdef int64_t wire_len = p.wire_end - p.at
    cdef uint8_t first
    if p.at >= p.end:
        return PACKET_CUT if wire_len > 0 else OTHER
    first = p.data[p.at]
    if (is_token(first) or first == 10 or first == 13) and may_be_sip(
        p.data + p.at, p.end - p.at
    ):
        return SIP
    if (
        tables.ports[p.source_port] or tables.ports[p.destination_port]
        or tables.beginnings[u16(p, 0)]
    ):
        return LEFT
    if on_port(p, 53) or on_port(p, 5353) or on_port(p, 5355):
        return OTHER
    return MEDIA if is_media(p, wire_len) else OTHER


cdef int udp(Packet *p, const Tables *tables) noexcept nogil:
    cdef int verdict = lacks(p, 8)
    cdef int64_t length
    cdef int64_t at = p.at, end = p.end, wire_end = p.wire_end
    if verdict:
        return verdict
    length = u16(p, 4)
    if length:
        if length < 8:
            return PACKET_DAMAGED
        p.wire_end = min(p.wire_end, p.at + length)
    p.end = min(p.end, p.wire_end)
    p.source_port, p.destination_port = <uint16_t>u16(p, 0), <uint16_t>u16(p, 2)
    p.at += 8
    verdict = classify(p, tables)
    if verdict == LEFT:
        p.at, p.end, p.wire_end = at, end, wire_end
    return verdict


cdef int tcp(Packet *p) noexcept nogil:
    """Find the payload of a segment; one that only acknowledges is other."""
    cdef int verdict = lacks(p, 20)
    cdef int64_t header_len
    if verdict:
        return verdict
    header_len = (u8(p, 12) >> 4) * 4
    if header_len < 20:
        return PACKET_DAMAGED
    verdict = lacks(p, header_len)
    if verdict:
        return verdict
    p.source_port, p.destination_port = <uint16_t>u16(p, 0), <uint16_t>u16(p, 2)
    p.sequence, p.flags = u32(p, 4), <uint8_t>u8(p, 13)
    p.at += header_len
    if p.wire_end > p.at:
        return PACKET_CUT if p.at >= p.end else WAITING
    return WAITING if p.flags & 7 else OTHER


cdef int ipv4(Packet *p) noexcept nogil:
    """Step over the header; return a verdict, 0 to go on."""
    cdef int verdict = lacks(p, 20)
    cdef int64_t header_len, total_len
    if verdict:
        return verdict
    header_len, total_len = (u8(p, 0) & 15) * 4, u16(p, 2)
    if total_len == 0:
        total_len = p.wire_end - p.at
    if u8(p, 0) >> 4 != 4 or header_len < 20 or total_len < header_len:
        return PACKET_DAMAGED
    p.wire_end = p.at + total_len
    p.end = min(p.end, p.wire_end)
    verdict = lacks(p, header_len)
    if verdict:
        return verdict
    if u16(p, 6) & 0x3FFF:
        return LEFT
    p.version = 4
    p.ip_id = u16(p, 4)
    p.source_high = p.destination_high = 0
    p.source_low, p.destination_low = u32(p, 12), u32(p, 16)
    p.space, p.number = IP_SPACE, u8(p, 9)
    p.at += header_len
    return 0


cdef int ipv6(Packet *p) noexcept nogil:
    """Step over the fixed header; return a verdict, 0 to go on."""
    cdef int verdict = lacks(p, 40)
    if verdict:
        return verdict
    if u8(p, 0) >> 4 != 6:
        return PACKET_DAMAGED
    if u16(p, 4):
        p.wire_end = p.at + 40 + u16(p, 4)
    p.end = min(p.end, p.wire_end)
    p.version = 6
    p.ip_id = -1
    p.source_high, p.source_low = u64(p, 8), u64(p, 16)
    p.destination_high, p.destination_low = u64(p, 24), u64(p, 32)
    p.space, p.number = IP_SPACE, u8(p, 6)
    p.at += 40
    return 0


cdef int extension(Packet *p) noexcept nogil:
    """Step over a header between IP and transport; return a verdict, 0 to go on."""
    cdef int verdict
    cdef int64_t length
    if p.number == 44:
        verdict = lacks(p, 8)
        if verdict:
            return verdict
        if u16(p, 2) & 0xFFF9:
            return LEFT
        length = 8
    else:
        verdict = lacks(p, 12 if p.number == 51 else 8)
        if verdict:
            return verdict
        length = (u8(p, 1) + 2) * 4 if p.number == 51 else (u8(p, 1) + 1) * 8
        verdict = lacks(p, length)
        if verdict:
            return verdict
    p.number = u8(p, 0)
    p.at += length
    return 0


cdef int ether_type(Packet *p, int64_t offset) noexcept nogil:
    """Find the EtherType at an offset before the cursor, or the one SNAP has."""
    cdef uint32_t number = u16(p, offset)
    if number < 0x0600:
        if u32(p, 0) != <uint32_t>0xAAAA0300 or u16(p, 4) or p.at + 8 > p.end:
            return OTHER
        number = u16(p, 6)
        p.at += 8
        if number < 0x0600:
            return OTHER
    p.space, p.number = ETHER_SPACE, number
    return 0


cdef int cooked(Packet *p, int64_t size, int64_t device_type) noexcept nogil:
    """Step over a Linux cooked header of either version."""
    cdef int verdict = lacks(p, size)
    cdef uint32_t number
    if verdict:
        return verdict
    if u16(p, device_type) == 824:
        return OTHER
    if size == 16:
        p.at += 16
        return ether_type(p, -2)
    number = u16(p, 0)
    p.at += 20
    p.space, p.number = ETHER_SPACE, number
    return OTHER if number < 0x0600 else 0


cdef int link(Packet *p) noexcept nogil:
    """Step over the link header to an EtherType; 0 to go on, LEFT to leave it to the decoders."""
    cdef int verdict
    cdef uint32_t family
    if p.number == 1:
        verdict = lacks(p, 14)
        if verdict:
            return verdict
        p.at += 14
        return ether_type(p, -2)
    if p.number == 113:
        return cooked(p, 16, 2)
    if p.number == 276:
        return cooked(p, 20, 8)
    if p.number == 0 or p.number == 108:
        verdict = lacks(p, 4)
        if verdict:
            return verdict
        family = u32(p, 0)
        if family > 0xFFFF:
            family = u8(p, 0) | (u8(p, 1) << 8)
        if family == 2:
            p.number = 0x0800
        elif family == 10 or family == 23 or family == 24 or family == 28 or family == 30:
            p.number = 0x86DD
        else:
            return LEFT
        p.at += 4
        p.space = ETHER_SPACE
        return 0
    if p.number in (12, 14, 101, 228, 229):
        verdict = lacks(p, 1)
        if verdict:
            return verdict
        family = u8(p, 0) >> 4
        if family != 4 and family != 6:
            return PACKET_DAMAGED
        p.space, p.number = ETHER_SPACE, 0x0800 if family == 4 else 0x86DD
        return 0
    return LEFT


cdef int step(Packet *p, const Tables *tables) noexcept nogil:
    """Step over one header; return a verdict, 0 to go on, LEFT to leave it to the decoders."""
    cdef int verdict
    if p.space == LINK_SPACE:
        return link(p)
    if p.space == ETHER_SPACE:
        if p.number == 0x0800:
            return ipv4(p)
        if p.number == 0x86DD:
            return ipv6(p)
        if p.number == 0x8100 or p.number == 0x88A8 or p.number == 0x9100 or p.number == 0x9200:
            verdict = lacks(p, 4)
            if verdict == 0:
                p.at += 4
                verdict = ether_type(p, -2)
            return verdict
        verdict = tables.ether_ends[p.number]
        return verdict if verdict else LEFT
    if p.space != IP_SPACE:
        return LEFT
    if p.number == 17:
        return udp(p, tables)
    if p.number == 6:
        return tcp(p)
    if p.number in (0, 43, 44, 51, 60, 135, 139, 140):
        return extension(p)
    verdict = tables.ip_ends[p.number]
    return verdict if verdict else LEFT


cdef int decode(Packet *p, const Tables *tables) noexcept nogil:
    """Return the verdict on a frame; UNDECIDED where the decoders must go on from its protocol."""
    cdef int verdict
    while p.layers > 0:
        verdict = step(p, tables)
        if verdict == LEFT:
            return UNDECIDED
        if verdict:
            return verdict
        p.layers -= 1
    # Only a protocol with a decoder would go past the limit.
    if p.space == ETHER_SPACE:
        return tables.ether_ends[p.number]
    return tables.ip_ends[p.number] if p.space == IP_SPACE else UNDECIDED


cdef class Payloads:
    """Columns of payloads that are handed on, as they are filled."""

    cdef int32_t[::1] frame_row, length, wire_length, ip_id
    cdef int64_t[::1] pos
    cdef uint8_t[::1] version
    cdef uint64_t[::1] source_high, source_low, destination_high, destination_low
    cdef uint16_t[::1] source_port, destination_port
    cdef Py_ssize_t count

    def __init__(self, tuple columns):
        (
            self.frame_row, self.pos, self.length, self.wire_length, self.ip_id, self.version,
            self.source_high, self.source_low, self.source_port,
            self.destination_high, self.destination_low, self.destination_port,
        ) = columns[:12]
        self.count = 0

    cdef void add(self, const Packet *p, int64_t row) noexcept nogil:
        """Add what is at the cursor."""
        cdef Py_ssize_t at = self.count
        self.frame_row[at] = <int32_t>row
        self.pos[at] = p.at
        self.length[at] = <int32_t>max(p.end - p.at, 0)
        self.wire_length[at] = <int32_t>(p.wire_end - p.at)
        self.ip_id[at] = <int32_t>p.ip_id
        self.version[at] = <uint8_t>p.version
        self.source_high[at] = p.source_high
        self.source_low[at] = p.source_low
        self.source_port[at] = p.source_port
        self.destination_high[at] = p.destination_high
        self.destination_low[at] = p.destination_low
        self.destination_port[at] = p.destination_port
        self.count += 1


cdef class MediaPackets:
    """Columns of RTP and RTCP packets, as they are filled; see `parts.MediaTable`."""

    cdef int32_t[::1] frame_row, length, wire_length
    cdef int64_t[::1] pos
    cdef uint8_t[::1] version, payload_type
    cdef uint64_t[::1] source_high, source_low, destination_high, destination_low
    cdef uint16_t[::1] source_port, destination_port, sequence
    cdef uint32_t[::1] timestamp, ssrc
    cdef Py_ssize_t count
    cdef bint wanted

    def __init__(self, tuple columns):
        """Take the columns, none when nobody wants them; those of the upper halves are zeros."""
        self.count = 0
        self.wanted = len(columns) > 0
        if self.wanted:
            (
                self.frame_row, self.pos, self.length, self.wire_length, self.version,
                self.source_high, self.source_low, self.source_port,
                self.destination_high, self.destination_low, self.destination_port,
                self.payload_type, self.sequence, self.timestamp, self.ssrc,
            ) = columns

    cdef void add(self, const Packet *p, int64_t row) noexcept nogil:
        """Add the payload at the cursor when it is RTP or RTCP."""
        cdef Py_ssize_t at = self.count
        cdef uint32_t second = u8(p, 1)
        cdef bint is_rtcp = 192 <= second <= 223
        if u8(p, 0) >> 6 != 2 or p.end - p.at < (8 if is_rtcp else 12):
            return
        self.frame_row[at] = <int32_t>row
        self.pos[at] = p.at
        self.length[at] = <int32_t>(p.end - p.at)
        self.wire_length[at] = <int32_t>(p.wire_end - p.at)
        self.version[at] = <uint8_t>p.version
        if p.version == 6:
            self.source_high[at], self.destination_high[at] = p.source_high, p.destination_high
        self.source_low[at], self.destination_low[at] = p.source_low, p.destination_low
        self.source_port[at], self.destination_port[at] = p.source_port, p.destination_port
        if is_rtcp:
            self.payload_type[at] = <uint8_t>second
            self.sequence[at] = 0
            self.timestamp[at] = 0
            self.ssrc[at] = u32(p, 4)
        else:
            self.payload_type[at] = <uint8_t>(second & 127)
            self.sequence[at] = <uint16_t>u16(p, 2)
            self.timestamp[at] = u32(p, 4)
            self.ssrc[at] = u32(p, 8)
        self.count += 1


cdef class Results:
    """What is handed on: datagrams, TCP segments, media, and packets that the decoders must see."""

    cdef Payloads datagrams, segments
    cdef MediaPackets media
    cdef uint32_t[::1] sequence
    cdef uint8_t[::1] flags
    cdef int64_t[::1] left_row, left_at, left_end, left_wire_end, left_ip_id, left_version
    cdef uint64_t[::1] left_source_high, left_source_low
    cdef uint64_t[::1] left_destination_high, left_destination_low
    cdef int64_t[::1] left_layers, left_space, left_number
    cdef Py_ssize_t left

    def __init__(self, tuple datagrams, tuple segments, tuple media, tuple left):
        self.datagrams, self.segments = Payloads(datagrams), Payloads(segments)
        self.media = MediaPackets(media)
        self.sequence, self.flags = segments[12], segments[13]
        (
            self.left_row, self.left_at, self.left_end, self.left_wire_end,
            self.left_ip_id, self.left_version, self.left_source_high, self.left_source_low,
            self.left_destination_high, self.left_destination_low,
            self.left_layers, self.left_space, self.left_number,
        ) = left
        self.left = 0

    cdef void add(self, const Packet *p, int64_t row, int verdict) noexcept nogil:
        """Keep a packet that may hold SIP or media, or that the decoders must see."""
        cdef Py_ssize_t at
        if verdict == MEDIA:
            # The cursor of UDP is at the payload; other protocols end before their header.
            if self.media.wanted and p.space == IP_SPACE and p.number == 17:
                self.media.add(p, row)
        elif verdict == SIP:
            self.datagrams.add(p, row)
        elif verdict == WAITING:
            at = self.segments.count
            self.sequence[at], self.flags[at] = p.sequence, p.flags
            self.segments.add(p, row)
        elif verdict == UNDECIDED:
            at = self.left
            self.left_row[at] = row
            self.left_at[at] = p.at
            self.left_end[at] = p.end
            self.left_wire_end[at] = p.wire_end
            self.left_ip_id[at] = p.ip_id
            self.left_version[at] = p.version
            self.left_source_high[at] = p.source_high
            self.left_source_low[at] = p.source_low
            self.left_destination_high[at] = p.destination_high
            self.left_destination_low[at] = p.destination_low
            self.left_layers[at] = p.layers
            self.left_space[at] = p.space
            self.left_number[at] = p.number
            self.left += 1


cdef Tables tables_of(tuple arrays):
    """Point to the tables; the caller holds the arrays."""
    cdef Tables tables
    cdef const uint8_t[::1] ether_ends = arrays[0]
    cdef const uint8_t[::1] ip_ends = arrays[1]
    cdef const uint8_t[::1] ports = arrays[2]
    cdef const uint8_t[::1] beginnings = arrays[3]
    tables.ether_ends, tables.ip_ends = &ether_ends[0], &ip_ends[0]
    tables.ports, tables.beginnings = &ports[0], &beginnings[0]
    return tables


def walk_frames(
    const uint8_t[::1] data,
    tuple frames,
    tuple tables,
    int max_layers,
    uint8_t[::1] verdicts,
    tuple datagrams,
    tuple segments,
    tuple media,
    tuple left,
):
    """Set the verdict on each frame; fill the datagrams that may hold SIP, the TCP segments, the
    media (no columns: nobody wants them) and the packets that are left to the decoders, and return
    their numbers. There must be data.
    """
    cdef const int64_t[::1] pos = frames[0]
    cdef const int32_t[::1] captured = frames[1]
    cdef const int32_t[::1] original = frames[2]
    cdef const int32_t[::1] link_types = frames[3]
    cdef Tables known = tables_of(tables)
    cdef Results results = Results(datagrams, segments, media, left)
    cdef Packet p
    cdef Py_ssize_t i
    cdef int verdict
    cdef int64_t size = data.shape[0]
    with nogil:
        p.data = &data[0]
        for i in range(pos.shape[0]):
            if pos[i] < 0 or captured[i] < 0 or captured[i] > size - pos[i]:
                verdicts[i] = PACKET_DAMAGED
                continue
            fetch_along(p.data, pos[i], captured[i], size)
            p.at = pos[i]
            p.end = pos[i] + captured[i]
            p.wire_end = pos[i] + max(original[i], captured[i])
            p.ip_id, p.version = -1, 0
            p.source_high = p.source_low = p.destination_high = p.destination_low = 0
            p.layers, p.space, p.number = max_layers, LINK_SPACE, link_types[i]
            verdict = decode(&p, &known)
            verdicts[i] = <uint8_t>verdict
            if verdict <= MEDIA or verdict == WAITING:
                results.add(&p, i, verdict)
    return results.datagrams.count, results.segments.count, results.media.count, results.left


def walk_packets(
    const uint8_t[::1] data,
    tuple packets,
    tuple tables,
    uint8_t[::1] verdicts,
    tuple datagrams,
    tuple segments,
    tuple media,
    tuple left,
):
    """Go on with packets from where a decoder left them, as `walk_frames` does with frames."""
    cdef const int64_t[::1] rows = packets[0]
    cdef const int64_t[::1] at = packets[1]
    cdef const int64_t[::1] end = packets[2]
    cdef const int64_t[::1] wire_end = packets[3]
    cdef const int64_t[::1] ip_id = packets[4]
    cdef const int64_t[::1] version = packets[5]
    cdef const uint64_t[::1] source_high = packets[6]
    cdef const uint64_t[::1] source_low = packets[7]
    cdef const uint64_t[::1] destination_high = packets[8]
    cdef const uint64_t[::1] destination_low = packets[9]
    cdef const int64_t[::1] layers = packets[10]
    cdef const int64_t[::1] spaces = packets[11]
    cdef const int64_t[::1] numbers = packets[12]
    cdef Tables known = tables_of(tables)
    cdef Results results = Results(datagrams, segments, media, left)
    cdef Packet p
    cdef Py_ssize_t i
    cdef int verdict
    cdef bint known_number
    cdef int64_t size = data.shape[0]
    with nogil:
        p.data = &data[0]
        for i in range(rows.shape[0]):
            p.at, p.end, p.wire_end = at[i], min(end[i], size), wire_end[i]
            p.ip_id, p.version = ip_id[i], version[i]
            p.source_high, p.source_low = source_high[i], source_low[i]
            p.destination_high, p.destination_low = destination_high[i], destination_low[i]
            p.layers, p.space, p.number = layers[i], spaces[i], numbers[i]
            known_number = 0 <= p.number <= (0xFF if p.space == IP_SPACE else 0xFFFF)
            verdict = decode(&p, &known) if known_number else UNDECIDED
            verdicts[rows[i]] = <uint8_t>verdict
            if verdict <= MEDIA or verdict == WAITING:
                results.add(&p, rows[i], verdict)
    return results.datagrams.count, results.segments.count, results.media.count, results.left
