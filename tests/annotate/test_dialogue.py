"""Dialogues: what is written is what is sent, what is not written follows RFC 3261."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.annotate.dialogue import START_NS, address_of, dialogue_capture, parse_dialogue
from analyzer.annotate.dialogue_pcap import Packet


def header(packet: Packet, name: str) -> str:
    """Return the first value of a header of a packet."""
    return headers(packet, name)[0]


def headers(packet: Packet, name: str) -> list[str]:
    """Return all values of a header of a packet."""
    head = packet.payload.split(b"\r\n\r\n", 1)[0].decode().replace("\r\n ", " ")
    pairs = (line.partition(": ") for line in head.split("\r\n")[1:])
    return [value for key, _, value in pairs if key == name]


def start_lines(packets: list[Packet]) -> list[str]:
    """Return the start line of each packet."""
    return [packet.payload.split(b"\r\n")[0].decode() for packet in packets]


CANCELLED = """
    -> INVITE sip:bob@example.com SIP/2.0
    +0.2s <- SIP/2.0 180 Ringing
    +4s -> CANCEL sip:bob@example.com SIP/2.0
    <- SIP/2.0 200 OK
    <- SIP/2.0 487 Request Terminated
    -> ACK sip:bob@example.com SIP/2.0
"""


def test_a_response_copies_from_its_request() -> None:
    """Via, From, Call-ID and CSeq of a response are those of its request (RFC 3261 §8.2.6.2)."""
    invite, ringing, *_ = parse_dialogue(CANCELLED)
    for name in ("Via", "From", "Call-ID", "CSeq"):
        assert header(ringing, name) == header(invite, name)
    assert (ringing.source, ringing.destination) == (invite.destination, invite.source)


def test_the_callee_adds_its_tag() -> None:
    """To of a response other than 100 is that of the request plus one tag (§8.2.6.2)."""
    invite, trying, ringing, busy = parse_dialogue("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 100 Trying
        <- SIP/2.0 180 Ringing
        <- SIP/2.0 486 Busy Here
    """)
    assert header(trying, "To") == header(invite, "To") == "<sip:bob@example.com>"
    assert header(ringing, "To") == header(busy, "To") == "<sip:bob@example.com>;tag=b1"


def test_cancel_and_ack_of_a_failure_share_the_branch() -> None:
    """CANCEL (§9.1) and the ACK of a 3xx–6xx (§17.1.1.3) have the INVITE's branch and number."""
    invite, _, cancel, ok, terminated, ack = parse_dialogue(CANCELLED)
    assert header(cancel, "Via") == header(ack, "Via") == header(invite, "Via")
    assert [header(each, "CSeq") for each in (cancel, ok, terminated, ack)] == [
        "1 CANCEL",
        "1 CANCEL",
        "1 INVITE",
        "1 ACK",
    ]
    assert header(cancel, "To") == header(invite, "To")
    assert header(ack, "To") == header(terminated, "To")


def test_ack_of_a_success_has_its_own_branch() -> None:
    """The ACK of a 2xx is a transaction of its own, with the INVITE's number (§13.2.2.4)."""
    invite, ok, ack, bye, _ = parse_dialogue("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
        -> ACK sip:bob@example.com SIP/2.0
        -> BYE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
    """)
    assert len({header(each, "Via") for each in (invite, ack, bye)}) == 3
    assert (header(ack, "CSeq"), header(bye, "CSeq")) == ("1 ACK", "2 BYE")
    assert header(ack, "To") == header(bye, "To") == header(ok, "To")


def test_the_callee_asks_in_the_other_direction() -> None:
    """A request of the callee has From and To exchanged and numbers of its own (§12.2.1.1)."""
    *_, bye, ok = parse_dialogue("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
        -> ACK sip:bob@example.com SIP/2.0
        <- BYE sip:alice@example.com SIP/2.0
        -> SIP/2.0 200 OK
    """)
    assert header(bye, "From") == "<sip:bob@example.com>;tag=b1"
    assert header(bye, "To") == "<sip:alice@example.com>;tag=a1"
    assert header(bye, "CSeq") == "1 BYE"
    assert header(ok, "Via") == header(bye, "Via")


