"""Fields of the media of a call: what was agreed, and what RTP the capture shows of it.

They are asked of the INVITE that decides a call; of any other request they are unknown.
"""

from collections.abc import Sequence

import numpy as np

from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.measure.media_facts import (
    MediaFacts,
    media_facts,
    place_of,
    spoken_codec,
    written_end,
)
from analyzer.tables.schema import Float64, Int64

PARTIES: dict[str, Text] = {
    "caller": {"en": "the caller's side", "ja": "発信側"},
    "callee": {"en": "the callee's side", "ja": "着信側"},
}
TROUBLES: dict[str, Text] = {
    "one-way": {"en": "RTP of one side only", "ja": "片方向の RTP のみ"},
    "none": {
        "en": "no RTP, though that of other calls was captured",
        "ja": "RTP なし（ほかの呼の RTP はキャプチャにある）",
    },
    "loss": {"en": "many packets are missing", "ja": "パケットの欠落が多い"},
    "other-source": {
        "en": "RTP comes from another address than SDP names",
        "ja": "SDP と異なるアドレスから RTP が来ている",
    },
}
SETTINGS = ("least_active_s", "least_packets", "heavy_loss_percent", "tell_other_source")


def call_rows(judged: Judged) -> Int64:
    """Return the call that each transaction decides, -1 for any other transaction."""
    trace = judged.trace
    call = trace.transactions.call_row[judged.transaction_rows].astype(np.int64)
    if len(trace.calls) == 0:
        return np.full(len(call), -1, np.int64)
    decides = trace.calls.transaction_row[call] == judged.transaction_rows
    return np.where((call >= 0) & decides, call, -1)


def facts(judged: Judged) -> MediaFacts:
    """Return what there is to say about the media of all calls."""
    return media_facts(judged.trace)


def _of_calls(judged: Judged, values: Sequence[Value]) -> Values:
    """Return for each row the value of its call."""
    column = Coded.of([*values, UNKNOWN])
    rows = judged.kept(call_rows)
    return Coded(column.codes[np.where(rows >= 0, rows, len(values))], column.values)


def _parties(column: Int64) -> list[Value]:
    names = (None, *PARTIES)
    return [names[party] for party in column.tolist()]


@field(
    "media.trouble",
    "text",
    en="The gravest of what is wrong with the RTP of the call, by the thresholds of the rule.",
    ja="呼の RTP の問題のうち最も重いもの（しきい値はルールの設定）。",
    choices=TROUBLES,
    settings=SETTINGS,
)
def _trouble(judged: Judged) -> Values:
    least_s, least, loss = (float(str(judged.settings[name])) for name in SETTINGS[:3])
    found = judged.kept(facts)
    active = found.active_ns >= least_s * 1e9
    is_lossy = (found.losses.percent >= loss) & (found.losses.expected >= least)
    troubles = np.select(
        [
            (found.silent > 0) & active & (found.heard >= least),
            found.is_absent & active,
            is_lossy,
            (found.other_source > 0) & (judged.settings[SETTINGS[3]] is True),
        ],
        [1, 2, 3, 4],
        0,
    )
    names = (None, *TROUBLES)
    return _of_calls(judged, [names[each] for each in troubles.tolist()])


@field(
    "media.silent",
    "text",
    en="Side whose RTP is missing in the capture from some time on, though both had agreed that it "
    "sends and RTP of the other side was captured.",
    ja="送信することで両者が合意し、相手側の RTP もキャプチャにあるのに、ある時点以降の RTP が"
    "ない側。",
    choices=PARTIES,
)
def _silent(judged: Judged) -> Values:
    return _of_calls(judged, _parties(judged.kept(facts).silent))


@field(
    "media.heard",
    "text",
    en="The other side, whose RTP was captured.",
    ja="RTP がキャプチャにある側。",
    choices=PARTIES,
)
def _heard(judged: Judged) -> Values:
    silent = judged.kept(facts).silent
    return _of_calls(judged, _parties(np.where(silent > 0, 3 - silent, 0)))


@field(
    "media.heard_packets",
    "number",
    en="RTP packets of the side that was heard, where all of them came while the other was silent.",
    ja="RTP がキャプチャにある側のパケット数（すべて、もう一方の RTP がない間のものである場合）。",
)
def _heard_packets(judged: Judged) -> Values:
    found = judged.kept(facts)
    heard = np.where(found.heard_whole, found.heard, -1)
    return _of_calls(judged, [each if each >= 0 else None for each in heard.tolist()])


@field(
    "media.sent_before",
    "number",
    en="RTP packets of the silent side that were captured on the same hop before.",
    ja="RTP が途絶えた側の、それ以前に同じホップで捉えられた RTP パケット数。",
)
def _sent_before(judged: Judged) -> Values:
    return _of_calls(judged, [each or None for each in judged.kept(facts).sent_before.tolist()])


@field(
    "media.sent_elsewhere",
    "number",
    en="RTP packets of the silent side that were captured on other hops of the call.",
    ja="RTP がない側の、その呼のほかのホップで捉えられた RTP パケット数。",
)
def _sent_elsewhere(judged: Judged) -> Values:
    return _of_calls(judged, [each or None for each in judged.kept(facts).sent_elsewhere.tolist()])


