"""Why a call was ended, by the Reason of BYE or CANCEL (RFC 3326)."""

from collections.abc import Callable

import pytest

from analyzer.i18n import load_texts
from analyzer.report.end_reasons import reason_words
from analyzer.tables.trace import Trace
from json_output import json_of


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('SIP;cause=200;text="Call completed elsewhere"', "another phone took the call"),
        ("Q.850 ; cause=26", "another phone took the call"),
        ("q.850;cause=16, SIP;cause=603", "the call was declined elsewhere"),
        ("Q.850;cause=41", "a temporary failure of the network"),
        ("Q.850;cause=16", None),
        ("SIP;cause=408", None),
        ("X;cause=200", None),
        ("SIP", None),
        ("", None),
        (None, None),
    ],
)
def test_reasons_in_words(value: str | None, words: str | None) -> None:
    """What is normal, or says nothing sure, is not told."""
    assert reason_words(value, load_texts("en", "summaries")) == words


def test_the_sentence_says_it(trace_of: Callable[[str], Trace]) -> None:
    """A phone whose call another one took was cancelled for that reason (RFC 3326 §2)."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        +1s <- SIP/2.0 180 Ringing
        +3s -> CANCEL sip:bob@example.com SIP/2.0
           Reason: SIP;cause=200;text="Call completed elsewhere"
        <- SIP/2.0 487 Request Terminated
           CSeq: 1 INVITE
    """)
    said = [json_of(trace, language=each)["calls"][0]["summary"] for each in ("en", "ja")]
    assert said == [
        (
            "alice called bob: cancelled before an answer after 3.0 s of ringing: "
            "another phone took the call."
        ),
        (
            "alice から bob への呼は3.0秒の呼出しの後、応答前に取り消されました。"
            "ほかの電話が応答しました。"
        ),
    ]
