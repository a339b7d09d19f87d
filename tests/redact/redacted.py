"""Redacts captures for tests."""

import shutil
import subprocess
from contextlib import closing
from pathlib import Path

from analyzer.capture.formats import open_capture
from analyzer.pipeline import open_trace
from analyzer.redact.captures import redact_capture
from analyzer.redact.names import Names
from analyzer.settings import Redaction, Settings
from analyzer.tables.trace import Trace

KEY = b"a key of thirty-two bytes, always"[:32]
SETTINGS = Settings(redaction=Redaction(KEY))
TSHARK = shutil.which("tshark")
_CHECKS = ("ip", "udp", "tcp", "sctp")
_BAD = " || ".join(f"{each}.checksum.status == 0" for each in _CHECKS)


def redacted_bytes(path: Path, key: bytes = KEY) -> bytes:
    """Return the file that redaction makes of a capture."""
    with open_capture(str(path), Settings()) as capture, closing(
        redact_capture(capture, 0, Names(key))
    ) as made:  # fmt: skip  # read side by side
        return bytes(made.data)


def both(path: Path) -> tuple[Trace, Trace]:
    """Return the analysis of a capture, and of what redaction makes of it."""
    return open_trace([str(path)], Settings()), open_trace([str(path)], SETTINGS)


def tshark_frames(path: Path, condition: str, *, checked: bool = False) -> set[int]:
    """Return the frames for which a display filter of tshark holds; `checked` lets it compute
    checksums, and read nothing where they are wrong.
    """
    options = [f"{each}.check_checksum:TRUE" for each in ("ip", "udp", "tcp") if checked]
    options += ["sctp.checksum:TRUE"] * checked
    command = [str(TSHARK), "-r", str(path), "-Y", condition, "-T", "fields", "-e", "frame.number"]
    for each in options:
        command += ["-o", each]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or "cut short" in done.stderr, done.stderr
    return {int(each) for each in done.stdout.split()}


def bad_checksums(path: Path) -> set[int]:
    """Return the frames in which tshark finds a checksum that is not right."""
    return tshark_frames(path, _BAD, checked=True)


def malformed(path: Path) -> set[int]:
    """Return the frames that tshark calls malformed."""
    return tshark_frames(path, "_ws.malformed")
