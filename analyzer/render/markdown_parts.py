"""Findings, calls and what findings belong to → parts of a Markdown report."""

from collections.abc import Iterator, Sequence

from analyzer.frozen import frozen
from analyzer.i18n import Texts
from analyzer.render.clock import Clock
from analyzer.render.finding_lines import ROWS, finding_facts
from analyzer.render.ladder_lines import frame_name
from analyzer.render.layout import shorten, visible
from analyzer.render.markdown_text import NOTHING, block, code, inline, table
from analyzer.render.mermaid import Note, sequence_diagram
from analyzer.render.whole_call_lines import agreed_words, heard_words, hop_words
from analyzer.report.durations import duration
from analyzer.report.model import CallSummary, FindingBlock, Ladder, Party, Remark
from analyzer.report.remarks import words_of
from analyzer.report.told import Told
from analyzer.report.whole_calls import WholeCall
from analyzer.tables.calls import Outcome

Part = list[str]
"""Lines of Markdown; parts are put apart by an empty line."""
LISTS = ("do", "calls")
"""Facts of a finding that are lists however short."""
LONGEST_NAME = 40
"""In the table of calls."""
QUOTED = 12
"""Lines quoted of the messages that a finding rests on."""


@frozen
class Reader:
    """Whom a report is for: words in a language, the time of a zone, how frames are named."""

    texts: Texts
    """Of reports to send."""
    words: Texts
    """Of all reports."""
    call_words: Texts
    clock: Clock
    captures: int


def finding_part(found: FindingBlock, reader: Reader) -> Iterator[Part]:
    """Yield a finding, or many alike: heading, facts, lines that it rests on."""
    words = reader.words
    severity = words(f"severity.{found.severity.name.lower()}").upper()
    title = words("finding.heading", title=found.text.title, case=found.text.case)
    times = f" ({words('finding.times', n=f'{found.count:,}')})" if found.count > 1 else ""
    yield [f"### {severity}: {inline(title)}{times} – {inline(found.text.rule)}"]
    facts: dict[str, list[str]] = {"meaning": [found.text.meaning]}
    for key, text in finding_facts(found, words, reader.clock, reader.captures):
        facts.setdefault(key, []).append(text.removeprefix("- "))
    yield [
        line
        for key in ROWS
        if key in facts
        for line in _fact(words(f"finding.{key}"), facts[key], as_list=key in LISTS)
    ]
    quoted = [
        f"{frame_name(quote.frame, reader.captures)}: {line}"
        for quote in found.proof.quotes
        for line in quote.lines
    ]
    if quoted:
        more = [f"… (+{len(quoted) - QUOTED:,})"] if len(quoted) > QUOTED else []
        yield list(block([*quoted[:QUOTED], *more]))


def _fact(label: str, items: Sequence[str], *, as_list: bool = False) -> Iterator[str]:
    if as_list or len(items) > 1:
        yield f"- **{inline(label)}:**"
        yield from (f"  - {inline(item)}" for item in items)
    elif items and items[0]:
        yield f"- **{inline(label)}:** {inline(items[0])}"


def call_rows(calls: Sequence[CallSummary], reader: Reader) -> Iterator[str]:
    """Yield the lines of the table of calls."""
    words, texts = reader.words, reader.texts
    heads = [words(f"table.{key}") for key in ("id", "start", "caller", "callee", "outcome")]
    heads += [words("table.ring"), words("table.talk"), texts("table.findings")]
    heads[0] = texts("document.number")
    rows = [
        (
            str(call.id),
            reader.clock.short(call.start_ns),
            _name(call.caller, words),
            _name(call.callee, words),
            _outcome(call, words),
            "" if call.ring_ns is None else duration(call.ring_ns, words),
            "" if call.talk_ns is None else duration(call.talk_ns, words),
            f"{call.findings:,}" if call.findings else "",
        )
        for call in calls
    ]
    return table(heads, rows, (0, 5, 6, 7))


