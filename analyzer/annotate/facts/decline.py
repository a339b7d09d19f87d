"""Fields of other reasons for a decline: trouble with the provider, a CANCEL on its way."""

import re
from functools import cache

import numpy as np

from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.sip.headers import find_header, has_private_header
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
_FOLD = re.compile(rb"[ \t]*\r?\n[ \t]+")
_TWILIO_INACTIVE = re.compile(r"\b10001\b")


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
    for match in _PRIVATE_LINE.finditer(_FOLD.sub(b" ", head)):
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
