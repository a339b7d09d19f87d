"""Things of two recordings → pairs and what has changed.

Things are paired by their kind, requests by their method as well, and by whom From and To name,
never by Call-ID. Several between the same two are lined up in the order of the scenario, so that
one more or less does not shift the rest. Where the two recordings share no name at all, order alone
pairs them.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from analyzer.annotate.fields import Value
from analyzer.check.comparison.described import Thing
from analyzer.frozen import frozen

Pair = tuple[Thing | None, Thing | None]
Key = tuple[str, str, tuple[str, str]]


@frozen
class Change:
    """One thing that is not as before."""

    what: str
    """A field, `messages` or `findings`."""
    before: Value
    after: Value


@frozen
class Compared:
    """A pair, or a thing that only one of the recordings has, and its changes."""

    before: Thing | None
    after: Thing | None
    changes: tuple[Change, ...]

    @property
    def is_same(self) -> bool:
        """Tell whether nothing has changed."""
        return self.before is not None and self.after is not None and not self.changes


@frozen
class Tolerance:
    """How far times may be apart."""

    ms: float = 500
    share: float = 0.0
    """Of the time before."""

    def allows(self, before: float, after: float) -> bool:
        """Tell whether two times are near enough."""
        return abs(after - before) <= max(self.ms, self.share * before)


def compare(
    before: Sequence[Thing], after: Sequence[Thing], tolerance: Tolerance
) -> list[Compared]:
    """Return all pairs in the order of the scenario, what is new last."""
    pairs = list(_pairs(before, after))
    position = {id(each): at for at, each in enumerate((*before, *after))}
    pairs.sort(key=lambda pair: position[id(pair[0] if pair[0] is not None else pair[1])])
    return [Compared(*pair, tuple(_changes(*pair, tolerance))) for pair in pairs]


def _pairs(before: Sequence[Thing], after: Sequence[Thing]) -> Iterator[Pair]:
    old, new = _by_key(before), _by_key(after)
    if old.keys().isdisjoint(new.keys()):
        old, new = _by_kind(before), _by_kind(after)
    for key in dict.fromkeys((*old, *new)):
        yield from _line_up(old.get(key, []), new.get(key, []))


def _by_key(things: Sequence[Thing]) -> dict[Key, list[Thing]]:
    found: dict[Key, list[Thing]] = {}
    for each in things:
        found.setdefault((each.kind, each.method, each.key), []).append(each)
    return found


def _by_kind(things: Sequence[Thing]) -> dict[Key, list[Thing]]:
    found: dict[Key, list[Thing]] = {}
    for each in things:
        found.setdefault((each.kind, each.method, ("", "")), []).append(each)
    return found


def _line_up(before: Sequence[Thing], after: Sequence[Thing]) -> Iterator[Pair]:
    signatures = [each.signature for each in before], [each.signature for each in after]
    matcher = SequenceMatcher(None, *signatures, autojunk=False)
    for _, start, end, new_start, new_end in matcher.get_opcodes():
        old, new = before[start:end], after[new_start:new_end]
        shared = min(len(old), len(new))
        yield from zip(old[:shared], new[:shared], strict=True)
        yield from ((each, None) for each in old[shared:])
        yield from ((None, each) for each in new[shared:])


def _changes(before: Thing | None, after: Thing | None, tolerance: Tolerance) -> Iterator[Change]:
    if before is None or after is None:
        return
    for name in dict.fromkeys((*before.values, *after.values)):
        old, new = before.values.get(name), after.values.get(name)
        if name in before.durations | after.durations:
            # what ended otherwise was measured otherwise
            is_told = before.outcome == after.outcome or None not in (old, new)
            changed = is_told and not _near(old, new, tolerance)
        else:
            changed = old != new
        if changed:
            yield Change(name, old, new)
    if before.messages != after.messages:
        yield Change("messages", " ".join(before.messages), " ".join(after.messages))
    if before.findings != after.findings:
        yield Change("findings", ", ".join(before.findings), ", ".join(after.findings))


def _near(old: Value, new: Value, tolerance: Tolerance) -> bool:
    if not isinstance(old, int | float) or not isinstance(new, int | float):
        return old == new
    return tolerance.allows(old, new)
