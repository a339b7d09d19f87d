"""Finding, or many alike → a block of lines."""

from collections.abc import Iterator, Sequence

from analyzer.i18n import Texts
from analyzer.render.clock import Clock
from analyzer.render.ladder_lines import FRAME, TIME, frame_name, ladder_lines
from analyzer.render.layout import Line, labelled, pad, visible, width_of, wrap
from analyzer.report.model import FindingBlock, Occurrence, Party, Proof, Quote

INDENT = 2
QUOTE_WIDTH = TIME + FRAME + 2
STRESSED = ("certain", "likely", "do")
"""What a person in a hurry reads."""

Row = tuple[str, str]


def finding_lines(
    block: FindingBlock, texts: Texts, clock: Clock, *, width: int, captures: int, meaning: bool
) -> Iterator[Line]:
    """Yield the lines of a block."""
    rows = [*finding_facts(block, texts, clock, captures)]
    if block.count > len(block.listed) > 0:
        key, more = rows.pop()
        rows.append((key, f"{more} ({texts('finding.grouped')})"))
    if meaning:
        rows.insert(0, ("meaning", block.text.meaning))
    labels = {key: texts(f"finding.{key}") for key in ROWS}
    label_width = max(map(width_of, labels.values())) + 2
    yield _heading(block, texts, width)
    last = ""
    for key, text in rows:
        label = "" if key == last else labels[key]
        style = "heading" if key in STRESSED else "label"
        yield from labelled((label, style), text, INDENT, label_width, width)
        last = key


def proof_lines(proof: Proof, texts: Texts, width: int, captures: int) -> Iterator[Line]:
    """Yield the ladder of the messages that matter, the decisive ones marked, and their lines."""
    yield ()
    yield from ladder_lines(proof.ladder, texts, width, captures)
    yield from quote_lines(proof.quotes, width, captures)


def quote_lines(quotes: Sequence[Quote], width: int, captures: int) -> Iterator[Line]:
    """Yield the lines of messages, the frame beside the first of each."""
    for quote in quotes:
        label = pad(f"{frame_name(quote.frame, captures)} ", QUOTE_WIDTH, right=True)
        for number, line in enumerate(quote.lines):
            mark = label if number == 0 else " " * QUOTE_WIDTH
            for part in (
                wrap(visible(line), max(20, width - INDENT - QUOTE_WIDTH)) if line else ("",)
            ):
                yield (" " * INDENT, ""), (mark, "label"), (part, "")
                mark = " " * QUOTE_WIDTH


ROWS = (
    "meaning",
    "when",
    "who",
    "certain",
    "likely",
    "evidence",
    "answered",
    "sent",
    "do",
    "references",
    "call_id",
    "calls",
)


def _heading(block: FindingBlock, texts: Texts, width: int) -> Line:
    name = block.severity.name.lower()
    severity = texts(f"severity.{name}").upper()
    title = texts("finding.heading", title=block.text.title, case=block.text.case)
    times = f" ({texts('finding.times', n=f'{block.count:,}')})" if block.count > 1 else ""
    used = width_of(severity) + 2 + width_of(title) + width_of(times)
    rule = pad(block.text.rule, width - used, right=True)
    gap = "" if rule[:1] == " " else "  "
    return (severity, name), (f"  {visible(title)}{times}", "heading"), (gap + rule, "label")


