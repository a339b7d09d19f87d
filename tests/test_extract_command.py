"""`sipwhy extract`: a capture where it was asked for, and what is wrong in one line."""

import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analyzer.analysis import DONE, NO_SIP, WRONG_INPUT
from analyzer.cli import run
from analyzer.pipeline import open_trace
from command import ROOT

Captured = pytest.CaptureFixture[str]
SAMPLE = ROOT / "samples" / "declined_behind_proxy.pcap"
SEVERAL_LINKS = ROOT / "samples" / "links.pcapng"


def test_a_capture_is_written(tmp_path: Path, capsys: Captured) -> None:
    """The file holds the packets, and one line says what was written."""
    target = tmp_path / "x.pcapng"
    assert run(["extract", str(SAMPLE), "-o", str(target), "--lang", "en"]) == DONE
    said = capsys.readouterr()
    assert said.out == ""
    packets, size = 9, 3556
    assert said.err == (
        f"sipwhy: 1 call, 9 SIP messages, {packets} packets ({size:,} bytes) to {target}\n"
    )
    with open_trace([str(target)]) as trace:
        assert trace.coverage.packets == packets


def test_in_japanese(tmp_path: Path, capsys: Captured) -> None:
    """The line is Japanese where that is asked for."""
    target = tmp_path / "x.pcapng"
    assert run(["extract", str(SAMPLE), "-o", str(target), "--lang", "ja"]) == DONE
    assert "1 呼、SIP メッセージ 9 件、9 パケット" in capsys.readouterr().err


def test_pcap_has_no_comments(tmp_path: Path, capsys: Captured) -> None:
    """A file named .pcap is pcap, and what it cannot hold is said; --quiet says nothing."""
    target = tmp_path / "x.pcap"
    assert run(["extract", str(SAMPLE), "-o", str(target), "--lang", "en"]) == DONE
    assert target.read_bytes()[:4] == bytes.fromhex("d4c3b2a1")
    assert "pcap holds neither comments nor names of interfaces" in capsys.readouterr().err
    assert run(["extract", str(SAMPLE), "-o", str(target), "-q"]) == DONE
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([str(SAMPLE), "-o", "x.txt"], "name a file that ends in .pcapng or .pcap"),
        ([str(SAMPLE), "-o", "x.pcapng", "--call", "nobody"], "no Call-ID here contains “nobody”"),
        ([str(SAMPLE), "-o", "x.pcapng", "--where", "outcome=busy"], "nothing here fits"),
        ([str(SAMPLE), "-o", "x.pcapng", "--where", "outcom=busy"], "outcome"),
        ([str(SAMPLE), "-o", "x.pcapng", "--finding", "RSP486"], "nothing here fits"),
        ([str(SAMPLE), "-o", "no/such/folder/x.pcapng"], "cannot write the packets"),
        ([str(SEVERAL_LINKS), "-qo", "x.pcap"], "name a file that ends in .pcapng"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    """Nothing is written, one line says what to do, and the status is that of wrong input."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert run(["extract", *arguments]) == WRONG_INPUT
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_inputs_are_never_written_over(tmp_path: Path, capsys: Captured) -> None:
    """Neither a file that was named nor one of a directory, by whatever name."""
    path, link = tmp_path / "x.pcap", tmp_path / "y.pcapng"
    raw = SAMPLE.read_bytes()
    path.write_bytes(raw)
    link.symlink_to(path)
    for source, target in ((path, path), (tmp_path, path), (path, link)):
        assert run(["extract", str(source), "-o", str(target)]) == WRONG_INPUT
        assert "is one of the captures that are read" in capsys.readouterr().err
    assert path.read_bytes() == raw


def test_no_sip(tmp_path: Path, capsys: Captured) -> None:
    """Of a capture without SIP nothing is written, and what there was is said."""
    empty, target = tmp_path / "empty.pcap", tmp_path / "x.pcapng"
    empty.write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
    assert run(["extract", str(empty), "-o", str(target)]) == NO_SIP
    assert "empty.pcap" in capsys.readouterr().err
    assert not target.exists()


def test_no_terminal_is_filled_with_bytes(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Packets are not written to a terminal."""
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", terminal)
    assert run(["extract", str(SAMPLE), "-o", "-"]) == WRONG_INPUT
    assert "standard output is a terminal" in capsys.readouterr().err


def test_in_a_pipe(tmp_path: Path) -> None:
    """A compressed capture comes from standard input, and the packets go to standard output."""
    raw = subprocess.run(
        [sys.executable, "-P", "-m", "analyzer", "extract", "-", "-o", "-", "--where", "id=0"],
        input=(ROOT / "samples" / "packed.pcap.gz").read_bytes(),
        capture_output=True,
        check=True,
        cwd=ROOT,
    ).stdout
    target = tmp_path / "x.pcapng"
    target.write_bytes(raw)
    with open_trace([str(target)]) as trace:
        assert len(trace.calls) == 1


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_wireshark_shows_the_findings(tmp_path: Path) -> None:
    """The comments stand on the packets in Wireshark's engine."""
    target = tmp_path / "x.pcapng"
    assert run(["extract", str(SAMPLE), "-o", str(target), "--lang", "en"]) == DONE
    shown = ["-T", "fields", "-e", "sip.Status-Code", "-e", "frame.comment"]
    command = ["tshark", "-r", str(target), "-Y", "frame.comment", *shown]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    first, second = done.stdout.splitlines()
    assert first.startswith("\tcall #0: ")
    assert second.startswith("603\tRSP603 603 Decline [declined-after-ringing], notice:")
