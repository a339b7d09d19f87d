"""Captures of one hop at two points → how far apart their clocks are.

A packet that two captures hold passed both at about the same time. Identification of IPv4 tells it
from a message sent again. Without, a request, what answered it at once and what ended it must all
be apart by the same time, both ways: no retransmissions (RFC 3261 §17) do that. The time on the way
from one point to the other cancels out between the ways.
"""

from collections import defaultdict

import numpy as np

from analyzer.sip.headers import same_bytes
from analyzer.tables.messages import MessageTable, Method
from analyzer.tables.schema import Int64
from analyzer.tables.spans import SpanStore
from analyzer.tables.vector import distinct, keys_of, number_groups, rows_with_shared_key

LEAST_NS = 50_000_000
"""Clocks that are less apart are left as they are: it may be the time on the way."""
_NEAR_NS = 1_000_000_000
"""How far from the middle most packets with an identification may be: clocks drift."""


def clocks_ahead(messages: MessageTable, spans: SpanStore, captures: int) -> list[int]:
    """Return by how many ns the clock of each capture is ahead; of those that saw the same packets,
    the one with the most messages is right.
    """
    ahead = [0] * captures
    links: dict[int, list[tuple[int, int]]] = defaultdict(list)
    one, other = _in_both(messages, spans)
    pairs = messages.capture[one].astype(np.int64) * captures + messages.capture[other]
    for pair in distinct(pairs).tolist():
        both = pairs == pair
        apart = _apart(messages, one[both], other[both])
        if apart is not None:
            first, second = divmod(pair, captures)
            links[first].append((second, apart))
            links[second].append((first, -apart))
    sizes = np.bincount(messages.capture, minlength=captures).tolist()
    known: set[int] = set()
    for start in sorted(links, key=lambda each: (-sizes[each], each)):
        waiting = [] if start in known else [(start, 0)]
        while waiting:
            capture, ahead_ns = waiting.pop()
            if capture not in known:
                known.add(capture)
                ahead[capture] = ahead_ns if abs(ahead_ns) > LEAST_NS else 0
                waiting += [(next_, ahead_ns + apart) for next_, apart in links[capture]]
    return ahead


def _in_both(messages: MessageTable, spans: SpanStore) -> tuple[Int64, Int64]:
    """Return messages, and the same ones as another capture has them."""
    size = messages.head_len.astype(np.int64) + messages.body_len
    keys = keys_of(
        messages.transaction_hash, messages.to_tag_hash, messages.method_sym, messages.status,
        messages.source_row, messages.destination_row, messages.ip_id, size,
    )  # fmt: skip  # read side by side
    rows = rows_with_shared_key(keys)
    rows = np.sort(rows[number_groups(keys_of(keys[rows], messages.capture[rows]))[1]])
    rows = rows[np.lexsort((messages.capture[rows], keys[rows]))]
    one, other = rows[:-1], rows[1:]
    same = keys[one] == keys[other]
    one, other = one[same], other[same]
    spans_of = [(messages.source[each], messages.pos[each], size[each]) for each in (one, other)]
    same = same_bytes(spans, *spans_of[0], *spans_of[1])
    return one[same], other[same]


def _apart(messages: MessageTable, one: Int64, other: Int64) -> int | None:
    """Return how far the clock of one capture is ahead of that of another; None when that is not
    sure.
    """
    apart = messages.time_ns[other] - messages.time_ns[one]
    goes = messages.source_row[one] < messages.destination_row[one]
    ways = [way for way in (goes, ~goes) if way.any()]
    middles = [int(np.median(apart[way])) for way in ways]
    middle = sum(middles) // len(middles)
    ids = messages.ip_id[one]
    if len(distinct(ids[ids > 0])) > 1:
        return middle if np.mean(np.abs(apart - middle) <= _NEAR_NS) > 0.5 else None
    status = messages.status[one]
    is_end = (status >= 200) | (messages.method_sym[one] == Method.ACK)
    kinds = (status == 0) & ~is_end, (status >= 100) & (status < 200), is_end
    is_exchange = len(ways) == 2 and all(each.any() for each in kinds)
    is_steady = all(
        bool((np.abs(apart[way] - own) <= LEAST_NS).all())
        for way, own in zip(ways, middles, strict=True)
    )
    return middle if is_exchange and is_steady else None
