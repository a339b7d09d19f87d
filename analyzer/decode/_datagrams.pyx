# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Compiled twin of the decoders: steps through the common headers of each frame, GIL released.

What it does not finish keeps the verdict 0 and goes through the decoders, which say what is right.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from analyzer.decode.sip_start cimport is_token, may_be_sip

cdef enum:  # analyzer.decode.verdicts
    UNDECIDED = 0
    SIP = 1
    MEDIA = 2
    OTHER = 3
    WAITING = 4
    PACKET_CUT = 16
    PACKET_DAMAGED = 17
    L2TP = 28
    ESP = 27
    VXLAN = 31
    GENEVE = 32
    GTPU = 33
    HEP = 34
    TZSP = 35

cdef enum:
    ETHER_SPACE = 1
    IP_SPACE = 2

cdef struct Packet:
    const uint8_t *data
    int64_t at
    int64_t end
    int64_t wire_end
    int32_t ip_id
    uint8_t version
    uint64_t source_high, source_low, destination_high, destination_low
    uint16_t source_port, destination_port
    uint32_t sequence
    uint8_t flags


cdef inline uint32_t u8(const Packet *p, int64_t offset) noexcept nogil:
    """Read 8 bits at an offset from the cursor; 0 past the captured bytes."""
    cdef int64_t at = p.at + offset
    return p.data[at] if 0 <= at < p.end else 0


cdef inline uint32_t u16(const Packet *p, int64_t offset) noexcept nogil:
    return (u8(p, offset) << 8) | u8(p, offset + 1)


cdef inline uint32_t u32(const Packet *p, int64_t offset) noexcept nogil:
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


cdef int find_tunnel(const Packet *p, int64_t wire_len) noexcept nogil:
    """Return the verdict on a payload that may hold packets, 0 when it is none of these."""
    cdef uint32_t first = u8(p, 0), second = u8(p, 1), family, protocol
    if first == 0x48 and u32(p, 0) == 0x48455033:
        return HEP
    if (first == 1 or first == 2) and (
        second == 16 or second == 28 or second == 40 or second == 52
    ):
        family, protocol = u8(p, 2), u8(p, 3)
        if (
            (family == 2 or family == 10 or family == 23 or family == 28 or family == 30)
            and (protocol == 6 or protocol == 17 or protocol == 132)
        ):
            return HEP
    if (
        (p.destination_port == 4789 or p.destination_port == 8472)
        and first == 8 and wire_len >= 16
    ):
        return VXLAN
    if p.destination_port == 6081 and first >> 6 == 0 and wire_len >= 8:
        return GENEVE
    if on_port(p, 2152) and first >> 4 == 3 and second == 0xFF:
        return GTPU
    if on_port(p, 1701) and first < 0x80 and (second & 15) == 2:
        return L2TP
    if (
        on_port(p, 4500) and wire_len >= 8 and u32(p, 0) != 0 and first != 0x80 and first != 0x90
    ):
        return ESP
    if p.destination_port == 37008 and first == 1 and second <= 1:
        return TZSP
    return 0


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


cdef int classify(const Packet *p) noexcept nogil:
    """Return the verdict on a UDP payload at the cursor."""
    cdef int64_t wire_len = p.wire_end - p.at
    cdef int verdict
    cdef uint8_t first
    if p.at >= p.end:
        return PACKET_CUT if wire_len > 0 else OTHER
    first = p.data[p.at]
    if (is_token(first) or first == 10 or first == 13) and may_be_sip(
        p.data + p.at, p.end - p.at
    ):
        return SIP
    verdict = find_tunnel(p, wire_len)
    if verdict:
        return verdict
    if on_port(p, 53) or on_port(p, 5353) or on_port(p, 5355):
        return OTHER
    return MEDIA if is_media(p, wire_len) else OTHER


cdef int udp(Packet *p) noexcept nogil:
    cdef int verdict = lacks(p, 8)
    cdef int64_t length
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
    return classify(p)


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


cdef int ipv4(Packet *p, uint32_t *protocol) noexcept nogil:
    """Step over the header; return a verdict, 0 to go on, -1 to leave it to the decoders."""
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
        return -1
    p.version = 4
    p.ip_id = <int32_t>u16(p, 4)
    p.source_high = p.destination_high = 0
    p.source_low, p.destination_low = u32(p, 12), u32(p, 16)
    protocol[0] = u8(p, 9)
    p.at += header_len
    return 0