def test_a_tag_written_anywhere_is_the_tag_of_its_party() -> None:
    """A tag first written in a refresh is already in the answer and the NOTIFY before it."""
    _, ok, notify, _, refresh, _ = parse_dialogue("""
        -> SUBSCRIBE sip:pres@example.com SIP/2.0
        <- SIP/2.0 200 OK
        <- NOTIFY sip:alice@example.com SIP/2.0
        -> SIP/2.0 200 OK
        -> SUBSCRIBE sip:pres@example.com SIP/2.0
           To: <sip:pres@example.com>;tag=n1
        <- SIP/2.0 204 No Notification
    """)
    assert header(ok, "To") == header(refresh, "To") == "<sip:pres@example.com>;tag=n1"
    assert header(notify, "From") == "<sip:pres@example.com>;tag=n1"


def test_requests_outside_a_dialog_have_no_to_tag() -> None:
    """A retry has no To tag, the next number and another branch (§22.2)."""
    first, _, second = parse_dialogue("""
        -> REGISTER sip:example.com SIP/2.0
        <- SIP/2.0 401 Unauthorized
        -> REGISTER sip:example.com SIP/2.0
    """)
    assert header(second, "To") == header(first, "To") == "<sip:alice@example.com>"
    assert header(second, "CSeq") == "2 REGISTER"
    assert header(second, "Via") != header(first, "Via")


def test_cseq_picks_the_request() -> None:
    """A written CSeq says which request is answered, against the usual choice."""
    *_, answer = parse_dialogue("""
        -> INVITE sip:bob@example.com SIP/2.0
        -> CANCEL sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
           CSeq: 1 INVITE
    """)
    assert header(answer, "CSeq") == "1 INVITE"


def test_a_decline_crosses_a_cancel() -> None:
    """What no CANCEL is answered with answers the INVITE, though the CANCEL is newer."""
    *_, decline = parse_dialogue("""
        -> INVITE sip:bob@example.com SIP/2.0
        -> CANCEL sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
    """)
    assert header(decline, "CSeq") == "1 INVITE"


def test_a_response_may_come_first() -> None:
    """A response without its request is complete, and its ACK fits it."""
    decline, ack = parse_dialogue("""
        <- SIP/2.0 603 Decline
        -> ACK sip:bob@example.com SIP/2.0
    """)
    assert header(decline, "CSeq") == "1 INVITE"
    assert header(ack, "Via") == header(decline, "Via")


def test_calls_are_kept_apart_by_call_id() -> None:
    """Each Call-ID counts its own CSeq and has its own open requests."""
    one, two, answer = parse_dialogue("""
        -> INVITE sip:bob@example.com SIP/2.0
           Call-ID: one
        -> INVITE sip:bob@example.com SIP/2.0
           Call-ID: two
        <- SIP/2.0 603 Decline
           Call-ID: one
    """)
    assert header(one, "CSeq") == header(two, "CSeq") == "1 INVITE"
    assert header(answer, "Via") == header(one, "Via")


def test_a_proxy_passes_on() -> None:
    """A named party adds its Via on the way there and takes it off on the way back (§16.6)."""
    first, second, near, far = parse_dialogue("""
        a->p INVITE sip:bob@example.com SIP/2.0
           Subject: lunch
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        p<-b SIP/2.0 603 Decline
        a<-p SIP/2.0 603 Decline
    """)
    assert headers(second, "Via")[1:] == headers(first, "Via")
    assert headers(near, "Via") == headers(second, "Via")
    assert headers(far, "Via") == headers(first, "Via")
    assert header(second, "Subject") == "lunch"
    assert header(second, "Max-Forwards") == "69"
    assert header(near, "To") == header(far, "To") == "<sip:bob@example.com>;tag=b1"
    assert second.source == (address_of("p"), 5060)


def test_again_is_a_new_packet_and_copy_the_same() -> None:
    """A retransmission has its own IPv4 identification, a copy of the capture has the same."""
    invite, again, copy, decline, later = parse_dialogue("""
        -> INVITE sip:bob@example.com SIP/2.0
        +0.5s -> again
        -> copy INVITE
        <- SIP/2.0 603 Decline
        <- again 603
    """)
    assert invite.payload == again.payload == copy.payload
    assert invite.identification != again.identification == copy.identification
    assert later.payload == decline.payload
    assert again.time_ns - invite.time_ns == 500_000_000


