"""Times in ns since 1970 UTC → text in the time zone of the reader."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo

from analyzer.errors import UsageError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def time_zone(name: str) -> tzinfo | None:
    """Return the zone of a name (`Asia/Tokyo`), an offset (`+09:00`) or `UTC`; None for `local`."""
    if name.lower() in ("", "local"):
        return None
    if name.upper() in ("UTC", "Z"):
        return UTC
    if name[0] in "+-":
        return _offset(name)
    import zoneinfo  # noqa: PLC0415 - reads the file system; seldom asked for

    try:
        return zoneinfo.ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # an unknown key, a directory, no key at all
        raise UsageError(_unknown(name)) from None


def _offset(name: str) -> tzinfo:
    digits = name[1:].replace(":", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in (2, 4)):
        raise UsageError(_unknown(name))
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    if minutes >= 24 * 60:
        raise UsageError(_unknown(name))
    return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))


def _unknown(name: str) -> str:
    expected = "expected a name such as Asia/Tokyo, an offset such as +09:00, UTC or local"
    return f"unknown time zone {name!r}: {expected}"


def now(zone: tzinfo | None) -> str:
    """Return the time at which this is asked, to the minute."""
    return datetime.now(UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")


class Clock:
    """Writes times in one zone; the date only where it is not the one that was written last."""

    def __init__(self, zone: tzinfo | None) -> None:
        """Take a zone, None for that of the system."""
        self._zone = zone
        self._date = ""

    def full(self, time_ns: int) -> str:
        """Return date and time."""
        self._date = self._format(time_ns, "%Y-%m-%d")
        return f"{self._date} {self.time(time_ns)}"

    def time(self, time_ns: int) -> str:
        """Return the time of day with milliseconds."""
        return f"{self._format(time_ns, '%H:%M:%S')}.{time_ns // 10**6 % 1000:03d}"

    def short(self, time_ns: int) -> str:
        """Return the time of day, the date too where it is not that of the last full time."""
        return (
            self.time(time_ns)
            if self._format(time_ns, "%Y-%m-%d") == self._date
            else self.full(time_ns)
        )

    def zone(self, time_ns: int) -> str:
        """Return the name or the offset of the zone at a time."""
        name = self._at(time_ns).tzname() or ""
        return name if name[:1].isalpha() else f"UTC{name}"

    def _format(self, time_ns: int, pattern: str) -> str:
        return self._at(time_ns).strftime(pattern)

    def _at(self, time_ns: int) -> datetime:
        moment = _EPOCH + timedelta(seconds=time_ns // 10**9)
        try:
            return moment.astimezone(self._zone)
        except (OverflowError, OSError, ValueError):
            # The system's zone may not reach the times that a damaged capture states.
            return moment
