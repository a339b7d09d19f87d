"""Ladder → a small SVG: a lane for each party, an arrow for each message, for pages without script.

Colours are those of the text around it, but for responses: by their class.
"""

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from analyzer.render.ladder_lines import frame_name
from analyzer.render.layout import shorten, visible
from analyzer.report.model import Arrow, Ladder

MOST_ARROWS = 100
TIMES, STEP, ROW, TOP = 130, 190, 26, 34
"""Pixels: the column of times and frames, between lanes, between arrows, above the first."""
LETTER = 7
"""Width of a letter."""
GREY, GREEN, AMBER, RED = "#888", "#2a8a3e", "#b07d00", "#c62828"
COLOURS = {"1": GREY, "2": GREEN, "3": AMBER, "4": RED, "5": RED, "6": RED}


class _Line(NamedTuple):
    x1: float
    x2: float
    y: float


def ladder_svg(ladder: Ladder) -> str:
    """Return a ladder as an SVG element; of a very long one the beginning, and what is missing."""
    arrows = ladder.arrows[:MOST_ARROWS]
    left_out = len(ladder.arrows) - len(arrows)
    width = TIMES + STEP * max(len(ladder.lanes), 1)
    height = TOP + ROW * (len(arrows) + bool(left_out)) + 8
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" font-family="sans-serif" font-size="12" '
        'fill="currentColor" stroke-width="1">'
    )
    parts = [
        head,
        *(_lane(at, name, height) for at, name in enumerate(ladder.lanes)),
        *(part for at, arrow in enumerate(arrows) for part in _arrow(ladder, arrow, at)),
    ]
    if left_out:
        parts.append(_text(f"… +{left_out:,}", TIMES, TOP + ROW * (len(arrows) + 0.5)))
    return "".join([*parts, "</svg>"])


def _x(lane: int) -> float:
    return TIMES + STEP * (lane + 0.5)


def _lane(at: int, name: str, height: int) -> str:
    line = (
        f'<line x1="{_x(at)}" x2="{_x(at)}" y1="{TOP - 10}" y2="{height}" '
        'stroke="currentColor" stroke-opacity="0.35"/>'
    )
    return line + _text(_short(name, STEP), _x(at), TOP - 18, "middle")


def _arrow(ladder: Ladder, arrow: Arrow, at: int) -> Iterator[str]:
    y = TOP + ROW * (at + 0.75)
    files = 1 + any(each.frame[0] for each in ladder.arrows)
    elapsed = f"{(arrow.time_ns - ladder.start_ns) / 10**9:.3f}"
    yield _text(f"{elapsed}  {frame_name(arrow.frame, files)}", TIMES - 14, y + 4, "end", "0.65")
    begin, end = _x(arrow.source), _x(arrow.destination)
    colour = COLOURS.get(arrow.label[:1], "currentColor")
    repeats = f" ×{arrow.repeats + 1}" if arrow.repeats else ""
    # a message from a party to itself has its label beside the lane
    place = (begin + end) / 2 if begin != end else begin + STEP / 2
    label = _short(arrow.label, abs(end - begin) or STEP) + repeats
    weight = ' font-weight="bold"' if arrow.decisive else ""
    yield f'<g fill="{colour}" stroke="none"{weight}>{_text(label, place, y - 4, "middle")}</g>'
    yield _shaft(_Line(begin, end, y), colour)


def _shaft(line: _Line, colour: str) -> str:
    point = 7 if line.x1 <= line.x2 else -7
    head = f"{line.x2},{line.y} {line.x2 - point},{line.y - 3} {line.x2 - point},{line.y + 3}"
    return (
        f'<line x1="{line.x1}" x2="{line.x2}" y1="{line.y}" y2="{line.y}" stroke="{colour}"/>'
        f'<polygon points="{head}" fill="{colour}"/>'
    )


def _short(text: str, room: float) -> str:
    return shorten(visible(text), max(3, int(room / LETTER) - 2))


def _text(text: str, x: float, y: float, anchor: str = "start", opacity: str = "1") -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill-opacity="{opacity}">'
        f"{escape(text)}</text>"
    )