cdef int ipv6(Packet *p, uint32_t *protocol) noexcept nogil:
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
    protocol[0] = u8(p, 6)
    p.at += 40
    return 0


cdef int extension(Packet *p, uint32_t *protocol) noexcept nogil:
    """Step over a header between IP and transport; return a verdict, 0 to go on, -1 to leave it to
    the decoders.
    """
    cdef int verdict
    cdef int64_t length
    cdef uint32_t next_protocol
    if protocol[0] == 44:
        verdict = lacks(p, 8)
        if verdict:
            return verdict
        if u16(p, 2) & 0xFFF9:
            return -1
        length = 8
    else:
        verdict = lacks(p, 12 if protocol[0] == 51 else 8)
        if verdict:
            return verdict
        length = (u8(p, 1) + 2) * 4 if protocol[0] == 51 else (u8(p, 1) + 1) * 8
        verdict = lacks(p, length)
        if verdict:
            return verdict
    next_protocol = u8(p, 0)
    protocol[0] = next_protocol
    p.at += length
    return 0


cdef int ether_type(Packet *p, int64_t offset, uint32_t *number) noexcept nogil:
    """Find the EtherType at an offset before the cursor, or the one SNAP has."""
    number[0] = u16(p, offset)
    if number[0] < 0x0600:
        if u32(p, 0) != <uint32_t>0xAAAA0300 or u16(p, 4) or p.at + 8 > p.end:
            return OTHER
        number[0] = u16(p, 6)
        p.at += 8
        if number[0] < 0x0600:
            return OTHER
    return 0


cdef int link(Packet *p, int32_t link_type, uint32_t *number) noexcept nogil:
    """Step over the link header to an EtherType; 0 to go on, -1 to leave it to the decoders."""
    cdef int verdict
    cdef uint32_t family
    if link_type == 1:
        verdict = lacks(p, 14)
        if verdict:
            return verdict
        p.at += 14
        return ether_type(p, -2, number)
    if link_type == 113:
        verdict = lacks(p, 16)
        if verdict:
            return verdict
        if u16(p, 2) == 824:
            return OTHER
        p.at += 16
        return ether_type(p, -2, number)
    if link_type == 276:
        verdict = lacks(p, 20)
        if verdict:
            return verdict
        if u16(p, 8) == 824:
            return OTHER
        number[0] = u16(p, 0)
        p.at += 20
        return OTHER if number[0] < 0x0600 else 0
    if link_type == 0 or link_type == 108:
        verdict = lacks(p, 4)
        if verdict:
            return verdict
        family = u32(p, 0)
        if family > 0xFFFF:
            family = u8(p, 0) | (u8(p, 1) << 8)
        p.at += 4
        if family == 2:
            number[0] = 0x0800
        elif family == 10 or family == 23 or family == 24 or family == 28 or family == 30:
            number[0] = 0x86DD
        else:
            return -1
        return 0
    if link_type in (12, 14, 101, 228, 229):
        verdict = lacks(p, 1)
        if verdict:
            return verdict
        family = u8(p, 0) >> 4
        number[0] = 0x0800 if family == 4 else 0x86DD
        return 0 if family == 4 or family == 6 else PACKET_DAMAGED
    return -1


cdef int decode(
    Packet *p,
    int32_t link_type,
    int layers,
    const uint8_t *ether_ends,
    const uint8_t *ip_ends,
) noexcept nogil:
    """Return the verdict on a frame, UNDECIDED where the decoders must say it."""
    cdef uint32_t number = 0
    cdef int space = ETHER_SPACE
    cdef int verdict
    if layers < 1:
        return UNDECIDED
    verdict = link(p, link_type, &number)
    layers -= 1
    while verdict == 0:
        if layers < 1:
            # Only a protocol with a decoder would go past the limit.
            return ether_ends[number] if space == ETHER_SPACE else ip_ends[number]
        layers -= 1
        if space == ETHER_SPACE:
            if number == 0x0800:
                verdict = ipv4(p, &number)
                space = IP_SPACE
            elif number == 0x86DD:
                verdict = ipv6(p, &number)
                space = IP_SPACE
            elif number == 0x8100 or number == 0x88A8 or number == 0x9100 or number == 0x9200:
                verdict = lacks(p, 4)
                if verdict == 0:
                    p.at += 4
                    verdict = ether_type(p, -2, &number)
            else:
                return ether_ends[number]
        elif number == 17:
            return udp(p)
        elif number == 6:
            return tcp(p)
        elif number in (0, 43, 44, 51, 60, 135, 139, 140):
            verdict = extension(p, &number)
        else:
            return ip_ends[number]
    return UNDECIDED if verdict < 0 else verdict


