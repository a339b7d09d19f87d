"""Fields of the signature of a call: who signed what, when, and whether the request still says so
(RFC 8224, RFC 8225, RFC 8588).
"""

import re
from collections.abc import Sequence

import numpy as np

from analyzer.annotate.facts.message import line_texts
from analyzer.annotate.facts.reason import all_values
from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.headers import find_header, header_values
from analyzer.sip.identity import Identity, IdentityFault
from analyzer.tables.trace import Trace

_NS_PER_S = 1_000_000_000
_USER = re.compile(r"(?:sips?|tel):([^@;>?]+)", re.IGNORECASE)
_NO_DIGIT = re.compile(r"[^0-9]")
_SHORTEST = 6
"""Digits from which on the end of a number tells it from others."""

FAULTS: dict[str, Text] = {
    IdentityFault.MALFORMED.value: {
        "en": "it is no signed token of three parts",
        "ja": "3 つの部分からなる署名付きトークンではありません",
    },
    IdentityFault.UNREADABLE.value: {
        "en": "header or payload of the token cannot be decoded",
        "ja": "トークンのヘッダーまたはペイロードを復号できません",
    },
    IdentityFault.NO_SIGNATURE.value: {
        "en": "the token has no signature",
        "ja": "トークンに署名がありません",
    },
    IdentityFault.NO_INFO.value: {
        "en": "there is no info parameter",
        "ja": "info パラメーターがありません",
    },
    IdentityFault.INFO_DIFFERS.value: {
        "en": "info and the x5u of the token name different certificates",
        "ja": "info とトークンの x5u が異なる証明書を指しています",
    },
    IdentityFault.ALGORITHM.value: {
        "en": "the algorithm is not ES256",
        "ja": "アルゴリズムが ES256 ではありません",
    },
    IdentityFault.CLAIMS_MISSING.value: {
        "en": "iat, orig or dest is missing in the token",
        "ja": "トークンに iat、orig、dest のいずれかがありません",
    },
}
MATCHES: dict[str, Text] = {
    "same": {"en": "the same number", "ja": "同じ番号"},
    "format": {"en": "the same number in another format", "ja": "同じ番号で形式が異なる"},
    "other": {"en": "another number", "ja": "別の番号"},
}


def _identities(judged: Judged) -> list[tuple[Identity, ...] | None]:
    """Return the Identity values of each request; None where the request is missing."""
    rows = judged.request_rows
    seen = rows[rows >= 0]
    if not (find_header(judged.trace, seen, "Identity").count > 0).any():
        return [() if row >= 0 else None for row in rows.tolist()]
    read = iter(all_values(judged.trace, seen, "Identity"))
    return [
        tuple(each for line in next(read) for each in Identity.parse_list(line))
        if row >= 0
        else None
        for row in rows.tolist()
    ]


def _first(judged: Judged) -> list[Identity | None]:
    return [each[0] if each else None for each in judged.kept(_identities)]


def _of_first(judged: Judged, values: Sequence[Value]) -> Coded:
    known = judged.kept(_identities)
    return Coded.of(
        [UNKNOWN if each is None else value for each, value in zip(known, values, strict=True)]
    )


@field(
    "identity.signatures",
    "number",
    en="Signatures of the request: values of Identity.",
    ja="リクエストの署名（Identity の値）の数。",
)
def _signatures(judged: Judged) -> Values:
    return Coded.of([UNKNOWN if each is None else len(each) for each in judged.kept(_identities)])


@field(
    "identity.faults",
    "text",
    en="What of the first Identity value is not as RFC 8224 and RFC 8225 ask.",
    ja="最初の Identity の値のうち、RFC 8224 と RFC 8225 に適合しない点。",
    choices=FAULTS,
)
def _faults(judged: Judged) -> Values:
    found = judged.kept(_first)
    texts = [", ".join(f.value for f in each.faults) or None if each else None for each in found]
    return _of_first(judged, texts)


@field(
    "identity.certificate",
    "text",
    en="Where the certificate of the first signature is: info in Identity.",
    ja="最初の署名の証明書の所在（Identity の info）。",
)
def _certificate(judged: Judged) -> Values:
    return _of_first(judged, [each.info if each else None for each in judged.kept(_first)])


