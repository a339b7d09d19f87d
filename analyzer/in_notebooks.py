"""Objects that a notebook shows as HTML. How each kind looks is said where HTML is written
(`render.notebook`), which tells it here: what a report says does not depend on how it is shown.
"""

from collections.abc import Callable
from typing import Any

Writer = Callable[[Any], str]
_WRITERS: dict[type, Writer] = {}


class ShownInNotebooks:
    """What Jupyter and its like ask for HTML."""

    __slots__ = ()

    def _repr_html_(self) -> str | None:
        """Return HTML that stands alone; None, for plain text instead, where none is known."""
        write = _WRITERS.get(type(self))
        return write(self) if write else None


def show_in_notebooks(writers: dict[type, Writer]) -> None:
    """Say what writes the HTML of each kind of object."""
    _WRITERS.update(writers)
