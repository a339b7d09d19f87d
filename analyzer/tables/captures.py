"""What is known of each capture file."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class CaptureInfo:
    """One input, as the output names it; filled while the capture is read."""

    path: str
    """As given by the user, `-` for standard input."""
    format: str
    """`pcap` or `pcapng`."""
    compression: str | None = None
    """`gzip`, `zstd`, `xz`, `lz4`, or None."""
    link_types: list[str] = field(default_factory=list)
    """LINKTYPE names without the prefix (`ETHERNET`), or the number where it has no name."""
    packets: int = 0
    bytes: int = 0
    """Size of the input as stored, compressed if it is."""
    first_ns: int | None = None
    last_ns: int | None = None
    """Earliest and latest packet time, ns since 1970 UTC, by its own clock, as all times here."""
    stated_last_ns: int | None = None
    """Latest capture time that an encapsulation states for a message (HEP); None when none does."""
    ended_ns: int | None = None
    """End of the capture that this one is an extract of, by the clock of its messages; None for any
    other.
    """
    ahead_ns: int = 0
    """By how much its clock is ahead of that of the other captures, which all tables go by."""
    complete: bool = True
    """False when the file is cut or damaged."""

    @property
    def ends_ns(self) -> tuple[int, int] | None:
        """Earliest and latest packet time by the clock of all captures; None without packets."""
        if self.first_ns is None or self.last_ns is None:
            return None
        return self.first_ns - self.ahead_ns, self.last_ns - self.ahead_ns

    @property
    def end_ns(self) -> int | None:
        """When the capture ends by the clock of its packets."""
        if self.ended_ns is not None and self.stated_last_ns is None:
            return self.ended_ns - self.ahead_ns
        return None if self.last_ns is None else self.last_ns - self.ahead_ns

    @property
    def watched_until_ns(self) -> int | None:
        """When the capture ends by the clock that its messages have: that of an agent which mirrors
        them need not be the clock of who captured the mirror.
        """
        ends = (self.ended_ns, self.stated_last_ns, self.last_ns)
        known = next((each for each in ends if each is not None), None)
        return None if known is None else known - self.ahead_ns
