"""Compared recordings for people: what is gone, new or changed, with both frames and the ladder of
what it is now; one summary line last.
"""

from collections.abc import Iterator, Sequence

from analyzer.annotate.fields import Value
from analyzer.check.comparison.compare import Change, Compared
from analyzer.check.comparison.described import Thing
from analyzer.check.judge import number_in_words
from analyzer.check.outputs.harmless import harmless_line
from analyzer.i18n import Texts, load_texts
from analyzer.render.ladder_lines import ladder_lines
from analyzer.render.layout import Line, paragraph, visible

Names = tuple[str, str]
PLACES = 8
"""Further places named of what has changed alike."""


def diff_lines(
    compared: Sequence[Compared], names: Names, language: str, width: int
) -> Iterator[Line]:
    """Yield the lines, none of which is a command to whoever reads the log."""
    for line in _lines(compared, names, language, width):
        yield harmless_line(line)


def _lines(compared: Sequence[Compared], names: Names, language: str, width: int) -> Iterator[Line]:
    texts = load_texts(language, "check")
    for alike in _alike(compared):
        first = alike[0]
        thing = first.after or first.before
        assert thing is not None  # noqa: S101 - a pair has at least one
        times = ""
        if len(alike) > 1:
            times = f" ({load_texts(language)('finding.times', n=f'{len(alike):,}')})"
        yield _heading(thing, times, _where(first, texts), texts)
        if len(alike) > 1:
            yield from paragraph(
                texts("diff.also", where=_others(alike[1:], first, texts)), 4, width
            )
        for change in first.changes:
            for told in _change(change, texts):
                yield from paragraph(told, 4, width)
        if thing.place.ladder is not None:
            yield ()
            yield from ladder_lines(
                thing.place.ladder, load_texts(language), width, thing.place.captures
            )
            yield ()
    yield ((_summary(compared, names, texts), "heading"),)


def _alike(compared: Sequence[Compared]) -> Iterator[list[Compared]]:
    """Yield what has changed, together where the same has."""
    groups: dict[object, list[Compared]] = {}
    for each in compared:
        if not each.is_same:
            groups.setdefault(_kind_of(each), []).append(each)
    yield from groups.values()


def _kind_of(compared: Compared) -> tuple[object, ...]:
    """Return what alike changes share: times may differ, and so may who is named."""
    thing = compared.after or compared.before
    assert thing is not None  # noqa: S101 - a pair has at least one
    if compared.before is None or compared.after is None:
        return thing.kind, thing.method, compared.before is None, thing.key, thing.signature
    changes = [
        (each.what,) if each.what in thing.durations else (each.what, each.before, each.after)
        for each in compared.changes
    ]
    return thing.kind, thing.method, *changes


def _where(each: Compared, texts: Texts) -> str:
    """Return where a thing was and is."""
    places = [
        texts("place.frame", path=thing.place.capture, frame=thing.place.frame)
        for thing in (each.before, each.after)
        if thing is not None
    ]
    if len(places) == 1:
        return texts("diff.removed" if each.before else "diff.added", place=places[0])
    return " -> ".join(places)


def _others(alike: Sequence[Compared], first: Compared, texts: Texts) -> str:
    """Return the frames of what has changed like the first."""
    shown = [_frames(each, first, texts) for each in alike[:PLACES]]
    told = texts("place.more_frames", frames=", ".join(shown))
    more = len(alike) - len(shown)
    return f"{told} {texts.count('place.more', more)}" if more else told


def _frames(each: Compared, first: Compared, texts: Texts) -> str:
    sides = ((each.before, first.before), (each.after, first.after))
    return " -> ".join(
        str(own.place.frame)
        if told is not None and own.place.capture == told.place.capture
        else texts("place.frame", path=own.place.capture, frame=own.place.frame)
        for own, told in sides
        if own is not None
    )


def _heading(thing: Thing, times: str, what: str, texts: Texts) -> Line:
    kind = thing.method or texts(f"one.{thing.kind}")
    name = visible(f"{kind} {' -> '.join(thing.key)}") + times
    return (name, "heading"), (f"  {visible(what)}", "label")


def _change(change: Change, texts: Texts) -> Iterator[str]:
    before, after = _said(change.before, texts), _said(change.after, texts)
    if change.what == "messages":
        yield texts("diff.sequence", before=before)
        yield texts("diff.sequence_after", after=after)
    elif change.what == "findings":
        yield texts("diff.findings", before=before, after=after)
    else:
        yield texts("diff.field", field=change.what, before=before, after=after)


def _said(value: Value, texts: Texts) -> str:
    if value is None or value == "":
        return texts("diff.absent")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_in_words(value)
    return str(value)


def _summary(compared: Sequence[Compared], names: Names, texts: Texts) -> str:
    changed = sum(bool(each.changes) for each in compared)
    removed = sum(each.after is None for each in compared)
    added = sum(each.before is None for each in compared)
    parts = [texts.count("diff.same", sum(each.is_same for each in compared))]
    if changed:
        parts.append(texts.count("diff.changed", changed))
    for key, number in (("removed", removed), ("added", added)):
        if number:
            parts.append(texts.count(f"diff.only_{key}", number, name=names[key == "added"]))
    return visible(texts("summary.separator").join(parts))
