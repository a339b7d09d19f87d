"""Fields of calls about their media: what was agreed, and the RTP of both sides.

They count RTP when they are first asked for; with --no-media nothing is known of it.
"""

from analyzer.annotate.fields import Values
from analyzer.annotate.items import item_field
from analyzer.annotate.things.calls import PARTIES
from analyzer.measure.media_facts import media_facts, spoken_codec
from analyzer.tables.trace import Trace


@item_field(
    "calls",
    "media.silent",
    "text",
    en="Side from which no RTP was captured, though both had agreed that it sends and RTP of the "
    "other side was captured.",
    ja="送信することで両者が合意し、相手側の RTP もキャプチャにあるのに、RTP が 1 つもない側。",
    choices=PARTIES,
)
def _silent(trace: Trace) -> Values:
    names = (None, *PARTIES)
    return [names[party] for party in trace.media.calls.silent.tolist()]


@item_field(
    "calls",
    "media.codec",
    "text",
    en="First codec for speech, or other format, of the answer.",
    ja="アンサーの先頭のコーデック。",
)
def _codec(trace: Trace) -> Values:
    return list(spoken_codec(trace))


@item_field(
    "calls",
    "media.from_caller",
    "number",
    en="RTP packets from the caller's side.",
    ja="発信側の RTP パケット数。",
)
def _from_caller(trace: Trace) -> Values:
    return list(trace.media.calls.from_caller.tolist())


@item_field(
    "calls",
    "media.from_callee",
    "number",
    en="RTP packets from the callee's side.",
    ja="着信側の RTP パケット数。",
)
def _from_callee(trace: Trace) -> Values:
    return list(trace.media.calls.from_callee.tolist())


@item_field(
    "calls",
    "media.loss_percent",
    "number",
    en="Part of the packets of one side on one hop that the capture lacks, where that is greatest, "
    "in percent; absent where both directions carry one SSRC.",
    ja="キャプチャに欠けているパケットの割合（%、最も悪い方向とホップ）。"
    "両方向の SSRC が同じ場合はなし。",
)
def _loss(trace: Trace) -> Values:
    found = media_facts(trace).losses.percent
    return [round(each, 2) if each >= 0 else None for each in found.tolist()]


@item_field(
    "calls",
    "media.max_jitter_ms",
    "duration_ms",
    en="Greatest interarrival jitter (RFC 3550 A.8) of any RTP of the call.",
    ja="呼の RTP の最大ジッター（RFC 3550 A.8）。",
)
def _jitter(trace: Trace) -> Values:
    found = media_facts(trace).most_jitter_ns
    return [round(each / 1e6, 3) if each >= 0 else None for each in found.tolist()]
