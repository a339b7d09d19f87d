"""Fixtures of all tests: dialogues become captures, captures become traces."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest

from analyzer.annotate.dialogue import dialogue_capture
from analyzer.tables.trace import Trace

pytest_plugins = ["pytester"]

# A busy machine must not fail a property; a failure must come again with the same examples.
hypothesis.settings.register_profile("sipwhy", deadline=None, print_blob=True)
hypothesis.settings.register_profile("thorough", deadline=None, print_blob=True, max_examples=5000)
hypothesis.settings.load_profile("sipwhy")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the only way in which expected outputs are written."""
    parser.addoption(
        "--update-snapshots",
        action="store_true",
        help="write what is printed now where tests expect it; read the difference afterwards",
    )


@pytest.fixture
def update_snapshots(request: pytest.FixtureRequest) -> bool:
    """Say whether expected outputs are to be written."""
    return bool(request.config.getoption("--update-snapshots"))


@pytest.fixture
def capture_of(tmp_path: Path) -> Callable[[str], Path]:
    """Give a function that writes a dialogue as a pcap and returns its path."""

    def write(dialogue: str, name: str = "dialogue.pcap") -> Path:
        path = tmp_path / name
        path.write_bytes(dialogue_capture(dialogue))
        return path

    return write


@pytest.fixture
def trace_of(capture_of: Callable[[str], Path]) -> Iterator[Callable[[str], Trace]]:
    """Give a function that runs a dialogue through the whole pipeline; traces close at the end."""
    from analyzer.pipeline import open_trace  # noqa: PLC0415 - most tests need no pipeline

    with ExitStack() as stack:
        yield lambda dialogue: stack.enter_context(open_trace([str(capture_of(dialogue))]))
