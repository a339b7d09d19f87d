"""Fields of the call that what is judged belongs to: outcome, RFC 6076 measures, times, counts."""

import numpy as np

from analyzer.annotate.facts.timing import milliseconds
from analyzer.annotate.fields import Coded, Judged, Values, field
from analyzer.tables.calls import Outcome, Party
from analyzer.tables.vector import IntArray, distinct, pick

_OUTCOMES = {
    Outcome.INCOMPLETE: ("not shown to its end", "終わりまで記録されていない"),
    Outcome.ANSWERED: ("answered", "応答"),
    Outcome.BLOCKED: ("blocked on the way", "途中でブロック"),
    Outcome.DECLINED: ("declined", "拒否"),
    Outcome.BUSY: ("busy", "話中"),
    Outcome.CANCELLED: ("cancelled", "取消し"),
    Outcome.REJECTED: ("rejected", "接続不可"),
    Outcome.REDIRECTED: ("redirected", "転送案内"),
    Outcome.UNANSWERED: ("not answered", "応答なし"),
}


def _calls(judged: Judged) -> IntArray:
    return judged.trace.transactions.call_row[judged.transaction_rows]


def _names(judged: Judged, column: IntArray, names: type[Outcome] | type[Party]) -> Coded:
    values = [None, *(each.name.lower() for each in names if each)]
    return Coded(pick(column, _calls(judged), 0).astype(np.int64), values)


def _durations(judged: Judged, column: IntArray) -> Coded:
    ns = pick(column, _calls(judged), -1)
    different = distinct(ns)
    values = [milliseconds(each) if each >= 0 else None for each in different.tolist()]
    return Coded(np.searchsorted(different, ns), values)


def _numbers(judged: Judged, column: IntArray) -> Coded:
    counts = pick(column, _calls(judged), -1)
    different = distinct(counts)
    values = [each if each >= 0 else None for each in different.tolist()]
    return Coded(np.searchsorted(different, counts), values)


@field(
    "call.outcome",
    "text",
    en="Outcome of the call.",
    ja="呼の結果。",
    choices={outcome.name.lower(): {"en": en, "ja": ja} for outcome, (en, ja) in _OUTCOMES.items()},
)
def _outcome(judged: Judged) -> Values:
    return _names(judged, judged.trace.calls.outcome, Outcome)


@field(
    "call.ended_by",
    "text",
    en="Who ended the call with BYE or CANCEL.",
    ja="BYE または CANCEL で呼を終えた側。",
    choices={
        "caller": {"en": "the caller", "ja": "発信側"},
        "callee": {"en": "the callee", "ja": "着信側"},
    },
)
def _ended_by(judged: Judged) -> Values:
    return _names(judged, judged.trace.calls.ended_by, Party)


@field(
    "call.session_request_delay_ms",
    "duration_ms",
    en="Session request delay, SRD (RFC 6076 §4.3): the INVITE that decides, challenged ones right "
    "before it included, to the first 18x or final response; the successful one of an answered "
    "call, else the failed one.",
    ja="セッション要求遅延 SRD（RFC 6076 §4.3）。結果を決めた INVITE（直前に認証要求を受けたもの"
    "があれば、その最初の INVITE）から最初の 18x または最終応答まで。応答された呼では成功時の値、"
    "それ以外では失敗時の値です。",
)
def _session_request_delay(judged: Judged) -> Values:
    return _durations(judged, judged.trace.calls.session_request_delay_ns)


@field(
    "call.session_disconnect_delay_ms",
    "duration_ms",
    en="Session disconnect delay, SDD (RFC 6076 §4.4): the first BYE to the 2xx that it, or the "
    "same side's BYE after an error, got.",
    ja="セッション切断遅延 SDD（RFC 6076 §4.4）。最初の BYE から、その 2xx、またはエラー後に"
    "同じ側が送り直した BYE への 2xx まで。",
)
def _session_disconnect_delay(judged: Judged) -> Values:
    return _durations(judged, judged.trace.calls.session_disconnect_delay_ns)


@field(
    "call.session_duration_ms",
    "duration_ms",
    en="Session duration time, SDT (RFC 6076 §4.5): the 2xx that answered to the BYE, or to the "
    "expiry of Timer F when nothing answered the BYE.",
    ja="セッション継続時間 SDT（RFC 6076 §4.5）。応答の 2xx から BYE まで。BYE に応答がない場合は"
    "タイマー F の満了まで。",
)
def _session_duration(judged: Judged) -> Values:
    return _durations(judged, judged.trace.calls.session_duration_ns)


@field(
    "call.talk_ms",
    "duration_ms",
    en="Talk time: the 2xx that answered to the BYE.",
    ja="通話時間。応答の 2xx から BYE まで。",
)
def _talk(judged: Judged) -> Values:
    return _durations(judged, judged.trace.calls.talk_ns)


@field(
    "call.post_dial_delay_ms",
    "duration_ms",
    en="Post-dial delay: the first INVITE to the first 18x.",
    ja="ポストダイヤル遅延。最初の INVITE から最初の 18x まで。",
)
def _post_dial_delay(judged: Judged) -> Values:
    return _durations(judged, judged.trace.calls.post_dial_delay_ns)


@field(
    "call.ring_ms",
    "duration_ms",
    en="Ring time: the first 18x to the final response.",
    ja="呼出し時間。最初の 18x から最終応答まで。",
)
def _ring(judged: Judged) -> Values:
    return _durations(judged, judged.trace.calls.ring_ns)


@field(
    "call.setup_ms",
    "duration_ms",
    en="The first INVITE to the 2xx that answered.",
    ja="最初の INVITE から応答の 2xx まで。",
)
def _setup(judged: Judged) -> Values:
    return _durations(judged, judged.trace.calls.setup_ns)


@field(
    "call.early_media_ms",
    "duration_ms",
    en="The first 1xx with a body to the final response.",
    ja="ボディーのある最初の 1xx から最終応答まで。",
)
def _early_media(judged: Judged) -> Values:
    return _durations(judged, judged.trace.calls.early_media_ns)


@field("call.attempts", "number", en="INVITE attempts of the call.", ja="呼の INVITE の試行回数。")
def _attempts(judged: Judged) -> Values:
    return _numbers(judged, judged.trace.calls.attempts)


@field("call.forks", "number", en="Early dialogs of the call.", ja="呼のアーリーダイアログの数。")
def _forks(judged: Judged) -> Values:
    return _numbers(judged, judged.trace.calls.forks)


@field(
    "call.answers",
    "number",
    en="Dialogs that a 2xx made.",
    ja="2xx で確立されたダイアログの数。",
)
def _answers(judged: Judged) -> Values:
    return _numbers(judged, judged.trace.calls.answers)
