"""Room for a batch, and the words for what is missing."""

from analyzer.capture.frame_reader import first_frames, missing_bytes, room_for


def test_room_is_bounded_by_batch_and_bytes() -> None:
    """A small file needs few rows, a large one no more than the batch; there is always one row."""
    assert len(room_for(100, 1_000_000, 16)) == 100
    assert len(room_for(100, 160, 16)) == 11
    assert len(room_for(100, 0, 16)) == 1
    assert len(room_for(100, -50, 16)) == 1


def test_first_frames_share_their_memory() -> None:
    """The filled part of a batch is a view; a full batch is itself."""
    frames = room_for(5, 1000, 16)
    part = first_frames(frames, 2)
    assert len(part) == 2
    part.number[0] = 7
    assert frames.number[0] == 7
    assert first_frames(frames, 5) is frames


def test_missing_bytes() -> None:
    """What is there of a record is said, never less than nothing, and that the file shrank."""
    assert missing_bytes(3, 9, shrank=False) == "3 of 9 bytes are there"
    assert missing_bytes(-3, 9, shrank=True).startswith("0 of 9 bytes are there; the file shrank")