@field(
    "media.active_ms",
    "duration_ms",
    en="How long both sides had agreed on media that is missing.",
    ja="欠けているメディアについて合意が続いていた時間。",
)
def _active(judged: Judged) -> Values:
    found = judged.kept(facts).active_ns
    return _of_calls(judged, [each / 1e6 if each >= 0 else None for each in found.tolist()])


@field(
    "media.awaited_at",
    "text",
    en="Address and port at which the side that was heard waits for RTP of the silent one.",
    ja="RTP が届いている側ではなく、届くはずの RTP を待っているアドレスとポート。",
)
def _awaited(judged: Judged) -> Values:
    return _of_calls(judged, judged.kept(facts).awaited_at)


@field(
    "media.awaited_privately",
    "flag",
    en="That address is private (RFC 1918, RFC 6598, link-local), and that of the silent side is "
    "not.",
    ja="そのアドレスがプライベートで（RFC 1918、RFC 6598、リンクローカル）、RTP のない側の"
    "アドレスはそうではないかどうか。",
)
def _privately(judged: Judged) -> Values:
    return _of_calls(judged, judged.kept(facts).awaited_privately)


@field(
    "media.codec",
    "text",
    en="First codec for speech, or other format, of the answer.",
    ja="アンサーの先頭のコーデック。",
)
def _codec(judged: Judged) -> Values:
    return _of_calls(judged, spoken_codec(judged.trace))


@field(
    "media.loss_percent",
    "number",
    en="Part of the packets of one side on one hop that the capture lacks, where that is greatest, "
    "in percent. Unknown where both directions carry one SSRC, as when somebody sends back what it "
    "gets: then numbers may be missing that nobody sent.",
    ja="キャプチャに欠けているパケットの割合（%、最も悪い方向とホップ）。両方向の SSRC が同じ場合"
    "（RTP の折り返しなど）は、送られていない番号が欠けて見えることがあるため、不明とする。",
)
def _loss(judged: Judged) -> Values:
    return _of_calls(judged, _percent(judged.kept(facts).losses.percent))


@field(
    "media.loss_elsewhere_percent",
    "number",
    en="Part of the packets of the same side that the capture lacks on another hop meanwhile, in "
    "percent; the least, where there are several.",
    ja="同じ側の RTP について、同じ時間にほかのホップで欠けているパケットの割合（%、複数あれば"
    "最小値）。",
)
def _loss_elsewhere(judged: Judged) -> Values:
    return _of_calls(judged, _percent(judged.kept(facts).losses.elsewhere_percent))


def _percent(column: Float64) -> list[Value]:
    return [round(each, 2) if each >= 0 else None for each in column.tolist()]


@field(
    "media.lost_packets",
    "number",
    en="How many these are.",
    ja="その欠けているパケットの数。",
)
def _lost(judged: Judged) -> Values:
    return _of_calls(judged, judged.kept(facts).losses.lost.tolist())


@field(
    "media.expected_packets",
    "number",
    en="How many its sequence numbers stand for.",
    ja="シーケンス番号から見た、その側の本来のパケット数（そのホップ）。",
)
def _expected(judged: Judged) -> Values:
    return _of_calls(judged, judged.kept(facts).losses.expected.tolist())


@field(
    "media.lossy",
    "text",
    en="Side whose packets they are.",
    ja="そのパケットを送った側。",
    choices=PARTIES,
)
def _lossy(judged: Judged) -> Values:
    return _of_calls(judged, _parties(judged.kept(facts).losses.party))


@field(
    "media.max_jitter_ms",
    "duration_ms",
    en="Greatest interarrival jitter (RFC 3550 A.8) of any RTP of the call.",
    ja="呼の RTP の最大ジッター（RFC 3550 A.8）。",
)
def _jitter(judged: Judged) -> Values:
    found = judged.kept(facts).most_jitter_ns
    return _of_calls(
        judged, [round(each / 1e6, 3) if each >= 0 else None for each in found.tolist()]
    )


@field(
    "media.other_source",
    "text",
    en="Side whose RTP comes from another address than the one it names in SDP.",
    ja="SDP で示したものと異なるアドレスから RTP を送っている側。",
    choices=PARTIES,
)
def _other_source(judged: Judged) -> Values:
    return _of_calls(judged, _parties(judged.kept(facts).other_source))


@field(
    "media.seen_from",
    "text",
    en="Where that RTP comes from.",
    ja="その RTP の送信元。",
)
def _seen_from(judged: Judged) -> Values:
    rows, streams = judged.kept(facts).seen_row.tolist(), judged.trace.rtp.streams
    return _of_calls(
        judged, [written_end(streams, "source", row) if row >= 0 else None for row in rows]
    )


@field(
    "media.named_source",
    "text",
    en="Where it should come from by SDP.",
    ja="SDP で示された送信元。",
)
def _named_source(judged: Judged) -> Values:
    rows, lines = judged.kept(facts).named_row.tolist(), judged.trace.media.lines
    return _of_calls(judged, [place_of(lines, row) or None for row in rows])
