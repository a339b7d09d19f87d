"""Plots are sound SVG that a screen reader can tell, whatever the numbers."""

from xml.etree import ElementTree as ET

from analyzer.i18n import load_texts
from analyzer.render.clock import Clock, time_zone
from analyzer.render.page_plots import Plot, delay_plot, outcome_plot, time_plot
from analyzer.report.series import EDGES_MS, Bins, Delays

TEXTS, WORDS = load_texts("en", "page"), load_texts("en")


def rectangles(plot: Plot) -> list[tuple[str, float]]:
    """Return class and size of the bars; fails where the SVG is not well formed."""
    tree = ET.fromstring(str(plot.svg))  # noqa: S314 - made here
    assert tree.get("role") == "img"
    assert tree.get("aria-label")
    size = "width" if plot.key == () and plot.note == "" else "height"
    return [(each.get("class", ""), float(each.get(size, "0"))) for each in tree.iter("rect")]


def test_outcomes_are_bars_in_proportion() -> None:
    """A bar for each, its length by its number; words are escaped."""
    bars = rectangles(outcome_plot("<Calls>", [("answered", "a & b", 300), ("failed", "c", 100)]))
    assert [kind for kind, _ in bars] == ["answered", "failed"]
    assert abs((bars[0][1] - 4) - 3 * (bars[1][1] - 4)) < 0.2


def test_time_is_stacked() -> None:
    """Each kind that occurs in a bin is a part of its bar, as high as it is many."""
    bins = Bins(0, 60, ((2, 0), (0, 0), (1, 3)))
    plot = time_plot(bins, TEXTS, WORDS, Clock(time_zone("UTC")))
    bars = rectangles(plot)
    assert [kind for kind, _ in bars] == ["answered", "failed", "failed"]
    assert abs(bars[0][1] - 2 * bars[1][1]) < 0.2
    assert "1970-01-01 00:00:00" in plot.note
    assert {kind for kind, _ in plot.key} == {"answered", "open", "failed"}


def test_delays_name_their_median() -> None:
    """Empty bins at the ends are not drawn; the last bin has no upper edge."""
    counts = [0] * (len(EDGES_MS) + 1)
    counts[-2], counts[-1] = 1, 4
    plot = delay_plot(Delays("ring", tuple(counts), 5, 61 * 10**9, 70 * 10**9), TEXTS, WORDS)
    assert len(rectangles(plot)) == 2
    assert "1 min 1 s" in plot.note
    assert ">60 s" in str(plot.svg).replace("&gt;", ">")
