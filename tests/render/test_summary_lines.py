"""First and last lines of a report."""

from datetime import UTC

from analyzer.frozen import replace
from analyzer.i18n import load_texts
from analyzer.render.clock import Clock
from analyzer.render.summary_lines import CAPTURES, REMARKS, remark_lines, summary_lines
from analyzer.report.model import Remark, Report
from analyzer.tables.anomalies import Coverage
from analyzer.tables.captures import CaptureInfo
from example_report import example_report


def summary(report: Report) -> str:
    """Return the first lines as text."""
    lines = summary_lines(report, load_texts("en"), Clock(UTC), 120)
    return "\n".join("".join(text for text, _ in line) for line in lines)


def remarks(report: Report, *, everything: bool = False) -> list[str]:
    """Return the last lines as text."""
    lines = remark_lines(report, load_texts("en"), 80, everything=everything)
    return ["".join(text for text, _ in line) for line in lines]


def test_several_captures_are_numbered() -> None:
    """Frames name their capture by number, so the summary gives the numbers."""
    one = CaptureInfo("a.pcap", "pcap", "gzip", ["ETHERNET", "RAW"], 1, complete=False)
    report = replace(example_report(), captures=(one,) * (CAPTURES + 2), skipped=1, selection="x@")
    text = summary(report)
    assert "Capture 0     a.pcap (pcap, gzip, ETHERNET/RAW, 1 packet, cut short)" in text
    assert "and 2 more" in text
    assert "1 file that is no capture was skipped" in text
    assert "Shown         Call-ID with “x@”" in text


def test_what_was_not_read_is_named_with_its_first_frame() -> None:
    """The most frequent kind comes first; what the first frame says goes with it."""
    kinds = {"ip-fragment": (2, (0, 9)), "stream-unread": (5, (0, 3))}
    detail = Remark("ip-fragment", "data_loss", "x", 2, (0, 9), "offset 1480")
    report = replace(example_report(), coverage=Coverage(9, 2, 0, 0, kinds, 4), remarks=(detail,))
    text = summary(report)
    assert "9: 2 SIP, 7 not understood, 4 cut by the snap length" in text
    assert text.index("5 × ") < text.index("2 × ")
    assert "(first: frame 9): offset 1480" in text
    assert remarks(report) == []


def test_a_capture_without_packets() -> None:
    """No time, no messages and no calls are not made up."""
    report = replace(
        example_report(),
        counts=replace(example_report().counts, sip_messages=0, calls=0),
        coverage=Coverage(),
        first_ns=None,
        last_ns=None,
        severities=(),
    )
    assert [line.split()[0] for line in summary(report).splitlines()] == ["Capture", "Packets"]


def test_sip_without_findings() -> None:
    """It is said that there is nothing to explain."""
    text = summary(replace(example_report(), severities=()))
    assert "none" in next(line for line in text.splitlines() if line.startswith("Findings"))


def test_remarks_are_few_unless_asked_for() -> None:
    """Information is printed only on request, and the rest is counted."""
    many = tuple(Remark(f"k{n}", "notice", f"text {n}", n, (0, n), "") for n in range(REMARKS + 2))
    info = Remark("i", "info", "for information", 1, None, "")
    report = replace(example_report(), remarks=(*many, info))
    assert len(remarks(report)) == 2 + REMARKS + 1
    assert remarks(report)[-1].strip() == "… 3 more remarks; -v prints each"
    assert remarks(report, everything=True)[-1].strip() == "info    1 × for information"
