"""The diagrams of the Markdown report in Mermaid itself, as GitHub and GitLab draw them."""

import io
import re
import shutil
from pathlib import Path

import pytest

from analyzer.frozen import replace
from analyzer.pipeline import open_trace
from analyzer.render.formats import OutputOptions
from analyzer.render.markdown_report import write_markdown
from analyzer.render.mermaid import Note, sequence_diagram
from browser.mermaid import draw, mermaid_path
from command import ROOT
from example_report import LADDER
from hostile import hostile_capture

pytest.importorskip(
    "playwright.sync_api", reason="Playwright, which drives the browser, is not installed"
)
CHROMIUM, MERMAID = shutil.which("chromium"), mermaid_path()
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no browser to draw in: chromium is not installed"),
    pytest.mark.skipif(not MERMAID, reason="Mermaid is not installed: npm install mermaid"),
]
SAMPLES = sorted(
    path
    for path in (ROOT / "samples").rglob("*.pcap*")
    if path.suffix in {".pcap", ".pcapng", ".gz"}
)
HOSTILE = (
    "end", "END x", "a;b", "#59;", "# x", "%% x", "%%{init: {'theme': 'x'}}%%",
    "<script>x</script>", "<img src=x onerror=alert(1)>", '"x"', "a\nb->>c: d", "wrap: x",
    "nowrap:x", ":wrap: y", "{x}", "`x`", "a->>b: c", "ﬂ°°60¶ßb", "click p0 href", "$$x$$",
    "<br/>x", "\u202eabc", "&lt;b&gt;", "-", "+", "x @{ type: actor }", "participant z",
    "日本語の句、。", "box x", "\\n", "|", "a  b",
)  # fmt: skip  # a list to read


def diagrams_of(path: Path, language: str) -> list[str]:
    """Return the diagrams of the report of a capture."""
    out = io.BytesIO()
    with open_trace([str(path)]) as trace:
        write_markdown(trace, out, OutputOptions(language))
    return re.findall(r"^```mermaid\n(.*?)^```$", out.getvalue().decode(), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_mermaid_draws_every_diagram_of_the_samples(language: str) -> None:
    """Each is read without complaint, is no longer than Mermaid takes, and has its times."""
    diagrams = [each for path in SAMPLES for each in diagrams_of(path, language)]
    assert len(diagrams) >= 40
    assert max(map(len, diagrams)) < 50_000
    assert MERMAID
    for text, drawn in zip(diagrams, draw(MERMAID, diagrams), strict=True):
        assert "error" not in drawn, f"{drawn['error']}\n{text}"
        times = [each for each in drawn["texts"] if re.search(r"· \d+\.\d{3} s$", each)]
        assert len(times) == len(re.findall(r"^    p\d+-+>>", text, re.MULTILINE))


def test_hostile_text_is_drawn_as_text() -> None:
    """As label, lane and note it is drawn, adds no element that others have not, and is read as it
    is written.
    """
    assert MERMAID
    made = []
    for text in ("ordinary", *HOSTILE):
        arrows = tuple(replace(each, label=text, repeats=0) for each in LADDER.arrows[:1])
        ladder = replace(LADDER, lanes=(text, "other"), arrows=arrows)
        made.append("\n".join(sequence_diagram(ladder, [Note(0, text)])))
    plain, *drawn = draw(MERMAID, made)
    for text, each in zip(HOSTILE, drawn, strict=True):
        assert "error" not in each, (text, each)
        assert set(each["elements"]) <= set(plain["elements"]), text
        assert each["handlers"] == []
        seen = text.replace("\n", r"\x0a").replace("\u202e", r"\u202e")
        squeezed = [" ".join(one.split()) for one in each["texts"]]
        assert squeezed.count(" ".join(seen.split())) >= 2, (text, each["texts"])
        assert any(one.startswith(" ".join(seen.split())) and "·" in one for one in squeezed), text


def test_diagrams_of_a_hostile_capture(tmp_path: Path) -> None:
    """They are drawn, of the elements that an ordinary diagram has, and without a handler."""
    assert MERMAID
    hostile = diagrams_of(hostile_capture(tmp_path), "en")
    ordinary = "\n".join(sequence_diagram(LADDER, [Note(0, "x")]))
    plain, *drawn = draw(MERMAID, [ordinary, *hostile])
    assert len(drawn) >= 3
    for text, each in zip(hostile, drawn, strict=True):
        assert "error" not in each, f"{each['error']}\n{text}"
        assert set(each["elements"]) <= set(plain["elements"])
        assert each["handlers"] == []
