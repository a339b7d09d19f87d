"""Which Warning says most, and what it means."""

from collections.abc import Callable

import pytest

from analyzer.annotate.facts.warning import MEANINGS
from analyzer.sip.registry import warning_codes
from analyzer.tables.trace import Trace
from judged import values_of

TraceOf = Callable[[str], Trace]


@pytest.mark.parametrize(
    ("lines", "code", "text"),
    [
        (['Warning: 305 a "Incompatible media format"'], 305, "Incompatible media format"),
        (
            ['Warning: 399 a "no", 304 b "Media type not available"'],
            304,
            "Media type not available",
        ),
        (['Warning: 392 a "noisy"', 'Warning: 370 b "Narrow"'], 370, "Narrow"),
        (['Warning: 399 a "first", 399 a "second"'], 399, "first"),
        (["Warning: none"], None, None),
        (["Subject: x"], None, None),
    ],
    ids=["one", "in-a-list", "in-lines", "only-words", "unreadable", "absent"],
)
def test_the_telling_one(
    trace_of: TraceOf, lines: list[str], code: int | None, text: str | None
) -> None:
    """A registered code other than 399 tells more than words do (RFC 3261 §20.43)."""
    headers = "".join(f"   {line}\n" for line in lines)
    trace = trace_of(f"-> INVITE sip:b@example.com SIP/2.0\n<- SIP/2.0 488 x\n{headers}")
    assert values_of(trace, 488, "warning.code") == [code]
    assert values_of(trace, 488, "warning.text") == [text]


def test_every_registered_code_has_words_in_both_languages() -> None:
    """No code falls back to English in a Japanese text."""
    assert len(MEANINGS) == len(warning_codes())
    assert all(not words["ja"].isascii() for words in MEANINGS.values())
