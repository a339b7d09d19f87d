"""Registries of SIP as data: names, numbers and phrases with the document that defines each.

The facts are the `.tsv` files in `registry/`, one table each: a comment with its source, a line of
column names, then rows.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from analyzer.frozen import frozen

_FOLDER = Path(__file__).with_suffix("")


@frozen
class ResponseCode:
    """A status code (RFC 3261 §21 and extensions)."""

    code: int
    phrase: str
    reference: str
    section: str


@frozen
class ResponseTraits:
    """What a status code does, beside its phrase; the words of each column are in its table."""

    code: int
    methods: tuple[str, ...]
    """Methods that it answers; `any` for all."""
    sent_by: tuple[str, ...]
    dialog: str
    """What it ends when it answers a request inside a dialog (RFC 5057 §5.1)."""
    retry: str
    """What may be tried with the request afterwards."""
    alerted: str
    """Whether the callee may have been alerted before it."""
    retry_after: bool
    """Retry-After has a meaning in it (RFC 3261 §20.33)."""


@frozen
class RequiredHeader:
    """A header field that a response owes."""

    code: int
    method: str
    """The method whose responses owe it; `any` for all."""
    headers: tuple[str, ...]
    """One of these."""
    duty: str
    """MUST or SHOULD."""
    reference: str


@frozen
class RequestMethod:
    """A request method and what it does to dialogs (RFC 3261 §12)."""

    name: str
    reference: str
    creates_dialog: bool
    target_refresh: bool
    in_dialog_only: bool


@frozen
class HeaderName:
    """A header name as IANA prints it, and its compact form ("" without one)."""

    name: str
    compact: str
    reference: str


@frozen
class WarningCode:
    """A code of the Warning header (RFC 3261 §20.43)."""

    code: int
    text: str
    reference: str


@frozen
class Q850Cause:
    """A cause value of ITU-T Q.850 and the SIP status a gateway makes of it (RFC 3398)."""

    cause: int
    phrase: str
    category: str
    sip_status: str


@frozen
class ReasonLocation:
    """A value of the location parameter of Reason (RFC 8606)."""

    value: str
    bits: str
    meaning: str


@frozen
class ReasonProtocol:
    """A protocol of the Reason header (RFC 3326)."""

    protocol: str
    meaning: str
    reference: str


@frozen
class Timer:
    """A timer of RFC 3261, RFC 6026 or RFC 6665."""

    name: str
    default: str
    meaning: str
    reference: str


def _rows(table: str) -> Iterator[list[str]]:
    lines = (_FOLDER / f"{table}.tsv").read_text(encoding="utf-8").splitlines()
    return (line.split("\t") for line in lines[2:])


@cache
def response_codes() -> dict[int, ResponseCode]:
    """Return the registered status codes."""
    return {int(row[0]): ResponseCode(int(row[0]), *row[1:]) for row in _rows("response_codes")}


@cache
def response_traits() -> dict[int, ResponseTraits]:
    """Return what the registered status codes do."""
    found = {}
    for code, methods, sent_by, dialog, retry, alerted, retry_after in _rows(
        "response_code_traits"
    ):
        found[int(code)] = ResponseTraits(
            int(code),
            tuple(methods.split()),
            tuple(sent_by.split()),
            dialog,
            retry,
            alerted,
            retry_after == "yes",
        )
    return found


@cache
def required_headers() -> tuple[RequiredHeader, ...]:
    """Return the header fields that responses owe, in the order of their codes."""
    return tuple(
        RequiredHeader(int(code), method, tuple(headers.split(" / ")), duty, reference)
        for code, method, headers, duty, reference in _rows("required_headers")
    )


@cache
def sip_to_q850() -> dict[int, str]:
    """Return the Q.850 cause that a gateway makes of a status: a number, `none`, or `warning` where
    the Warning code decides (RFC 3398 §8.2.6.1).
    """
    return {int(status): cause for status, cause in _rows("sip_to_q850") if status.isdigit()}


@cache
def unregistered_codes() -> dict[int, ResponseCode]:
    """Return status codes that nobody registered but implementations send."""
    rows = _rows("response_codes_unregistered")
    return {int(row[0]): ResponseCode(int(row[0]), row[1], row[2], "") for row in rows}


@cache
def request_methods() -> dict[str, RequestMethod]:
    """Return the registered methods."""
    return {
        row[0]: RequestMethod(row[0], row[1], *(flag == "yes" for flag in row[2:5]))
        for row in _rows("methods")
    }


@cache
def header_names() -> dict[str, HeaderName]:
    """Return the registered header names by lower-case name and by compact form."""
    names: dict[str, HeaderName] = {}
    for row in _rows("header_names"):
        header = HeaderName(*row)
        names[header.name.lower()] = header
        if header.compact:
            names[header.compact] = header
    return names


@cache
def warning_codes() -> dict[int, WarningCode]:
    """Return the registered warning codes."""
    return {int(row[0]): WarningCode(int(row[0]), *row[1:]) for row in _rows("warning_codes")}


@cache
def q850_causes() -> dict[int, Q850Cause]:
    """Return the cause values of ITU-T Q.850."""
    return {int(row[0]): Q850Cause(int(row[0]), *row[1:]) for row in _rows("q850_causes")}


@cache
def q850_causes_ja() -> dict[int, str]:
    """Return the Japanese terms for the cause values (TTC standard JT-Q850)."""
    return {int(cause): term for cause, term in _rows("q850_causes_ja")}


@cache
def reason_locations() -> dict[str, ReasonLocation]:
    """Return the registered locations of Reason values."""
    return {row[0]: ReasonLocation(*row) for row in _rows("reason_locations")}


@cache
def reason_protocols() -> dict[str, ReasonProtocol]:
    """Return the protocols of Reason values."""
    return {row[0]: ReasonProtocol(*row) for row in _rows("reason_protocols")}


@cache
def timers() -> dict[str, Timer]:
    """Return the timers by their letter or name."""
    return {row[0]: Timer(*row) for row in _rows("timers")}


def canonical_name(name: str) -> str:
    """Return a header name as IANA prints it, compact forms expanded; unknown ones as written."""
    known = header_names().get(name.lower())
    return known.name if known else name
