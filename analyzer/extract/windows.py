"""RTP and RTCP of chosen calls: from where to where, which source, and when."""

import numpy as np

from analyzer.decode.parts import MediaTable
from analyzer.extract.keys import key_columns
from analyzer.rtp.streams import FIRST_RTCP, KEY
from analyzer.tables.rtp import RtcpTable, RtpStreamTable
from analyzer.tables.schema import Bool, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, distinct, is_in


class MediaWindows:
    """Tells the media packets of calls from others."""

    def __init__(self, trace: Trace, calls: Int64) -> None:
        """Take the sources of the calls."""
        streams, reports = trace.media.streams, trace.media.reports
        chosen = np.flatnonzero(is_in(streams.call_row, calls))
        told = reports.report_row[is_in(reports.call_row, calls)]
        rtp = trace.rtp.streams.take(streams.stream_row[chosen])
        rtcp = trace.rtp.reports.take(told)
        keys = np.concatenate(
            [_keys(rtp, rtp.ssrc, rtp.ssrc * 0), _keys(rtcp, rtcp.sender, rtcp.sender * 0 + 1)]
        )
        first = np.concatenate([streams.first_ns[chosen], rtcp.first_ns])
        last = np.concatenate([streams.last_ns[chosen], rtcp.last_ns])
        order = np.lexsort((first, keys))
        self._keys, self._first, self._last = keys[order], first[order], last[order]
        self._known = distinct(keys)
        starts = np.searchsorted(self._keys, self._known)
        self._starts = np.append(starts, len(order))

    def __len__(self) -> int:
        """Count the sources."""
        return len(self._keys)

    def hold(self, media: MediaTable, times: Int64) -> Bool:
        """Tell which packets, with the times of their frames, are of these sources."""
        keys = _keys(media, media.ssrc, (media.payload_type >= FIRST_RTCP).astype(np.int64))
        at = np.searchsorted(self._known, keys)
        at[at == len(self._known)] = 0
        is_known: Bool = self._known[at] == keys
        found = np.zeros(len(keys), np.bool_)
        begin, end = self._starts[at], self._starts[at + 1]
        most = int((end - begin)[is_known].max(initial=0))
        for number in range(most):
            row = np.minimum(begin + number, end - 1)
            found |= (self._first[row] <= times) & (times <= self._last[row])
        found &= is_known
        return found


def _keys(
    table: RtpStreamTable | RtcpTable | MediaTable, source: IntArray, kind: IntArray
) -> UInt64:
    """Return a number for each source of RTP, or of RTCP, on a pair of endpoints."""
    return key_columns(table, *KEY, more=(source, kind))