def _name(party: Party, words: Texts) -> str:
    return code(shorten(visible(party.short), LONGEST_NAME)) or words("unknown")


def _outcome(call: CallSummary, words: Texts) -> str:
    outcome = words(f"outcome.{call.outcome.name.lower()}")
    says_more = call.final_status and call.outcome != Outcome.ANSWERED
    return f"{outcome} {call.final_status}" if says_more else outcome


def told_part(told: Told, reader: Reader) -> Iterator[Part]:
    """Yield what findings belong to: sentence, facts, diagram."""
    story = told.story
    yield [f"### {inline(reader.words(f'story.{story.kind}', id=story.id))}"]
    yield [inline(story.sentence)]
    yield list(_facts(told, reader))
    if story.ladder:
        diagram = sequence_diagram(story.ladder, list(_notes(told, story.ladder, reader)))
        yield ["```mermaid", *diagram, "```"]


def _facts(told: Told, reader: Reader) -> Iterator[str]:
    words, texts = reader.words, reader.texts
    yield f"- **Call-ID:** {code(told.story.call_id) or NOTHING}"
    named = [
        reader.call_words(
            "finding",
            rule=each.rule,
            title=each.title,
            case=each.case,
            frame=frame_name(each.frame, reader.captures),
        )
        for each in told.findings
    ]
    yield from _fact(texts("findings"), named, as_list=True) if named else ()
    if told.whole:
        times = words("list").join(
            f"{reader.call_words(f'time.{name}')} {duration(ns, words)}"
            for name, ns in told.whole.times
        )
        yield from _fact(texts("document.times"), [times] if times else [])
        yield from _fact(texts("document.path"), list(_path(told.whole, reader)), as_list=True)
        yield from _fact(texts("document.media"), list(_media(told.whole, reader)))


def _path(whole: WholeCall, reader: Reader) -> Iterator[str]:
    for hop in whole.hops:
        ends = reader.call_words("hop.ends", client=hop.client, server=hop.server)
        said = hop_words(hop, reader.words, reader.call_words)
        yield f"{ends}: {reader.words('list').join(said)}"


def _media(whole: WholeCall, reader: Reader) -> Iterator[str]:
    yield from agreed_words(whole.media, reader.words, reader.call_words)
    yield from heard_words(whole.media, reader.words, reader.call_words)
    if whole.media.silent:
        yield reader.call_words(f"media.silent_{whole.media.silent}")


def _notes(told: Told, ladder: Ladder, reader: Reader) -> Iterator[Note]:
    """Yield what stands across the lanes: findings, RTP, what is not drawn."""
    arrows = ladder.arrows
    places = {arrow.frame: at for at, arrow in enumerate(arrows)}
    for each in told.findings:
        frame = frame_name(each.frame, reader.captures)
        text = reader.texts("document.note", rule=each.rule, case=each.case, frame=frame)
        at = places.get(each.frame, len(arrows) - 1)
        yield Note(at, f"★ {text}", (arrows[at].source, arrows[at].destination))
    for heard in told.whole.media.heard if told.whole else ():
        at = sum(arrow.time_ns <= heard.first_ns for arrow in arrows) - 1
        text = reader.texts(
            "document.rtp",
            source=heard.source,
            destination=heard.destination,
            codec=heard.codec,
            packets=reader.words.count("packets", heard.packets),
            percent=f"{100 * heard.lost / max(heard.expected, 1):.1f}",
            length=duration(heard.last_ns - heard.first_ns, reader.words),
        )
        yield Note(at, text)
    for at, arrow in enumerate(arrows):
        if arrow.left_out:
            yield Note(at, "⋮ " + reader.texts("page.left_out", n=arrow.left_out))


def remark_text(remark: Remark, reader: Reader) -> str:
    """Return what was strange in a capture, in words."""
    frame = frame_name(remark.first_frame, reader.captures) if remark.first_frame else "–"
    meaning = words_of(remark.kind, reader.words.language)
    return reader.words("summary.kind", n=f"{remark.count:,}", meaning=meaning, frame=frame)
