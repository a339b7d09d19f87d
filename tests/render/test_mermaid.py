"""Sequence diagrams as text; tests/browser has Mermaid itself read them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from analyzer.frozen import replace
from analyzer.render.mermaid import Note, sequence_diagram, text_of
from analyzer.report.model import Ladder
from example_report import LADDER

FORGED = (
    ";", "#", "%%", "%%{init: {}}%%", "end", "\n", "\r", "\u2028", "`", "```", "<b>", '"', "wrap:",
    "->>", "Note over p0: x", "#59;", "\u202e", "\x1b", "{", "ﬂ°°60¶ß", " ",
)  # fmt: skip  # a list to read
HOSTILE = st.lists(st.one_of(st.sampled_from(FORGED), st.text(max_size=4)), max_size=6).map("".join)


def test_lanes_arrows_and_times() -> None:
    """Participants in order, a line for each message with its time, responses dashed, repeats
    counted, the note behind its message.
    """
    made = list(sequence_diagram(LADDER, [Note(2, "RSP603 declined", (1, 0))]))
    assert made == [
        "sequenceDiagram",
        "    participant p0 as 192.0.2.1:5060",
        "    participant p1 as 192.0.2.2:5060",
        "    p0->>p1: INVITE ×2 · 0.000 s",
        "    p1-->>p0: 180 Ringing · 0.200 s",
        "    p1-->>p0: 603 Decline · 4.400 s",
        "    Note over p0,p1: RSP603 declined",
        "    p0->>p1: ACK · 4.410 s",
    ]


def test_a_note_of_several_lines() -> None:
    """Line ends stay, few of them; what a line says of a break of its own is text."""
    made = list(sequence_diagram(LADDER, [Note(-1, "a<br/>\nb" + "\nc" * 9)]))
    assert made[3] == "    Note over p0,p1: a#60;br/#62;<br/>b<br/>c<br/>c"


def test_a_note_on_one_lane_and_before_all() -> None:
    """A message that goes back to its sender has a note over one lane; -1 stands before all."""
    made = list(sequence_diagram(LADDER, [Note(-1, "x", (1, 1))]))
    assert made[3] == "    Note over p1: x"


@given(text=HOSTILE)
def test_a_text_ends_no_line(text: str) -> None:
    """In a text there is no character that means anything, and it reads as it was."""
    made = text_of(text, 200)
    bare = re.sub(r"#\d+;", "", made)
    assert not set(bare) & set(';#"<>{}`&\n\r\u2028\u202eﬂ°¶ß')
    assert "%%" not in made
    assert not re.search(r"\bend\b", bare, re.IGNORECASE)
    assert made.isprintable() or "\u3000" in made or "\u00a0" in made


@given(text=HOSTILE)
def test_a_hostile_ladder_has_as_many_lines(text: str) -> None:
    """Names of lanes, labels and notes add no line of their own."""
    arrows = tuple(replace(each, label=text) for each in LADDER.arrows)
    hostile: Ladder = replace(LADDER, lanes=(text, text), arrows=arrows)
    made = "\n".join(sequence_diagram(hostile, [Note(1, text)]))
    assert len(made.splitlines()) == 1 + 2 + 4 + 1
    assert "```" not in made
