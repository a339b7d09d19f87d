"""The text report as a whole."""

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from threading import Thread

import pytest

from analyzer.frozen import replace
from analyzer.render.formats import OutputOptions, output_formats
from analyzer.render.layout import width_of
from analyzer.render.terminal import STYLES, TextOptions, report_lines, write_text
from analyzer.report.model import Report
from example_report import BLOCK, TEXT, example_report

OPTIONS = TextOptions(zone=UTC)


def printed(report: Report, options: TextOptions = OPTIONS) -> str:
    """Return a report as plain text."""
    out = io.BytesIO()
    write_text(report, out, options)
    return out.getvalue().decode()


def test_the_report_in_full() -> None:
    """What the capture holds, why, who, what to do, the calls, the ladder, the remarks."""
    assert printed(example_report()) == (Path(__file__).parent / "report.en.txt").read_text("utf-8")


def test_the_report_in_japanese() -> None:
    """The same in Japanese, with the meaning of the status."""
    expected = (Path(__file__).parent / "report.ja.txt").read_text("utf-8")
    assert printed(example_report(), replace(OPTIONS, language="ja", verbose=True)) == expected


def test_brief_is_summary_and_findings() -> None:
    """`-q` leaves tables, ladders and remarks out."""
    text = printed(example_report(), replace(OPTIONS, brief=True))
    assert "declined-after-ringing" in text
    assert "INVITE x2" not in text
    assert "data loss" not in text


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("width", [60, 80, 110])
def test_lines_fit_the_page(language: str, width: int) -> None:
    """No line is wider than the page, in columns of a terminal."""
    options = replace(OPTIONS, language=language, width=width)
    lines = printed(example_report(), options).splitlines()
    assert max(map(width_of, lines)) <= width


def test_nothing_from_a_capture_acts_on_the_terminal() -> None:
    """Control characters in any text of a finding are escaped, also in what rules quote."""
    text = TEXT._replace(message="\x1b]0;title\x07 \u202e", title="\x1b[2J")
    first = replace(BLOCK.first, call_id="a\nb\x1b[1m")
    server = replace(BLOCK.server, product="\x9b5n")
    block = replace(BLOCK, text=text, first=first, server=server)
    out = printed(replace(example_report(), findings=(block,)))
    assert not set(out) & set("\x1b\x07\x9b\u202e")
    assert "a\\x0ab\\x1b[1m" in out


def test_every_style_is_known() -> None:
    """Segments use declared styles only, which rich would otherwise refuse."""
    options = replace(OPTIONS, verbose=True)
    used = {style for line in report_lines(example_report(), options) for _, style in line}
    assert used <= STYLES.keys()


def test_what_is_left_out_is_said() -> None:
    """A shortened report names the option that shows the rest."""
    report = replace(example_report(), kinds_left_out=3, stories_left_out=2, calls_selected=99)
    text = printed(report)
    assert "3 more kinds of findings; --all prints each" in text
    assert "2 more ladders" in text
    assert "1 of 99 calls" in text


def test_text_is_an_output_format(capture_of: Callable[[str], Path]) -> None:
    """The registry knows text beside the JSON formats."""
    from analyzer.pipeline import open_trace  # noqa: PLC0415 - only this test needs it

    out = io.BytesIO()
    with open_trace([str(capture_of("-> OPTIONS sip:bob@example.com SIP/2.0"))]) as trace:
        output_formats()["text"].render(trace, out, OutputOptions("en"))
    assert out.getvalue().startswith(b"Capture")


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what a pseudo terminal receives."""
    import pty  # noqa: PLC0415 - not on Windows

    leader, follower = pty.openpty()
    received: list[bytes] = []
    reader = Thread(target=_read_all, args=(leader, received))
    reader.start()
    with open(follower, "w", encoding="utf-8") as terminal:  # noqa: PTH123 - a descriptor has no path
        monkeypatch.setattr(sys, "stdout", terminal)
        write_text(example_report(), sys.stdout.buffer, OPTIONS)
        terminal.flush()
    reader.join()
    os.close(leader)
    return b"".join(received).decode()


def _read_all(leader: int, received: list[bytes]) -> None:
    """Read until the other end is closed, which Linux tells with an error."""
    with suppress(OSError):
        while data := os.read(leader, 4096):
            received.append(data)


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals are POSIX")
def test_colour_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets colours, unless NO_COLOR is set; the words are the same."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in on_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    plain = on_terminal(monkeypatch)
    assert "\x1b[" not in plain
    assert plain.replace("\r\n", "\n") == printed(example_report())
