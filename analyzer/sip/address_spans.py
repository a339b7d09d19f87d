"""Addresses in From, To and the like of many messages at once: who is named, without scheme and
parameters, as spans of the capture (RFC 3261 §20.10).
"""

import re

import numpy as np

from analyzer.sip.headers import (
    HeaderSpans,
    distinct_texts,
    find_header,
    hash_spans,
    texts_at,
)
from analyzer.sip.siphash import siphash
from analyzer.tables.schema import UInt8, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray

try:
    from analyzer.sip import _spans
except ImportError:  # no compiler where the package was installed
    COMPILED = False
else:
    COMPILED = True

_URI = re.compile(r"<\s*(?:sips?|tel):([^>;?]*)|^\s*(?:sips?|tel):([^;?>\s]*)", re.IGNORECASE)


def address_in(value: str) -> str | None:
    """Return the address that From or To names, without scheme, tag and parameters."""
    match = _URI.search(value[value.rfind('"') + 1 :])
    return (match[1] or match[2] or "").strip() or None if match else None


def distinct_addresses(
    trace: Trace, rows: IntArray, header: str
) -> tuple[IntArray, list[str | None]]:
    """Return addresses, None among them for absent ones, and for each message of `rows` the index
    of the one that its first `header` names.
    """
    found, odd = _find(trace, rows, header)
    if not odd.any():
        return distinct_texts(trace.spans, found)
    texts = texts_at(trace.spans, found.source, found.pos, found.len)
    for at in np.flatnonzero(odd).tolist():
        texts[at] = address_in(texts[at] or "")
    return np.arange(len(texts)), texts


def address_hashes(trace: Trace, rows: IntArray, header: str, key: bytes) -> UInt64:
    """Return the keyed hash of the address that `header` names in each message, 0 for none."""
    found, odd = _find(trace, rows, header)
    hashes = hash_spans(trace.spans, found.source, found.pos, found.len, key)
    at = np.flatnonzero(odd)
    texts = texts_at(trace.spans, found.source[at], found.pos[at], found.len[at])
    for row, text in zip(at.tolist(), texts, strict=True):
        address = address_in(text or "")
        hashes[row] = siphash(key, address.encode()) if address else 0
    return hashes


def _find(trace: Trace, rows: IntArray, header: str) -> tuple[HeaderSpans, UInt8]:
    """Find the header values, narrowed to their address unless they are marked as odd."""
    found = find_header(trace, rows, header)
    if not COMPILED:
        return found, (found.len >= 0).view(np.uint8)
    odd = np.zeros(len(found.len), np.uint8)
    if len(odd):
        _spans.find_addresses(trace.spans.sources, found.source, found.pos, found.len, odd)
    return found, odd
