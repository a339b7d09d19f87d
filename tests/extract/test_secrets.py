"""Keys go with the packets that they open, and with no others."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest

from analyzer.capture.formats import open_capture
from analyzer.capture.pcapng import PcapngReader
from analyzer.capture.pcapng_writer import PcapngWriter
from analyzer.extract.choice import choose
from analyzer.extract.extract import extract
from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from analyzer.tables.anomalies import AnomalyLog
from command import ROOT
from extract.extracting import SETTINGS, extracted, messages_in, wanted

SAMPLE = ROOT / "samples" / "tls" / "declined_with_keys.pcapng"
STRANGER = b"CLIENT_RANDOM " + b"ab" * 32 + b" " + b"cd" * 48 + b"\n"
needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


def with_strange_keys(path: Path) -> None:
    """Write the sample again, with keys of a connection that is not in it."""
    with open_capture(str(SAMPLE), Settings()) as capture, path.open("wb") as out:
        frames = list(capture.frames(0, 100_000))
        writer = PcapngWriter(out)
        writer.write_key_logs([STRANGER, STRANGER + capture.secrets[0], b"# a remark\n"])
        for each in frames:
            writer.write_frames(capture.data, each)


@needs_tshark
def test_the_keys_of_a_connection(tmp_path: Path) -> None:
    """The extract opens by itself, and holds no keys of others."""
    path = tmp_path / "x.pcapng"
    with_strange_keys(path)
    with extracted(path, wanted()) as (trace, again):
        assert len(trace.messages) > 0
        assert messages_in(again) == messages_in(trace)
        assert b"abab" not in b"".join(again.opened[0].secrets)
        assert again.calls.outcome.tolist() == trace.calls.outcome.tolist()


@needs_tshark
def test_wireshark_opens_it(tmp_path: Path) -> None:
    """Wireshark shows the SIP in it without a key log."""
    target = tmp_path / "x.pcapng"
    with open_trace([str(SAMPLE)], SETTINGS) as trace, target.open("wb") as out:
        extract(trace, choose(trace, wanted()), out, SETTINGS)
        count = len(trace.messages)
    done = subprocess.run(
        ["tshark", "-r", str(target), "-Y", "sip"],  # noqa: S607 - found on the path
        capture_output=True,
        check=True,
        text=True,
    )
    assert len(done.stdout.splitlines()) == count


def test_no_keys_without_tls(tmp_path: Path) -> None:
    """Keys of connections that are not taken are left out, also where there is SIP beside."""
    from analyzer.annotate.dialogue import dialogue_capture  # noqa: PLC0415 - here only

    plain, path = tmp_path / "x.pcap", tmp_path / "x.pcapng"
    plain.write_bytes(dialogue_capture("-> OPTIONS sip:bob@example.com SIP/2.0"))
    with open_capture(str(plain), Settings()) as capture, path.open("wb") as out:
        writer = PcapngWriter(out)
        writer.write_key_logs([STRANGER])
        for frames in capture.frames(0, 100):
            writer.write_frames(capture.data, frames)
    with open_trace([str(path)], SETTINGS) as trace:
        written = io.BytesIO()
        extract(trace, choose(trace, wanted()), written, SETTINGS)
    raw = written.getvalue()
    reader = PcapngReader(memoryview(raw), 0, AnomalyLog())
    assert len(reader.read(len(raw), 100)) == 1
    assert reader.secrets == []
