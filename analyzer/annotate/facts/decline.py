"""Fields that say who may have declined: 603+, Reason, Call-Info, provider headers, CANCEL."""

import re
from functools import cache

import numpy as np

from analyzer.annotate.facts.words import FAULTS, LOCATIONS, Q850_MEANINGS, VERDICTS
from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.sip.call_info import signed_card
from analyzer.sip.headers import all_header_values, find_header, has_private_header
from analyzer.sip.reason import (
    NetworkBlock,
    Reason,
    first_reason,
    judge_network_block,
    parse_reasons,
)
from analyzer.sip.registry import q850_causes
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

_PRIVATE_LINE = re.compile(
    rb"^(x-[^\s:]+|warning)[ \t]*:[ \t]*([^\r\n]+)", re.IGNORECASE | re.MULTILINE
)
_TROUBLE = r"""
    \b(?:insufficient|not\ enough|no|low|out\ of|zero|exceeded|exhausted)\s+(?:\w+\s+)?
        (?:funds?|balance|credits?|quota)\b
    | \b(?:balance|credits?|funds?|quota)\b.{0,30}
        \b(?:low|exceeded|exhausted|insufficient|negative|expired)\b
    | \b(?:account|customer|subscriber|trunk|service)\b.{0,40}
        \b(?:suspend(?:ed)?|inactive|not\ active|disabled|deactivated|blocked|closed|locked
           |expired|barred|delinquent|unpaid|cancell?ed|terminated)\b
    | \b(?:suspended|inactive|disabled|deactivated|blocked|closed|locked|expired|unpaid)\s+
        (?:account|customer|subscriber|trunk|service)\b
    | \bpayment\s+required\b
    | \bbarred\b | \b(?:calls?|outgoing|international)\s+(?:call\s+)?barring\b
    """
_TWILIO_INACTIVE = re.compile(r"\b10001\b")


def _each_distinct(trace: Trace, rows: Int64, name: str) -> list[tuple[str, ...]]:
    """Return all values of a header for message rows."""
    counts = find_header(trace, rows, name).count
    values: list[tuple[str, ...]] = [()] * len(rows)
    for at in np.flatnonzero(counts > 0).tolist():
        values[at] = tuple(all_header_values(trace, int(rows[at]), name))
    return values


def reason_lines(judged: Judged) -> list[tuple[str, ...]]:
    """Return the Reason values of each response."""
    return _each_distinct(judged.trace, judged.message_rows, "Reason")


def reasons(judged: Judged) -> list[tuple[Reason, ...]]:
    """Return the parsed Reason values of each response."""
    known: dict[tuple[str, ...], tuple[Reason, ...]] = {}
    found = []
    for lines in judged.kept(reason_lines):
        if lines not in known:
            known[lines] = parse_reasons(lines)
        found.append(known[lines])
    return found


def network_blocks(judged: Judged) -> list[NetworkBlock]:
    """Return what each response has of a 603+."""
    phrase, lines = judged.values("phrase"), judged.kept(reason_lines)
    known: dict[tuple[int, tuple[str, ...]], NetworkBlock] = {}
    found = []
    for code, reason in zip(phrase.codes.tolist(), lines, strict=True):
        block = known.get((code, reason))
        if block is None:
            block = judge_network_block(str(phrase.values[code] or ""), reason)
            known[code, reason] = block
        found.append(block)
    return found


@field(
    "network_block",
    "text",
    en="What a 603 has of a 603+ (ATIS-1000099).",
    ja="603 が 603+（ATIS-1000099）としてどこまで成立しているか。",
    choices=VERDICTS,
)
def _network_block(judged: Judged) -> Values:
    return [block.verdict.value for block in judged.kept(network_blocks)]


@field(
    "network_block.fault",
    "text",
    en="What is wrong with a 603 that says Network Blocked.",
    ja="Network Blocked と述べる 603 のどこに問題があるか。",
    choices=FAULTS,
)
def _network_block_fault(judged: Judged) -> Values:
    return [block.fault.value if block.fault else None for block in judged.kept(network_blocks)]


@field(
    "network_block.location",
    "text",
    en="Network that blocked, as the 603+ says.",
    ja="603+ が示す、ブロックした網。",
    choices=LOCATIONS,
)
def _network_block_location(judged: Judged) -> Values:
    return [block.location for block in judged.kept(network_blocks)]


