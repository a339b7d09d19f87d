"""Expectations and a trace → verdicts: what was found, what was wanted, where it is at fault."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from analyzer.annotate.conditions import ORDERINGS, as_number, fit_of, holding
from analyzer.annotate.fields import UNKNOWN
from analyzer.annotate.items import Items
from analyzer.annotate.rule import AnyOf, Comparison, When
from analyzer.check.call_messages import as_pattern_sees, messages_seen
from analyzer.check.model import Place, Verdict
from analyzer.check.places import place_of, place_of_frame
from analyzer.check.policy import Expectation, Limit
from analyzer.check.sequences import Departure
from analyzer.frozen import frozen, replace
from analyzer.i18n import load_texts
from analyzer.render.condition_words import conditions_in_words
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

PLACES = 3
"""Places named for each part of an expectation that is not met."""


@frozen
class Fault:
    """A part of an expectation that is not met."""

    found: str
    rows: Sequence[int]
    """Items at fault, the worst first."""
    messages: Sequence[int] = ()
    """Message at fault in each, where it is not that of the item."""


def judge(trace: Trace, expectations: Sequence[Expectation], language: str) -> list[Verdict]:
    """Return what became of each expectation."""
    return [_Judge(trace, each, language).verdict() for each in expectations]


class _Judge:
    """Judges one expectation."""

    def __init__(self, trace: Trace, expectation: Expectation, language: str) -> None:
        self._trace = trace
        self._wanted = expectation
        self._texts = load_texts(language, "check")
        self._words = load_texts(language, "rules")
        self._items: Items = expectation.kind.items(trace, expectation.settings)
        self._every_row: Int64 = np.arange(len(self._items))
        self._rows = self._holding(expectation.which, self._every_row)

    def _holding(self, when: When, rows: Int64) -> Int64:
        return holding(when, self._items.subject, rows)

    def verdict(self) -> Verdict:
        wanted = self._wanted
        faults = list(self._faults())
        places = [place for fault in faults for place in self._places(fault)]
        total = sum(len(fault.rows) for fault in faults)
        return Verdict(
            name=wanted.name,
            met=not faults,
            found=tuple(fault.found for fault in faults),
            why=wanted.why,
            do=wanted.do,
            places=tuple(places),
            more=total - len(places),
        )

    def _places(self, fault: Fault) -> Iterator[Place]:
        for at, row in enumerate(fault.rows[:PLACES]):
            if self._items.frames:
                yield place_of_frame(self._trace, self._items.frames[row])
                continue
            message = fault.messages[at] if fault.messages else int(self._items.message_rows[row])
            yield place_of(self._trace, message, int(self._items.call_rows[row]), ladder=at == 0)

    def _faults(self) -> Iterator[Fault]:
        wanted = self._wanted
        for limit in wanted.limits:
            fault = self._over(limit)
            if fault:
                yield fault
        if not (wanted.every or wanted.sequence):
            return
        if len(self._rows) == 0:
            yield from self._nothing(self._words_for(wanted.which))
            return
        for test in wanted.every:
            yield from self._not_every(test)
        if wanted.sequence is not None:
            yield from self._out_of_sequence()

    def _nothing(self, meant: str) -> Iterator[Fault]:
        if not self._wanted.may_be_empty:
            yield Fault(self._texts("expected.nothing", kind=self._kind, which=meant), ())

    @property
    def _kind(self) -> str:
        return self._texts(f"kind.{self._wanted.kind.name}")

    def _words_for(self, when: When) -> str:
        words = conditions_in_words(when, self._wanted.settings, self._words)
        return self._texts("expected.which", which=words) if when else ""

    # limits

    def _over(self, limit: Limit) -> Fault | None:
        if limit.measure == "count":
            return self._compare(limit, len(self._rows), self._rows, self._rows[:0])
        if limit.measure == "ratio":
            return self._ratio(limit)
        column = self._items.subject.values(limit.field).used(self._rows)
        numbers = [None if each is UNKNOWN else as_number(each) for each in column]
        found = [
            (value, row)
            for value, row in zip(numbers, self._rows.tolist(), strict=True)
            if value is not None
        ]
        if not found:
            meant = self._texts("expected.with_field", field=limit.field)
            return next(self._nothing(meant), None)
        found.sort()
        ascending: Int64 = np.array([row for _, row in found], np.int64)
        value = _MEASURES.get(limit.measure, _percentile(limit.measure))([v for v, _ in found])
        return self._compare(limit, value, ascending[::-1], ascending)

    def _ratio(self, limit: Limit) -> Fault | None:
        of = self._holding(self._wanted.of, self._every_row)
        if len(of) == 0:
            return next(self._nothing(self._words_for(self._wanted.of)), None)
        counted = self._holding(self._wanted.which, of)
        rest = of[~np.isin(of, counted)]
        share = len(counted) / len(of)
        shown = self._texts(
            "expected.ratio",
            n=f"{len(counted):,}",
            of=f"{len(of):,}",
            share=number_in_words(100 * share),
        )
        return self._compare(limit, share, counted, rest, shown)

    def _compare(
        self, limit: Limit, value: float, too_many: Int64, too_few: Int64, shown: str = ""
    ) -> Fault | None:
        """Return what is at fault: the items that make the value large, or those that make it
        small.
        """
        if fit_of(limit.test, {})(value):
            return None
        largest = max(float(each) for each in limit.test.wanted if isinstance(each, int | float))
        rows = too_many if value >= largest else too_few
        found = self._texts(
            "expected.limit",
            measure=limit.test.field,
            value=shown or number_in_words(value),
            kind=self._kind,
            which=self._words_for(self._wanted.which),
            wanted=conditions_in_words((_as_written(limit),), {}, self._words),
        )
        return Fault(found, rows.tolist())

    # every, sequence

    def _not_every(self, test: Comparison | AnyOf) -> Iterator[Fault]:
        rows = self._rows
        if isinstance(test, Comparison) and test.operator in ORDERINGS:
            rows = self._measured(test.field)
            if len(rows) == 0:
                yield from self._nothing(self._texts("expected.with_field", field=test.field))
                return
        fit = self._holding((test,), rows)
        bad = rows[~np.isin(rows, fit)]
        if len(bad):
            wanted = conditions_in_words((test,), self._wanted.settings, self._words)
            yield Fault(
                self._texts(
                    "expected.every",
                    n=f"{len(bad):,}",
                    of=f"{len(rows):,}",
                    kind=self._kind,
                    wanted=wanted,
                    value=self._value(test, int(bad[0])),
                ),
                bad.tolist(),
            )

    def _measured(self, field: str) -> Int64:
        """Return the rows where there is something to compare with a number."""
        column = self._items.subject.values(field)
        has = [each is not UNKNOWN and as_number(each) is not None for each in column.values]
        codes = column.codes[self._rows]
        return self._rows[np.array(has, np.bool_)[codes]]

    def _value(self, test: Comparison | AnyOf, row: int) -> str:
        if isinstance(test, AnyOf):
            return self._texts("expected.otherwise")
        value = self._items.subject.values(test.field)[row]
        if value is UNKNOWN:
            return self._words("trial.unknown")
        if value is None:
            return self._words("trial.absent")
        number = as_number(value)
        return str(value) if number is None else number_in_words(number)

    def _out_of_sequence(self) -> Iterator[Fault]:
        assert self._wanted.sequence is not None  # noqa: S101 - asked before
        left: list[tuple[int, int, str]] = []
        for row in self._rows.tolist():
            rows = messages_seen(self._trace, row)
            seen = as_pattern_sees(self._trace, rows)
            departure = self._wanted.sequence.departure(seen)
            if departure is not None:
                at = min(departure.position, len(rows) - 1)
                message = int(rows[at]) if len(rows) else int(self._items.message_rows[row])
                told = self._departed(departure, [str(each) for each in seen])
                left.append((row, message, told))
        if left:
            found = self._texts(
                "expected.sequence",
                n=f"{len(left):,}",
                of=f"{len(self._rows):,}",
                pattern=self._wanted.sequence.text,
                first=left[0][2],
            )
            yield Fault(found, [row for row, _, _ in left], [message for _, message, _ in left])

    def _departed(self, departure: Departure, seen: list[str]) -> str:
        expected = self._words("test.or").join(
            self._texts("expected.end") if each == "end" else each for each in departure.expected
        )
        before = " ".join(seen[: departure.position]) or self._texts("expected.begin")
        is_end = departure.position >= len(seen)
        after = self._texts("expected.ends") if is_end else seen[departure.position]
        return self._texts("expected.departed", before=before, after=after, expected=expected)


def _as_written(limit: Limit) -> Comparison:
    """Return the test of a limit as people write it: ratios in per cent."""
    if limit.measure != "ratio":
        return limit.test
    wanted = [
        f"{number_in_words(100 * each)} %" if isinstance(each, int | float) else each
        for each in limit.test.wanted
    ]
    return replace(limit.test, wanted=tuple(wanted))


def number_in_words(value: float) -> str:
    """Return a number with at most three decimals."""
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}"
    return f"{value:,.3f}".rstrip("0")


def _mean(ascending: list[float]) -> float:
    return sum(ascending) / len(ascending)


def _percentile(measure: str) -> Callable[[list[float]], float]:
    """Return the nearest rank: the smallest value that so many per cent do not exceed."""

    def value(ascending: list[float]) -> float:
        share = float(measure.removeprefix("p")) / 100
        rank = -(-round(share * len(ascending) * 1_000_000) // 1_000_000)
        return ascending[max(int(rank), 1) - 1]

    return value


_MEASURES: dict[str, Callable[[list[float]], float]] = {
    "min": lambda ascending: ascending[0],
    "max": lambda ascending: ascending[-1],
    "mean": _mean,
}
