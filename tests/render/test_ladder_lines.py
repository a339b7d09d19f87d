"""Ladders as lines."""

from analyzer.frozen import replace
from analyzer.i18n import load_texts
from analyzer.render.ladder_lines import frame_name, ladder_lines
from analyzer.report.model import Arrow, Ladder
from example_report import LADDER, START

MS = 10**6


def drawn(ladder: Ladder, *, captures: int = 1, width: int = 80) -> list[str]:
    """Return the lines of a ladder as text."""
    lines = ladder_lines(ladder, load_texts("en"), width, captures)
    return ["".join(text for text, _ in line) for line in lines]


def test_two_lanes() -> None:
    """Requests point one way, responses the other, with times from the first message."""
    assert drawn(LADDER) == [
        "       time   frame  192.0.2.1:5060                192.0.2.2:5060",
        "      0.000       1  |-------- INVITE x2 --------->|",
        "      0.200       4  |<------- 180 Ringing --------|",
        "      4.400       5  |<------- 603 Decline --------|",
        "      4.410       6  |----------- ACK ------------>|",
    ]


def test_three_lanes_keep_their_places() -> None:
    """Each lane is drawn on every line, also past lanes that an arrow does not touch."""
    arrows = (
        Arrow(START, (0, 1), 0, 1, "INVITE", 0),
        Arrow(START + MS, (0, 2), 1, 2, "INVITE", 0),
        Arrow(START + 2 * MS, (0, 3), 2, 0, "603 Decline", 0),
    )
    lines = drawn(Ladder(("a:1", "b:2", "c:3"), arrows, START))
    bars = {at for at, character in enumerate(lines[0]) if character in "abc" and at > 20}
    assert len(bars) == 3
    assert {at for at, character in enumerate(lines[1]) if character == "|"} == bars
    assert {at for at, character in enumerate(lines[2]) if character == "|"} == bars
    assert {at for at, character in enumerate(lines[3]) if character == "|"} == {
        min(bars),
        max(bars),
    }


def test_long_addresses_get_letters() -> None:
    """Addresses that do not fit over their lanes are named above the ladder."""
    lanes = ("[2001:db8:1:2:3:4:5:6]:5060", "[2001:db8:ffff:eeee:dddd::1]:5060", "192.0.2.1:5060")
    lines = drawn(Ladder(lanes, (Arrow(START, (0, 1), 0, 2, "BYE", 0),), START))
    assert lines[0].strip() == "A = [2001:db8:1:2:3:4:5:6]:5060"
    assert lines[3].split() == ["time", "frame", "A", "B", "C"]


def test_many_lanes_are_told_in_words() -> None:
    """More parties than fit beside each other are named on each line."""
    lanes = tuple(f"192.0.2.{n}:5060" for n in range(6))
    lines = drawn(Ladder(lanes, (Arrow(START, (0, 1), 0, 5, "INVITE", 0),), START))
    assert lines[-1].split() == ["0.000", "1", "A", "->", "F", "INVITE"]


def test_what_is_left_out_is_counted_where_it_is_missing() -> None:
    """The gap of a long ladder says how many messages are missing."""
    first, second, *others = LADDER.arrows
    ladder = Ladder(LADDER.lanes, (first, replace(second, left_out=7), *others), START)
    assert drawn(ladder)[3].strip() == "… 7 more messages; --messages prints each"


def test_a_message_to_its_own_sender_is_drawn() -> None:
    """Source and destination may be the same address and port."""
    lines = drawn(Ladder(("a:1",), (Arrow(START, (0, 1), 0, 0, "OPTIONS", 0),), START))
    assert lines[-1].split() == ["0.000", "1", "|<>", "OPTIONS"]


def test_hostile_labels_and_lanes_are_escaped() -> None:
    """A reason phrase cannot move the cursor, nor break the lanes by its width."""
    arrows = (Arrow(START, (0, 1), 0, 1, "603 \x1b[2J" + "拒否" * 30, 0),)
    line = drawn(Ladder(("a:1", "b:2"), arrows, START))[-1]
    assert "\\x1b[2J" in line
    assert "…" in line


def test_lines_fit_the_page() -> None:
    """No ladder of up to four lanes is wider than the page."""
    lanes = tuple(f"192.0.2.{n}:5060" for n in range(4))
    arrows = (Arrow(START, (0, 123456), 0, 3, "407 Proxy Authentication Required", 0),)
    for width in (60, 80, 110):
        ladder = Ladder(lanes, arrows, START)
        assert max(map(len, drawn(ladder, width=width))) <= width


def test_frames_of_several_captures_name_the_capture() -> None:
    """With one capture the frame is a number, with more it is `capture:number`."""
    assert frame_name((1, 7), 2) == "1:7"
    assert frame_name((0, 7), 1) == "7"