@field(
    "network_block.contact",
    "text",
    en="Whom the 603+ names for redress: url, tel, email, as written.",
    ja="603+ が示す申立て先（url、tel、email、記載のまま）。",
)
def _network_block_contact(judged: Judged) -> Values:
    return [block.contact for block in judged.kept(network_blocks)]


@field(
    "network_block.id",
    "text",
    en="Reference of the block, for the request for redress.",
    ja="申立ての際に示すブロックの識別子。",
)
def _network_block_id(judged: Judged) -> Values:
    return [block.id for block in judged.kept(network_blocks)]


@field(
    "jwscard",
    "text",
    en="Address of the contact card in Call-Info with purpose=jwscard (RFC 8688).",
    ja="purpose=jwscard の Call-Info にある連絡先カードのアドレス（RFC 8688）。",
)
def _jwscard(judged: Judged) -> Values:
    rows = _each_distinct(judged.trace, judged.message_rows, "Call-Info")
    return [signed_card(values) for values in rows]


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
    "provider_trouble",
    "text",
    en="Header of the response that names an account, funds or barring.",
    ja="アカウント、残高、発信規制に触れている応答のヘッダー。",
)
def _provider_trouble(judged: Judged) -> Values:
    trace, rows = judged.trace, judged.message_rows
    may_say_so = has_private_header(trace, rows) | (find_header(trace, rows, "Warning").count > 0)
    if not may_say_so.any():
        return Coded.constant(None, len(rows))
    messages, bytes_at = trace.messages, trace.spans.bytes_at
    found: list[Value] = [None] * len(rows)
    for at in np.flatnonzero(may_say_so).tolist():
        row = rows[at]
        head = bytes_at(
            int(messages.source[row]), int(messages.pos[row]), int(messages.head_len[row])
        )
        found[at] = provider_trouble(head)
    return found


@cache
def _trouble() -> re.Pattern[str]:
    return re.compile(_TROUBLE, re.IGNORECASE | re.VERBOSE)  # few captures need it


def provider_trouble(head: bytes) -> str | None:
    """Return the first private header or Warning of a response head that names trouble with an
    account, None without one.
    """
    for match in _PRIVATE_LINE.finditer(head):
        name, value = (part.decode("utf-8", "backslashreplace") for part in match.groups())
        is_inactive = name.lower() == "x-twilio-error" and _TWILIO_INACTIVE.search(value)
        if is_inactive or _trouble().search(value):
            return f"{name}: {value.strip()}"
    return None


@field(
    "cancel_before_final",
    "flag",
    en="Whether the caller's CANCEL was sent before the response; a CANCEL that only a proxy sent "
    "does not count.",
    ja="応答の前に発信側の CANCEL が送られたかどうか。プロキシだけが送った CANCEL は含めない。",
)
def _cancel_before_final(judged: Judged) -> Values:
    trace, transactions = judged.trace, judged.trace.transactions
    rows = judged.message_rows
    cancel = transactions.cancel_row[judged.transaction_rows]
    cancelled = (cancel >= 0) & (cancel < rows)
    if cancelled.any():
        first = first_hops(trace)[judged.transaction_rows[cancelled]]
        cancel = transactions.cancel_row[first]
        cancelled[cancelled] = (cancel >= 0) & (cancel < rows[cancelled])
    return Coded.flags(cancelled)


def first_hops(trace: Trace) -> Int64:
    """Return for each transaction the first one with its Call-ID, CSeq number and method: the hop
    nearest to the caller that the capture shows.
    """
    transactions, messages = trace.transactions, trace.messages
    first_row = transactions.first_row
    order = np.lexsort(
        (transactions.method_sym, messages.cseq[first_row], messages.call_id_hash[first_row])
    )
    same = np.zeros(len(order), np.bool_)
    same[1:] = (
        (np.diff(transactions.method_sym[order]) == 0)
        & (np.diff(messages.cseq[first_row[order]]) == 0)
        & (
            messages.call_id_hash[first_row[order[1:]]]
            == messages.call_id_hash[first_row[order[:-1]]]
        )
    )
    group = np.cumsum(~same) - 1
    first = np.empty(len(order), np.int64)
    first[order] = order[~same][group]
    return first
