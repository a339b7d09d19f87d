"""Fields of challenges (401, 407) and of the credentials that requests carry (RFC 3261 §22).

What is asked of the headers of a challenge is asked only where it was not met: most are, and then
no rule asks. Of credentials no more is shown than the username.
"""

from collections.abc import Callable, Sequence

import numpy as np

from analyzer.annotate.facts.acknowledgement import last_time
from analyzer.annotate.facts.challenges import (
    CREDENTIAL_HEADERS,
    DROPPED,
    MET,
    challenged,
    is_challenge,
    outcomes_of,
)
from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.challenge import Authentication, parse_authentication
from analyzer.sip.headers import all_header_values, find_header, header_values, which_headers
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

_CHALLENGE_HEADERS = ("WWW-Authenticate", "Proxy-Authenticate")
_NS_PER_MS = 1_000_000

_OUTCOMES: dict[str, Text] = {
    "met": {"en": "answered and accepted", "ja": "認証に応じ、受け入れられた"},
    "sent": {"en": "answered, result not shown", "ja": "認証に応じたが、結果は不明"},
    "again": {"en": "answered and challenged again", "ja": "認証に応じたが、再び求められた"},
    "repeated": {"en": "asked again without credentials", "ja": "認証情報なしで再び要求した"},
    "dropped": {"en": "not answered", "ja": "応じなかった"},
    "open": {"en": "the capture ends before", "ja": "キャプチャがその前に終わっている"},
}
_CREDENTIALS: dict[str, Text] = {
    "none": {"en": "none", "ja": "なし"},
    "sent": {"en": "sent", "ja": "あり"},
    "other-realm": {"en": "for another realm only", "ja": "別のレルム用のみ"},
    "stale": {"en": "with a nonce that was too old", "ja": "期限切れの nonce によるもの"},
    "old-nonce": {
        "en": "with a nonce that is not that of the last challenge",
        "ja": "直前のチャレンジのものではない nonce によるもの",
    },
    "other-server": {
        "en": "with the nonce of another server",
        "ja": "別のサーバーの nonce によるもの",
    },
    "refused": {
        "en": "for the last challenge, and refused",
        "ja": "直前のチャレンジに応じたもの（拒否された）",
    },
}


@field(
    "challenge",
    "text",
    en="What came of a challenge (401, 407): whether the next request of the same client in the "
    "Call-ID carried credentials, and whether it was challenged again.",
    ja="チャレンジ（401、407）の結果。同じクライアントが同じ Call-ID で次に送ったリクエストに"
    "認証情報があり、再びチャレンジされなかったかどうか。",
    choices=_OUTCOMES,
    settings=("answer_within_ms",),
)
def _challenge(judged: Judged) -> Values:
    outcome = judged.kept(outcomes_of)
    patience = int(float(str(judged.settings["answer_within_ms"])) * _NS_PER_MS)
    until = judged.trace.messages.time_ns[judged.message_rows] + patience
    is_open = (outcome.codes == DROPPED) & (until > last_time(judged.trace))
    codes = np.where(is_open, len(outcome.values), outcome.codes)
    return Coded(codes, [*outcome.values, "open"])


def _unmet(judged: Judged) -> list[int]:
    """Return the positions of the challenges that were not met."""
    statuses = judged.trace.messages.status[judged.message_rows]
    codes = judged.kept(outcomes_of).codes
    return np.flatnonzero(is_challenge(statuses) & (codes != MET)).tolist()


def _each_unmet(judged: Judged, find: Callable[[int], Value]) -> list[Value]:
    values: list[Value] = [None] * len(judged)
    for at in _unmet(judged):
        values[at] = find(at)
    return values


def _read(trace: Trace, row: int, names: Sequence[str]) -> tuple[Authentication, ...]:
    lines = [line for name in names for line in all_header_values(trace, row, name)]
    return parse_authentication(lines)


def _challenges(judged: Judged) -> dict[int, tuple[Authentication, ...]]:
    """Return by position what each challenge that was not met asks for."""
    unmet = _unmet(judged)
    rows = judged.message_rows[np.array(unmet, np.int64)]
    lines: list[list[str]] = [[] for _ in unmet]
    for name in _CHALLENGE_HEADERS:
        count = find_header(judged.trace, rows, name).count
        for at, value in enumerate(header_values(judged.trace, rows, name)):
            if value is not None:
                several = count[at] > 1
                row = int(rows[at])
                lines[at] += all_header_values(judged.trace, row, name) if several else [value]
    return {at: parse_authentication(each) for at, each in zip(unmet, lines, strict=True)}


def _of_challenge(judged: Judged, find: Callable[[Authentication], str | None]) -> list[Value]:
    """Return what the challenges of a response name, each thing once."""
    known = judged.kept(_challenges)

    def listed(at: int) -> Value:
        return ", ".join(dict.fromkeys(text for each in known[at] if (text := find(each)))) or None

    return _each_unmet(judged, listed)


@field(
    "challenge.realm",
    "text",
    en="Realm of a challenge that was not met.",
    ja="応じられなかったチャレンジのレルム。",
)
def _realm(judged: Judged) -> Values:
    return _of_challenge(judged, lambda each: each.parameter("realm"))


