"""Text ↔ small integer, so that columns hold integers and text is matched once each."""

from collections.abc import Iterable, Iterator


class SymbolTable:
    """Numbers texts in the order they come; symbol 0 is the empty text, which means absent."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """Start with `texts` numbered from 1."""
        self._texts: list[str] = [""]
        self._symbols: dict[str, int] = {"": 0}
        for text in texts:
            self.intern(text)

    def intern(self, text: str) -> int:
        """Return the symbol of `text`, a new one when it was never seen."""
        symbol = self._symbols.setdefault(text, len(self._texts))
        if symbol == len(self._texts):
            self._texts.append(text)
        return symbol

    def find(self, text: str) -> int:
        """Return the symbol of `text`, 0 when it was never seen."""
        return self._symbols.get(text, 0)

    def __getitem__(self, symbol: int) -> str:
        """Return the text of a symbol."""
        return self._texts[symbol]

    def __len__(self) -> int:
        """Count the symbols, the absent one included."""
        return len(self._texts)

    def __iter__(self) -> Iterator[str]:
        """Go through the texts in the order of their symbols."""
        return iter(self._texts)
