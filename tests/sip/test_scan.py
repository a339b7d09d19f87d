"""Captures → message table, coverage and anomalies."""

import os
from pathlib import Path

import pytest

from analyzer.capture.formats import open_capture
from analyzer.errors import CaptureError
from analyzer.settings import Settings
from analyzer.sip import scan
from analyzer.sip.scan import SCAN, Scanned, new_endpoints, scan_capture
from analyzer.tables.captures import CaptureInfo
from analyzer.tables.endpoints import EndpointTable
from analyzer.tables.messages import KNOWN_METHODS, MessageTable
from analyzer.tables.symbols import SymbolTable
from capture_files import pcap_header, pcap_record
from frames import ethernet, ipv4, ipv6, sip_frame, udp
from sip.test_message_rows import MESSAGE

KEY = bytes(range(16))
CAPTURES = Path(os.environ.get("SIPWHY_CAPTURES", ""))
FRAMES = [
    sip_frame(MESSAGE),
    ethernet(0x0806, bytes(28)),
    ethernet(0x0800, ipv4(17, udp(b"\x80" + bytes(20)))),
    ethernet(0x86DD, ipv6(17, udp(MESSAGE.replace(b"ACK", b"HELLO")))),
    ethernet(0x0800, ipv4(50, bytes(20))),
    sip_frame(b"GET / SIP/x\r\n\r\n"),
    sip_frame(b"\r\n\r\n"),
    sip_frame(MESSAGE.replace(b"\r\n", b"\n")),
    ethernet(0x0800, ipv4(50, bytes(30))),
]

Result = tuple[Scanned, EndpointTable, list[str], CaptureInfo]


def scan_file(path: Path, settings: Settings, *, compiled: bool) -> Result:
    """Scan one capture with one of the twins."""
    methods, endpoints = SymbolTable(KNOWN_METHODS), new_endpoints()
    with open_capture(str(path), settings) as capture:
        scanned = scan_capture(capture, 3, KEY, endpoints, methods, settings, compiled=compiled)
        return scanned, endpoints.table(), list(methods), capture.info


def check_equal(one: Result, other: Result) -> None:
    """Assert that two scans gave the same in everything."""
    for left, right in ((one[0].messages, other[0].messages), (one[1], other[1])):
        for each in left.columns:
            assert getattr(left, each.name).tolist() == getattr(right, each.name).tolist(), (
                each.name
            )
    assert one[0].coverage == other[0].coverage
    assert list(one[0].anomalies) == list(other[0].anomalies)
    assert one[0].message_anomalies == other[0].message_anomalies
    assert one[2:] == other[2:]


