"""Time stamps of a pcapng interface → ns since 1970 UTC (draft-ietf-opsawg-pcapng, if_tsresol and
if_tsoffset).

Everything stays inside 64 bits: a time that is too late becomes MAX_TIME_NS, one too early its
negative.
"""

from analyzer.capture.frame_reader import MAX_TIME_NS
from analyzer.frozen import frozen

DEFAULT_RESOLUTION = 6
"""if_tsresol of an interface without the option: microseconds."""
DECIMAL = -1
"""`Clock.shift` of a resolution that is a power of 10."""
KEPT_BITS = 34
"""Bits of a binary fraction that are used; with a billion below 2**30, the product fits 64."""
_FINEST = 28
"""Finest power of 10 whose divisor fits 64 bits; of finer ticks, no count reaches 1 ns."""


@frozen
class Clock:
    """How the ticks of one interface are counted; `walk_pcapng` has the same in C."""

    multiply: int
    divide: int
    """Power of 10: a tick is `multiply / divide` ns, and one of both is 1."""
    shift: int
    """Power of 2: a tick is `2**-shift` s. DECIMAL when it is a power of 10."""
    offset_ns: int

    def time_ns(self, ticks: int) -> int:
        """Return the time of a tick count from 0 to 2**64 - 1."""
        if self.shift == DECIMAL:
            since_ns = min(ticks // self.divide * self.multiply, MAX_TIME_NS)
        else:
            since_ns = self._binary_ns(ticks)
        return max(-MAX_TIME_NS, min(since_ns + self.offset_ns, MAX_TIME_NS))

    def ticks(self, time_ns: int) -> int:
        """Return the last tick count that is not after a time; 0 before the clock begins."""
        since_ns = max(0, time_ns - self.offset_ns)
        if self.shift == DECIMAL:
            return since_ns * self.divide // self.multiply
        return (since_ns << self.shift) // 1_000_000_000

    def _binary_ns(self, ticks: int) -> int:
        seconds = ticks >> self.shift
        fraction = ticks & ((1 << self.shift) - 1)
        bits = self.shift
        if bits > KEPT_BITS:
            fraction >>= bits - KEPT_BITS
            bits = KEPT_BITS
        return min(seconds * 1_000_000_000 + (fraction * 1_000_000_000 >> bits), MAX_TIME_NS)


def make_clock(resolution: int, offset_s: int) -> Clock:
    """Return the clock for the raw values of if_tsresol (a byte) and if_tsoffset (seconds)."""
    offset_ns = max(-MAX_TIME_NS, min(offset_s * 1_000_000_000, MAX_TIME_NS))
    if resolution & 0x80:
        return Clock(1, 1, resolution & 0x7F, offset_ns)
    if resolution <= 9:
        return Clock(10 ** (9 - resolution), 1, DECIMAL, offset_ns)
    if resolution > _FINEST:
        return Clock(1, 1, 0x7F, offset_ns)
    return Clock(1, 10 ** (resolution - 9), DECIMAL, offset_ns)
