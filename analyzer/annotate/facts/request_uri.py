"""Fields of the Request-URI, and of what is odd in the request (RFC 3261 §8.1.1.1, §19.1)."""

from collections.abc import Callable

import numpy as np

from analyzer.annotate.facts.message import distinct_lines
from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.anomaly_kinds import MESSAGE_KINDS
from analyzer.sip.auth import redact_credentials
from analyzer.sip.uri import Uri
from analyzer.tables.messages import MessageFlag

_DIALLED = frozenset("0123456789+*#.-()")
"""What a dialled number is made of, separators included (RFC 3966 §3)."""
_FEWEST_DIGITS = 2

_KINDS: dict[str, Text] = {
    "number": {"en": "a telephone number", "ja": "電話番号"},
    "name": {"en": "a name", "ja": "名前"},
    "none": {"en": "nobody: a host only", "ja": "なし（ホストのみ）"},
}


def user_kind(uri: Uri) -> str:
    """Tell whether the user part of a URI is a telephone number, a name, or missing."""
    user = uri.plain_user.partition(";")[0]
    if not user:
        return "none"
    digits = sum(each.isdigit() for each in user)
    return "number" if digits >= _FEWEST_DIGITS and set(user) <= _DIALLED else "name"


def _each(judged: Judged, find: Callable[[str], Value]) -> Coded:
    """Return what is found in each different Request-URI."""
    rows = judged.request_rows
    seen = rows >= 0
    uris = distinct_lines(judged.trace, rows[seen])
    codes = np.full(len(rows), len(uris.values), np.int64)
    codes[seen] = uris.codes
    return Coded(codes, [*(find(str(uri)) for uri in uris.values), UNKNOWN])


@field(
    "request_uri",
    "text",
    en="Request-URI, without a password.",
    ja="Request-URI（パスワードを除く）。",
)
def _request_uri(judged: Judged) -> Values:
    return _each(judged, lambda uri: redact_credentials(uri) or None)


@field(
    "request_uri.scheme",
    "text",
    en="Scheme of the Request-URI.",
    ja="Request-URI のスキーム。",
)
def _scheme(judged: Judged) -> Values:
    return _each(judged, lambda uri: Uri.parse(uri).scheme or None)


@field(
    "request_uri.length",
    "number",
    en="Characters of the Request-URI.",
    ja="Request-URI の文字数。",
)
def _length(judged: Judged) -> Values:
    return _each(judged, len)


@field(
    "request_uri.user_kind",
    "text",
    en="What the user part of the Request-URI is.",
    ja="Request-URI のユーザー部の種類。",
    choices=_KINDS,
)
def _user_kind(judged: Judged) -> Values:
    return _each(judged, lambda uri: user_kind(Uri.parse(uri)))


@field(
    "request_fault",
    "text",
    en="First thing in the request that does not follow the grammar of SIP.",
    ja="リクエストのうち、SIP の文法に反する最初の箇所。",
    choices={
        name: {"en": kind.en, "ja": kind.ja}
        for name, kind in MESSAGE_KINDS.items()
        if kind.severity == "error"
    },
)
def _request_fault(judged: Judged) -> Values:
    trace, rows = judged.trace, judged.request_rows
    odd = (rows >= 0) & ((trace.messages.flags[rows] & MessageFlag.ODD) > 0)
    values: list[Value] = [None if row >= 0 else UNKNOWN for row in rows.tolist()]
    if odd.any():
        known = judged.kept(_faults)
        for at in np.flatnonzero(odd).tolist():
            values[at] = known.get(int(rows[at]))
    return values


def _faults(judged: Judged) -> dict[int, str]:
    """Return the first fault of each message of the trace that has one."""
    noted = judged.trace.message_anomalies
    found: dict[int, str] = {}
    for row, kind in zip(noted.message_rows, noted.kinds, strict=True):
        if kind in MESSAGE_KINDS and MESSAGE_KINDS[kind].severity == "error":
            found.setdefault(row, kind)
    return found
