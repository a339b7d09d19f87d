"""RTP of calls → where it lost most: one side on one hop, as captured.

Lost is what the sequence numbers stand for and the capture lacks. Where another hop shows the RTP
of that side with less loss, what is between these hops is to be looked at.
"""

import numpy as np

from analyzer.frozen import frozen
from analyzer.rtp.streams import KEY
from analyzer.tables.media import CallMedia
from analyzer.tables.rtp import RtpStreamTable
from analyzer.tables.schema import ABSENT, Bool, Float64, Int64
from analyzer.tables.vector import keys_of, number_groups, pick

_SHORT = 4
"""A hop on which fewer than one in so many packets of the busiest one are expected says little."""


@frozen
class Losses:
    """Parallel columns, one row per call."""

    percent: Float64
    """Of the side and hop with the greatest loss; -1 when unknown."""
    lost: Int64
    expected: Int64
    party: Int64
    """Whose packets they are; 0 none."""
    elsewhere_percent: Float64
    """The least loss of that side on other hops meanwhile; -1 when there is no other."""


def find_losses(media: CallMedia, rtp: RtpStreamTable) -> Losses:
    """Return where each call lost most."""
    hops, count = _Hops(media, rtp), len(media.calls)
    most, worst = np.zeros(count, np.int64), np.full(count, ABSENT, np.int64)
    np.maximum.at(most, hops.call, hops.expected)
    is_counted = (hops.expected > 0) & (_SHORT * hops.expected >= most[hops.call])
    counted = np.flatnonzero(is_counted & ~media.calls.has_echo[hops.call])
    ranked = counted[np.argsort(hops.percent[counted], kind="stable")]
    worst[hops.call[ranked]] = ranked
    others = counted[hops.goes_along(counted, worst[hops.call[counted]])]
    least = np.full(count, np.inf)
    np.minimum.at(least, hops.call[others], hops.percent[others])
    lost = pick(hops.lost, worst, 0)
    return Losses(
        percent=pick(hops.percent, worst, ABSENT),
        lost=lost,
        expected=pick(hops.expected, worst, 0),
        party=np.where(lost > 0, pick(hops.party, worst, 0), 0),
        elsewhere_percent=np.where(np.isfinite(least), least, -1.0),
    )


class _Hops:
    """RTP of calls added up by who sends and by its two ends, one row for each."""

    def __init__(self, media: CallMedia, rtp: RtpStreamTable) -> None:
        streams = media.streams
        ends = [getattr(rtp, name)[streams.stream_row] for name in KEY]
        group, firsts = number_groups(keys_of(streams.call_row, streams.party, *ends))
        self.call = streams.call_row[firsts].astype(np.int64)
        self.party = streams.party[firsts].astype(np.int64)
        self.expected, self.lost = np.zeros((2, len(firsts)), np.int64)
        np.add.at(self.expected, group, streams.expected)
        np.add.at(self.lost, group, streams.lost)
        self._first_ns, self._last_ns = streams.first_ns[firsts], streams.last_ns[firsts]
        np.minimum.at(self._first_ns, group, streams.first_ns)
        np.maximum.at(self._last_ns, group, streams.last_ns)
        self.percent = 100 * self.lost / np.maximum(self.expected, 1)

    def goes_along(self, rows: Int64, others: Int64) -> Bool:
        """Tell which rows are of the side of another one, and for half of its time at least."""
        first_ns, last_ns = self._first_ns, self._last_ns
        both_ns = np.minimum(last_ns[rows], last_ns[others])
        both_ns -= np.maximum(first_ns[rows], first_ns[others])
        is_other = (rows != others) & (self.party[rows] == self.party[others])
        goes: Bool = is_other & (2 * both_ns >= last_ns[others] - first_ns[others])
        return goes
