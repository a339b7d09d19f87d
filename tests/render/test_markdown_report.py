"""The Markdown report: it says what the text report says, fits a comment, and is no markup."""

import io
import re
from collections.abc import Callable

import pytest
from markdown_it import MarkdownIt

from analyzer.render import markdown_report
from analyzer.render.formats import OutputOptions
from analyzer.render.markdown_report import LONGEST, write_markdown
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]
GITHUB_TAKES = 65_536
"""Characters of a comment."""
DECLINED = """
-> INVITE sip:bob@example.com SIP/2.0
<- SIP/2.0 180 Ringing
+4s <- SIP/2.0 603 Decline
-> ACK sip:bob@example.com SIP/2.0
"""
HOSTILE = """
-> INVITE sip:%3Cscript%3E@example.com SIP/2.0
   Call-ID: ```</script><script>alert(1)</script>|#12
   From: "<img src=x onerror=alert(1)> @everyone" <sip:a'"><b>@example.com>;tag=a
   Subject: <!--<script>
   User-Agent: \u202e[x](http://evil.example)
<- SIP/2.0 603 <script>alert(2)</script>; end #12 @everyone ![x](http://evil.example)
   Call-ID: ```</script><script>alert(1)</script>|#12
   Server: </style>www.evil.example
   Reason: Q.850;cause=21;text="```</pre><iframe src=//evil>"
"""


def many(count: int, to: str = "bob") -> str:
    """Return a dialogue of declined calls."""
    return "".join(
        f"""
-> INVITE sip:{to}{number}@example.com SIP/2.0
   Call-ID: call-{number}
   From: <sip:alice@example.com>;tag=a{number}
<- SIP/2.0 180 Ringing
   Call-ID: call-{number}
+4s <- SIP/2.0 603 Decline
   Call-ID: call-{number}
-> ACK sip:{to}{number}@example.com SIP/2.0
   Call-ID: call-{number}
"""
        for number in range(count)
    )


def report_of(trace: Trace, language: str = "en", **options: object) -> str:
    """Return the report."""
    out = io.BytesIO()
    write_markdown(trace, out, OutputOptions(language, **options))  # type: ignore[arg-type]  # by name
    return out.getvalue().decode("utf-8")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_its_sections(trace_of: TraceOf, language: str) -> None:
    """Overview, findings, calls, and what has findings with a diagram, in both languages."""
    report = report_of(trace_of(DECLINED), language)
    heads = [each.content for each in MarkdownIt().parse(report) if each.type == "inline"]
    expected = {
        "en": ["Overview", "Findings", "Calls", "Calls and other traffic with findings"],
        "ja": ["概要", "所見", "呼", "所見のある呼とその他の通信"],
    }
    assert set(expected[language]) <= set(heads)
    assert report.count("```mermaid\nsequenceDiagram\n") == 1
    assert "603 Decline · 4.010 s" in report
    assert "★ RSP603 declined-after-ringing" in report


def test_a_call_without_findings_has_no_diagram(trace_of: TraceOf) -> None:
    """It is a row of the table only, unless it is asked for."""
    dialogue = DECLINED.replace("603 Decline", "200 OK") + "-> BYE sip:bob@example.com SIP/2.0\n"
    trace = trace_of(dialogue + "<- SIP/2.0 200 OK\n")
    call_id = trace.text(0, "call_id")
    assert "```mermaid" not in report_of(trace)
    assert "| answered |" in report_of(trace)
    asked = report_of(trace, call=call_id)
    assert "```mermaid" in asked
    assert "with findings" not in asked


@pytest.mark.parametrize("language", ["en", "ja"])
def test_hostile_text_stays_text(trace_of: TraceOf, language: str) -> None:
    """A renderer that takes HTML finds none, no link, no picture; blocks are those of a report."""
    report = report_of(trace_of(HOSTILE), language)
    renderer = MarkdownIt("gfm-like", {"html": True, "linkify": True})
    tokens = renderer.parse(report)
    parts = [part for each in tokens for part in each.children or []]
    kinds = {each.type for each in (*tokens, *parts)}
    assert not [kind for kind in kinds if kind.startswith(("html", "link", "image"))]
    assert {each.info for each in tokens if each.type == "fence"} == {"mermaid", "text"}
    outside = " ".join(part.content for part in parts if part.type == "text")
    assert not re.search(r"@\w|#\w|://|www\.", outside)
    assert "\u202e" not in report
    assert "everyone" in report


def test_what_does_not_fit_is_counted(trace_of: TraceOf) -> None:
    """Of many calls with findings as many are drawn as a comment takes, and the rest is said."""
    count = 150
    report = report_of(trace_of(many(count)))
    drawn = report.count("```mermaid")
    assert 10 < drawn < count
    assert f"{drawn} of {count} are drawn here" in report
    assert len(report) <= LONGEST < GITHUB_TAKES
    assert f"50 of {count} calls, those with findings first" in report


def test_long_texts_do_not_fill_it(trace_of: TraceOf) -> None:
    """With names of thousands of characters it still fits, and still has its sections."""
    report = report_of(trace_of(many(60, "x" * 3000)))
    assert len(report) <= LONGEST
    assert "## Calls" in report
    assert re.search(r"… \(\+[0-9,]+\)", report)


def test_as_many_as_were_asked_for(trace_of: TraceOf) -> None:
    """`--pages` limits the diagrams, and the report says that it was asked to."""
    report = report_of(trace_of(many(4)), pages=2)
    assert report.count("```mermaid") == 2
    assert "2 of 4 are drawn here, as was asked for" in report


def test_findings_that_do_not_fit_are_counted(
    trace_of: TraceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kind of finding that there is no room for is said, too."""
    monkeypatch.setattr(markdown_report, "LONGEST", 1500)
    report = report_of(trace_of(DECLINED))
    assert "1 more kind of finding is not in this report." in report
    assert "0 of 1 are drawn here" in report


def test_a_capture_without_sip(trace_of: TraceOf) -> None:
    """There is a report, without calls and findings."""
    report = report_of(trace_of("-> OPTIONS sip:a@example.com SIP/2.0\n"))
    assert "No finding." in report
    assert "## Calls" not in report
