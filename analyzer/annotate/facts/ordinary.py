"""Fields of what is wrong with responses that ordinarily are no news: 1xx and 2xx."""

import numpy as np

from analyzer.annotate.fields import Coded, Judged, Values, field
from analyzer.measure.ordinary import REQUIRED, missing_headers, provisional_faults


@field(
    "missing_header",
    "text",
    en="Header that a 2xx to this method must have and lacks; only messages that the capture holds "
    "whole are judged.",
    ja="このメソッドへの 2xx に必須で、欠けているヘッダー。"
    "キャプチャに全体がある応答だけを判定する。",
)
def _missing_header(judged: Judged) -> Values:
    statuses = judged.trace.messages.status[judged.message_rows]
    missing = missing_headers(judged.trace, judged.transaction_rows, judged.message_rows)
    codes = np.where(statuses // 100 == 2, missing, -1) + 1
    return Coded(codes, [None, *(name for _, name in REQUIRED)])


@field(
    "provisional_fault",
    "text",
    en="What is wrong with a provisional response.",
    ja="暫定応答の問題点。",
    choices={
        "not-invite": {
            "en": "it answers a request other than INVITE",
            "ja": "INVITE 以外のリクエストへの応答である",
        },
        "no-to-tag": {"en": "To has no tag", "ja": "To にタグがない"},
        "no-rseq": {
            "en": "it is to be acknowledged (100rel) and has no RSeq",
            "ja": "確認応答（100rel）を求めているのに RSeq がない",
        },
        "no-require": {
            "en": "it has an RSeq and does not require 100rel",
            "ja": "RSeq があるのに Require: 100rel がない",
        },
    },
)
def _provisional_fault(judged: Judged) -> Values:
    values = [None, "not-invite", "no-to-tag", "no-rseq", "no-require"]
    return Coded(provisional_faults(judged.trace, judged.message_rows), values)
