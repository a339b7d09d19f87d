# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Compiled twin of the decoders: steps through the common headers of each frame, GIL released.

What it does not finish keeps the verdict 0 and goes through the decoders, which say what is right.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memchr, memcmp

cdef enum:  # analyzer.decode.verdicts
    UNDECIDED = 0
    SIP = 1
    MEDIA = 2
    OTHER = 3
    PACKET_CUT = 16
    PACKET_DAMAGED = 17
    IP_FRAGMENT = 22
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

cdef uint8_t TOKEN[256]
cdef int token_index
for token_index in range(256):
    TOKEN[token_index] = chr(token_index) in (
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~"
    )


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


cdef inline bint is_sip_name(const uint8_t *at) noexcept nogil:
    """Tell whether the three bytes are SIP in any case."""
    return (at[0] | 32) == 115 and (at[1] | 32) == 105 and (at[2] | 32) == 112


cdef bint is_method(const uint8_t *at, int64_t length) noexcept nogil:
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


cdef bint may_be_sip(const uint8_t *text, int64_t length) noexcept nogil:
    """Tell whether a datagram begins with a line that may be a request line or a status line."""
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
    while at < length and TOKEN[text[at]]:
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
    if (TOKEN[first] or first == 10 or first == 13) and may_be_sip(
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


cdef int ipv4(Packet *p, uint32_t *protocol) noexcept nogil:
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
        return IP_FRAGMENT
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
    """Step over a header between IP and transport; return a verdict, 0 to go on."""
    cdef int verdict
    cdef int64_t length
    cdef uint32_t next_protocol
    if protocol[0] == 44:
        verdict = lacks(p, 8)
        if verdict:
            return verdict
        if u16(p, 2) & 0xFFF9:
            return IP_FRAGMENT
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
):
    """Set the verdict on each frame, fill the datagrams that may hold SIP, return their number."""
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
    cdef Packet p
    cdef Py_ssize_t i, found = 0
    cdef int verdict
    cdef int64_t size = data.shape[0]
    if size == 0:
        return 0
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
    return found
