"""Rows of the message table from datagrams, by the reference parser."""

import pytest

from analyzer.settings import Settings
from analyzer.sip import message_rows
from analyzer.sip.message_rows import read_head, read_rows, transaction_identity
from analyzer.sip.siphash import siphash
from analyzer.tables.messages import MessageFlag, Method
from properties.test_scan_messages import datagrams_of

KEY = bytes(range(16))
MESSAGE = (
    b"ACK sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/UDP A.example.com:5060;branch=z9hG4bKx\r\n"
    b"From: <sip:a@example.com>;tag=f\r\nTo: <sip:b@example.com>;tag=t\r\nCall-ID: c\r\n"
    b"CSeq: 7 ACK\r\nContent-Length: 4\r\n\r\nbody"
)


def test_identity_of_rfc_3261() -> None:
    """Branch, sent-by, Call-ID, CSeq count; the ACK of a non-2xx has its INVITE's (§17.2.3)."""
    ack = transaction_identity(b"z9hG4bKx", b"A.example.com:5060", b"c", 7, b"ACK", b"f")
    invite = transaction_identity(b"z9hG4bKx", b"a.example.com", b"c", 7, b"INVITE", b"other")
    cancel = transaction_identity(b"z9hG4bKx", b"a.example.com", b"c", 7, b"CANCEL", b"f")
    assert ack == invite
    assert cancel != invite


@pytest.mark.parametrize("branch", [b"", b"z9hG4bK", b"1234"])
def test_identity_of_rfc_2543(branch: bytes) -> None:
    """Without the cookie, or with nothing after it, the From tag stands for the branch."""
    one = transaction_identity(branch, b"a", b"c", 1, b"INVITE", b"f")
    assert one == transaction_identity(b"other", b"a", b"c", 1, b"INVITE", b"f")
    assert one != transaction_identity(branch, b"a", b"c", 1, b"INVITE", b"g")
    assert one != transaction_identity(b"z9hG4bKf", b"a", b"c", 1, b"INVITE", b"f")


@pytest.mark.parametrize("compiled", sorted({message_rows.COMPILED, False}))
def test_row(compiled: bool) -> None:  # noqa: FBT001 - both twins
    """Each column says what the message says, blank lines before it not counted."""
    data, table = datagrams_of([b"\r\n" + MESSAGE], [0])
    rows = read_rows(memoryview(data), table, KEY, Settings(), compiled=compiled).rows
    text = data[int(rows.pos[0]) :]
    assert text.startswith(b"ACK")
    for name, expected in {
        "line": b"sip:b@example.com", "call_id": b"c", "branch": b"z9hG4bKx", "from_tag": b"f",
        "to_tag": b"t", "sent_by": b"A.example.com:5060",
    }.items():  # fmt: skip
        start = int(getattr(rows, name + "_pos")[0])
        assert text[start : start + int(getattr(rows, name + "_len")[0])] == expected
    assert text[int(rows.head_len[0]) :] == b"body"
    assert rows.body_len.tolist() == [4]
    assert rows.method_sym.tolist() == [Method.ACK]
    assert (rows.status.tolist(), rows.cseq.tolist()) == ([0], [7])
    assert rows.call_id_hash.tolist() == [siphash(KEY, b"c")]
    identity = transaction_identity(b"z9hG4bKx", b"a.example.com", b"c", 7, b"INVITE", b"f")
    assert rows.transaction_hash.tolist() == [siphash(KEY, identity)]


def test_cut_message() -> None:
    """Only a message that itself lacks bytes is cut: what comes after its body does not count."""
    settings = Settings()
    cut = read_head(MESSAGE[:-1], len(MESSAGE), settings)
    whole = read_head(MESSAGE, len(MESSAGE) + 20, settings)
    in_head = read_head(MESSAGE[:100], len(MESSAGE), settings)
    assert cut is not None
    assert whole is not None
    assert in_head is not None
    assert (cut[1], cut[0].anomalies) == (True, ("message-cut",))
    assert (whole[1], whole[0].anomalies) == (False, ())
    assert (in_head[1], in_head[0].method) == (True, "ACK")
    assert read_head(b"\x80 no message", 20, settings) is None


def test_flags_and_anomalies() -> None:
    """A cut message is flagged and named; so is a method that is not registered."""
    odd = MESSAGE.replace(b"ACK", b"HELLO")
    data, table = datagrams_of([MESSAGE[:-1], odd], [1, 0])
    batch = read_rows(memoryview(data), table, KEY, Settings())
    assert batch.rows.flags.tolist() == [MessageFlag.ODD | MessageFlag.CUT, 0]
    assert batch.anomalies == [(0, "message-cut", "")]
    assert batch.methods == {1: "HELLO"}
