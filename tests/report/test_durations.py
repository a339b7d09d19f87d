"""Durations in words."""

import pytest

from analyzer.i18n import load_texts
from analyzer.report.durations import duration

MS, S = 10**6, 10**9


@pytest.mark.parametrize(
    ("ns", "words"),
    [
        (0, "0 ms"),
        (1_499_999, "1 ms"),
        (203 * MS, "203 ms"),
        (999_499_999, "999 ms"),
        (S, "1.0 s"),
        (4_250 * MS, "4.3 s"),
        (59_940 * MS, "59.9 s"),
        (59_960 * MS, "60.0 s"),
        (60 * S, "1 min 0 s"),
        (3_599 * S, "59 min 59 s"),
        (3_600 * S, "1 h 0 min"),
        (7_380 * S, "2 h 3 min"),
        (265 * 86_400 * S + 15 * 3_600 * S, "265 d 15 h"),
    ],
)
def test_durations_have_the_digits_that_matter(ns: int, words: str) -> None:
    """Milliseconds, tenths of seconds, then two units, rounded half up."""
    assert duration(ns, load_texts("en")) == words