def decode_frames(
    const uint8_t[::1] data,
    tuple frames,
    tuple ends,
    int max_layers,
    uint8_t[::1] verdicts,
    tuple datagrams,
    tuple segments,
):
    """Set the verdict on each frame; fill the datagrams that may hold SIP and the TCP segments, and
    return their numbers.
    """
    cdef const int64_t[::1] pos = frames[0]
    cdef const int32_t[::1] captured = frames[1]
    cdef const int32_t[::1] original = frames[2]
    cdef const int32_t[::1] link_types = frames[3]
    cdef const uint8_t[::1] ether_ends = ends[0]
    cdef const uint8_t[::1] ip_ends = ends[1]
    cdef int32_t[::1] frame_row = datagrams[0]
    cdef int64_t[::1] payload_pos = datagrams[1]
    cdef int32_t[::1] length = datagrams[2]
    cdef int32_t[::1] wire_length = datagrams[3]
    cdef int32_t[::1] ip_id = datagrams[4]
    cdef uint8_t[::1] version = datagrams[5]
    cdef uint64_t[::1] source_high = datagrams[6]
    cdef uint64_t[::1] source_low = datagrams[7]
    cdef uint16_t[::1] source_port = datagrams[8]
    cdef uint64_t[::1] destination_high = datagrams[9]
    cdef uint64_t[::1] destination_low = datagrams[10]
    cdef uint16_t[::1] destination_port = datagrams[11]
    cdef int32_t[::1] tcp_frame_row = segments[0]
    cdef int64_t[::1] tcp_payload_pos = segments[1]
    cdef int32_t[::1] tcp_length = segments[2]
    cdef int32_t[::1] tcp_wire_length = segments[3]
    cdef int32_t[::1] tcp_ip_id = segments[4]
    cdef uint8_t[::1] tcp_version = segments[5]
    cdef uint64_t[::1] tcp_source_high = segments[6]
    cdef uint64_t[::1] tcp_source_low = segments[7]
    cdef uint16_t[::1] tcp_source_port = segments[8]
    cdef uint64_t[::1] tcp_destination_high = segments[9]
    cdef uint64_t[::1] tcp_destination_low = segments[10]
    cdef uint16_t[::1] tcp_destination_port = segments[11]
    cdef uint32_t[::1] tcp_sequence = segments[12]
    cdef uint8_t[::1] tcp_flags = segments[13]
    cdef Packet p
    cdef Py_ssize_t i, found = 0, parts = 0
    cdef int verdict
    cdef int64_t size = data.shape[0]
    if size == 0:
        return 0, 0
    with nogil:
        for i in range(pos.shape[0]):
            if pos[i] < 0 or captured[i] < 0 or captured[i] > size - pos[i]:
                continue
            p.data = &data[0] + pos[i]
            p.at = 0
            p.end = captured[i]
            p.wire_end = max(original[i], captured[i])
            verdict = decode(&p, link_types[i], max_layers, &ether_ends[0], &ip_ends[0])
            verdicts[i] = <uint8_t>verdict
            if verdict == WAITING:
                tcp_frame_row[parts] = <int32_t>i
                tcp_payload_pos[parts] = pos[i] + p.at
                tcp_length[parts] = <int32_t>max(p.end - p.at, 0)
                tcp_wire_length[parts] = <int32_t>(p.wire_end - p.at)
                tcp_ip_id[parts] = p.ip_id
                tcp_version[parts] = p.version
                tcp_source_high[parts] = p.source_high
                tcp_source_low[parts] = p.source_low
                tcp_source_port[parts] = p.source_port
                tcp_destination_high[parts] = p.destination_high
                tcp_destination_low[parts] = p.destination_low
                tcp_destination_port[parts] = p.destination_port
                tcp_sequence[parts] = p.sequence
                tcp_flags[parts] = p.flags
                parts += 1
            if verdict != SIP:
                continue
            frame_row[found] = <int32_t>i
            payload_pos[found] = pos[i] + p.at
            length[found] = <int32_t>(p.end - p.at)
            wire_length[found] = <int32_t>(p.wire_end - p.at)
            ip_id[found] = p.ip_id
            version[found] = p.version
            source_high[found] = p.source_high
            source_low[found] = p.source_low
            source_port[found] = p.source_port
            destination_high[found] = p.destination_high
            destination_low[found] = p.destination_low
            destination_port[found] = p.destination_port
            found += 1
    return found, parts
