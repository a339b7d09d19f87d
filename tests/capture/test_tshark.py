"""SIP through Wireshark's engine."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.capture.tshark import MISSING, Dissected, dissect, dissect_whole
from analyzer.errors import CaptureError, UsageError
from analyzer.pipeline import open_trace
from analyzer.tables.messages import Transport
from command import ROOT

TLS = ROOT / "samples" / "tls"
needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


@needs_tshark
def test_tls_is_decrypted_with_the_keys() -> None:
    """Messages, one of them in two TLS records, with ends and the frame that completes each."""
    found = list(dissect(TLS / "declined.pcap", TLS / "declined.keys"))
    starts = [each.payload.partition(b"\r\n")[0] for each in found]
    assert starts == [
        b"INVITE sip:bob@example.com SIP/2.0",
        b"SIP/2.0 180 Ringing",
        b"SIP/2.0 603 Decline",
        b"ACK sip:bob@example.com SIP/2.0",
    ]
    assert {each.transport for each in found} == {Transport.TLS}
    assert [5061 in (each.source_port, each.destination_port) for each in found] == [True] * 4
    assert found[0].source == found[0].destination == "127.0.0.1"
    assert found[2].source_port == 5061
    assert [each.frame for each in found] == sorted(each.frame for each in found)


@needs_tshark
def test_a_running_loop_is_no_hindrance() -> None:
    """In a notebook, where a loop of asyncio runs already, the messages are the same."""

    async def inside() -> list[Dissected]:
        return dissect_whole(TLS / "declined.pcap", TLS / "declined.keys")

    found = list(dissect(TLS / "declined.pcap", TLS / "declined.keys"))
    assert asyncio.run(inside()) == found
    assert dissect_whole(TLS / "declined.pcap", TLS / "declined.keys") == found


@needs_tshark
def test_keys_inside_the_file_need_no_other() -> None:
    """A pcapng may hold its key log; without any nothing is seen."""
    assert len(list(dissect(TLS / "declined_with_keys.pcapng"))) == 4
    assert list(dissect(TLS / "declined.pcap")) == []


@needs_tshark
@pytest.mark.parametrize(
    "name", ["declined_behind_proxy.pcap", "vlan_ipv6.pcap", "two_interfaces.pcapng"]
)
def test_messages_are_those_that_are_read_here(name: str) -> None:
    """Over UDP both ways give the same bytes, frames and ports."""
    path = ROOT / "samples" / name
    with open_trace([str(path)]) as trace:
        messages, ends = trace.messages, trace.endpoints
        ours = [
            Dissected(
                int(messages.frame[row]),
                Transport.UDP,
                ends.address(int(messages.source_row[row])),
                int(ends.port[messages.source_row[row]]),
                ends.address(int(messages.destination_row[row])),
                int(ends.port[messages.destination_row[row]]),
                trace.message_bytes(row),
            )
            for row in range(len(messages))
        ]
    assert list(dissect(path)) == ours


@needs_tshark
def test_what_tshark_cannot_read(tmp_path: Path) -> None:
    """One line names the file and what tshark said."""
    path = tmp_path / "no.pcap"
    path.write_bytes(b"no capture at all")
    with pytest.raises(CaptureError, match=r"^tshark could not read no\.pcap: ") as raised:
        list(dissect(path))
    assert "\n" not in str(raised.value)


def test_without_tshark(monkeypatch: pytest.MonkeyPatch, capture_of: Callable[[str], Path]) -> None:
    """One line says what to install."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError) as raised:
        list(dissect(capture_of("-> OPTIONS sip:bob@example.com SIP/2.0")))
    assert str(raised.value) == MISSING