def check_coverage(scanned: Scanned, info: CaptureInfo) -> None:
    """Assert that each packet is counted exactly once, and as SIP where it completes a message."""
    coverage = scanned.coverage
    unseen = sum(count for count, _ in coverage.not_understood.values())
    assert coverage.packets == info.packets
    assert coverage.packets == coverage.sip + coverage.media + coverage.other + unseen
    assert coverage.sip >= len(set(scanned.messages.frame.tolist()))


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Write a capture with some of everything."""
    path = tmp_path / "mixed.pcap"
    path.write_bytes(pcap_header() + b"".join(pcap_record(frame) for frame in FRAMES))
    return path


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("batch", [1, 2, 4, 100])
def test_every_packet_is_accounted_for(mixed: Path, batch: int, compiled: bool) -> None:  # noqa: FBT001 - both twins
    """Any number of batches gives the same counts, and messages in the order of the capture."""
    if compiled and SCAN != "compiled":
        pytest.skip("built without a compiler")
    scanned, endpoints, methods, info = scan_file(
        mixed, Settings(batch_frames=batch), compiled=compiled
    )
    check_coverage(scanned, info)
    coverage = scanned.coverage
    assert (coverage.sip, coverage.media, coverage.other) == (3, 1, 3)
    assert coverage.not_understood == {"esp": (2, (3, 5))}
    assert scanned.messages.frame.tolist() == [1, 4, 8]
    assert set(scanned.messages.capture.tolist()) == {3}
    assert set(scanned.messages.source.tolist()) == {3}
    assert [endpoints.address(row) for row in range(4)] == [
        "192.0.2.1", "192.0.2.2", "2001:db8::1", "fe80::2",
    ]  # fmt: skip
    assert endpoints.port.tolist() == [5060, 5062, 5060, 5062]
    assert scanned.messages.ip_id.tolist() == [7, -1, 7]
    assert methods[scanned.messages.method_sym[1]] == "HELLO"
    kinds = {each.kind: (each.count, each.frames) for each in scanned.anomalies}
    assert kinds == {"esp": (2, [(3, 5), (3, 9)]), "bare-lf": (1, [(3, 8)])}
    assert scanned.message_anomalies.message_rows == [2]
    assert scanned.message_anomalies.kinds == ["bare-lf"]
    assert info.link_types == ["ETHERNET"]


def test_snap_length(tmp_path: Path) -> None:
    """A message cut by the snap length is a message, and counted as truncated."""
    frame = sip_frame(MESSAGE)
    path = tmp_path / "cut.pcap"
    path.write_bytes(
        pcap_header()
        + pcap_record(frame[:200], original=len(frame))
        + pcap_record(frame[:30], original=len(frame))
    )
    scanned, *_, info = scan_file(path, Settings(), compiled=SCAN == "compiled")
    check_coverage(scanned, info)
    assert (scanned.coverage.sip, scanned.coverage.truncated) == (1, 2)
    assert scanned.coverage.not_understood == {"packet-cut": (1, (3, 2))}


def test_limits_and_file_anomalies(tmp_path: Path) -> None:
    """Limits that were hit are counted; what is strange about the file is among the anomalies."""
    path = tmp_path / "cut.pcap"
    path.write_bytes(pcap_header() + pcap_record(sip_frame(MESSAGE)) + bytes(7))
    settings = Settings(max_headers=2, max_layers=16)
    scanned, *_ = scan_file(path, settings, compiled=SCAN == "compiled")
    assert scanned.coverage.limits_hit == {"max_headers": 1}
    assert "file-cut" in {each.kind for each in scanned.anomalies}
    scanned, *_ = scan_file(path, Settings(max_layers=2), compiled=SCAN == "compiled")
    assert scanned.coverage.limits_hit == {"max_layers": 1}
    assert scanned.coverage.not_understood == {"too-many-layers": (1, (3, 1))}


def test_no_frames(tmp_path: Path) -> None:
    """A capture without frames has no messages and nothing to account for."""
    path = tmp_path / "none.pcap"
    path.write_bytes(pcap_header())
    scanned, endpoints, _, _ = scan_file(path, Settings(), compiled=SCAN == "compiled")
    assert (len(scanned.messages), scanned.coverage.packets, len(endpoints)) == (0, 0, 0)
    assert [each.name for each in scanned.messages.columns] == [
        each.name for each in MessageTable.columns
    ]


def test_progress(mixed: Path) -> None:
    """Progress adds up to the bytes of the capture."""
    seen: list[int] = []
    settings = Settings(batch_frames=2)
    with open_capture(str(mixed), settings) as capture:
        methods, endpoints = SymbolTable(KNOWN_METHODS), new_endpoints()
        scan_capture(capture, 0, KEY, endpoints, methods, settings, seen.append)
    assert sum(seen) == mixed.stat().st_size


@pytest.mark.skipif(SCAN != "compiled", reason="built without a compiler")
def test_twins_on_mixed_frames(mixed: Path) -> None:
    """Compiled and reference scan give equal tables, coverage and anomalies."""
    for batch in (1, 3, 100):
        settings = Settings(batch_frames=batch)
        check_equal(
            scan_file(mixed, settings, compiled=True), scan_file(mixed, settings, compiled=False)
        )


@pytest.mark.skipif(SCAN != "compiled", reason="built without a compiler")
@pytest.mark.skipif(not CAPTURES.parts, reason="SIPWHY_CAPTURES names no folder of captures")
def test_twins_on_real_captures() -> None:
    """Compiled and reference scan are equal on every real capture, and no packet is lost."""
    scanned = 0
    for path in sorted(each for each in CAPTURES.rglob("*") if each.is_file()):
        try:
            compiled = scan_file(path, Settings(), compiled=True)
        except CaptureError:
            continue
        check_equal(compiled, scan_file(path, Settings(), compiled=False))
        check_coverage(compiled[0], compiled[3])
        scanned += 1
    assert scanned


def test_which_scan_is_in_use() -> None:
    """`SCAN` says what `--version` shows."""
    assert (SCAN == "compiled") is scan.COMPILED
