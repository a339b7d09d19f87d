"""The compiled scan fills exactly the rows that the reference parser fills, on any datagram."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analyzer.decode.cursor import DatagramTable
from analyzer.settings import Settings
from analyzer.sip import message, message_rows
from analyzer.sip.message_rows import RowTable, read_rows
from sip_texts import damaged, messages

KEY = bytes(range(16))
TORTURE = sorted((Path(__file__).parents[1] / "torture" / "messages").glob("*.dat"))

pytestmark = pytest.mark.skipif(not message_rows.COMPILED, reason="built without a compiler")


def datagrams_of(payloads: Sequence[bytes], missing: Sequence[int]) -> tuple[bytes, DatagramTable]:
    """Return payloads one after the other and where they stand; some miss bytes at their end."""
    sizes = np.array([len(each) for each in payloads], np.int64)
    table = DatagramTable.zeros(len(payloads)).replace(
        pos=np.cumsum(sizes) - sizes, length=sizes, wire_length=sizes + np.array(missing)
    )
    return b"".join(payloads), table


def check(payloads: Sequence[bytes], missing: Sequence[int] | None = None) -> None:
    """Assert that both twins read the same."""
    data, table = datagrams_of(payloads, missing or [0] * len(payloads))
    view = memoryview(data)
    compiled = read_rows(view, table, KEY, Settings(), compiled=True)
    reference = read_rows(view, table, KEY, Settings(), compiled=False)
    for each in RowTable.columns:
        own, other = getattr(compiled.rows, each.name), getattr(reference.rows, each.name)
        assert own.tolist() == other.tolist(), each.name
    assert compiled.methods == reference.methods
    assert compiled.anomalies == reference.anomalies


@given(st.lists(messages(), min_size=1, max_size=4), st.sampled_from([0, 0, 0, 0, 0, 1, 900]))
def test_any_message(payloads: list[bytes], missing: int) -> None:
    """Headers in any order, case, form and folding, and damage, give the same rows."""
    check(payloads, [missing] * len(payloads))


@given(st.lists(st.binary(max_size=80), min_size=1, max_size=4))
@example([b""])
@example([b"SIP/2.0 200 OK\r\n\r\n"])
@example([b"A SIP/2.0\r\n\r\n"])
@example([b"INVITE SIP/2.0\r\n\r\n"])
def test_any_bytes(payloads: list[bytes]) -> None:
    """What is no message is none for both."""
    check(payloads)


@pytest.mark.parametrize("path", TORTURE, ids=lambda path: path.stem)
def test_torture(path: Path) -> None:
    """Each torture message gives the same row, whole, cut anywhere, and with LF line ends."""
    raw = path.read_bytes()
    check([raw, raw.replace(b"\r\n", b"\n"), *(raw[:at] for at in range(0, len(raw), 23))])
    check([raw[:at] for at in range(1, len(raw), 41)], [7] * len(range(1, len(raw), 41)))


@given(st.data())
def test_damaged_torture(data: st.DataObject) -> None:
    """Torture messages with changed bytes give the same rows."""
    path = data.draw(st.sampled_from(TORTURE))
    check([data.draw(damaged(path.read_bytes()))])


def test_ordinary_messages_are_read_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The property does not compare the reference with itself: ordinary heads never go there."""
    ordinary = (
        b"INVITE sip:bob@biloxi.example.com SIP/2.0\r\n"
        b"v: SIP/2.0/UDP [2001:db8::1]:50600;branch=z9hG4bKa;rport, SIP/2.0/UDP b;branch=c\r\n"
        b"Via: SIP/2.0/TCP c.example.com\r\nSubject: folded\r\n line\r\nMAX-FORWARDS : 70\r\n"
        b'f: "Alice" <sip:alice@atlanta.example.com>;tag=1928301774\r\nt: sip:bob@example.com\r\n'
        b"i: a84b4c76e66710@192.0.2.1\r\nCSeq: 314159 INVITE\r\n"
        b"m: <sip:alice@192.0.2.1>;expires=60, sip:a@example.com\r\n"
        b"Date: Sat, 13 Nov 2010 23:29:00 GMT\r\n"
        b'Warning: 399 a "x"\r\nRetry-After: 5\r\nExpires: 0\r\nl: 4\r\n\r\nbody'
    )

    def refuse(*_: object) -> None:
        raise AssertionError("the reference parser was asked")

    monkeypatch.setattr(message, "parse_head", refuse)
    data, table = datagrams_of([ordinary], [0])
    batch = read_rows(memoryview(data), table, KEY, Settings(), compiled=True)
    assert batch.rows.state.tolist() == [1]
