"""Which media packets are those of chosen calls."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analyzer.decode.parts import MediaTable
from analyzer.extract.windows import MediaWindows
from analyzer.frozen import replace
from analyzer.tables.trace import Trace
from extract.extracting import SETTINGS, extracted, wanted

CALL = """
    +{pause}s -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: {name}

       v=0
       c=IN IP4 192.0.2.1
       m=audio 4000 RTP/AVP 0
    <- SIP/2.0 200 OK
       Call-ID: {name}

       v=0
       c=IN IP4 192.0.2.2
       m=audio 5000 RTP/AVP 0
    -> ACK sip:bob@example.com SIP/2.0
       Call-ID: {name}
    -> rtp {there}
    <- rtp {back}
    -> BYE sip:bob@example.com SIP/2.0
       Call-ID: {name}
    <- SIP/2.0 200 OK
       Call-ID: {name}
"""
TWO = CALL.format(name="one", pause=0, there=60, back=50) + CALL.format(
    name="two", pause=30, there=20, back=10
)
"""Calls one after the other, by the same ports and sources."""


@pytest.mark.parametrize(
    ("name", "media", "rtp"),
    [("one", True, (60, 50)), ("two", True, (20, 10)), ("one", False, (0, 0))],
)
def test_the_media_of_a_call(
    name: str,
    media: bool,  # noqa: FBT001 - a parameter
    rtp: tuple[int, int],
    capture_of: Callable[[str], Path],
) -> None:
    """RTP of the call alone is taken, though another used its ports and sources; none without
    media.
    """
    with extracted(capture_of(TWO), wanted(name), replace(SETTINGS, media=media)) as (_, again):
        assert again.coverage.packets == 5 + sum(rtp)
        assert again.coverage.media == sum(rtp)
    if media:
        assert len(again.calls) == 1
        assert (again.media.calls.from_caller[0], again.media.calls.from_callee[0]) == rtp


def test_several_windows_of_one_source(trace_of: Callable[[str], Trace]) -> None:
    """A source that several chosen calls used is theirs when each of them was, not between."""
    trace = trace_of(TWO)
    windows = MediaWindows(trace, np.array([0, 1]))
    assert len(windows) == 4
    stream = trace.rtp.streams.take(np.array([0]))
    names = {each.name for each in MediaTable.columns} & {each.name for each in stream.columns}
    packet = MediaTable.zeros(1).replace(**{name: getattr(stream, name) for name in names})
    times = np.array([stream.first_ns[0] - 1, stream.first_ns[0], stream.last_ns[0] + 1])
    later = np.array([trace.rtp.streams.last_ns.max() - 10**9 * 0])
    held = windows.hold(packet.take(np.zeros(3, np.int64)), times)
    assert held.tolist() == [False, True, False]
    assert not windows.hold(packet.replace(ssrc=[1]), later)[0]
    assert not windows.hold(packet.replace(payload_type=[200]), stream.first_ns)[0]
