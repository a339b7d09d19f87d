"""Packets of chosen calls that say nothing of the call themselves, by their ends and when."""

import numpy as np

from analyzer.decode.parts import MediaTable
from analyzer.extract.keys import key_columns
from analyzer.rtp.streams import FIRST_RTCP, KEY
from analyzer.tables.rtp import RtcpTable, RtpStreamTable
from analyzer.tables.schema import Bool, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, distinct, is_in


class Windows:
    """Keys, and when each counts."""

    def __init__(self, keys: UInt64, first_ns: Int64, last_ns: Int64) -> None:
        """Take parallel columns; a key may count several times."""
        order = np.lexsort((first_ns, keys))
        self._first, self._last = first_ns[order], last_ns[order]
        self._known = distinct(keys)
        self._starts = np.append(np.searchsorted(keys[order], self._known), len(order))

    def __len__(self) -> int:
        """Count the windows."""
        return len(self._first)

    def hold(self, keys: UInt64, times: Int64) -> Bool:
        """Tell which keys count at some times."""
        found = np.zeros(len(keys), np.bool_)
        if not len(self):
            return found
        at = np.searchsorted(self._known, keys)
        at[at == len(self._known)] = 0
        is_known: Bool = self._known[at] == keys
        begin, end = self._starts[at], self._starts[at + 1]
        for number in range(int((end - begin)[is_known].max(initial=0))):
            row = np.minimum(begin + number, end - 1)
            found |= (self._first[row] <= times) & (times <= self._last[row])
        found &= is_known
        return found


class MediaWindows:
    """RTP and RTCP of calls: from where to where, and which source."""

    def __init__(self, trace: Trace, calls: Int64) -> None:
        """Take the sources of the calls."""
        streams, reports = trace.media.streams, trace.media.reports
        chosen = np.flatnonzero(is_in(streams.call_row, calls))
        self.rtp = trace.rtp.streams.take(streams.stream_row[chosen])
        """Where each of their sources was first seen."""
        self.first_ns, self.last_ns = streams.first_ns[chosen], streams.last_ns[chosen]
        rtcp = trace.rtp.reports.take(reports.report_row[is_in(reports.call_row, calls)])
        keys = (
            _keys(self.rtp, self.rtp.ssrc, self.rtp.ssrc * 0),
            _keys(rtcp, rtcp.sender, rtcp.sender * 0 + 1),
        )
        self._windows = Windows(
            np.concatenate(keys),
            np.concatenate([self.first_ns, rtcp.first_ns]),
            np.concatenate([self.last_ns, rtcp.last_ns]),
        )

    def __len__(self) -> int:
        """Count the sources."""
        return len(self._windows)

    def hold(self, media: MediaTable, times: Int64) -> Bool:
        """Tell which packets, with the times of their frames, are of these sources."""
        keys = _keys(media, media.ssrc, (media.payload_type >= FIRST_RTCP).astype(np.int64))
        return self._windows.hold(keys, times)


def _keys(
    table: RtpStreamTable | RtcpTable | MediaTable, source: IntArray, kind: IntArray
) -> UInt64:
    """Return a number for each source of RTP, or of RTCP, on a pair of endpoints."""
    return key_columns(table, *KEY, more=(source, kind))