@field(
    "challenge.scheme",
    "text",
    en="Schemes that a challenge that was not met offers.",
    ja="応じられなかったチャレンジの認証方式。",
)
def _scheme(judged: Judged) -> Values:
    return _of_challenge(judged, lambda each: each.scheme)


@field(
    "challenge.algorithm",
    "text",
    en="Digest algorithms that a challenge that was not met offers; MD5 where it names none.",
    ja="応じられなかったチャレンジのダイジェストアルゴリズム（指定がなければ MD5）。",
)
def _algorithm(judged: Judged) -> Values:
    return _of_challenge(judged, lambda each: each.algorithm)


@field(
    "challenge.stale",
    "flag",
    en="Whether a challenge that was not met says that only the nonce was too old.",
    ja="応じられなかったチャレンジが、nonce の期限切れだけを示しているかどうか（stale=true）。",
)
def _stale(judged: Judged) -> Values:
    known = judged.kept(_challenges)
    return _each_unmet(judged, lambda at: any(each.is_stale for each in known[at]))


@field(
    "challenge.answer_status",
    "number",
    en="Final status of the request that answered the challenge or followed it.",
    ja="チャレンジに応じた（または続いて送られた）リクエストの最終応答のコード。",
)
def _answer_status(judged: Judged) -> Values:
    answer = challenged(judged.trace).answer[judged.transaction_rows]
    final = judged.trace.transactions.final_status

    def status(at: int) -> Value:
        return int(final[answer[at]]) or None if answer[at] >= 0 else None

    return _each_unmet(judged, status)


@field(
    "answers_challenge",
    "flag",
    en="Whether the request carries credentials and was sent in answer to a challenge that the "
    "capture shows.",
    ja="リクエストが、キャプチャにあるチャレンジに応じて認証情報付きで送られたかどうか。",
)
def _answers_challenge(judged: Judged) -> Values:
    answered = challenged(judged.trace).answered[judged.transaction_rows]
    return Coded.flags(answered >= 0, judged.request_rows >= 0)


@field(
    "credentials",
    "text",
    en="What credentials the request carried; of a challenge that was met nothing is told.",
    ja="リクエストに含まれていた認証情報（応じられたチャレンジについては示さない）。",
    choices=_CREDENTIALS,
)
def _credentials(judged: Judged) -> Values:
    requests = judged.request_rows
    known = requests >= 0
    marks = which_headers(judged.trace, requests[known], CREDENTIAL_HEADERS)
    codes = np.full(len(judged), 2, np.int64)
    codes[known] = marks > 0
    statuses = judged.trace.messages.status[judged.message_rows]
    if not is_challenge(statuses).any():
        return Coded(codes, ("none", "sent", UNKNOWN))
    values: list[Value] = [("none", "sent", UNKNOWN)[code] for code in codes.tolist()]
    is_known = is_challenge(statuses) & (judged.kept(outcomes_of).codes == MET)
    for at in np.flatnonzero(is_known).tolist():
        values[at] = None
    for at in _unmet(judged):
        if values[at] == "sent":
            values[at] = _verdict(judged, at, judged.kept(_challenges)[at])
    return values


def _verdict(judged: Judged, at: int, challenges: Sequence[Authentication]) -> Value:
    """Tell why credentials were challenged, as far as the capture shows."""
    trace = judged.trace
    header = CREDENTIAL_HEADERS[int(trace.messages.status[judged.message_rows[at]]) == 407]
    sent = _read(trace, int(judged.request_rows[at]), [header])
    realms = {each.parameter("realm") for each in challenges}
    fitting = [each for each in sent if each.parameter("realm") in realms]
    if not fitting:
        return "other-realm"
    if any(each.is_stale for each in challenges):
        return "stale"
    transaction = int(judged.transaction_rows[at])
    earlier = int(challenged(trace).answered[transaction])
    table = trace.transactions
    if earlier < 0:
        return "old-nonce"
    asked = _read(trace, int(table.final_row[earlier]), _CHALLENGE_HEADERS)
    nonces = {each.parameter("nonce") for each in asked}
    if not any(each.parameter("nonce") in nonces for each in fitting):
        return "old-nonce"
    is_same = table.server_row[earlier] == table.server_row[transaction]
    return "refused" if is_same else "other-server"


@field(
    "credentials.username",
    "text",
    en="Username in the credentials of the request; of a challenge that was met nothing is told.",
    ja="リクエストの認証情報のユーザー名（応じられたチャレンジについては示さない）。",
)
def _username(judged: Judged) -> Values:
    values: list[Value] = [None] * len(judged)
    statuses = judged.trace.messages.status[judged.message_rows]
    wanted = ~is_challenge(statuses)
    wanted[_unmet(judged)] = True
    wanted &= judged.request_rows >= 0
    rows: Int64 = judged.request_rows
    marked = np.flatnonzero(wanted)
    marked = marked[which_headers(judged.trace, rows[marked], CREDENTIAL_HEADERS) > 0]
    for at in marked.tolist():
        names = [
            each.parameter("username")
            for each in _read(judged.trace, int(rows[at]), CREDENTIAL_HEADERS)
        ]
        values[at] = next((name for name in names if name), None)
    return values
