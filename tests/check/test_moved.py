"""Which entry of a baseline is about which recording, also after a move."""

import pytest

from analyzer.check.moved import entry_of_each

A, B, OTHER = {"a": 3}, {"b": 2}, {"c": 1}


def entries(recordings: dict[str, dict[str, int]], known: dict[str, dict[str, int]]) -> object:
    """Match, where no file of the baseline is left."""
    return entry_of_each(recordings, known, lambda _: False)


def test_the_path_goes_before_all() -> None:
    """Two recordings of one name keep what is theirs, whatever they hold."""
    known = {"one/call.pcap": A, "two/call.pcap": B}
    assert entries({"one/call.pcap": B, "two/call.pcap": A}, known) == {
        "one/call.pcap": "one/call.pcap",
        "two/call.pcap": "two/call.pcap",
    }


@pytest.mark.parametrize("folder", ["captures", "../../tmp/run-42/recordings", "."])
def test_a_directory_that_moved(folder: str) -> None:
    """Each recording is found by its file name, even if nothing in it is as it was."""
    prefix = "" if folder == "." else f"{folder}/"
    known = {"recordings/one.pcap": A, "recordings/two.pcap": B}
    assert entries({f"{prefix}one.pcap": OTHER, f"{prefix}two.pcap": {}}, known) == {
        f"{prefix}one.pcap": "recordings/one.pcap",
        f"{prefix}two.pcap": "recordings/two.pcap",
    }


def test_the_nearest_of_several_with_one_name() -> None:
    """Directories that stayed the same tell recordings of one name apart."""
    known = {"old/a/call.pcap": A, "old/b/call.pcap": B}
    assert entries({"new/b/call.pcap": {}, "new/a/call.pcap": {}}, known) == {
        "new/a/call.pcap": "old/a/call.pcap",
        "new/b/call.pcap": "old/b/call.pcap",
    }


def test_an_entry_is_taken_over_once() -> None:
    """A second recording of the same name is a new one: its findings are new."""
    known = {"old/call.pcap": A}
    assert entries({"x/call.pcap": A, "y/call.pcap": A}, known) == {"x/call.pcap": "old/call.pcap"}
    assert entries({"old/call.pcap": A, "y/call.pcap": A}, known) == {
        "old/call.pcap": "old/call.pcap"
    }


def test_a_file_that_was_renamed_is_found_by_its_findings() -> None:
    """When most of them are the same and the old file is gone."""
    known = {"monday.pcap": {"a": 3, "b": 1}}
    assert entries({"tuesday.pcap": {"a": 2}}, known) == {"tuesday.pcap": "monday.pcap"}
    assert entries({"tuesday.pcap": {"a": 1, "c": 4}}, known) == {}
    assert entries({"tuesday.pcap": {}}, {"monday.pcap": {}}) == {}
    assert entry_of_each({"tuesday.pcap": A}, {"monday.pcap": A}, lambda _: True) == {}


@pytest.mark.parametrize("name", ["*", "-"])
def test_what_is_no_file_does_not_move(name: str) -> None:
    """Several files together, and standard input, take over nothing and give nothing."""
    assert entries({name: A}, {"a.pcap": A}) == {}
    assert entries({"a.pcap": A}, {name: A}) == {}
    assert entries({name: A}, {name: B}) == {name: name}