@field(
    "identity.extension",
    "text",
    en="Kind of the first signature: ppt in Identity (shaken, div, rph …).",
    ja="最初の署名の種類（Identity の ppt。shaken、div、rph など）。",
)
def _extension(judged: Judged) -> Values:
    return _of_first(judged, [each.extension if each else None for each in judged.kept(_first)])


@field(
    "identity.attestation",
    "text",
    en="Attestation in the first signature: A, B or C (RFC 8588).",
    ja="最初の署名のアテステーション（A、B、C。RFC 8588）。",
)
def _attestation(judged: Judged) -> Values:
    return _of_first(judged, [each.attestation if each else None for each in judged.kept(_first)])


@field(
    "identity.age_s",
    "seconds",
    en="From the time that was signed (iat) to the request, by the clock of the capture; negative "
    "where the signature is from the future.",
    ja="署名された時刻（iat）からリクエストまでの時間（キャプチャの時計による）。署名が未来の時刻なら負の値。",
)
def _age(judged: Judged) -> Values:
    times = judged.trace.messages.time_ns[judged.request_rows].tolist()
    ages = [
        time_ns // _NS_PER_S - each.signed_at_s if each and each.signed_at_s is not None else None
        for each, time_ns in zip(judged.kept(_first), times, strict=True)
    ]
    return _of_first(judged, ages)


@field(
    "identity.signed_caller",
    "text",
    en="Caller that the first signature names (orig).",
    ja="最初の署名が示す発信者（orig）。",
)
def _signed_caller(judged: Judged) -> Values:
    return _of_first(judged, [each.caller if each else None for each in judged.kept(_first)])


@field(
    "identity.signed_callee",
    "text",
    en="Callee that the first signature names (dest).",
    ja="最初の署名が示す着信者（dest）。",
)
def _signed_callee(judged: Judged) -> Values:
    texts = [", ".join(each.callees) or None if each else None for each in judged.kept(_first)]
    return _of_first(judged, texts)


@field(
    "identity.caller",
    "text",
    en="How the caller that was signed compares with From and P-Asserted-Identity.",
    ja="署名された発信者と From、P-Asserted-Identity の比較。",
    choices=MATCHES,
)
def _caller(judged: Judged) -> Values:
    signed = [(each.caller,) if each and each.caller else () for each in judged.kept(_first)]
    return _compared(judged, signed, ("From", "P-Asserted-Identity"))


@field(
    "identity.callee",
    "text",
    en="How the callee that was signed compares with To and the Request-URI.",
    ja="署名された着信者と To、Request-URI の比較。",
    choices=MATCHES,
)
def _callee(judged: Judged) -> Values:
    signed = [each.callees if each else () for each in judged.kept(_first)]
    return _compared(judged, signed, ("To",))


def _compared(judged: Judged, signed: Sequence[tuple[str, ...]], headers: tuple[str, ...]) -> Coded:
    found: list[Value] = [
        comparison(each, _named(judged.trace, row, headers)) if each else None
        for each, row in zip(signed, judged.request_rows.tolist(), strict=True)
    ]
    return _of_first(judged, found)


def _named(trace: Trace, row: int, headers: tuple[str, ...]) -> list[str]:
    """Return the values of headers of a request; with To also its Request-URI."""
    rows = np.array([row], np.int64)
    values = [header_values(trace, rows, name)[0] or "" for name in headers]
    return [*values, *(line_texts(trace, rows) if "To" in headers else ())]


def comparison(signed: Sequence[str], named: Sequence[str]) -> str:
    """Compare parties that were signed with those that a request names: the best of all."""
    pairs = [(user_of(one), user_of(other)) for one in signed for other in named]
    if any(one == other != "" for one, other in pairs):
        return "same"
    return "format" if any(_ends_alike(one, other) for one, other in pairs) else "other"


def user_of(party: str) -> str:
    """Return the digits of a telephone number, else the user of a URI in lower case."""
    match = _USER.search(party)
    user = (match[1] if match else party).strip()
    digits = _NO_DIGIT.sub("", user)
    return digits if re.fullmatch(r"\+?[0-9.()\-]+", user) else user.lower()


def _ends_alike(one: str, other: str) -> bool:
    """Tell whether two numbers differ only in what stands before the subscriber's number."""
    short, long = sorted((one.lstrip("0"), other.lstrip("0")), key=len)
    return len(short) >= _SHORTEST and short.isdigit() and long.endswith(short)
