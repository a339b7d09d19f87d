"""Ladders as drawings: parsed back, harmless, no longer than is of use."""

from xml.etree import ElementTree as ET

from analyzer.render.ladder_svg import MOST_ARROWS, ladder_svg
from analyzer.report.model import Arrow, Ladder

SVG = "{http://www.w3.org/2000/svg}"
LANES = ("192.0.2.1:5060", "192.0.2.2:5060")


def arrow(at: int, label: str, *, back: bool = False, repeats: int = 0) -> Arrow:
    """Return a message a second after the one before."""
    return Arrow(at * 10**9, (0, at + 1), int(back), int(not back), label, repeats)


def parsed(ladder: Ladder) -> ET.Element:
    """Return the drawing as XML."""
    return ET.fromstring(ladder_svg(ladder))  # noqa: S314 - what was just written


def texts(ladder: Ladder) -> list[str]:
    """Return all texts of the drawing."""
    return [each.text or "" for each in parsed(ladder).iter(f"{SVG}text")]


def test_lanes_and_arrows_are_drawn() -> None:
    """A line for each lane and arrow, from sender to receiver, time and frame beside it."""
    arrows = (arrow(0, "INVITE"), arrow(1, "603 Decline", back=True, repeats=2))
    ladder = Ladder(LANES, arrows, 0)
    lines = [each.attrib for each in parsed(ladder).iter(f"{SVG}line")]
    first, second = lines[2:]
    assert float(first["x1"]) < float(first["x2"])
    assert float(second["x1"]) > float(second["x2"])
    assert float(first["y1"]) < float(second["y1"])
    assert first["stroke"] == "currentColor"
    assert second["stroke"] != "currentColor"
    found = texts(ladder)
    assert {*LANES, "INVITE", "603 Decline ×3", "1.000  2"} <= set(found)


def test_a_message_to_oneself_and_several_files() -> None:
    """An arrow within a lane still has its label; frames of several files name theirs."""
    loop = Arrow(0, (1, 7), 0, 0, "OPTIONS", 0)
    found = texts(Ladder(LANES[:1], (loop,), 0))
    assert "OPTIONS" in found
    assert "0.000  1:7" in found


def test_hostile_texts_are_texts() -> None:
    """Markup, controls and marks of direction in lanes and labels stay text."""
    ladder = Ladder(("<script>x</script>", "a\x00b"), (arrow(0, "\u202e</text><a/>"),), 0)
    root = parsed(ladder)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg", "g", "line", "polygon", "text",
    }  # fmt: skip  # read side by side
    assert all(text.isprintable() for text in texts(ladder))


def test_a_long_ladder_is_cut_and_says_so() -> None:
    """The first messages are drawn, and how many are left out is written."""
    ladder = Ladder(LANES, tuple(arrow(at, "INFO") for at in range(MOST_ARROWS + 1234)), 0)
    found = texts(ladder)
    assert found.count("INFO") == MOST_ARROWS
    assert "… +1,234" in found


def test_an_empty_ladder_is_a_drawing() -> None:
    """Without lanes there is nothing in it."""
    assert texts(Ladder((), (), 0)) == []
