"""A folder may hold more captures than files may be open by default."""

import pytest

from analyzer.capture.open_files import FILES_PER_CAPTURE, SPARE, allow_open_files
from analyzer.errors import CaptureError

resource = pytest.importorskip("resource", reason="the system has no such limit")


def test_the_soft_limit_rises_to_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the soft limit nothing is asked for, above it what the captures need."""
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (256, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda _which, limits: asked.append(limits))
    allow_open_files(10)
    allow_open_files(1000)
    assert asked == [(FILES_PER_CAPTURE * 1000 + SPARE, 4096)]


def test_beyond_the_hard_limit_the_user_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line that says how to mend it."""
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (256, 4096))
    with pytest.raises(CaptureError, match="the system allows 4,096: raise the limit"):
        allow_open_files(100_000)
