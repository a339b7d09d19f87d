"""Fields of what followed a final response: its repeats, its ACK, other finals (RFC 3261 §17)."""

import numpy as np

from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.tables.messages import MessageTable, Method
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import distinct, is_in

_NS_PER_MS = 1_000_000

ACKS: dict[str, Text] = {
    "seen": {"en": "seen", "ja": "あり"},
    "new-branch": {"en": "with another branch", "ja": "別の branch"},
    "missing": {"en": "missing", "ja": "なし"},
    "not-seen": {"en": "not seen, which proves nothing", "ja": "未確認（判断できない）"},
}


def repeats(judged: Judged) -> Int64:
    """Count how often each response was sent again; copies of a packet do not count."""
    links, rows = judged.trace.links, judged.message_rows
    again = np.flatnonzero((links.retransmission_of_row >= 0) & (links.copy_of_row < 0))
    of = links.retransmission_of_row[again]
    counted = np.bincount(of[is_in(of, rows)], minlength=len(judged.trace.messages))
    return counted[rows].astype(np.int64)


@field(
    "response_repeats",
    "number",
    en="How often the response was sent again.",
    ja="応答が再送された回数。",
)
def _response_repeats(judged: Judged) -> Values:
    counted = judged.kept(repeats)
    different = distinct(counted)
    return Coded(np.searchsorted(different, counted), different.tolist())


@field(
    "ack",
    "text",
    en="Whether the final response to the INVITE was acknowledged: missing only where the response "
    "was sent again and the capture goes on until Timer H has run out.",
    ja="INVITE への最終応答に対する ACK の有無。「なし」とするのは、応答が再送され、かつ"
    "タイマー H の満了までキャプチャが続いている場合に限る。",
    choices=ACKS,
    settings=("timer_h_ms",),
)
def _ack(judged: Judged) -> Values:
    trace, rows = judged.trace, judged.message_rows
    transactions, time_ns = trace.transactions, trace.messages.time_ns
    is_invite = transactions.method_sym[judged.transaction_rows] == Method.INVITE
    ack = transactions.ack_row[judged.transaction_rows]
    timer_h = int(float(str(judged.settings["timer_h_ms"])) * _NS_PER_MS)
    is_over = last_time(trace) - time_ns[rows] >= timer_h
    names: list[Value] = ["seen", "new-branch", "missing", "not-seen", None]
    codes = np.where((judged.kept(repeats) > 0) & is_over, 2, 3)
    without = np.flatnonzero(ack < 0)
    codes[without[_has_other_ack(judged, without)]] = 1
    codes[ack >= 0] = 0
    codes[~is_invite] = 4
    return Coded(codes, names)


def last_time(trace: Trace) -> int:
    """Return the time of the last packet of all captures, of SIP or not."""
    ends = [each.last_ns for each in trace.captures if each.last_ns is not None]
    return max(ends, default=0)


def _has_other_ack(judged: Judged, at: Int64) -> Bool:
    """Tell for some rows whether an ACK that fits no INVITE repeats Call-ID, CSeq and path of the
    request: one with another branch. A 2xx on the transaction explains such an ACK.
    """
    trace, messages = judged.trace, judged.trace.messages
    found = np.zeros(len(at), np.bool_)
    stray = np.flatnonzero((messages.method_sym == Method.ACK) & (trace.links.transaction_row < 0))
    if len(stray) == 0 or len(at) == 0:
        return found
    acks = dict(zip(_keys(messages, stray, sent=True), stray.tolist(), strict=True))
    transactions = judged.transaction_rows[at]
    is_success = trace.transactions.final_status[transactions] // 100 == 2
    rows = judged.message_rows[at]
    keys = _keys(messages, rows, sent=False)
    for number, (key, row) in enumerate(zip(keys, rows.tolist(), strict=True)):
        found[number] = acks.get(key, ABSENT) > row and not is_success[number]
    return found


def _keys(messages: MessageTable, rows: Int64, *, sent: bool) -> list[tuple[int, ...]]:
    """Return Call-ID, CSeq number and path of messages, of responses the path back."""
    path = (messages.source_row, messages.destination_row)
    columns = (messages.call_id_hash, messages.cseq, *(path if sent else path[::-1]))
    return list(zip(*(column[rows].tolist() for column in columns), strict=True))


@field(
    "to_tag",
    "flag",
    en="Whether the request or the response has a To tag; a response must, unless it is a 100.",
    ja="リクエストまたは応答に To タグがあるかどうか（100 以外の応答には必須）。",
)
def _to_tag(judged: Judged) -> Values:
    tags, request = judged.trace.messages.to_tag_hash, judged.request_rows
    answered = tags[judged.message_rows] != 0
    asked = (request >= 0) & (tags[request] != 0)
    return Coded.flags(answered | asked, answered | (request >= 0))


@field(
    "other_final",
    "number",
    en="Status of another final response, with a different code, on the same transaction.",
    ja="同じトランザクションで返された、コードの異なる別の最終応答。",
)
def _other_final(judged: Judged) -> Values:
    messages, transaction = judged.trace.messages, judged.trace.links.transaction_row
    finals = np.flatnonzero((messages.status >= 200) & (transaction >= 0))
    counted = np.bincount(transaction[finals], minlength=len(judged.trace.transactions))
    several = np.flatnonzero(counted[judged.transaction_rows] > 1)
    if len(several) == 0:
        return Coded.constant(None, len(judged))
    wanted = judged.transaction_rows[several]
    finals = finals[is_in(transaction[finals], wanted)]
    statuses: dict[int, list[int]] = {}
    pairs = zip(transaction[finals].tolist(), messages.status[finals].tolist(), strict=True)
    for number, status in pairs:
        statuses.setdefault(number, []).append(status)
    found: list[Value] = [None] * len(judged)
    own = messages.status[judged.message_rows[several]].tolist()
    for at, number, status in zip(several.tolist(), wanted.tolist(), own, strict=True):
        found[at] = next((each for each in statuses[number] if each != status), None)
    return found
