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


def diff_lines(
    compared: Sequence[Compared], names: Names, language: str, width: int
) -> Iterator[Line]:
    """Yield the lines, none of which is a command to whoever reads the log."""
    for line in _lines(compared, names, language, width):
        yield harmless_line(line)


def _lines(compared: Sequence[Compared], names: Names, language: str, width: int) -> Iterator[Line]:
    texts = load_texts(language, "check")
    for each in compared:
        if not each.is_same:
            yield from _block(each, names, texts, width)
            thing = each.after or each.before
            if thing is not None and thing.place.ladder is not None:
                yield ()
                yield from ladder_lines(
                    thing.place.ladder, load_texts(language), width, thing.place.captures
                )
                yield ()
    yield ((_summary(compared, names, texts), "heading"),)


def _block(each: Compared, names: Names, texts: Texts, width: int) -> Iterator[Line]:
    if each.before is None or each.after is None:
        thing = each.before or each.after
        key = "removed" if each.before else "added"
        yield _heading(thing, texts(f"diff.{key}", before=names[0], after=names[1]), texts)
        return
    where = texts(
        "diff.where",
        before=names[0],
        before_frame=each.before.place.frame,
        after=names[1],
        after_frame=each.after.place.frame,
    )
    yield _heading(each.after, where, texts)
    for change in each.changes:
        for told in _change(change, texts):
            yield from paragraph(told, 4, width)


def _heading(thing: Thing | None, what: str, texts: Texts) -> Line:
    assert thing is not None  # noqa: S101 - a pair has at least one
    kind = texts(f"one.{thing.kind}")
    return (f"{kind} {visible(' -> '.join(thing.key))}", "heading"), (f"  {visible(what)}", "label")


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
            only = texts(f"diff.{key}", before=names[0], after=names[1])
            parts.append(f"{number:,} {only}")
    return visible(texts("summary.separator").join(parts))
