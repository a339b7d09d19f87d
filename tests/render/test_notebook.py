"""Reports and calls in notebooks: small, escaped, self-contained."""

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

import analyzer
from analyzer.frozen import replace
from analyzer.render.notebook import CALLS, call_html, install, report_html, story_html
from analyzer.report.build import ReportOptions, build_report
from analyzer.settings import Settings
from command import ROOT
from example_report import example_report

CaptureOf = Callable[[str], Path]
ALLOWED = {
    "div", "p", "pre", "span", "table", "tr", "th", "td", "svg", "g", "line", "polygon", "text",
}  # fmt: skip  # read side by side
HOSTILE = """
-> INVITE sip:bob@example.com SIP/2.0
   From: "<script>alert(1)</script>" <sip:<img%20src=x>@example.com>;tag=1
   To: "\u202e\x1b[31m" <sip:b&lt;@example.com>
   Call-ID: <b>x</b>
<- SIP/2.0 603 <i>No</i>
   Call-ID: <b>x</b>
   Server: "><script src=//x>
"""


class Parsed(HTMLParser):
    """Elements and text of HTML."""

    def __init__(self, html: str) -> None:
        """Parse it; raises AssertionError for an element that has no business there."""
        super().__init__()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Hold elements and attributes to what is drawn with."""
        assert tag in ALLOWED
        assert not {"src", "href", "id", "class"} & {name for name, _ in attrs}
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        self.text += data


def html_of(shown: object) -> str:
    """Return what a notebook gets."""
    html = getattr(shown, "_repr_html_")()  # noqa: B009 - the name that Jupyter asks for
    assert isinstance(html, str)
    return html


def test_a_report_says_what_the_command_says() -> None:
    """Counts, verdict, what to do and the call are in it."""
    report = analyzer.analyze(ROOT / "samples" / "declined_after_ringing.pcap")
    text = Parsed(html_of(report)).text
    for part in ("5 SIP", "603 Decline: declined-after-ringing", "What to do", "alice", "bob"):
        assert part in text
    assert len(html_of(report)) < 10_000


def test_a_report_speaks_its_language() -> None:
    """Japanese where the settings say so."""
    sample = str(ROOT / "samples" / "declined_after_ringing.pcap")
    assert "確実なこと" in Parsed(html_of(analyzer.analyze([sample], Settings(language="ja")))).text


def test_a_long_report_stays_small() -> None:
    """Of many calls and findings the first are shown, and how many are left out."""
    report = example_report()
    many = replace(
        report,
        findings=report.findings * 50,
        calls=report.calls * 500,
        calls_selected=500 * len(report.calls),
    )
    html = report_html(many)
    assert len(html) < 60_000
    assert f"{CALLS}" in Parsed(html).text


def test_calls_and_stories_are_shown(capture_of: CaptureOf) -> None:
    """A row of the table, a sentence with its ladder, a call whole with its ladder."""
    path = capture_of("-> INVITE sip:bob@example.com SIP/2.0\n+4s <- SIP/2.0 180 Ringing\n")
    frames = analyzer.data_frames(path)
    report = build_report(frames.trace, ReportOptions(messages=True))
    (call,), (story,) = report.calls, report.stories
    assert "incomplete" in Parsed(html_of(call)).text
    for shown in (story, story.ladder, frames.call(0)):
        assert "180 Ringing" in Parsed(html_of(shown)).text
        assert "<svg" in html_of(shown)
    assert "<svg" not in story_html(replace(story, ladder=None))
    with pytest.raises(IndexError, match="no call has the id 1"):
        frames.call(1)


def test_hostile_texts_are_texts(capture_of: CaptureOf) -> None:
    """Markup in every field is shown, never meant; controls and marks of direction are escaped."""
    frames = analyzer.data_frames([capture_of(HOSTILE)])
    report = build_report(frames.trace, ReportOptions(everything=True, messages=True))
    for shown in (report, *report.calls, *report.stories, frames.call(0)):
        parsed = Parsed(html_of(shown))
        assert not set(parsed.text) & set("\u202e\x1b\x00")
    assert "<b>x</b>" in Parsed(html_of(frames.call(0))).text


def test_only_what_was_installed_is_shown() -> None:
    """Installing again changes nothing."""
    install()
    call = example_report().calls[0]
    assert html_of(call) == call_html(call)
