"""Anomalies are counted, and their first frames kept whatever the order they come in."""

from hypothesis import given
from hypothesis import strategies as st

from analyzer.tables.anomalies import FRAMES_KEPT, AnomalyLog, Coverage

frames = st.tuples(st.integers(0, 2), st.integers(1, 50))


@given(st.lists(frames, max_size=40))
def test_the_first_frames_are_kept_and_all_are_counted(seen: list[tuple[int, int]]) -> None:
    """Count is the number of frames, `frames` the smallest of them, sorted."""
    log = AnomalyLog()
    for frame in seen:
        log.add("odd", [frame], detail=str(frame))
    for anomaly in log:
        assert anomaly.count == len(seen)
        assert anomaly.frames == sorted(seen)[:FRAMES_KEPT]
        assert anomaly.detail == str(min(seen))


@given(st.lists(frames, max_size=15), st.lists(frames, max_size=15))
def test_logs_add_up(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    """A log updated by another equals one log of both."""
    both, first, second = AnomalyLog(), AnomalyLog(), AnomalyLog()
    both.add("odd", one + other)
    first.add("odd", one)
    second.add("odd", other)
    first.update(second)
    assert [(each.count, each.frames) for each in first] == [
        (each.count, each.frames) for each in both
    ]


def test_the_most_frequent_kind_comes_first() -> None:
    """Kinds are listed by count, then by name."""
    log = AnomalyLog()
    log.add("b", [(0, 1)])
    log.add("c", [(0, 1)], count=5)
    log.add("a", [(0, 9)])
    assert [each.kind for each in log] == ["c", "a", "b"]
    assert len(log) == 3


def test_coverage_adds_up() -> None:
    """Counts of two captures are added; the first frame of a kind is the earliest."""
    one = Coverage(packets=5, sip=1, media=1, other=1, truncated=1, limits_hit={"max_layers": 1})
    one.add_not_understood("gre", 2, (0, 7))
    two = Coverage(packets=3, sip=1, limits_hit={"max_layers": 2})
    two.add_not_understood("gre", 2, (0, 3))
    one.update(two)
    assert (one.packets, one.sip, one.media, one.other, one.truncated) == (8, 2, 1, 1, 1)
    assert one.not_understood == {"gre": (4, (0, 3))}
    assert one.limits_hit == {"max_layers": 3}


def test_a_detail_without_a_frame_is_kept() -> None:
    """What is strange about a file as a whole has no frame; the first detail stays."""
    log = AnomalyLog()
    log.add("file-cut", [], count=1, detail="first")
    log.add("file-cut", [], count=1, detail="second")
    (anomaly,) = log
    assert (anomaly.count, anomaly.frames, anomaly.detail) == (2, [], "first")
