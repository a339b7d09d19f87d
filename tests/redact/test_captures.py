"""Captures without names: the same analysis, nothing left, right lengths and checksums."""

import os
from pathlib import Path

import pytest

from analyzer.capture.formats import open_capture
from analyzer.errors import UsageError
from analyzer.frozen import replace
from analyzer.pipeline import open_trace
from analyzer.settings import Redaction, Settings
from capture_files import block, file_of, interface, option, pcap_header, pcap_record, section
from redact.equality import differences
from redact.redacted import (
    KEY,
    SETTINGS,
    TSHARK,
    bad_checksums,
    both,
    malformed,
    redacted_bytes,
)

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(
    path.relative_to(ROOT / "samples")
    for pattern in ("*.pcap", "*.pcapng", "*.pcap.gz")
    for path in (ROOT / "samples").rglob(pattern)
)
WITH_KEYS = Path("tls/declined_with_keys.pcapng")
CAPTURES = os.environ.get("SIPWHY_CAPTURES", "")
LARGEST = 2_000_000
"""Bytes of real captures that are tried."""
_EXCEPTIONS = {
    "MaryLS+Laborator09/sip.pcap": "a message is a few bytes longer than one packet takes",
}


@pytest.mark.parametrize("name", [each for each in SAMPLES if each != WITH_KEYS], ids=str)
def test_the_analysis_is_the_same(name: Path) -> None:
    """Of each sample all that is said is said of its redacted capture, but for names."""
    original, redacted = both(ROOT / "samples" / name)
    with original, redacted:
        assert differences(original, redacted) == {}


@pytest.mark.skipif(not CAPTURES, reason="SIPWHY_CAPTURES names no folder of captures")
def test_the_analysis_of_real_captures_is_the_same() -> None:
    """The same of captures that others made, but for those where a reason is given."""
    folder = Path(CAPTURES)
    tried = 0
    for path in sorted(folder.rglob("*.pcap*")):
        if path.stat().st_size > LARGEST or str(path.relative_to(folder)) in _EXCEPTIONS:
            continue
        try:
            original, redacted = both(path)
        except (UsageError, OSError):
            continue
        tried += 1
        with original, redacted:
            assert differences(original, redacted) == {}, path
    assert tried


@pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")
@pytest.mark.parametrize("name", SAMPLES, ids=str)
def test_tshark_finds_no_fault(name: Path, tmp_path: Path) -> None:
    """Every checksum is right, and nothing is malformed that was not before."""
    path = ROOT / "samples" / name
    made = tmp_path / "redacted.pcapng"
    made.write_bytes(redacted_bytes(path))
    assert bad_checksums(made) == set()
    found = malformed(made)
    assert not found or found <= malformed(path)


def test_frames_keep_their_numbers_and_times() -> None:
    """Frame for frame: as many, with the same numbers, times and link types."""
    path = str(ROOT / "samples" / "links.pcapng")
    with open_capture(path, Settings()) as capture:
        before = next(capture.frames(0, 1000))
    with open_trace([path], SETTINGS) as trace:
        assert trace.captures[0].packets == len(before)
        assert set(trace.messages.frame.tolist()) <= set(before.number.tolist())
        assert trace.captures[0].link_types[:2] == ["PPP", "PPP_HDLC"]


def test_records_without_packets_keep_their_numbers(tmp_path: Path) -> None:
    """A log entry in a pcapng has a number in Wireshark, and what comes behind it keeps its own."""
    with open_capture(str(ROOT / "samples" / "answered.pcap"), Settings()) as capture:
        frames = next(capture.frames(0, 2))
        packets = [
            bytes(capture.data[pos : pos + size])
            for pos, size in zip(frames.pos.tolist(), frames.captured.tolist(), strict=True)
        ]
    from struct import pack  # noqa: PLC0415 - only here

    def enhanced(data: bytes) -> bytes:
        return block(6, pack("<IIIII", 0, 0, 0, len(data), len(data)) + data)

    journal = block(9, b"MESSAGE=alice logged in\n")
    path = tmp_path / "journal.pcapng"
    path.write_bytes(
        file_of([section(), interface(), enhanced(packets[0]), journal, enhanced(packets[1])])
    )
    with open_trace([str(path)], SETTINGS) as trace:
        assert trace.messages.frame.tolist() == [1, 3]
    assert b"alice" not in redacted_bytes(path)


