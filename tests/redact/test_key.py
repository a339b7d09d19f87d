"""Keys of redaction."""

from pathlib import Path

import pytest

from analyzer.errors import UsageError
from analyzer.redact.key import derive, key_of_file, random_key


def test_a_file_makes_one_key(tmp_path: Path) -> None:
    """The same content gives the same key, other content another."""
    for name, content in (("a", b"x" * 16), ("b", b"x" * 16), ("c", b"y" * 16)):
        (tmp_path / name).write_bytes(content)
    first, again, other = (key_of_file(tmp_path / name) for name in "abc")
    assert first == again != other
    assert len(first) == 32


@pytest.mark.parametrize("content", [b"", b"secret"])
def test_a_short_secret(tmp_path: Path, content: bytes) -> None:
    """What could be guessed is refused, and said how to do it better."""
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=f"{len(content)} of at least 16 bytes; make one with"):
        key_of_file(path)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """It is named."""
    with pytest.raises(UsageError, match="none cannot be read"):
        key_of_file(tmp_path / "none")


def test_keys_for_purposes() -> None:
    """Each purpose has its own key, and no two runs have the same."""
    key = random_key()
    assert len({key, random_key(), derive(key, b"a"), derive(key, b"b")}) == 4
