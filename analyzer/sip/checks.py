"""Faults of header values that no field of a message comes from (RFC 3261 §20, RFC 4475 §3.1.2).

Each check takes the raw value and returns kinds of anomalies. The first test of each is a pattern
that ordinary values match: the bulk scan uses the same patterns to know that it may go on.
"""

import re
from collections.abc import Callable

from analyzer.sip.address import CLEAN_ADDR_SPEC, CLEAN_NAME_ADDR, MALFORMED, scan_address
from analyzer.sip.grammar import INSIDE_QUOTES, find_parameter, split_list, unfold
from analyzer.sip.numbers import MAX_32_BIT, number_faults

_SMALL_NUMBER = re.compile(r"[0-9]{1,9}")
_HOPS = re.compile(r"[0-9]{1,2}")
_CLEAN_CONTACT = re.compile(rf"(?:{CLEAN_NAME_ADDR}|{CLEAN_ADDR_SPEC}|\*)")
_EXPIRES = re.compile(r";[ \t]*+[Ee][Xx][Pp][Ii][Rr][Ee][Ss]")
_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} "
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT"
)
_CLEAN_WARNING = re.compile(r'[0-9]{3} [^\s",]++ "[^"\\]*+"')
_WARNING = re.compile(rf'[0-9]{{3}}[ \t]++[^\s"]++[ \t]++"{INSIDE_QUOTES}"', re.DOTALL)
_RETRY_AFTER = re.compile(
    r"([0-9]++)[ \t]*+(?:\([^()\\]*+(?:\\.[^()\\]*+)*\)[ \t]*+)?(?:;.*)?", re.DOTALL
)


def contact_faults(raw: str) -> tuple[str, ...]:
    """Return the faults of a Contact row: each of its addresses and their expires."""
    if _CLEAN_CONTACT.fullmatch(raw) and not _EXPIRES.search(raw):
        return ()
    faults: set[str] = set()
    for start, end in split_list(raw, ",", 0, len(raw)):
        if start == end:
            faults.add(MALFORMED)
            continue
        spans = scan_address(raw, start, end)
        faults.update(spans.faults)
        expires = find_parameter(spans.parameters, "expires")
        if expires:
            faults.update(number_faults(expires.value or "", MAX_32_BIT))
    return tuple(sorted(faults))


def _date_faults(raw: str) -> tuple[str, ...]:
    return () if _DATE.fullmatch(unfold(raw)) else ("date-malformed",)


def _expires_faults(raw: str) -> tuple[str, ...]:
    return () if _SMALL_NUMBER.fullmatch(raw) else number_faults(raw, MAX_32_BIT)


def _max_forwards_faults(raw: str) -> tuple[str, ...]:
    return () if _HOPS.fullmatch(raw) else number_faults(raw, 255)


def _retry_after_faults(raw: str) -> tuple[str, ...]:
    if _SMALL_NUMBER.fullmatch(raw):
        return ()
    match = _RETRY_AFTER.fullmatch(unfold(raw))
    return number_faults(match[1], MAX_32_BIT) if match else ("number-malformed",)


def _warning_faults(raw: str) -> tuple[str, ...]:
    if _CLEAN_WARNING.fullmatch(raw):
        return ()
    text = unfold(raw)
    for start, end in split_list(text, ",", 0, len(text)):
        if start < end and not _WARNING.fullmatch(text, start, end):
            return ("warning-malformed",)
    return ()


CHECKS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "Contact": contact_faults,
    "Date": _date_faults,
    "Expires": _expires_faults,
    "Max-Forwards": _max_forwards_faults,
    "Retry-After": _retry_after_faults,
    "Warning": _warning_faults,
}
