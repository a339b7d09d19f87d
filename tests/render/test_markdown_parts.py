"""Parts of a Markdown report: what each shows of its data."""

from datetime import UTC

import pytest

from analyzer.frozen import replace
from analyzer.i18n import load_texts
from analyzer.render.clock import Clock
from analyzer.render.markdown_parts import (
    QUOTED,
    Reader,
    call_rows,
    finding_part,
    remark_text,
    told_part,
)
from analyzer.report.call_media import HeardMedia, MediaStory
from analyzer.report.model import Quote, Story
from analyzer.report.told import Told
from analyzer.report.whole_calls import Hop, Named, WholeCall
from example_report import BLOCK, CALL, LADDER, SECOND, START, example_report


@pytest.fixture
def reader() -> Reader:
    """Give a reader of English in UTC."""
    texts = (load_texts("en", "page"), load_texts("en"), load_texts("en", "calls"))
    return Reader(*texts, Clock(UTC), 1)


def test_a_finding_has_its_facts(reader: Reader) -> None:
    """Heading with severity and rule, facts as items, steps as a list, quotes as a block."""
    heading, facts, quotes = finding_part(BLOCK, reader)
    assert heading == ["### NOTICE: 603 Decline: declined-after-ringing – RSP603"]
    assert "- **Certain:** Declined 4200 ms after ringing began." in facts
    at = facts.index("- **What to do:**")
    assert facts[at + 1] == "  - Respect it; no automatic redial."
    assert quotes == ["```text", "5: Server: ExamplePhone/1.0", "```"]


def test_quotes_that_are_left_out_are_counted(reader: Reader) -> None:
    """Of many lines the first are quoted, and how many follow is said."""
    quote = Quote((0, 5), ("x",) * (QUOTED + 3))
    block = replace(BLOCK, proof=replace(BLOCK.proof, quotes=(quote,)))
    *_, quotes = finding_part(block, reader)
    assert quotes[-2:] == ["… (+3)", "```"]


def test_a_call_is_a_row(reader: Reader) -> None:
    """Numbers are aligned right; names stand in code, and an unknown one is said to be."""
    nobody = replace(CALL, caller=replace(CALL.caller, user="", address=""))
    head, line, row, unknown = call_rows([CALL, nobody], reader)
    assert head.count("|") == line.count("|") == row.count("|")
    assert "| `alice` | `bob` | declined 603 | 4.2 s |" in row
    assert "| unknown | `bob` |" in unknown


def test_a_call_is_told(reader: Reader) -> None:
    """Sentence, findings, path, media, and a diagram with a note at the message judged and one for
    RTP behind the last message before it.
    """
    heard = HeardMedia(
        "caller", "PCMU", "192.0.2.1:4000", "192.0.2.2:4000", 100, 1, 101, None,
        START + SECOND, START + 3 * SECOND,
    )  # fmt: skip  # one a line says no more
    hop = Hop(
        depth=0, client="192.0.2.1:5060", server="192.0.2.2:5060", status=603, reason="Decline",
        answered_ns=4 * SECOND, sent_on_ns=None, passed_back_ns=None, changes=(),
        after_refusal=False, is_first=False,
    )  # fmt: skip  # as above
    story = Story("call", 7, "x@y", "alice called bob: declined.", LADDER)
    named = Named("RSP603", "603 Decline", "declined-after-ringing", (0, 5))
    media = MediaStory((), (heard,), "callee")
    whole = WholeCall(story, (("ring", 4 * SECOND),), (), (hop,), media, (), (named,), ())
    heading, sentence, facts, diagram = told_part(Told(story, (named,), whole), reader)
    assert heading == ["### Call `#7`"]
    assert sentence == ["alice called bob: declined."]
    assert facts[:3] == [
        "- **Call-ID:** `x@y`",
        "- **Findings:**",
        "  - RSP603 603 Decline: declined-after-ringing (frame 5)",
    ]
    assert r"  - 192.0.2.1:5060 -\> 192.0.2.2:5060: 603 Decline after 4.0 s" in facts
    assert "  - no RTP from the callee's side" in facts
    rtp = "RTP 192.0.2.1:4000<br/>→ 192.0.2.2:4000<br/>PCMU, 2.0 s<br/>100 packets, 1.0 % lost"
    rtp = f"    Note over p0,p1: {rtp}"
    assert diagram[diagram.index(rtp) - 1].endswith("180 Ringing · 0.200 s")
    note = "    Note over p0,p1: ★ RSP603 declined-after-ringing<br/>(frame 5)"
    assert diagram[diagram.index(note) - 1].endswith("603 Decline · 4.400 s")


def test_messages_that_are_not_drawn_are_counted(reader: Reader) -> None:
    """A gap of a ladder is a note."""
    arrows = (replace(LADDER.arrows[0], left_out=9), *LADDER.arrows[1:])
    story = Story("registration", 1, "", "x", replace(LADDER, arrows=arrows))
    *_, diagram = told_part(Told(story, (), None), reader)
    assert "    Note over p0,p1: ⋮ 9 messages are not drawn" in diagram


def test_a_remark_in_words(reader: Reader) -> None:
    """How often, what it means, where first."""
    (remark,) = example_report().remarks
    assert "1 ×" in remark_text(remark, reader)
    assert "frame 8" in remark_text(remark, reader)