def finding_facts(block: FindingBlock, texts: Texts, clock: Clock, captures: int) -> Iterator[Row]:
    """Yield what a block says: the key of a label, which may come several times, and a text."""
    yield "when", _when(block, texts, clock, captures)
    yield "who", _who(block, texts)
    text = block.text
    message = text.message if block.alike else texts("finding.example", text=text.message)
    yield "certain", message
    if text.likely:
        sure = texts(f"confidence.{text.likely.confidence}")
        yield "likely", texts("finding.confidence", text=text.likely.text, confidence=sure)
    if block.evidence:
        not_there = texts("finding.not_there")
        items = (f"{each.name}: {each.value or not_there}" for each in block.evidence)
        yield "evidence", "; ".join(items)
    yield "sent" if block.is_request else "answered", _answered(block, texts, captures)
    for step, is_alike in zip(text.next_steps, block.alike_steps, strict=True):
        yield "do", "- " + (step if is_alike else texts("finding.example", text=step))
    if text.references:
        yield "references", ", ".join(text.references)
    if block.count == 1:
        yield "call_id", block.first.call_id
    for each in block.listed:
        yield "calls", _place(each, texts, captures)
    if block.count > len(block.listed) > 0:
        yield "calls", texts("finding.more", n=f"{block.count - len(block.listed):,}")


def _place(each: Occurrence, texts: Texts, captures: int) -> str:
    """Name one of many alike: call, frame, who called whom, Call-ID."""
    frame = texts("finding.frame", frame=frame_name(each.frame, captures))
    parties = texts("finding.parties", caller=each.caller.short, callee=each.callee.short)
    call = f"#{each.call}  " if each.call is not None else ""
    return f"{call}{frame}  {parties}  {each.call_id}"


def _when(block: FindingBlock, texts: Texts, clock: Clock, captures: int) -> str:
    frame = texts("finding.frame", frame=frame_name(block.first.frame, captures))
    first = clock.full(block.first.time_ns)
    if block.count > 1:
        return texts(
            "finding.first_last", first=first, frame=frame, last=clock.short(block.last_ns)
        )
    return f"{first}{texts('list')}{frame}"


def _who(block: FindingBlock, texts: Texts) -> str:
    """Name caller and callee, or for many alike how many there were and the most frequent."""
    if block.count == 1:
        first = block.first
        who = texts(
            "finding.parties", caller=_name(first.caller, texts), callee=_name(first.callee, texts)
        )
        return (
            who
            if first.call is None
            else f"{who}{texts('list')}{texts('finding.call', id=first.call)}"
        )
    names = [f"{name or texts('unknown')} ({n:,})" for name, n in block.callees]
    if block.callee_count > len(names):
        names.append(texts("finding.more", n=f"{block.callee_count - len(names):,}"))
    return texts(
        "finding.group",
        what=_what(block, texts),
        callees=texts.count("callees", block.callee_count),
        names=texts("list").join(names),
    )


def _what(block: FindingBlock, texts: Texts) -> str:
    if block.calls == block.count:
        return texts.count("calls", block.calls)
    answers = texts.count("answers", block.count)
    if block.subscriptions:
        inside = texts.count("subscriptions", block.subscriptions)
    elif block.calls:
        inside = texts.count("calls", block.calls)
    else:
        return answers
    return texts("finding.in_subscriptions", answers=answers, subscriptions=inside)


def _name(party: Party, texts: Texts) -> str:
    address = party.address or texts("unknown")
    return f"{party.display} <{address}>" if party.display else address


def _servers(block: FindingBlock, texts: Texts) -> str:
    """Name who answered, or for several how many there are and what they are."""
    if block.servers == 1:
        product = f" ({block.server.product})" if block.server.product else ""
        return block.server.address + product
    names = texts("list").join(f"{name} ({n:,})" for name, n in block.products)
    addresses = texts.count("addresses", block.servers)
    return texts("summary.total", n=addresses, parts=names) if names else addresses


def _answered(block: FindingBlock, texts: Texts, captures: int) -> str:
    text = _servers(block, texts)
    if block.servers == 1 and block.via > 1:
        text += texts("list") + texts.count("finding.via", block.via - 1)
    if not block.relayed_count:
        return text
    frames = texts("list").join(
        texts("finding.frame", frame=frame_name(frame, captures)) for frame in block.relayed
    )
    if block.relayed_count > len(block.relayed):
        frames += " …"
    return f"{text}; {texts.count('finding.relayed', block.relayed_count, frames=frames)}"
