"""What makes two findings the same trouble in two recordings of one scenario: rule, case, notes,
what was asked and answered, and between whom. Call-IDs, tags, times, ports and frames change from
run to run and are no part of it.
"""

import re
from collections.abc import Iterable

_PORT = re.compile(r":[0-9]+$")
LENGTH = 20
"""Hexadecimal digits."""


def fingerprint(parts: Iterable[str]) -> str:
    """Return a short text that is the same for the same parts."""
    from hashlib import sha256  # noqa: PLC0415 - not without findings

    return sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:LENGTH]


def without_port(address: str) -> str:
    """Return an address without its port."""
    return _PORT.sub("", address)
