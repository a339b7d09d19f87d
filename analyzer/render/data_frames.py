"""The tables of a trace as pandas DataFrames: chosen, and each made when it is asked for."""

from collections.abc import Iterator, Mapping
from operator import index
from typing import TYPE_CHECKING, SupportsIndex

from analyzer.render.formats import OutputOptions
from analyzer.render.frame_columns import data_frame
from analyzer.render.json_records import transactions_of, wanted_messages
from analyzer.render.record_source import RecordSource
from analyzer.render.table_columns import (
    DICTIONARY,
    NAMES,
    SEPARATOR,
    TableShape,
    table_shapes,
)
from analyzer.report.selection import select
from analyzer.report.whole_calls import WholeCall, whole_call
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

if TYPE_CHECKING:
    import pandas as pd


class DataFrames(Mapping[str, "pd.DataFrame"]):
    """The tables of an analysis as pandas DataFrames, by name, each made when it is asked for.

    `calls`, `transactions`, `subscriptions`, `registrations`, `findings` and `messages` are also
    attributes; lists of objects in them have tables such as `calls.streams`. The trace must be open
    until then.
    """

    trace: Trace
    """What they are made of."""

    def __init__(self, trace: Trace, *, language: str = "en", call: str = "") -> None:
        """Take an open trace, the language of sentences, and part of the Call-IDs to choose."""
        self.trace = trace
        self._source = RecordSource(trace, trace.rules, language)
        self._call = call
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> "pd.DataFrame":
        """Return a table; raises KeyError when no table has the name."""
        if name not in self._made:
            shape = table_shapes()[name]
            rows = chosen_rows(self.trace, shape, self._call)
            self._made[name] = data_frame(self._source, shape, rows)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(table_shapes())

    def __len__(self) -> int:
        """Count the tables."""
        return len(table_shapes())

    def call(self, number: SupportsIndex) -> WholeCall:
        """Return all there is to say of a call by its id; a notebook shows it with its ladder."""
        row = index(number)
        if not 0 <= row < len(self.trace.calls):
            raise IndexError(f"no call has the id {row}: there are {len(self.trace.calls)}")
        return whole_call(self.trace, row, self._source.language, 0)

    @property
    def calls(self) -> "pd.DataFrame":
        """Return the calls."""
        return self["calls"]

    @property
    def transactions(self) -> "pd.DataFrame":
        """Return the transactions."""
        return self["transactions"]

    @property
    def subscriptions(self) -> "pd.DataFrame":
        """Return the subscriptions."""
        return self["subscriptions"]

    @property
    def registrations(self) -> "pd.DataFrame":
        """Return the registrations."""
        return self["registrations"]

    @property
    def findings(self) -> "pd.DataFrame":
        """Return the findings."""
        return self["findings"]

    @property
    def messages(self) -> "pd.DataFrame":
        """Return the messages."""
        return self["messages"]


def chosen_rows(trace: Trace, shape: TableShape, call: str) -> Int64:
    """Return the rows of the records that have Call-IDs with a part; all when it is empty."""
    chosen = select(trace, call)
    match shape.layout.section:
        case "transactions":
            return transactions_of(trace, chosen.calls, call)
        case "messages":
            return wanted_messages(trace, transactions_of(trace, chosen.calls, call), call)
        case section:
            rows: Int64 = getattr(chosen, section)
            return rows


def chosen_frames(
    trace: Trace, options: OutputOptions
) -> "Iterator[tuple[TableShape, pd.DataFrame]]":
    """Yield the tables that an output asks for."""
    source = RecordSource(trace, trace.rules, options.language)
    for name in options.tables or (*NAMES, DICTIONARY.name):
        if name == DICTIONARY.name:
            yield DICTIONARY, dictionary_frame()
            continue
        shape = table_shapes()[name]
        rows = options.rows
        if rows is None:
            rows = chosen_rows(trace, shape, options.call)
        yield shape, data_frame(source, shape, rows)


def dictionary_frame() -> "pd.DataFrame":
    """Return what is in the columns of all tables, a row for each."""
    import pandas as pd  # noqa: PLC0415 - takes longer to import than most captures to read

    rows = [
        (
            shape.name,
            each.name,
            each.dtype,
            each.unit,
            each.absent,
            each.meaning,
            SEPARATOR.join(each.words),
        )
        for shape in table_shapes().values()
        for each in shape.columns
    ]
    names = [each.name for each in DICTIONARY.columns]
    return pd.DataFrame(rows, columns=names, dtype="string").replace("", pd.NA)