def test_the_file_names_nobody(tmp_path: Path) -> None:
    """Comments, names of interfaces and hosts of a pcapng are left out, and so is its name."""
    path = tmp_path / "customer-zaphod.pcapng"
    names = block(4, b"\1\0\x0e\0\xc6\x33\x64\7pbx.acme\0\0\0\0\0\0")
    comment = block(1, b"\1\0\0\0\0\0\4\0" + option(1, b"from Zaphod") + option(2, b"vpn-acme"))
    path.write_bytes(file_of([section(), comment, names]))
    made = redacted_bytes(path)
    for secret in (b"Zaphod", b"acme"):
        assert secret in path.read_bytes()
        assert secret not in made
    sample = tmp_path / "zaphod.pcap"
    sample.write_bytes((ROOT / "samples" / "answered.pcap").read_bytes())
    with open_trace([str(sample)], SETTINGS) as trace:
        assert [each.path for each in trace.captures] == ["capture-1.pcap"]
        assert trace.captures[0].bytes == sample.stat().st_size


def test_keys_are_taken_out() -> None:
    """What was read with keys in the capture is not kept, and that is said."""
    with open_trace([str(ROOT / "samples" / WITH_KEYS)], SETTINGS) as trace:
        assert {each.kind for each in trace.anomalies} >= {"keys-removed"}
        assert len(trace.messages) == 0
    assert b"CLIENT_" not in redacted_bytes(ROOT / "samples" / WITH_KEYS)


@pytest.mark.parametrize("change", [{"decoder": "tshark"}, {"keylog": Path("keys.log")}])
def test_nobody_else_reads(change: dict[str, object]) -> None:
    """What another program reads would not be redacted: it is refused in one line."""
    path = str(ROOT / "samples" / "answered.pcap")
    with pytest.raises(UsageError, match="leave --keylog and --decoder out"):
        open_trace([path], replace(SETTINGS, **change))


def test_one_key_for_many_captures(tmp_path: Path) -> None:
    """With one key two captures have the same pseudonyms, with another they have not."""
    one = ROOT / "samples" / "answered.pcap"
    other = tmp_path / "other.pcap"
    other.write_bytes(one.read_bytes())
    assert redacted_bytes(one) == redacted_bytes(other)
    assert redacted_bytes(one) != redacted_bytes(other, bytes(32))
    call_ids = []
    for key in (KEY, KEY, bytes(32)):
        with open_trace([str(one)], Settings(redaction=Redaction(key))) as trace:
            call_ids.append(trace.text(0, "call_id"))
    assert call_ids[0] == call_ids[1] != call_ids[2]


def test_a_cut_file_is_still_said_to_be_cut(tmp_path: Path) -> None:
    """What was strange about the file itself is said of its redacted capture too."""
    data = (ROOT / "samples" / "answered.pcap").read_bytes()
    path = tmp_path / "cut.pcap"
    path.write_bytes(data[:-20])
    with open_trace([str(path)], SETTINGS) as trace:
        assert not trace.captures[0].complete
        assert "file-cut" in {each.kind for each in trace.anomalies}


def test_an_empty_capture(tmp_path: Path) -> None:
    """No packets are no trouble."""
    path = tmp_path / "empty.pcap"
    path.write_bytes(file_of([pcap_header()]))
    with open_trace([str(path)], SETTINGS) as trace:
        assert trace.captures[0].packets == 0
    path.write_bytes(file_of([pcap_header(), pcap_record(b"")]))
    with open_trace([str(path)], SETTINGS) as trace:
        assert trace.captures[0].packets == 1
