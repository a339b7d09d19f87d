"""Address and port of the first media are found by both twins alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip import media_places
from analyzer.tables.messages import MessageTable
from analyzer.tables.spans import SpanStore
from analyzer.tables.trace import Trace

LINES = (
    "v=0", "c=IN IP4 192.0.2.1", "c=IN IP6 ::1", "c=IN IP4 224.2.1.1/127/3", "c=IN", "c=", "m=",
    "m=audio 4000 RTP/AVP 0", "m=video 0 RTP/AVP 31", "m=audio x RTP/AVP 0", "a=sendonly", "", "c",
)  # fmt: skip  # read side by side


def places(body: bytes) -> list[bytes]:
    """Return what is found in a body."""
    messages = MessageTable.zeros(1).replace(pos=[2], head_len=[1], body_len=[len(body)])
    data = b"xxx" + body
    trace = Trace([], SpanStore([memoryview(data)]), messages, None)  # type: ignore[arg-type]  # none is asked for
    address, address_len, port, port_len = media_places.find_media(trace, np.array([0]))[0]
    return [data[address : address + address_len], data[port : port + port_len]]


def test_the_address_of_the_media_counts_more_than_that_of_the_session() -> None:
    """RFC 8866 §5.7: a c= line of the media overrides the session's; the first media counts."""
    body = b"v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.7/127\r\n"
    assert places(body + b"m=video 4002 RTP/AVP 31\r\nc=IN IP4 192.0.2.9\r\n") == [
        b"192.0.2.7",
        b"4000",
    ]


@given(st.lists(st.sampled_from(LINES)), st.sampled_from(["\r\n", "\n"]))
def test_both_twins_find_the_same(lines: list[str], end: str) -> None:
    """Whatever the lines are, the compiled search finds what the loop in Python finds."""
    body = end.join(["v=0", *lines, ""]).encode()
    compiled = places(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(media_places, "COMPILED", False)
        assert places(body) == compiled
