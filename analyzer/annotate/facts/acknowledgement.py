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
    en="Whether the final response to the INVITE was acknowledged: missing only where the INVITE "
    "was seen, the response was sent again and the capture goes on until Timer H has run out.",
    ja="INVITE への最終応答に対する ACK の有無。「なし」とするのは、INVITE がキャプチャにあり、"
    "応答が再送され、かつタイマー H の満了までキャプチャが続いている場合に限る。",
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
    # a capture that lacks the INVITE may lack all that the caller sends
    is_due = is_over & (judged.request_rows >= 0)
    names: list[Value] = ["seen", "new-branch", "missing", "not-seen", None]
    codes = np.where((judged.kept(repeats) > 0) & is_due, 2, 3)
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
