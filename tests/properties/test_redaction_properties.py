"""Redaction takes any bytes, and leaves none of the names that a message had."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.pipeline import open_trace
from analyzer.redact.messages import Messages
from analyzer.redact.mirrored import redact_exported_pdu, redact_hep
from analyzer.redact.names import Names
from capture_files import file_of, pcap_header, pcap_record
from frames import ethernet, ipv4, udp
from redact.everything import EVERYTHING
from redact.redacted import KEY, SETTINGS, redacted_bytes
from sip_texts import damaged

_MESSAGES = Messages(Names(KEY))
_LINKS = (0, 1, 9, 12, 50, 51, 101, 104, 105, 113, 119, 127, 163, 192, 204, 239, 252, 258, 276)
_NAME = st.text("abcdefghijklmnopqrstuvwxyz", min_size=9, max_size=12).map("q".__add__)


@given(damaged(EVERYTHING))
def test_damaged_messages(text: bytes) -> None:
    """No damage makes it fail, and places never run backwards."""
    made = _MESSAGES.redact(text)
    places = [made.place(at) for at in range(len(text) + 1)]
    assert places == sorted(places)
    assert places[-1] <= len(made.data)


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    """What is no message at all is no trouble, and nor are records of mirrored ones."""
    assert _MESSAGES.redact(data).data is not None
    for head in (b"HEP3", b"\x02\x10\x02\x11", b"\x01\x10\x02\x11", b""):
        redact_hep(head + data, _MESSAGES)
        redact_exported_pdu(head + data, _MESSAGES)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 255)), max_size=6))
def test_any_damage_to_a_frame(changes: list[tuple[int, int]]) -> None:
    """A frame with any bytes changed is redacted, and read afterwards."""
    data = bytearray(ethernet(0x0800, ipv4(17, udp(EVERYTHING))))
    for at, value in changes:
        data[at % len(data)] = value
    _read_redacted(1, bytes(data))


@settings(max_examples=60)
@given(st.sampled_from(_LINKS), st.binary(max_size=200))
def test_any_frame(link: int, data: bytes) -> None:
    """A frame of any link type with any bytes in it is redacted, and read afterwards."""
    _read_redacted(link, data)


def _read_redacted(link: int, frame: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any.pcap"
        path.write_bytes(file_of([pcap_header(link=link), pcap_record(frame)]))
        assert redacted_bytes(path)
        with open_trace([str(path)], SETTINGS) as trace:
            assert trace.captures[0].packets == 1


@given(_NAME, _NAME, _NAME, st.sampled_from(("", "\r\n ", "  ", "\t")))
def test_no_name_is_left(user: str, display: str, host: str, blank: str) -> None:
    """Users, display names and hosts, whatever they are, are nowhere in what is made of them."""
    text = (
        f"INVITE sip:{user}@{host}.net SIP/2.0\r\n"
        f"Via:{blank} SIP/2.0/UDP {host}.net;branch=z9hG4bK{user}\r\n"
        f'From:{blank} "{display}" <sip:{user}@{host}.net>;tag={host}\r\n'
        f"To: {display} <tel:+1;phone-context={host}.net>\r\n"
        f"Call-ID: {user}@{host}.net\r\n"
        f"CSeq: 1 INVITE\r\n"
        f"Server: {host}.net of {user}, {display}\r\n"
        f"X-{user[:1]}: {display}\r\n\r\n"
    )
    found = _MESSAGES.redact(text.encode()).data.decode()
    assert [each for each in (user, display, host) if each in found] == []
