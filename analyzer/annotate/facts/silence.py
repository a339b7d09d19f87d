"""Fields of a request that got no final response, and of who was asked."""

from bisect import bisect_left

import numpy as np

from analyzer.annotate.columns import durations, endpoints, names, numbers
from analyzer.annotate.fields import Coded, Judged, Values, field
from analyzer.annotate.occasions import is_silent
from analyzer.sip.address_ranges import private_endpoints
from analyzer.tables.endpoints import hop_ends
from analyzer.tables.messages import Method, Transport
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import is_in, last_of_each, pick

_MOST_OF_THE_TIME = 24 / 64
"""A client that gets nothing sends an INVITE the last but one time after 31 of the 64 T1 (RFC 3261
§17.1.1.2); one or two repeats may be missing in the capture."""


def last_sent_ns(trace: Trace, rows: Int64) -> Int64:
    """Return when messages were sent the last time, copies of a packet aside."""
    links, time_ns = trace.links, trace.messages.time_ns
    again = np.flatnonzero((links.retransmission_of_row >= 0) & (links.copy_of_row < 0))
    again = again[is_in(links.retransmission_of_row[again], rows)]
    last = np.array(time_ns)
    np.maximum.at(last, links.retransmission_of_row[again], time_ns[again])
    return last[rows]


def sent_for_ns(judged: Judged) -> Int64:
    """Return for how long each request was sent again, ABSENT where the capture lacks it."""
    rows = judged.request_rows
    spent = last_sent_ns(judged.trace, rows) - judged.trace.messages.time_ns[rows]
    return np.where(rows >= 0, spent, ABSENT)


@field(
    "unanswered",
    "text",
    en="How a request was sent that got no response before its client gave up (64*T1); absent "
    "where a response came, or where the capture ends before that time is over.",
    ja="64*T1 が経過しても応答がなかったリクエストの送られ方。応答があった場合と、その時間が経過"
    "する前にキャプチャが終わる場合は値なし。",
    choices={
        "repeated": {
            "en": "sent again and again until the time was nearly over, as a client does that "
            "gets nothing",
            "ja": "満了間際まで再送（応答を受け取っていない）",
        },
        "stopped": {"en": "sent again for a while, then no more", "ja": "再送を途中で停止"},
        "once": {"en": "sent once over UDP", "ja": "UDP で 1 回だけ送信"},
        "reliable": {
            "en": "sent once over a transport that does not lose messages",
            "ja": "信頼性のあるトランスポートで送信",
        },
        "provisional": {
            "en": "a 1xx came, but no final response",
            "ja": "1xx のみで最終応答なし",
        },
        "unmatched": {
            "en": "a response came meanwhile that fits no request",
            "ja": "どのリクエストにも対応しない応答あり",
        },
    },
    settings=("timer_b_ms",),
)
def _unanswered(judged: Judged) -> Values:
    table, rows = judged.trace.transactions, judged.transaction_rows
    silent = np.flatnonzero(is_silent(judged.trace)[rows])
    codes = np.full(len(judged), ABSENT, np.int64)
    if len(silent):
        silent = silent[~_of_silent_invites(judged, silent)]
        timer_ns = float(str(judged.settings["timer_b_ms"])) * 1_000_000
        transport = judged.trace.messages.transport[judged.request_rows[silent]]
        is_late = judged.kept(sent_for_ns)[silent] >= timer_ns * _MOST_OF_THE_TIME
        is_again = table.request_retransmissions[rows[silent]] > 0
        is_unmatched = has_lone_response(judged.trace, rows[silent], int(timer_ns))
        has_provisional = table.provisional_row[rows[silent]] >= 0
        is_reliable = transport != Transport.UDP
        conditions = [has_provisional, is_unmatched, is_late, is_again, is_reliable]
        codes[silent] = np.select(conditions, [4, 5, 0, 1, 3], 2)
    known = ("repeated", "stopped", "once", "reliable", "provisional", "unmatched")
    return names(codes, known)


def has_lone_response(trace: Trace, rows: Int64, within_ns: int) -> Bool:
    """Tell for transactions whether a response that fits no request came back on their path, to
    their method, within some time: one of the two may have been changed on the way.
    """
    table, time_ns = trace.transactions, trace.messages.time_ns
    found = np.zeros(len(rows), np.bool_)
    lone = np.flatnonzero(table.request_row < 0)
    if len(lone) == 0:
        return found
    both = np.concatenate([lone, rows])
    client, server = hop_ends(trace.endpoints, table.client_row[both], table.server_row[both])
    paths = list(zip(client.tolist(), server.tolist(), strict=True))
    came: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for path, row in zip(paths, lone.tolist(), strict=False):
        at_ns = int(time_ns[table.first_row[row]])
        came.setdefault(path, []).append((at_ns, int(table.method_sym[row])))
    for each in came.values():
        each.sort()
    for at, (path, row) in enumerate(zip(paths[len(lone) :], rows.tolist(), strict=True)):
        sent_ns, method = int(time_ns[table.request_row[row]]), int(table.method_sym[row])
        listed = came.get(path, [])
        begin, end = bisect_left(listed, (sent_ns, -1)), bisect_left(listed, (sent_ns + within_ns,))
        found[at] = any(other in {method, Method.ABSENT} for _, other in listed[begin:end])
    return found


