"""Time stamps of pcapng: exact where 64 bits allow, bounded everywhere."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.capture.frame_reader import MAX_TIME_NS
from analyzer.capture.pcapng_clock import make_clock

TICKS = st.integers(0, 2**64 - 1)


@pytest.mark.parametrize(
    ("resolution", "offset_s", "ticks", "time_ns"),
    [
        (6, 0, 1_700_000_000_123_456, 1_700_000_000_123_456_000),
        (0, 0, 1_700_000_000, 1_700_000_000_000_000_000),
        (3, 0, 1_700_000_000_123, 1_700_000_000_123_000_000),
        (9, 0, 1_700_000_000_123_456_789, 1_700_000_000_123_456_789),
        (12, 0, 1_234_567_890_123, 1_234_567_890),
        (127, 0, 2**64 - 2, 0),
        (0x80, 0, 7, 7_000_000_000),
        (0x80 | 1, 0, 3, 1_500_000_000),
        (0x80 | 20, 0, (5 << 20) + (1 << 19), 5_500_000_000),
        (0x80 | 60, 0, 3 << 59, 1_500_000_000),
        (0x80 | 100, 0, 2**64 - 1, 0),
        (6, 1_600_000_000, 1_500_000, 1_600_000_001_500_000_000),
        (6, -1, 1_500_000, 500_000_000),
    ],
)
def test_known_times(resolution: int, offset_s: int, ticks: int, time_ns: int) -> None:
    """Ticks of each kind of resolution become the nanoseconds that arithmetic on paper gives."""
    assert make_clock(resolution, offset_s).time_ns(ticks) == time_ns


@given(st.integers(0, 255), st.integers(-(2**63), 2**63 - 1), TICKS)
def test_any_time_is_bounded(resolution: int, offset_s: int, ticks: int) -> None:
    """Whatever an interface states, times stay within what columns and differences can hold."""
    assert abs(make_clock(resolution, offset_s).time_ns(ticks)) <= MAX_TIME_NS


@given(st.integers(0, 255), TICKS)
def test_times_are_exact_to_a_nanosecond(resolution: int, ticks: int) -> None:
    """Without an offset, the time is at most 1 ns below the exact fraction, and never above."""
    unit = Fraction(1, 2 ** (resolution & 0x7F) if resolution & 0x80 else 10**resolution)
    exact = min(ticks * unit * 10**9, Fraction(MAX_TIME_NS))
    found = make_clock(resolution, 0).time_ns(ticks)
    assert found <= exact < found + 2
