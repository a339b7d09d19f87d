"""Times of day: zones, dates, and what a damaged capture may state."""

from datetime import UTC

import pytest

from analyzer.errors import UsageError
from analyzer.render.clock import Clock, time_zone

NS = 1_700_000_000_123_456_789
"""2023-11-14 22:13:20.123456789 UTC."""


@pytest.mark.parametrize(
    ("zone", "full", "name"),
    [
        ("UTC", "2023-11-14 22:13:20.123", "UTC"),
        ("z", "2023-11-14 22:13:20.123", "UTC"),
        ("+09:00", "2023-11-15 07:13:20.123", "UTC+09:00"),
        ("-0330", "2023-11-14 18:43:20.123", "UTC-03:30"),
        ("Asia/Tokyo", "2023-11-15 07:13:20.123", "JST"),
    ],
)
def test_times_are_those_of_the_zone(zone: str, full: str, name: str) -> None:
    """Names, offsets and UTC give the time there; milliseconds are cut, never rounded up."""
    clock = Clock(time_zone(zone))
    assert clock.full(NS) == full
    assert clock.zone(NS) == name


@pytest.mark.parametrize("zone", ["Mars/Olympus", "+25:00", "+9", "../../etc/passwd", "+a:00", " "])
def test_an_unknown_zone_is_the_users_mistake(zone: str) -> None:
    """The message names the zone and what is expected."""
    with pytest.raises(UsageError, match="expected a name such as Asia/Tokyo"):
        time_zone(zone)


def test_the_local_zone_is_left_to_the_system() -> None:
    """`local` is no fixed zone, so that daylight saving time is right at each time."""
    assert time_zone("local") is None
    assert Clock(None).full(NS)


def test_the_date_is_written_once() -> None:
    """A short time has a date only when the day is another one than before."""
    clock = Clock(UTC)
    clock.full(NS)
    assert clock.short(NS + 10**9) == "22:13:21.123"
    assert clock.short(NS + 7_200 * 10**9) == "2023-11-15 00:13:20.123"


@pytest.mark.parametrize("time_ns", [0, -1, 2**63 - 1, -(2**63)])
def test_any_time_can_be_written(time_ns: int) -> None:
    """The earliest and the latest time that 64 bits can state do not fail in any zone."""
    for zone in (None, UTC, time_zone("Asia/Tokyo")):
        assert Clock(zone).full(time_ns)