def _of_silent_invites(judged: Judged, silent: Int64) -> Bool:
    """Tell which requests are CANCELs of INVITEs that got no response either: RFC 3261 §9.1 lets
    no client send such, and what is wrong is said of the INVITE.
    """
    table = judged.trace.transactions
    rows = judged.transaction_rows[silent]
    is_cancel: Bool = table.method_sym[rows] == Method.CANCEL
    if is_cancel.any():
        answered = table.cancel_row[(table.provisional_row >= 0) | (table.final_row >= 0)]
        is_cancel &= ~is_in(table.request_row[rows], answered[answered >= 0])
    return is_cancel


@field(
    "times_sent",
    "number",
    en="How often the request was sent, copies of a packet aside.",
    ja="リクエストが送られた回数（同じパケットのコピーを除く）。",
)
def _times_sent(judged: Judged) -> Values:
    table = judged.trace.transactions
    return numbers(table.request_retransmissions[judged.transaction_rows].astype(np.int64) + 1)


@field(
    "sent_for_ms",
    "duration_ms",
    en="From the first time the request was sent to the last.",
    ja="リクエストの最初の送信から最後の再送までの時間。",
)
def _sent_for(judged: Judged) -> Values:
    return durations(judged.kept(sent_for_ns))


@field(
    "peer_heard",
    "text",
    en="Whether the capture shows SIP messages that the address which was asked sent itself: none "
    "at all, only before the request, or also after it.",
    ja="リクエストの宛先アドレスが送った SIP メッセージがキャプチャにあるかどうか。まったくない、"
    "リクエストの前だけ、リクエストの後にもある、のいずれか。",
    choices={
        "never": {"en": "nothing at all", "ja": "まったくなし"},
        "before": {"en": "only before the request", "ja": "リクエストの前だけ"},
        "after": {"en": "also after the request", "ja": "リクエストの後にもあり"},
    },
)
def _peer_heard(judged: Judged) -> Values:
    trace = judged.trace
    transactions, messages = trace.transactions, trace.messages
    rows = judged.transaction_rows
    count = len(trace.messages)
    sources = messages.source_row
    ends, servers = hop_ends(
        trace.endpoints,
        np.concatenate([sources, transactions.client_row[rows]]),
        np.concatenate([messages.destination_row, transactions.server_row[rows]]),
    )
    size = int(max(ends.max(initial=0), servers.max(initial=0))) + 1
    last = np.full(size, ABSENT, np.int64)
    last[ends[:count]] = np.arange(count)  # of equal places the last value stays
    heard = last[servers[count:]]
    return names(
        np.where(heard < 0, 0, np.where(heard < judged.message_rows, 1, 2)),
        ("never", "before", "after"),
    )


@field(
    "client",
    "text",
    en="Address and port that sent the request.",
    ja="リクエストを送信したアドレスとポート。",
)
def _client(judged: Judged) -> Values:
    return endpoints(judged.trace, judged.trace.transactions.client_row[judged.transaction_rows])


@field(
    "server",
    "text",
    en="Address and port to which the request was sent.",
    ja="リクエストの宛先のアドレスとポート。",
)
def _server(judged: Judged) -> Values:
    return endpoints(judged.trace, judged.trace.transactions.server_row[judged.transaction_rows])


@field(
    "server_unreachable",
    "flag",
    en="Whether a public address sent the request to a private one, which only its own network "
    "can reach.",
    ja="グローバルアドレスからプライベートアドレス（そのネットワーク内でしか到達できない）へリクエストが"
    "送られたかどうか。",
)
def _server_unreachable(judged: Judged) -> Values:
    table, rows = judged.trace.transactions, judged.transaction_rows
    is_private = private_endpoints(judged.trace.endpoints)
    return Coded.flags(is_private[table.server_row[rows]] & ~is_private[table.client_row[rows]])


@field(
    "went_on",
    "flag",
    en="Whether the capture shows that an INVITE got a response which it lacks: an ACK, or, for "
    "the first INVITE of a dialog, a later request inside it.",
    ja="INVITE への応答はキャプチャにないが、ACK または（ダイアログを作る INVITE の場合）ダイアログ"
    "内の後続リクエストから、応答があったと分かるかどうか。",
)
def _went_on(judged: Judged) -> Values:
    trace, rows = judged.trace, judged.transaction_rows
    table = trace.transactions
    is_inside = table.in_dialog & (table.call_row >= 0) & (table.method_sym != Method.CANCEL)
    inside = last_of_each(table.call_row, is_inside, len(trace.calls))
    later = pick(inside, table.call_row[rows], ABSENT) > rows
    went_on = (table.ack_row[rows] >= 0) | (later & ~table.in_dialog[rows])
    return Coded.flags(went_on & (table.method_sym[rows] == Method.INVITE))


@field(
    "bye.crossed",
    "flag",
    en="Whether the other side of the dialog sent a BYE too.",
    ja="ダイアログの相手側も BYE を送ったかどうか。",
)
def _bye_crossed(judged: Judged) -> Values:
    trace, messages = judged.trace, judged.trace.messages
    table = trace.transactions
    byes = table.request_row[(table.method_sym == Method.BYE) & (table.request_row >= 0)]
    calls, senders = messages.call_id_hash[byes], messages.from_tag_hash[byes]
    sent_by = set(zip(calls.tolist(), senders.tolist(), strict=True))
    rows = judged.message_rows
    others = zip(
        messages.call_id_hash[rows].tolist(), messages.to_tag_hash[rows].tolist(), strict=True
    )
    return Coded.flags(np.array([each in sent_by for each in others], np.bool_))
