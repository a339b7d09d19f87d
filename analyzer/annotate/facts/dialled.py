"""Fields of the address that was dialled: the user part of the Request-URI (RFC 3261 §19.1)."""

import re

import numpy as np

from analyzer.annotate.facts.attempts import attempts
from analyzer.annotate.facts.message import distinct_lines
from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text

_USER = re.compile(r"^\s*(?:sips?:([^@]*)@|tel:([^;?>\s]*))", re.IGNORECASE)
_SEPARATORS = re.compile(r"[-.()]")
_NUMBER = re.compile(r"\+?[0-9A-D*#]+")

KINDS: dict[str, Text] = {
    "global": {"en": "a number with + (E.164)", "ja": "+ 付きの番号（E.164）"},
    "local": {"en": "a number without +", "ja": "+ なしの番号"},
    "name": {"en": "a name", "ja": "番号以外の名前"},
    "empty": {"en": "no user part", "ja": "ユーザー部なし"},
}


def dialled(uri: str) -> str:
    """Return the user part of a Request-URI without its parameters and password; the number of a
    tel URI.
    """
    match = _USER.match(uri)
    if match is None:
        return ""
    user = match[1] if match[1] is not None else match[2]
    return re.split("[;:]", user, maxsplit=1)[0].strip()


def kind_of(user: str) -> str:
    """Return what a user part is, a key of KINDS."""
    if not user:
        return "empty"
    digits = _SEPARATORS.sub("", user)
    if not _NUMBER.fullmatch(digits):
        return "name"
    return "global" if digits.startswith("+") else "local"


def dialled_users(judged: Judged) -> Coded:
    """Return the user part of each Request-URI; UNKNOWN where the request is missing."""
    rows = judged.request_rows
    seen = rows >= 0
    uris = distinct_lines(judged.trace, rows[seen])
    codes = np.full(len(rows), len(uris.values), np.int64)
    codes[seen] = uris.codes
    return Coded(codes, [*(dialled(str(uri)) for uri in uris.values), UNKNOWN])


@field(
    "dialled.user",
    "text",
    en="User part of the Request-URI, without parameters: the number or name that was called.",
    ja="Request-URI のユーザー部（パラメーターを除く）。発信先の番号または名前。",
)
def _dialled_user(judged: Judged) -> Values:
    users = judged.kept(dialled_users)
    return Coded(users.codes, [each if each is UNKNOWN else each or None for each in users.values])


@field(
    "dialled.kind",
    "text",
    en="What the user part of the Request-URI is.",
    ja="Request-URI のユーザー部の種類。",
    choices=KINDS,
)
def _dialled_kind(judged: Judged) -> Values:
    users = judged.kept(dialled_users)
    kinds: list[Value] = [each if each is UNKNOWN else kind_of(str(each)) for each in users.values]
    return Coded(users.codes, kinds)


@field(
    "dialled.more",
    "flag",
    en="Whether the same sender then sent the same number with more digits, as overlap sending "
    "does (RFC 3578).",
    ja="同じ送信元が、その後同じ番号に桁を追加して送ったかどうか"
    "（RFC 3578 のオーバーラップ送信）。",
)
def _dialled_more(judged: Judged) -> Values:
    trace, requests = judged.trace, judged.trace.transactions.request_row

    def is_longer(user: Value, later: list[int]) -> bool:
        row = int(requests[later[0]])
        number = dialled(trace.text(row, "line"))
        return bool(user) and number.startswith(str(user)) and number != user

    pairs = zip(judged.kept(dialled_users), judged.kept(attempts), strict=True)
    return [bool(later) and is_longer(user, later) for user, later in pairs]
