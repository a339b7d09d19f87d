"""Regular expressions of rules: RE2's syntax, matched in time linear in the text.

A rule may come from anyone and a header is up to whoever sent it, so no pattern may take
exponential time; RE2 has neither back-references nor look-around, which are what takes it.
"""

from functools import cache
from typing import Protocol


class PatternError(ValueError):
    """A pattern that RE2 cannot read; the text says why."""


class Pattern(Protocol):
    """A pattern that is ready to match."""

    def search(self, text: str) -> object | None:
        """Return a match anywhere in the text, None without one."""


@cache
def compiled(pattern: str) -> Pattern:
    """Return a pattern ready to match; raises PatternError."""
    import re2  # noqa: PLC0415 - few rules have patterns

    options = re2.Options()
    options.log_errors = False
    try:
        made: Pattern = re2.compile(pattern, options)
    except re2.error as error:
        why = error.args[0] if error.args else "unknown fault"
        raise PatternError(why.decode() if isinstance(why, bytes) else str(why)) from None
    return made
