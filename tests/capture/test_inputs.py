"""Arguments become captures: each once, in a stable order, or one clear line."""

import gzip
import os
from pathlib import Path

import pytest

from analyzer.capture.inputs import find_inputs, look_for, named_like_captures
from analyzer.errors import CaptureError
from capture_files import pcap_header, section

PCAP = pcap_header()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a directory with captures at two depths and other files among them."""
    below = tmp_path / "below" / "deeper"
    below.mkdir(parents=True)
    (tmp_path / "b.pcap").write_bytes(PCAP)
    (tmp_path / "a").write_bytes(section())
    (below / "c.gz").write_bytes(gzip.compress(PCAP))
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "below" / "empty.pcap").touch()
    return tmp_path


def names(paths: tuple[str, ...], folder: Path) -> list[str]:
    """Return paths relative to the folder, with slashes."""
    return [Path(each).relative_to(folder).as_posix() for each in paths]


def test_a_directory_is_searched(folder: Path) -> None:
    """Captures at any depth are found by content and sorted; the other files are named."""
    found = find_inputs([str(folder)])
    assert names(found.paths, folder) == ["a", "b.pcap", "below/deeper/c.gz"]
    assert names(found.skipped, folder) == ["below/empty.pcap", "notes.txt"]
    assert found.problems == ()


def test_the_order_of_arguments_changes_nothing(folder: Path) -> None:
    """Files, their directory, and any order of them are the same input."""
    files = [str(folder / "b.pcap"), str(folder / "a")]
    assert find_inputs(files).paths == find_inputs(files[::-1]).paths
    everything = find_inputs([str(folder)])
    assert find_inputs([*files, str(folder)]) == everything
    assert find_inputs([str(folder), *files, str(folder / "below")]) == everything


def test_one_file_by_several_names(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path, a symbolic and a hard link are the same file, which is read once."""
    monkeypatch.chdir(folder)
    Path("link").symlink_to("a")
    Path("twin").hardlink_to("a")
    arguments = ["a", str(folder / "a"), "./a", "link", "twin"]
    assert len(find_inputs(arguments).paths) == 1
    assert find_inputs(arguments) == find_inputs(arguments[::-1])


def test_the_same_bytes_in_two_files_are_two_inputs(folder: Path) -> None:
    """Only the same file is read once; an equal copy is another capture."""
    (folder / "copy.pcap").write_bytes(PCAP)
    assert len(find_inputs([str(folder / "b.pcap"), str(folder / "copy.pcap")]).paths) == 2


def test_standard_input_is_read_once(folder: Path) -> None:
    """`-` stays as it is and is not read to find out what it holds."""
    assert find_inputs(["-", "-"]).paths == ("-",)
    assert find_inputs([str(folder / "a"), "-"]).paths == ("-", str(folder / "a"))


def test_pipes_are_left_to_their_reader(tmp_path: Path) -> None:
    """A named pipe that is given is an input; one that lies in a directory is passed over."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("the system has no named pipes")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert find_inputs([str(pipe)]).paths == (str(pipe),)
    (tmp_path / "a").write_bytes(PCAP)
    found = find_inputs([str(tmp_path)])
    assert names(found.paths, tmp_path) == ["a"]
    assert names(found.skipped, tmp_path) == ["pipe"]


def test_dangling_links_are_skipped(folder: Path) -> None:
    """A link in a directory that leads nowhere is no capture."""
    (folder / "dangling").symlink_to("nowhere")
    assert "dangling" in names(find_inputs([str(folder)]).skipped, folder)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("missing.pcap", "missing.pcap: no such file"),
        ("notes.txt", "notes.txt is no capture: it begins like text"),
        ("below/empty.pcap", "empty.pcap is empty"),
    ],
)
def test_a_named_file_must_be_a_capture(folder: Path, name: str, text: str) -> None:
    """A named file that is no capture is told in one line; alone it ends the run."""
    with pytest.raises(CaptureError) as caught:
        find_inputs([str(folder / name)])
    assert text in str(caught.value)
    assert "\n" not in str(caught.value)
    found = find_inputs([str(folder / "a"), str(folder / name)])
    assert found.paths == (str(folder / "a"),)
    assert found.problems == (str(caught.value),)


def test_directories_without_captures(folder: Path) -> None:
    """A directory without files, and one with others only, say what was found in them."""
    (folder / "nothing").mkdir()
    with pytest.raises(CaptureError, match="there is no file in it"):
        find_inputs([str(folder / "nothing")])
    (folder / "nothing" / "notes").write_text("notes")
    with pytest.raises(CaptureError, match="its only file does not begin like pcap or pcapng"):
        find_inputs([str(folder / "nothing")])


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is unreadable for root"
)
def test_without_the_right_to_read(folder: Path) -> None:
    """A file without the right to read is an error when named, and told when found."""
    (folder / "a").chmod(0)
    with pytest.raises(CaptureError, match="permission denied"):
        find_inputs([str(folder / "a")])
    (problem,) = find_inputs([str(folder)]).problems
    assert "cannot be read: check its permissions" in problem


def test_files_named_like_captures_that_are_none(folder: Path) -> None:
    """What was never written, or only its Git LFS pointer fetched, is told; other files are not."""
    (folder / "ring.pcap3").write_bytes(b"")
    (folder / "pointer.PCAPNG").write_text("version https://git-lfs.github.com/spec/v1\noid x\n")
    (folder / "damaged.pcap.gz").write_bytes(b"\x1f\x8b\x08\x00" + bytes(6))
    (folder / "notes.pcap.txt").write_text("notes")
    found = dict(named_like_captures(look_for([str(folder)])))
    assert {Path(path).name for path in found} >= {"ring.pcap3", "pointer.PCAPNG"}
    assert "notes.pcap.txt" not in {Path(path).name for path in found}
    assert "is empty" in found[str(folder / "ring.pcap3")]
    assert "git lfs pull" in found[str(folder / "pointer.PCAPNG")]


def test_no_arguments() -> None:
    """No argument gives no input."""
    assert find_inputs([]).paths == ()
