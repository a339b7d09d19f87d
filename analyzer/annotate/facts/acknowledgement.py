"""Fields of what followed a final response: its repeats, its ACK, other finals (RFC 3261 §17)."""

import numpy as np

from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.branch import COOKIE
from analyzer.sip.headers import texts_at
from analyzer.tables.messages import MessageFlag, Method
from analyzer.tables.schema import Bool, Int32, Int64
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
    return _count(judged, _again(judged, judged.message_rows), judged.message_rows)


def _again(judged: Judged, rows: Int64) -> Int64:
    """Return the messages that repeat one of `rows`, copies of a packet aside."""
    links = judged.trace.links
    again = np.flatnonzero((links.retransmission_of_row >= 0) & (links.copy_of_row < 0))
    return again[is_in(links.retransmission_of_row[again], rows)]


def _count(judged: Judged, again: Int64, rows: Int64) -> Int64:
    of = judged.trace.links.retransmission_of_row[again]
    counted = np.bincount(of, minlength=len(judged.trace.messages))
    return counted[rows].astype(np.int64)


def _kept_on(judged: Judged) -> Int64:
    """Return how long each response was sent again, in ns."""
    times, rows = judged.trace.messages.time_ns, judged.message_rows
    again = _again(judged, rows)
    last = times.copy()
    np.maximum.at(last, judged.trace.links.retransmission_of_row[again], times[again])
    return last[rows] - times[rows]


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
    "request_repeats_after",
    "number",
    en="How often the request was sent again after the response.",
    ja="応答の後にリクエストが再送された回数。",
)
def _request_repeats_after(judged: Judged) -> Values:
    requests = judged.request_rows
    seen = np.flatnonzero(requests >= 0)
    again = _again(judged, requests[seen])
    of = judged.trace.links.transaction_row
    answered = np.full(len(judged.trace.transactions), len(judged.trace.messages), np.int64)
    answered[judged.transaction_rows[seen]] = judged.message_rows[seen]
    counted = np.zeros(len(judged), np.int64)
    later = again[again > answered[of[again]]]
    counted[seen] = _count(judged, later, requests[seen])
    different = distinct(counted)
    return Coded(np.searchsorted(different, counted), different.tolist())


@field(
    "ack",
    "text",
    en="Whether the final response to the INVITE was acknowledged: missing only where the INVITE "
    "was seen, the response was sent again until Timer H had nearly run out, as a server does that "
    "gets no ACK, and the capture goes on until it has.",
    ja="INVITE への最終応答に対する ACK の有無。「なし」とするのは、INVITE がキャプチャにあり、"
    "（ACK を受け取らないサーバーのように）タイマー H の満了間際まで応答が再送され、かつ満了まで"
    "キャプチャが続いている場合に限る。",
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
    # repeats that stop early were stopped by an ACK that the capture lacks: Timer G goes on at T2,
    # an eighth of Timer H (RFC 3261 §17.2.1), and one or two repeats may be lost
    is_over &= _kept_on(judged) >= timer_h * 3 // 4
    # a capture that lacks the INVITE may lack all that the caller sends
    is_due = is_over & (judged.request_rows >= 0)
    names: list[Value] = ["seen", "new-branch", "missing", "not-seen", None]
    codes = np.where(is_due, 2, 3)
    codes[ack >= 0] = 0
    codes[_has_other_branch(judged, ack)] = 1
    codes[~is_invite] = 4
    return Coded(codes, names)


def last_time(trace: Trace) -> int:
    """Return the time of the last packet of all captures, of SIP or not."""
    ends = [each.watched_until_ns for each in trace.captures if each.watched_until_ns is not None]
    return max(ends, default=0)


def _has_other_branch(judged: Judged, ack: Int32) -> Bool:
    """Tell which ACKs have another branch than the response, whose topmost Via is that of the
    request. Path and To tag must be those of the response: the ACK of another hop or of a 2xx on
    another branch is no such ACK. Nor is one to an INVITE without the cookie of RFC 3261.
    """
    trace, messages, rows = judged.trace, judged.trace.messages, judged.message_rows
    is_success = trace.transactions.final_status[judged.transaction_rows] // 100 == 2
    is_other: Bool = messages.transaction_hash[ack] != messages.transaction_hash[rows]
    is_other &= (ack >= 0) & ~is_success
    is_other &= messages.to_tag_hash[ack] == messages.to_tag_hash[rows]
    is_other &= messages.source_row[ack] == messages.destination_row[rows]
    is_other &= messages.destination_row[ack] == messages.source_row[rows]
    unlike = np.flatnonzero(is_other)
    texts = [_branches(trace, at) for at in (ack[unlike].astype(np.int64), rows[unlike])]
    is_other[unlike] = [
        sent != asked and asked.startswith(COOKIE) for sent, asked in zip(*texts, strict=True)
    ]
    return is_other


def _branches(trace: Trace, rows: Int64) -> list[str]:
    messages = trace.messages
    starts = messages.pos[rows] + messages.branch_pos[rows]
    found = texts_at(trace.spans, messages.source[rows], starts, messages.branch_len[rows])
    return [text or "" for text in found]


@field(
    "to_tag",
    "flag",
    en="Whether the request or the response has a To tag; a response must, unless it is a 100.",
    ja="リクエストまたは応答に To タグがあるかどうか（100 以外の応答には必須）。",
)
def _to_tag(judged: Judged) -> Values:
    messages, request, response = judged.trace.messages, judged.request_rows, judged.message_rows
    has_tag = messages.to_tag_hash[response] != 0
    has_tag |= (request >= 0) & (messages.to_tag_hash[request] != 0)
    is_cut = (messages.flags[request] | messages.flags[response]) & MessageFlag.CUT != 0
    return Coded.flags(has_tag, has_tag | ((request >= 0) & ~is_cut))


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