def test_time_passes_as_written() -> None:
    """Gaps are exact, add up, and stand beside the arrow or on a line of their own."""
    packets = parse_dialogue("""
        -> OPTIONS sip:bob@example.com SIP/2.0
        +1.5s <- SIP/2.0 200 OK
        +2m
        +10ms -> OPTIONS sip:bob@example.com SIP/2.0
    """)
    assert [packet.time_ns - START_NS for packet in packets] == [0, 1_500_000_000, 121_510_000_000]


def test_written_headers_folding_and_bodies_are_kept() -> None:
    """Headers keep name, order and folds; the body's length and type are filled in."""
    (packet,) = parse_dialogue("""
        -> INVITE sip:bob@example.com SIP/2.0
           s: first
              second
           Max-Forwards: 7
           X-Twice: 1
           X-Twice: 2
           -From

           v=0

           s=-

        # the end
    """)
    head, _, body = packet.payload.partition(b"\r\n\r\n")
    assert b"\r\ns: first\r\n second\r\nX-Twice: 1\r\nX-Twice: 2\r\n" in head
    assert b"\r\nMax-Forwards: 7\r\n" in head
    assert b"\r\nFrom:" not in head
    assert body == b"v=0\r\n\r\ns=-\r\n"
    assert header(packet, "Content-Length") == str(len(body))
    assert header(packet, "Content-Type") == "application/sdp"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("--- tcp\n-> OPTIONS sip:b@example.com SIP/2.0", "line 1: wrapper 'tcp'"),
        ("INVITE sip:bob@example.com SIP/2.0", "line 1: expected `->`"),
        ("-> OPTIONS sip:b@example.com SIP/2.0\n   no header", "line 2: expected a header"),
        ("-> again", "line 1: nothing to repeat"),
    ],
)
def test_faults_name_their_line(text: str, fault: str) -> None:
    """What cannot be understood is refused with its line."""
    with pytest.raises(ValueError, match=fault):
        parse_dialogue(text)


def test_the_capture_is_a_pcap_of_ipv4_and_udp() -> None:
    """Lengths, addresses and checksums are right (RFC 791, RFC 768, RFC 1071)."""
    (packet,) = parse_dialogue("-> OPTIONS sip:bob@example.com SIP/2.0")
    data = dialogue_capture("-> OPTIONS sip:bob@example.com SIP/2.0")
    magic, _, _, _, _, _, link_type = struct.unpack("<IHHiIII", data[:24])
    seconds, microseconds, captured, original = struct.unpack("<IIII", data[24:40])
    assert (magic, link_type, captured) == (0xA1B2C3D4, 1, original)
    assert seconds * 10**9 + microseconds * 1000 == START_NS
    frame = data[40:]
    assert len(frame) == captured
    ip, udp = frame[14:34], frame[34:]
    assert udp[8:] == packet.payload
    assert ones_sum(ip) == 0xFFFF
    assert ones_sum(ip[12:20] + struct.pack(">HH", 17, len(udp)) + udp) == 0xFFFF


@given(st.binary(max_size=40).map(lambda data: data.hex()))
def test_checksums_hold_for_any_text(text: str) -> None:
    """The one's complement sum over header and datagram is all ones, odd lengths too (RFC 1071)."""
    frame = dialogue_capture(f"-> MESSAGE sip:bob@example.com SIP/2.0\n\n   {text}")[40:]
    udp = frame[34:]
    assert ones_sum(frame[26:34] + struct.pack(">HH", 17, len(udp)) + udp) == 0xFFFF


def test_too_long_for_a_datagram_is_refused() -> None:
    """A message above 65,507 bytes cannot be sent in one UDP datagram over IPv4."""
    with pytest.raises(ValueError, match="do not fit"):
        dialogue_capture("-> MESSAGE sip:bob@example.com SIP/2.0\n\n   " + "x" * 65_600)


def ones_sum(data: bytes) -> int:
    """Return the one's complement sum of 16-bit words, as RFC 1071 defines it."""
    total = 0
    for at in range(0, len(data), 2):
        total += int.from_bytes(data[at : at + 2].ljust(2, b"\0"), "big")
        total = (total & 0xFFFF) + (total >> 16)
    return total
