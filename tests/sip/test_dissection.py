"""What Wireshark's engine reads, among what is read here."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analyzer.capture.pcapng_writer import PcapngWriter
from analyzer.capture.tshark import MISSING
from analyzer.errors import UsageError
from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from analyzer.tables.messages import Transport
from analyzer.tables.trace import Trace
from command import ROOT

SAMPLES = ROOT / "samples"
TLS, KEYS = SAMPLES / "tls" / "declined.pcap", SAMPLES / "tls" / "declined.keys"
WITH_KEYS = SAMPLES / "tls" / "declined_with_keys.pcapng"
needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


@pytest.fixture
def open_one() -> Iterator[Callable[..., Trace]]:
    """Give a function that opens captures with settings; all are closed at the end."""
    traces: list[Trace] = []

    def opened(path: Path, *, keylog: Path | None = None, decoder: str = "native") -> Trace:
        # RTP is counted by the native decoder only
        trace = open_trace([str(path)], Settings(keylog=keylog, decoder=decoder, media=False))
        traces.append(trace)
        return trace

    yield opened
    for trace in traces:
        trace.close()


def starts(trace: Trace) -> list[str]:
    """Return the start line of each message."""
    return [
        trace.message_bytes(row).partition(b"\r\n")[0].decode()
        for row in range(len(trace.messages))
    ]


def accounted(trace: Trace) -> bool:
    """Tell whether every packet is counted once."""
    seen = trace.coverage
    hidden = sum(count for count, _ in seen.not_understood.values())
    return seen.packets == seen.sip + seen.media + seen.other + hidden


@needs_tshark
def test_a_key_log_opens_tls(open_one: Callable[..., Trace]) -> None:
    """The messages are in the tables with their frames, times and ends; nothing stays hidden."""
    trace = open_one(TLS, keylog=KEYS)
    assert starts(trace) == [
        "INVITE sip:bob@example.com SIP/2.0",
        "SIP/2.0 180 Ringing",
        "SIP/2.0 603 Decline",
        "ACK sip:bob@example.com SIP/2.0",
    ]
    assert set(trace.messages.transport.tolist()) == {Transport.TLS}
    assert (trace.messages.time_ns[1:] > trace.messages.time_ns[:-1]).all()
    assert trace.endpoints.port[trace.messages.destination_row[0]] == 5061
    assert trace.coverage.sip == 4
    assert not trace.coverage.not_understood
    assert accounted(trace)
    assert not any(each.kind == "tls" for each in trace.anomalies)


def test_without_keys_tls_is_counted(open_one: Callable[..., Trace]) -> None:
    """The connection is named with what its client asked for."""
    trace = open_one(TLS)
    assert len(trace.messages) == 0
    (anomaly,) = (each for each in trace.anomalies if each.kind == "tls")
    assert (anomaly.count, anomaly.detail) == (1, "sip.example.com, sip/2")
    assert accounted(trace)


@needs_tshark
def test_keys_in_the_capture_open_tls(open_one: Callable[..., Trace]) -> None:
    """A decryption secrets block does what a key log does."""
    assert starts(open_one(WITH_KEYS)) == starts(open_one(TLS, keylog=KEYS))


def test_keys_in_the_capture_without_tshark(
    open_one: Callable[..., Trace], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody asked for tshark: the rest is read, and what to install is an anomaly."""
    monkeypatch.setenv("PATH", "")
    trace = open_one(WITH_KEYS)
    assert len(trace.messages) == 0
    assert accounted(trace)
    (anomaly,) = (each for each in trace.anomalies if each.kind == "tls-keys-unused")
    assert anomaly.detail == MISSING
    with pytest.raises(UsageError):
        open_one(TLS, keylog=KEYS)


@needs_tshark
def test_keys_of_something_else_change_nothing(
    open_one: Callable[..., Trace], tmp_path: Path
) -> None:
    """With keys that do not fit TLS stays counted as it is without."""
    other = tmp_path / "other.keys"
    other.write_text(f"CLIENT_RANDOM {'00' * 32} {'11' * 48}\n", encoding="ascii")
    trace = open_one(TLS, keylog=other)
    assert trace.coverage.not_understood == open_one(TLS).coverage.not_understood
    assert len(trace.messages) == 0


@needs_tshark
def test_only_tls_connections_are_taken_over(
    open_one: Callable[..., Trace], tmp_path: Path
) -> None:
    """Messages over UDP before and after the TLS connection, in one file, are read as ever; the
    frames are numbered by the file.
    """
    path = tmp_path / "both.pcapng"
    numbers = 0
    with path.open("wb") as file:
        writer = PcapngWriter(file)
        for name in ("declined_at_once.pcap", "tls/declined.pcap", "busy.pcap"):
            from analyzer.capture.formats import open_capture  # noqa: PLC0415 - only here

            with open_capture(str(SAMPLES / name), Settings()) as capture:
                for frames in capture.frames(0, 1000):
                    writer.write_frames(capture.data, frames)
                    numbers += len(frames)
    trace = open_one(path, keylog=KEYS)
    parts = (
        (open_one(SAMPLES / "declined_at_once.pcap"), 0),
        (open_one(TLS, keylog=KEYS), 4),
        (open_one(SAMPLES / "busy.pcap"), 4 + 23),
    )
    assert starts(trace) == [line for part, _ in parts for line in starts(part)]
    assert trace.messages.frame.tolist() == [
        before + frame for part, before in parts for frame in part.messages.frame.tolist()
    ]
    assert trace.coverage.packets == numbers
    assert accounted(trace)


def samples() -> list[Path]:
    """Return the samples in which SIP is not encrypted."""
    found = [*SAMPLES.rglob("*.pcap"), *SAMPLES.rglob("*.pcapng"), *SAMPLES.rglob("*.gz")]
    return sorted(path for path in found if path.parent.name != "tls")


def told(trace: Trace) -> list[tuple[object, ...]]:
    """Return what an analysis says: messages, transactions, findings."""
    transactions, findings = trace.transactions, trace.findings
    frames, verdicts = (
        trace.messages.frame.tolist(),
        zip(
            findings.message_row.tolist(),
            findings.case.tolist(),
            findings.notes.tolist(),
            strict=True,
        ),
    )
    return [
        *zip(frames, starts(trace), strict=True),
        *zip(transactions.first_row.tolist(), transactions.final_status.tolist(), strict=True),
        *verdicts,
    ]


NOT_BY_TSHARK = {
    "hep/kamailio.pcap": "tshark 4.0 has no dissector of HEP",
    "mirrored.pcap": "tshark 4.0 has no dissector of HEP",
    "tcp_with_losses.pcap": "tshark finds no message after a gap before the next segment",
    "tunnels.pcap": "tshark does not look for IP behind the cookie of an L2TPv3 session",
    "declined_in_fragments.pcap": "tshark takes no message out of the first of lost fragments",
}
"""Sample → what Wireshark's engine does not read in it."""


@needs_tshark
@pytest.mark.parametrize("path", samples(), ids=lambda path: path.relative_to(SAMPLES).as_posix())
def test_both_decoders_say_the_same(path: Path, open_one: Callable[..., Trace]) -> None:
    """Messages, transactions and findings do not depend on who takes the packets apart; of the
    samples that tshark cannot read whole, what it reads is among what is read here.
    """
    ours, theirs = told(open_one(path)), told(open_one(path, decoder="tshark"))
    if path.relative_to(SAMPLES).as_posix() in NOT_BY_TSHARK:
        messages = {each for each in ours if isinstance(each[1], str)}
        assert {each for each in theirs if isinstance(each[1], str)} < messages
    else:
        assert theirs == ours
