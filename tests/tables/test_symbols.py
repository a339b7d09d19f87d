"""Symbols stand for texts."""

from hypothesis import given
from hypothesis import strategies as st

from analyzer.tables.symbols import SymbolTable


@given(st.lists(st.text(max_size=4)))
def test_a_symbol_gives_its_text_back(texts: list[str]) -> None:
    """Interning is reversible, equal texts share a symbol, the empty text is symbol 0."""
    table = SymbolTable()
    symbols = [table.intern(text) for text in texts]
    assert [table[symbol] for symbol in symbols] == texts
    assert len(set(symbols)) == len(set(texts))
    assert len(table) == len({"", *texts}) == len(list(table))
    assert table.find("") == 0


def test_an_unknown_text_has_symbol_0() -> None:
    """Looking a text up does not add it."""
    table = SymbolTable(["INVITE"])
    assert (table.find("INVITE"), table.find("BYE"), len(table)) == (1, 0, 2)
