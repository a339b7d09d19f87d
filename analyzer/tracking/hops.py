"""One identity, several paths: NAT, or an element that passes a request on with its Via unchanged.

Each path (source, destination) of the request is a transaction of its own; other messages go to the
path they run along or back.
"""

import numpy as np

from analyzer.tables.messages import MessageTable, Method
from analyzer.tables.schema import Bool, Int32, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import find_keys, keys_of, number_groups


def split_by_path(trace: Trace, groups: Int32) -> Int32:
    """Return the groups, divided where the requests of one took several paths."""
    messages = trace.messages
    opens = np.flatnonzero((messages.status == 0) & (messages.method_sym != Method.ACK))
    opened = groups[opens]
    keys = _path_keys(opened, messages.source_row[opens], messages.destination_row[opens])
    _, firsts = number_groups(keys)
    count = int(groups.max(initial=-1)) + 1
    paths = opens[firsts]
    paths_of = np.bincount(groups[paths], minlength=count)
    if (paths_of < 2).all():
        return groups
    is_divided = paths_of[groups] > 1
    return _divide(trace, groups, paths[paths_of[groups[paths]] > 1], is_divided)


def _divide(trace: Trace, groups: Int32, paths: Int64, is_divided: Bool) -> Int32:
    """Give each message of a divided group to one of `paths`, the first requests of each path."""
    messages = trace.messages
    rows = np.flatnonzero(is_divided)
    is_response = messages.status[rows] > 0
    source = np.where(is_response, messages.destination_row[rows], messages.source_row[rows])
    destination = np.where(is_response, messages.source_row[rows], messages.destination_row[rows])
    wanted = _path_keys(groups[rows], source, destination)
    known = _path_keys(groups[paths], messages.source_row[paths], messages.destination_row[paths])
    found = find_keys(known, wanted)
    for at in np.flatnonzero(found < 0).tolist():
        row = int(rows[at])
        trace.anomalies.add("hop-unclear", [trace.frame(row)])
        found[at] = _nearest_path(messages, row, groups, paths)
    divided = groups.copy()
    divided[rows] = int(groups.max(initial=-1)) + 1 + found
    return divided


def _path_keys(groups: Int32, source: Int32, destination: Int32) -> UInt64:
    return keys_of(groups, source, destination)


def _nearest_path(messages: MessageTable, row: int, groups: Int32, paths: Int64) -> int:
    """Choose the path that shares an end with a message, the latest before it where several do."""
    ends = {int(messages.source_row[row]), int(messages.destination_row[row])}
    candidates = np.flatnonzero(groups[paths] == groups[row]).tolist()

    def rank(at: int) -> tuple[int, bool, int]:
        path = int(paths[at])
        shared = len(ends & {int(messages.source_row[path]), int(messages.destination_row[path])})
        return shared, path < row, path if path < row else -path

    return max(candidates, key=rank)
