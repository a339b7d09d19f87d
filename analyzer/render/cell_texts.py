r"""Texts from a capture → texts in the cells of a table that no spreadsheet takes for formulas.

Spreadsheets calculate what begins with `=`, `+`, `-` or `@`, with their full-width and small forms,
also after blanks or quotes. Such a text gets an apostrophe in front of it. As CSV may be opened
with `;` between cells, what follows a `;` is held to the same. `+` and nothing but digits, a
telephone number, stays as it is: it can do no more than be shown as a number. Characters that are
not visible, such as controls and marks that turn the direction of writing, are escaped (`\x07`).
"""

import re
from typing import TYPE_CHECKING

from analyzer.render.layout import visible
from analyzer.render.table_columns import SEPARATOR, TableColumn, TableShape

if TYPE_CHECKING:
    import pandas as pd

_BEGINS_FORMULA = r"[\s\"']*[=＝﹦⁼₌+＋﹢⁺₊﬩\-－﹣−⁻₋@＠﹫]"
_FORMULA = re.compile(rf"(^|;)(?={_BEGINS_FORMULA})")
_PLAIN = re.compile(r"[A-Za-z0-9][ -:<-~]*", re.ASCII)
"""Most texts: nothing but visible ASCII, a letter or digit first, no `;`."""
_TELEPHONE_NUMBER = re.compile(r"\+[0-9]+", re.ASCII)


def cell_text(text: str) -> str:
    """Return a text that no spreadsheet calculates, with nothing invisible in it."""
    if _PLAIN.fullmatch(text):
        return text
    shown = visible(text)
    if _TELEPHONE_NUMBER.fullmatch(shown):
        return shown
    return _FORMULA.sub(r"\1'", shown)


def with_cell_texts(shape: TableShape, frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return a table with all its texts made so."""
    texts = [each for each in shape.columns if each.dtype == "string"]
    return frame.assign(**{each.name: _cells(each, frame[each.name]) for each in texts})


def _cells(column: TableColumn, texts: "pd.Series[str]") -> "pd.Series[str]":
    import pandas as pd  # noqa: PLC0415 - takes longer to import than most captures to read

    made = cell_texts if column.is_list else cell_text
    cells = [made(each) if isinstance(each, str) else None for each in texts.tolist()]
    return pd.Series(cells, index=texts.index, dtype="string")


def cell_texts(text: str) -> str:
    """Return a list of texts, each made so."""
    return SEPARATOR.join(map(cell_text, text.split(SEPARATOR)))
