"""One call whole → lines: sentence, times, legs, path, events, findings, ladder, messages."""

from collections.abc import Iterable, Iterator

from analyzer.i18n import Texts, load_texts
from analyzer.render.finding_lines import quote_lines
from analyzer.render.ladder_lines import frame_name, ladder_lines
from analyzer.render.layout import Line, labelled, pad, paragraph, visible, width_of
from analyzer.report.call_media import MediaStory
from analyzer.report.durations import duration
from analyzer.report.whole_calls import Event, Hop, WholeCall

INDENT = 2
DEEPER = 2
"""Columns that each further hop is indented by."""


def whole_call_lines(call: WholeCall, language: str, width: int, captures: int) -> Iterator[Line]:
    """Yield the lines of a call."""
    common, texts = load_texts(language), load_texts(language, "calls")
    story = call.story
    call_id = common("story.call_id", call_id=visible(story.call_id))
    yield (common("story.call", id=story.id), "heading"), (f"  {call_id}", "label")
    yield from paragraph(story.sentence, INDENT, width)
    parts = {
        "times": _times(call, common, texts, width),
        "legs": _legs(call, common, texts, width),
        "hops": _hops(call, common, texts, width),
        "media": _media(call.media, common, texts, width),
        "events": _events(call, common, texts, width, captures),
        "findings": _findings(call, texts, width, captures),
    }
    for name, lines in parts.items():
        yield from _part(texts(f"heading.{name}"), lines)
    if story.ladder:
        yield ()
        yield from ladder_lines(story.ladder, common, width, captures)
    yield from _part(texts("heading.messages"), quote_lines(call.messages, width, captures))


def _part(heading: str, lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines under their heading, nothing without lines."""
    for number, line in enumerate(lines):
        if number == 0:
            yield ()
            yield ((heading, "heading"),)
        yield line


def _times(call: WholeCall, common: Texts, texts: Texts, width: int) -> Iterator[Line]:
    names = [(texts(f"time.{name}"), ns) for name, ns in call.times]
    room = max((width_of(name) for name, _ in names), default=0) + 2
    for name, ns in names:
        yield from labelled((pad(name, room), "label"), duration(ns, common), INDENT, room, width)


def _media(media: MediaStory, common: Texts, texts: Texts, width: int) -> Iterator[Line]:
    """Yield what was agreed, then the RTP of each source."""
    for said in (*agreed_words(media, common, texts), *heard_words(media, common, texts)):
        yield from paragraph(said, INDENT, width)
    if media.silent:
        yield from paragraph(texts(f"media.silent_{media.silent}"), INDENT, width, "warning")


def agreed_words(media: MediaStory, common: Texts, texts: Texts) -> Iterator[str]:
    """Yield what was agreed, media by media."""
    for each in media.agreed:
        said = texts(
            f"media.{each.state}",
            kind=each.kind,
            protocol=each.protocol,
            codecs=common("list").join(each.codecs),
            offered_at=each.offered_at or "?",
            answered_at=each.answered_at or "?",
        )
        yield said + (texts("media.srtp") if each.is_encrypted else "")


def heard_words(media: MediaStory, common: Texts, texts: Texts) -> Iterator[str]:
    """Yield the RTP of each source."""
    for heard in media.heard:
        jitter = heard.jitter_ns
        said = texts(
            f"media.from_{heard.party}",
            packets=common.count("packets", heard.packets),
            codec=heard.codec,
            source=heard.source,
            destination=heard.destination,
            lost=f"{heard.lost:,}",
            percent=f"{100 * heard.lost / max(heard.expected, 1):.1f}",
        )
        if jitter is not None:
            said += texts("media.jitter", jitter=f"{jitter / 1e6:.1f}")
        yield said


def _legs(call: WholeCall, common: Texts, texts: Texts, width: int) -> Iterator[Line]:
    for leg in call.legs:
        evidence = common("list").join(texts(f"evidence.{each}") for each in leg.evidence)
        sure = common(f"confidence.{leg.confidence}")
        said = texts("leg.joined", call_id=leg.call_id, evidence=evidence, confidence=sure)
        yield from paragraph(said, INDENT, width)


def _hops(call: WholeCall, common: Texts, texts: Texts, width: int) -> Iterator[Line]:
    for hop in call.hops:
        indent = INDENT + DEEPER * min(hop.depth, 8)
        ends = texts("hop.ends", client=hop.client, server=hop.server)
        yield (" " * indent, ""), (visible(ends), "")
        said = common("list").join(hop_words(hop, common, texts))
        yield from paragraph(said, indent + DEEPER, width, "label")


def hop_words(hop: Hop, common: Texts, texts: Texts) -> Iterator[str]:
    """Yield what happened on a hop."""
    if hop.status is None:
        yield texts("hop.open")
    else:
        answer = texts("hop.answered", status=hop.status, reason=hop.reason).rstrip()
        took = hop.answered_ns
        yield (
            answer
            if took is None
            else texts("hop.after", answer=answer, time=duration(took, common))
        )
    if hop.is_first:
        yield texts("hop.first")
    if hop.after_refusal:
        yield texts("hop.after_refusal")
    if hop.sent_on_ns is not None:
        yield texts("hop.sent_on", time=duration(hop.sent_on_ns, common))
    if hop.passed_back_ns is not None:
        yield texts("hop.passed_back", time=duration(hop.passed_back_ns, common))
    for each in hop.changes:
        yield texts(f"change.{each}")


def _events(
    call: WholeCall, common: Texts, texts: Texts, width: int, captures: int
) -> Iterator[Line]:
    for event in call.events:
        time = duration(event.since_ns, common)
        frame = frame_name(event.frame, captures)
        said = texts("event.line", time=time, frame=frame, what=_what(event, texts))
        yield from paragraph(said, INDENT, width)


def _what(event: Event, texts: Texts) -> str:
    party = texts(f"party.{event.party}")
    what = texts(f"event.{event.kind}", status=event.status or "", party=party)
    return texts("event.detail", what=what, detail=event.detail) if event.detail else what


def _findings(call: WholeCall, texts: Texts, width: int, captures: int) -> Iterator[Line]:
    for each in call.findings:
        frame = frame_name(each.frame, captures)
        said = texts("finding", rule=each.rule, title=each.title, case=each.case, frame=frame)
        yield from paragraph(said, INDENT, width)
