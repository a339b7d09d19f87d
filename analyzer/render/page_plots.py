"""Counts and distributions → the plots of an HTML report, as SVG.

Nothing in them comes from the capture but numbers; words are escaped all the same.
"""

from collections.abc import Sequence

from markupsafe import Markup

from analyzer.frozen import frozen
from analyzer.i18n import Texts
from analyzer.render.clock import Clock
from analyzer.report.durations import duration
from analyzer.report.series import EDGES_MS, KINDS, Bins, Delays

WIDTH, HEIGHT = 480, 190
LEFT, BOTTOM, TOP = 44, 24, 8
BAR = 22


@frozen
class Plot:
    """A figure with its caption."""

    title: str
    svg: Markup
    key: tuple[tuple[str, str], ...] = ()
    """Class and meaning of what has several colours."""
    note: str = ""


def outcome_plot(title: str, outcomes: Sequence[tuple[str, str, int]]) -> Plot:
    """Draw a bar for each outcome: its class, its name, how many."""
    most = max(count for _, _, count in outcomes)
    parts = []
    for at, (kind, name, count) in enumerate(outcomes):
        y, width = at * BAR, 4 + count / most * 250
        parts.append(
            Markup(
                '<text x="120" y="{}" text-anchor="end">{}</text>'
                '<rect class="{}" x="128" y="{}" width="{:.1f}" height="14" rx="2"/>'
                '<text x="{:.1f}" y="{}">{:,}</text>'
            ).format(y + 15, name, kind, y + 4, width, 134 + width, y + 15, count)
        )
    told = ", ".join(f"{name} {count:,}" for _, name, count in outcomes)
    return Plot(title, _svg(parts, len(outcomes) * BAR + 4, f"{title}: {told}"))


def time_plot(bins: Bins, texts: Texts, words: Texts, clock: Clock) -> Plot:
    """Draw calls by the time at which they began, stacked by what became of them."""
    totals = [sum(column) for column in zip(*bins.counts, strict=True)]
    most = max(totals)
    step = (WIDTH - LEFT - 4) / max(len(totals), 1)
    parts = _axis(most)
    for at in range(len(totals)):
        top = float(HEIGHT - BOTTOM)
        for kind, counts in zip(KINDS, bins.counts, strict=True):
            if counts[at]:
                high = counts[at] / most * (HEIGHT - BOTTOM - TOP)
                top -= high
                parts.append(_bar(kind, LEFT + at * step, top, (max(step - 1, 0.5), high)))
    end_ns = bins.start_ns + len(totals) * bins.width_s * 10**9
    first, last = clock.full(bins.start_ns), clock.short(end_ns)
    parts.append(
        Markup('<text class="soft" x="{}" y="{}">{}</text>').format(LEFT, HEIGHT - 6, first)
    )
    title = texts("plots.time")
    width = duration(bins.width_s * 10**9, words)
    note = texts("plots.per", width=width, first=first, last=last)
    key = tuple((kind, texts(f"plots.{kind}")) for kind in KINDS)
    return Plot(title, _svg(parts, HEIGHT, f"{title}. {note}"), key, note)


def delay_plot(delays: Delays, texts: Texts, words: Texts) -> Plot:
    """Draw how one delay is distributed, and say its median and 95th percentile."""
    used = [at for at, count in enumerate(delays.counts) if count]
    bins = range(used[0], used[-1] + 1)
    most = max(delays.counts)
    step = (WIDTH - LEFT - 4) / len(bins)
    parts = _axis(most)
    for place, at in enumerate(bins):
        high = delays.counts[at] / most * (HEIGHT - BOTTOM - TOP)
        x = LEFT + place * step
        parts.append(_bar("bar", x, HEIGHT - BOTTOM - high, (max(step - 2, 0.5), high)))
        sign = "≤" if at < len(EDGES_MS) else ">"
        label = sign + _edge(EDGES_MS[min(at, len(EDGES_MS) - 1)])
        parts.append(
            Markup('<text class="soft" x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
                x + step / 2, HEIGHT - 6, label if step > 44 or place % 2 == 0 else ""
            )
        )
    title = texts(f"plots.{delays.name}")
    note = texts.count(
        "plots.spread",
        delays.total,
        median=duration(delays.median_ns, words),
        p95=duration(delays.p95_ns, words),
    )
    return Plot(title, _svg(parts, HEIGHT, f"{title}: {note}"), note=note)


def _edge(ms: int) -> str:
    """Return the edge of a bin as short as an axis wants it."""
    return f"{ms} ms" if ms < 1000 else f"{ms // 1000} s"


def _axis(most: int) -> list[Markup]:
    base = HEIGHT - BOTTOM
    return [
        Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
            LEFT, WIDTH, base, base
        ),
        Markup('<text class="soft" x="{}" y="{}" text-anchor="end">{:,}</text>').format(
            LEFT - 6, TOP + 10, most
        ),
        Markup('<text class="soft" x="{}" y="{}" text-anchor="end">0</text>').format(
            LEFT - 6, base
        ),
    ]


def _bar(kind: str, x: float, y: float, size: tuple[float, float]) -> Markup:
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
        kind, x, y, *size
    )


def _svg(parts: list[Markup], height: int, told: str) -> Markup:
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, height, told, Markup().join(parts)
    )
