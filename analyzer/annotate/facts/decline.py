"""Fields of other reasons for a decline: trouble with the provider, a CANCEL on its way."""

import re
from functools import cache

import numpy as np

from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.headers import branches_in, find_header, has_private_header
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import distinct, is_in

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


CANCELLERS: dict[str, Text] = {
    "caller": {"en": "the caller", "ja": "発信側"},
    "proxy": {"en": "a proxy, of its own accord", "ja": "プロキシ（独自の判断）"},
    "unknown": {"en": "the caller or a proxy", "ja": "発信側またはプロキシ"},
}


@field(
    "cancelled_by",
    "text",
    en="Who had sent a CANCEL before the response came: the caller where the hop nearest to it "
    "shows one, a proxy where only a later hop does or another branch had decided the call.",
    ja="応答より前に CANCEL を送った者。発信側に最も近いホップにあれば発信側、後のホップに"
    "しかないか、別のブランチがすでに呼を決していればプロキシ。",
    choices=CANCELLERS,
)
def _cancelled_by(judged: Judged) -> Values:
    trace, transactions = judged.trace, judged.trace.transactions
    found: list[Value] = [None] * len(judged)
    cancelled = distinct(transactions.call_row[transactions.cancel_row >= 0].astype(np.int64))
    if not is_in(transactions.call_row[judged.transaction_rows], cancelled).any():
        return Coded.constant(None, len(judged))
    first = first_hops(trace)
    near = first[judged.transaction_rows]
    sent = np.stack([transactions.cancel_row[each] for each in (judged.transaction_rows, near)])
    sent = np.where((sent >= 0) & (sent < judged.message_rows), sent, ABSENT)
    for at in np.flatnonzero((sent >= 0).any(axis=0)).tolist():
        branches = np.flatnonzero(first == near[at])
        found[at] = canceller(trace, int(near[at]), int(sent[1, at]), branches)
    return found


def canceller(trace: Trace, first_hop: int, cancel: int, branches: Int64) -> str:
    """Tell who sent the CANCEL that the first hop shows, -1 for none, of some branches."""
    transactions = trace.transactions
    if cancel < 0:
        return "proxy"
    request = int(transactions.request_row[first_hop])
    if request >= 0 and len(branches_in(trace, request)) == 1:
        return "caller"
    status, final = transactions.final_status[branches], transactions.final_row[branches]
    decides = (status // 100 == 2) | (status // 100 == 6)
    is_decided = decides & (final < cancel) & (branches != first_hop)
    return "proxy" if is_decided.any() else "unknown"


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
