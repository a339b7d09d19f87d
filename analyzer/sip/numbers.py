"""Numbers of headers: what they may be, and what is shown when they are more (RFC 3261 §25.1)."""

import re

MAX_32_BIT = 2**32 - 1
"""Largest value of Expires, Retry-After and the expires parameter (RFC 3261 §20.19, §20.33)."""
_DIGITS = re.compile(r"[0-9]++")
_DIGITS_READ = 18
"""Longer numbers stand for more than any limit; Python would refuse thousands of digits."""


def parse_number(text: str) -> int | None:
    """Return a number of decimal digits, leading zeros allowed; None when it is anything else.

    A number of more than 18 digits comes back as 10**18: larger than anything that has a meaning.
    """
    if not _DIGITS.fullmatch(text):
        return None
    if len(text) > _DIGITS_READ:
        text = text.lstrip("0") or "0"
    return int(text) if len(text) <= _DIGITS_READ else 10**_DIGITS_READ


def number_faults(text: str, limit: int) -> tuple[str, ...]:
    """Return the faults of a value that must be a number up to a limit."""
    number = parse_number(text)
    if number is None:
        return ("number-malformed",)
    return ("number-out-of-range",) if number > limit else ()
