"""The declaration of tables: from the layout of records, nothing twice, everything documented."""

import numpy as np
import pandas as pd

from analyzer.render.record_layouts import LAYOUTS
from analyzer.render.table_columns import ABSENT, DICTIONARY, NAMES, table_shapes


def test_each_section_of_the_output_is_a_table() -> None:
    """Every kind of record has its table; names of columns are there once."""
    shapes = table_shapes()
    assert {layout.section for layout in LAYOUTS} <= shapes.keys()
    assert set(NAMES) == {layout.section for layout in LAYOUTS} - {"messages"}
    for shape in (*shapes.values(), DICTIONARY):
        names = [each.name for each in shape.columns]
        assert len(names) == len(set(names)), shape.name
        assert shape.doc


def test_names_are_those_of_the_output_made_flat() -> None:
    """Objects, endpoints, frames and times as the module says; lists of objects are tables."""
    columns = {each.name: each for each in table_shapes()["transactions"].columns}
    assert {"client.address", "client.port", "request_frame.capture", "request_time"} <= set(
        columns
    )
    assert not {"client", "request_frame", "request_ns", "provisional"} & set(columns)
    assert columns["client.port"].dtype == "int64"
    assert columns["request_frame.number"].dtype == "Int64"
    assert columns["final_time"].absent == "NaT"
    assert columns["response_delay_ms"].unit == "ms"
    provisional = table_shapes()["transactions.provisional"].columns
    assert [each.name for each in provisional][:2] == ["of_transaction", "status"]


def test_words_are_those_of_the_layout() -> None:
    """What has few values is a category of them; severities are in order."""
    columns = {each.name: each for each in table_shapes()["findings"].columns}
    assert columns["severity"].words == ("info", "notice", "warning", "error")
    assert columns["severity"].ordered
    assert columns["likely.confidence"].words == ("high", "medium", "low")
    assert columns["likely.confidence"].optional
    assert not columns["rule"].optional


def test_absent_values_are_what_pandas_shows() -> None:
    """What the documentation gives for an absent value is how pandas prints one of the dtype."""
    for dtype, shown in ABSENT.items():
        if shown:
            assert str(pd.Series([None, None], dtype=dtype)[0]) in {shown, shown.lower()}
        else:
            assert np.dtype(dtype).kind in "ib"
