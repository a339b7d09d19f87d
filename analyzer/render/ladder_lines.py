"""Ladder → lines: time since the first message, frame, lanes with an arrow for each message.

Only ASCII is drawn, so that the lanes stay straight where a terminal shows arrows and rules twice
as wide as others do.
"""

from collections.abc import Iterator

from analyzer.i18n import Texts
from analyzer.render.layout import Line, pad, shorten, visible, width_of
from analyzer.report.model import Arrow, Ladder
from analyzer.tables.anomalies import Frame

INDENT = 2
TIME, FRAME = 9, 8
MOST_LANES = 4
WIDEST_LANE = 30
LONGEST_LABEL = 40


def frame_name(frame: Frame, captures: int) -> str:
    """Return a frame as Wireshark numbers it, after the number of its file if there are several."""
    return str(frame[1]) if captures < 2 else f"{frame[0]}:{frame[1]}"


def ladder_lines(ladder: Ladder, texts: Texts, width: int, captures: int) -> Iterator[Line]:
    """Yield the lines of a ladder."""
    names = [visible(name) for name in ladder.lanes]
    step = _step(names, width)
    if any(width_of(name) > step - 2 for name in names[:-1]):
        for letter, name in zip(_letters(len(names)), names, strict=True):
            yield (" " * (INDENT + TIME + FRAME + 2), ""), (f"{letter} = {name}", "label")
        names = _letters(len(names))
        step = _step(names, width)
    yield _heading(names, texts, step)
    for arrow in ladder.arrows:
        times = pad(_elapsed(arrow.time_ns - ladder.start_ns), TIME, right=True)
        frame = pad(frame_name(arrow.frame, captures), FRAME, right=True)
        drawn = _drawn(arrow, len(names), step) if len(names) <= MOST_LANES else _told(arrow, names)
        mark = "*" if arrow.decisive else " "
        yield (" " * INDENT, ""), (f"{times}{frame}{mark} ", "label"), (drawn, _style(arrow))
        if arrow.left_out:
            missing = texts.count("ladder.left_out", arrow.left_out)
            yield (" " * (INDENT + TIME + FRAME + 2), ""), (missing, "label")


def _step(names: list[str], width: int) -> int:
    """Return the distance between lanes; the name of the last one needs room too."""
    room = width - INDENT - TIME - FRAME - 2 - width_of(names[-1])
    return min(WIDEST_LANE, room // max(1, len(names) - 1))


def _letters(count: int) -> list[str]:
    return [chr(ord("A") + at) if at < 26 else f"Z{at}" for at in range(count)]


def _heading(names: list[str], texts: Texts, step: int) -> Line:
    times, frame = (
        pad(texts("ladder.time"), TIME, right=True),
        pad(texts("ladder.frame"), FRAME, right=True),
    )
    lanes = "".join(pad(name, step) for name in names) if len(names) <= MOST_LANES else ""
    return (" " * INDENT, ""), (f"{times}{frame}  {lanes}".rstrip(), "label")


def _elapsed(ns: int) -> str:
    milliseconds = ns // 10**6
    return f"{milliseconds // 1000}.{milliseconds % 1000:03d}"


def _drawn(arrow: Arrow, lanes: int, step: int) -> str:
    """Draw an arrow between two lanes: `|--- INVITE --->|`."""
    low, high = sorted((arrow.source, arrow.destination))
    if low == high:
        return " " * (step * low) + f"|<> {_label(arrow, LONGEST_LABEL)}"
    length = step * (high - low) - 1
    label = f" {_label(arrow, length - 5)} "
    left = (length - 1 - width_of(label)) // 2
    right = length - 1 - width_of(label) - left
    shaft = "-" * left + label + "-" * right
    shaft = f"{shaft}>" if arrow.source < arrow.destination else f"<{shaft}"
    before = "".join(pad("|", step) for _ in range(low))
    after = "".join(" " * (step - 1) + "|" for _ in range(high + 1, lanes))
    return f"{before}|{shaft}|{after}"


def _told(arrow: Arrow, names: list[str]) -> str:
    """Name both ends where the lanes would not fit."""
    return f"{names[arrow.source]} -> {names[arrow.destination]}  {_label(arrow, LONGEST_LABEL)}"


def _label(arrow: Arrow, room: int) -> str:
    """Return what stands on an arrow: the message, cut where it is too long, and how often."""
    repeats = f" x{arrow.repeats + 1}" if arrow.repeats else ""
    return shorten(visible(arrow.label), room - len(repeats)) + repeats


def _style(arrow: Arrow) -> str:
    if not arrow.label[:1].isdigit():
        return ""
    return {"1": "label", "2": "good"}.get(arrow.label[0], "bad")
