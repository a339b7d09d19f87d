"""Fields of an INVITE judged by itself: its first response, its final one and what came of that."""

import numpy as np

from analyzer.annotate.columns import durations, endpoints, names, numbers, spread
from analyzer.annotate.facts.acknowledgement import last_time
from analyzer.annotate.facts.decline import canceller, first_hops
from analyzer.annotate.facts.silence import last_sent_ns
from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.annotate.occasions import FEW_REPEATS
from analyzer.sip.address_ranges import is_private, private_endpoints
from analyzer.sip.contact import Contact
from analyzer.sip.uri import Uri
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.vector import count_each, group_rows, last_of_each, pick

_MOST_OF_THE_TIME = 24 / 64
"""Repeats that go on for so much of Timer H were not stopped by an ACK; a few may be missing."""


@field(
    "final.status",
    "number",
    en="Status of the final response to the request.",
    ja="リクエストへの最終応答のコード。",
)
def _final_status(judged: Judged) -> Values:
    status = judged.trace.transactions.final_status[judged.transaction_rows].astype(np.int64)
    return numbers(np.where(status > 0, status, ABSENT))


@field(
    "final.ack",
    "text",
    en="Where the final response to the INVITE was sent again until Timer H had nearly run out, "
    "because no ACK stopped it: whether the capture has no ACK at all, or one that did not help.",
    ja="INVITE への最終応答がタイマー H の満了間際まで再送された（ACK で止まらなかった）場合に、"
    "ACK がまったくないか、あっても効いていないか。",
    choices={
        "missing": {"en": "no ACK at all", "ja": "ACK なし"},
        "in-vain": {"en": "an ACK that did not stop the repeats", "ja": "ACK はあるが再送は続いた"},
    },
    settings=("timer_h_ms",),
)
def _final_ack(judged: Judged) -> Values:
    trace, rows = judged.trace, judged.transaction_rows
    table, time_ns = trace.transactions, trace.messages.time_ns
    timer_ns = int(float(str(judged.settings["timer_h_ms"])) * 1_000_000)
    again = (table.response_retransmissions[rows] >= FEW_REPEATS) & (table.final_row[rows] >= 0)
    # a capture that lacks the INVITE may lack all that the caller sends
    again &= (table.method_sym[rows] == Method.INVITE) & (table.request_row[rows] >= 0)
    found = np.flatnonzero(again)
    final = table.final_row[rows[found]].astype(np.int64)
    first, last = time_ns[final], last_sent_ns(trace, final)
    is_over = (last_time(trace) - first >= timer_ns) & (last - first >= timer_ns * 3 // 4)
    ack = table.ack_row[rows[found]]
    is_early = pick(time_ns, ack, 0) - first < timer_ns * _MOST_OF_THE_TIME
    kinds = np.select([~is_over, ack < 0, is_early], [ABSENT, 0, 1], ABSENT)
    return names(spread(len(judged), found, kinds), ("missing", "in-vain"))


@field(
    "final.repeats",
    "number",
    en="How often responses to the request were sent again.",
    ja="リクエストへの応答が再送された回数。",
)
def _final_repeats(judged: Judged) -> Values:
    return numbers(judged.trace.transactions.response_retransmissions[judged.transaction_rows])


def contact_hosts(judged: Judged) -> Coded:
    """Return the host in the first Contact of each final response."""
    final = judged.trace.transactions.final_row[judged.transaction_rows]
    contacts = judged.headers(final, "Contact")
    return Coded(contacts.codes, [contact_host(each) for each in contacts.values])


def contact_host(value: Value) -> Value:
    """Return the host in a Contact, None without one."""
    if value is UNKNOWN or not isinstance(value, str):
        return value
    first = next(iter(Contact.parse_list(value)), None)
    if first is None or first.address is None:
        return None
    return Uri.parse(first.address.uri).host.strip("[]") or None


@field(
    "answer.contact",
    "text",
    en="Host in the Contact of the final response, to which ACK and BYE go.",
    ja="最終応答の Contact のホスト（ACK と BYE の宛先）。",
)
def _answer_contact(judged: Judged) -> Values:
    return judged.kept(contact_hosts)


@field(
    "answer.contact_private",
    "flag",
    en="Whether the Contact of the final response is a private address, while the response came "
    "from a public one.",
    ja="最終応答の Contact がプライベートアドレスで、応答の送信元はグローバルアドレスかどうか。",
)
def _answer_contact_private(judged: Judged) -> Values:
    hosts = judged.kept(contact_hosts)
    is_inside = np.array([isinstance(each, str) and is_private(each) for each in hosts.values])
    messages, trace = judged.trace.messages, judged.trace
    final = trace.transactions.final_row[judged.transaction_rows]
    source = pick(messages.source_row, final, 0)
    is_public = ~private_endpoints(trace.endpoints)[source]
    return Coded.flags(is_inside[hosts.codes] & is_public, final >= 0)


@field(
    "answer.ack_to",
    "text",
    en="Address and port to which the ACK was sent.",
    ja="ACK の宛先のアドレスとポート。",
)
def _answer_ack_to(judged: Judged) -> Values:
    ack = judged.trace.transactions.ack_row[judged.transaction_rows]
    return endpoints(judged.trace, pick(judged.trace.messages.destination_row, ack, ABSENT))


@field(
    "answer.after_cancel_ms",
    "duration_ms",
    en="From the CANCEL to the 2xx of a call that was answered all the same; 0 where the 2xx came "
    "first. A branch that a proxy cancelled by itself is none.",
    ja="CANCEL から、それでも応答された呼の 2xx までの時間。2xx が先の場合は 0。"
    "プロキシが独自の判断で取り消したブランチは対象外。",
)
def _answer_after_cancel(judged: Judged) -> Values:
    table, rows = judged.trace.transactions, judged.transaction_rows
    time_ns, cancel = judged.trace.messages.time_ns, table.cancel_row[rows]
    is_both = (cancel >= 0) & (table.final_status[rows] // 100 == 2)
    if is_both.any():
        first = first_hops(judged.trace)
        branches = group_rows(first, len(first))
        for at in np.flatnonzero(is_both).tolist():
            near = int(first[rows[at]])
            sent = int(table.cancel_row[near])
            is_both[at] = canceller(judged.trace, near, sent, branches.of(near)) != "proxy"
    spent = pick(time_ns, table.final_row[rows], 0) - pick(time_ns, cancel, 0)
    return durations(np.where(is_both, np.maximum(spent, 0), ABSENT))


@field(
    "answer.open_ms",
    "duration_ms",
    en="From the 2xx to the end of the capture, where nothing was sent inside the dialog but ACK.",
    ja="ACK のほかにダイアログ内のリクエストがない呼の、2xx からキャプチャの終わりまでの時間。",
)
def _answer_open(judged: Judged) -> Values:
    trace, rows = judged.trace, judged.transaction_rows
    table = trace.transactions
    is_inside = table.in_dialog & (table.call_row >= 0)
    inside = last_of_each(table.call_row, is_inside, len(trace.calls))
    goes_on = pick(inside, table.call_row[rows], ABSENT) > rows
    is_open = (table.final_status[rows] // 100 == 2) & ~goes_on
    answered = pick(trace.messages.time_ns, table.final_row[rows], 0)
    return durations(np.where(is_open, np.maximum(last_time(trace) - answered, 0), ABSENT))


def first_responses(judged: Judged) -> Int64:
    """Return the first response to each request, ABSENT without one."""
    table, rows = judged.trace.transactions, judged.transaction_rows
    final, provisional = table.final_row[rows], table.provisional_row[rows]
    has_both = (final >= 0) & (provisional >= 0)
    either = np.maximum(final, provisional)
    return np.where(has_both, np.minimum(final, provisional), either).astype(np.int64)


@field(
    "first_response.status",
    "number",
    en="Status of the first response to the request.",
    ja="リクエストへの最初の応答のコード。",
)
def _first_response_status(judged: Judged) -> Values:
    rows = judged.kept(first_responses)
    return numbers(pick(judged.trace.messages.status.astype(np.int64), rows, ABSENT))


@field(
    "first_response.delay_ms",
    "duration_ms",
    en="From the first time the request was sent to the first response.",
    ja="リクエストの最初の送信から最初の応答までの時間。",
)
def _first_response_delay(judged: Judged) -> Values:
    rows, time_ns = judged.kept(first_responses), judged.trace.messages.time_ns
    spent = pick(time_ns, rows, 0) - pick(time_ns, judged.request_rows, 0)
    return durations(np.where((rows >= 0) & (judged.request_rows >= 0), spent, ABSENT))


def sends_before(judged: Judged) -> tuple[Int64, Int64]:
    """Return how often each request was sent before its first response, and when the last time."""
    trace, responses = judged.trace, judged.kept(first_responses)
    links, time_ns = trace.links, trace.messages.time_ns
    count = len(trace.transactions)
    until = np.full(count, ABSENT, np.int64)
    until[judged.transaction_rows] = responses
    again = np.flatnonzero((links.retransmission_of_row >= 0) & (links.copy_of_row < 0))
    again = again[(trace.messages.status[again] == 0) & (links.transaction_row[again] >= 0)]
    again = again[trace.messages.method_sym[again] != Method.ACK]
    again = again[again < until[links.transaction_row[again]]]
    of = links.transaction_row[again]
    repeats = np.bincount(of, minlength=count)[judged.transaction_rows]
    last = time_ns[judged.request_rows].copy()
    at = np.full(count, np.iinfo(np.int64).min, np.int64)
    np.maximum.at(at, of, time_ns[again])
    return repeats + 1, np.maximum(last, at[judged.transaction_rows])


@field(
    "first_response.sends",
    "number",
    en="How often the request was sent before the first response came.",
    ja="最初の応答が届くまでにリクエストが送られた回数。",
)
def _first_response_sends(judged: Judged) -> Values:
    sends, _ = judged.kept(sends_before)
    is_known = (judged.kept(first_responses) >= 0) & (judged.request_rows >= 0)
    return numbers(np.where(is_known, sends, ABSENT))


@field(
    "first_response.since_last_ms",
    "duration_ms",
    en="From the last time the request was sent before the first response to that response.",
    ja="最初の応答の直前のリクエスト送信から、その応答までの時間。",
)
def _first_response_since_last(judged: Judged) -> Values:
    rows = judged.kept(first_responses)
    _, last = judged.kept(sends_before)
    spent = pick(judged.trace.messages.time_ns, rows, 0) - last
    return durations(np.where((rows >= 0) & (judged.request_rows >= 0), spent, ABSENT))


@field(
    "pending.kind",
    "text",
    en="How far an INVITE without a final response came.",
    ja="最終応答のない INVITE がどこまで進んだか。",
    choices={
        "trying": {"en": "100 Trying, nothing more", "ja": "100 Trying のみ"},
        "early": {"en": "ringing or progress was reported", "ja": "呼出しまたは進行の通知あり"},
    },
)
def _pending_kind(judged: Judged) -> Values:
    messages, last = judged.trace.messages, judged.kept(last_provisionals)
    count = len(judged.trace.transactions)
    is_early = (messages.status > 100) & (messages.status < 200)
    early = count_each(judged.trace.links.transaction_row, is_early, count)
    kinds = np.where(early[judged.transaction_rows] > 0, 1, 0)
    return names(np.where(last >= 0, kinds, ABSENT), ("trying", "early"))


def last_provisionals(judged: Judged) -> Int64:
    """Return the last 1xx of each INVITE that got no final response, ABSENT for the others."""
    trace, rows = judged.trace, judged.transaction_rows
    table, status = trace.transactions, trace.messages.status
    is_provisional = (status >= 100) & (status < 200)
    last = last_of_each(trace.links.transaction_row, is_provisional, len(table))[rows]
    is_pending = (table.final_row[rows] < 0) & (table.method_sym[rows] == Method.INVITE)
    return np.where(is_pending & (table.request_row[rows] >= 0), last, ABSENT).astype(np.int64)


@field(
    "pending.since_ms",
    "duration_ms",
    en="From the last 1xx of an INVITE without a final response to the end of the capture.",
    ja="最終応答のない INVITE の、最後の 1xx からキャプチャの終わりまでの時間。",
)
def _pending_since(judged: Judged) -> Values:
    last, time_ns = judged.kept(last_provisionals), judged.trace.messages.time_ns
    spent = np.maximum(last_time(judged.trace) - pick(time_ns, last, 0), 0)
    return durations(np.where(last >= 0, spent, ABSENT))


@field(
    "pending.cancelled_ms",
    "duration_ms",
    en="From the CANCEL of an INVITE without a final response to the end of the capture.",
    ja="最終応答のない INVITE の、CANCEL からキャプチャの終わりまでの時間。",
)
def _pending_cancelled(judged: Judged) -> Values:
    trace, last = judged.trace, judged.kept(last_provisionals)
    cancel = trace.transactions.cancel_row[judged.transaction_rows]
    spent = np.maximum(last_time(trace) - pick(trace.messages.time_ns, cancel, 0), 0)
    return durations(np.where((last >= 0) & (cancel >= 0), spent, ABSENT))


@field(
    "pending.cancel",
    "text",
    en="Whether the CANCEL of an INVITE without a final response was answered; absent without one.",
    ja="最終応答のない INVITE の CANCEL に応答があったかどうか（CANCEL がなければ値なし）。",
    choices={
        "answered": {"en": "answered", "ja": "応答あり"},
        "unanswered": {"en": "not answered", "ja": "応答なし"},
    },
)
def _pending_cancel(judged: Judged) -> Values:
    trace, last = judged.trace, judged.kept(last_provisionals)
    cancel = trace.transactions.cancel_row[judged.transaction_rows]
    of = pick(trace.links.transaction_row, cancel, ABSENT)
    is_answered = pick(trace.transactions.final_row, of, ABSENT) >= 0
    kinds = np.where(is_answered, 0, 1)
    return names(np.where((last >= 0) & (cancel >= 0), kinds, ABSENT), ("answered", "unanswered"))
