"""Where output goes."""

import os
import stat
import sys
from pathlib import Path

import pytest

from analyzer.errors import UsageError
from analyzer.render.destination import open_output


def test_a_file_appears_when_all_is_written(tmp_path: Path) -> None:
    """Until then the name holds what it held; nothing else is left behind."""
    target = tmp_path / "report.txt"
    target.write_bytes(b"before")
    with open_output(str(target)) as out:
        out.write(b"after")
        assert target.read_bytes() == b"before"
    assert target.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_changes_nothing(tmp_path: Path) -> None:
    """What was begun is removed, also when the user interrupts."""
    target = tmp_path / "report.txt"

    def interrupted() -> None:
        with open_output(str(target)) as out:
            out.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_permissions_stay(tmp_path: Path) -> None:
    """Who could not read the file before cannot read it afterwards."""
    target = tmp_path / "report.txt"
    target.write_bytes(b"")
    target.chmod(0o600)
    with open_output(str(target)) as out:
        out.write(b"x")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX links and devices")
def test_links_and_devices_are_written_through(tmp_path: Path) -> None:
    """A link still points where it did, and a device is not replaced by a file."""
    target, link = tmp_path / "report.txt", tmp_path / "link"
    link.symlink_to(target)
    with open_output(str(link)) as out:
        out.write(b"x")
    assert link.is_symlink()
    assert target.read_bytes() == b"x"
    with open_output(os.devnull) as out:
        out.write(b"x")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.parametrize("name", ["missing/report.txt", "."])
def test_what_cannot_be_written_is_one_line(tmp_path: Path, name: str) -> None:
    """A directory, or a path in one that is missing, is the user's mistake."""
    path = str(tmp_path / name)
    with pytest.raises(UsageError, match="cannot write the report"), open_output(path):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_one_line() -> None:
    """What the system refuses is said with its reason."""
    with (
        pytest.raises(UsageError, match="/dev/full: cannot write"),
        open_output("/dev/full") as out,
    ):
        out.write(b"x" * 100_000)


def test_a_reader_who_leaves_is_no_mistake() -> None:
    """A broken pipe is left to the caller, who knows what that means."""
    with pytest.raises(BrokenPipeError), open_output(os.devnull):
        raise BrokenPipeError


def test_standard_output_is_flushed(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """`-` writes bytes to standard output."""
    with open_output("-") as out:
        out.write("é\n".encode())
    assert capsysbinary.readouterr().out == "é\n".encode()
