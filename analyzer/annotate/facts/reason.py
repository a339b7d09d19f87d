"""Fields of the Reason header of a response (RFC 3326, RFC 6432, RFC 8606, RFC 9410)."""

import numpy as np

from analyzer.annotate.facts.words import LOCATIONS, Q850_MEANINGS
from analyzer.annotate.fields import Judged, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.headers import all_header_values, find_header
from analyzer.sip.reason import Reason, first_reason, parse_reasons
from analyzer.sip.reason_faults import ReasonFault, reason_faults
from analyzer.sip.registry import q850_causes, response_codes
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace


def all_values(trace: Trace, rows: Int64, name: str) -> list[tuple[str, ...]]:
    """Return the value of every line of a header in each message."""
    counts = find_header(trace, rows, name).count
    values: list[tuple[str, ...]] = [()] * len(rows)
    for at in np.flatnonzero(counts > 0).tolist():
        values[at] = tuple(all_header_values(trace, int(rows[at]), name))
    return values


def reason_lines(judged: Judged) -> list[tuple[str, ...]]:
    """Return the Reason values of each response."""
    return all_values(judged.trace, judged.message_rows, "Reason")


def reasons(judged: Judged) -> list[tuple[Reason, ...]]:
    """Return the parsed Reason values of each response."""
    known: dict[tuple[str, ...], tuple[Reason, ...]] = {}
    found = []
    for lines in judged.kept(reason_lines):
        if lines not in known:
            known[lines] = parse_reasons(lines)
        found.append(known[lines])
    return found


def _q850(judged: Judged) -> list[Reason | None]:
    return [first_reason(each, "Q.850") for each in judged.kept(reasons)]


@field(
    "reason.q850_cause",
    "number",
    en="Cause of the Q.850 value in Reason.",
    ja="Reason ヘッダーの Q.850 の理由番号。",
)
def _q850_cause(judged: Judged) -> Values:
    return [each.cause if each else None for each in judged.kept(_q850)]


@field(
    "reason.q850_meaning",
    "text",
    en="What that cause means in ITU-T Q.850.",
    ja="その理由番号の ITU-T Q.850 での意味。",
    choices=Q850_MEANINGS,
)
def _q850_meaning(judged: Judged) -> Values:
    causes = judged.values("reason.q850_cause")
    known = q850_causes()
    return [
        known[each].phrase if isinstance(each, int) and each in known else None for each in causes
    ]


@field(
    "reason.q850_location",
    "text",
    en="Location of the Q.850 value in Reason (RFC 8606).",
    ja="Reason ヘッダーの Q.850 の生成源（location、RFC 8606）。",
    choices=LOCATIONS,
)
def _q850_location(judged: Judged) -> Values:
    return [each.location if each else None for each in judged.kept(_q850)]


@field(
    "reason.q850_status",
    "text",
    en="Status that RFC 3398 §7.2.4.1 maps that cause to, with its phrase.",
    ja="RFC 3398 §7.2.4.1 がその理由番号に対応付ける SIP 応答コードと理由句。",
)
def _q850_status(judged: Judged) -> Values:
    known, codes = q850_causes(), response_codes()
    found = []
    for cause in judged.values("reason.q850_cause"):
        status = known[cause].sip_status if isinstance(cause, int) and cause in known else ""
        # what follows the number in the table is a condition, or that it is the default
        number = status.partition(" ")[0]
        code = codes.get(int(number)) if number.isdigit() else None
        found.append(f"{code.code} {code.phrase}" if code else None)
    return found


@field(
    "reason.stir",
    "text",
    en="Reason with the protocol STIR: what was wrong with the signature of the call.",
    ja="プロトコル STIR の Reason が示す、呼の署名の問題。",
)
def _stir(judged: Judged) -> Values:
    return [
        "; ".join(_shown(one) or "" for one in each if one.protocol == "STIR") or None
        for each in judged.kept(reasons)
    ]


@field(
    "reason.sip",
    "text",
    en="Reason with the protocol SIP: cause and text.",
    ja="プロトコル SIP の Reason の cause と text。",
)
def _sip(judged: Judged) -> Values:
    return [_shown(first_reason(each, "SIP")) for each in judged.kept(reasons)]


FAULTS: dict[str, Text] = {
    ReasonFault.REPEATED.value: {
        "en": "several values of one protocol that may have one",
        "ja": "1 つしか許されないプロトコルの値が複数あります",
    },
    ReasonFault.CAUSE_UNREADABLE.value: {
        "en": "a cause that is no number",
        "ja": "cause が数値ではありません",
    },
    ReasonFault.QUOTE_OPEN.value: {
        "en": "a quoted string that does not end",
        "ja": "引用符が閉じられていません",
    },
}


@field(
    "reason.faults",
    "text",
    en="What in Reason does not follow its grammar.",
    ja="Reason ヘッダーの書式の誤り。",
    choices=FAULTS,
)
def _faults(judged: Judged) -> Values:
    known: dict[tuple[str, ...], str | None] = {}
    for lines in judged.kept(reason_lines):
        if lines not in known:
            known[lines] = ", ".join(reason_faults(lines)) or None
    return [known[lines] for lines in judged.kept(reason_lines)]


def _shown(reason: Reason | None) -> str | None:
    if reason is None:
        return None
    parts = [str(reason.cause) if reason.cause is not None else "", reason.text or ""]
    return " ".join(filter(None, parts)) or reason.protocol
