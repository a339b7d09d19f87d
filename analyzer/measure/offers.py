"""Session descriptions that messages carry, and what one says against the other (RFC 3264)."""

import numpy as np

from analyzer.frozen import frozen
from analyzer.sip.headers import header_values
from analyzer.sip.sdp import Media, parse_media
from analyzer.tables.trace import Trace

NOT_SPOKEN = frozenset({"telephone-event", "CN"})
"""Codecs that carry no speech by themselves."""
_HOLDING = frozenset({"sendonly", "inactive"})
_NOWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - no socket: how RFC 2543 held


def session_description(trace: Trace, row: int) -> bytes | None:
    """Return the SDP in the body of a message, also inside a multipart body; None without one."""
    messages = trace.messages
    if row < 0 or messages.body_len[row] <= 0:
        return None
    body = trace.message_bytes(row)[int(messages.head_len[row]) :]
    return body if body.startswith(b"v=0") else part_with_sdp(trace, row)


def part_with_sdp(trace: Trace, row: int) -> bytes | None:
    """Return the session description in a multipart body (RFC 2046 §5.1), None without one."""
    kind = header_values(trace, np.array([row]), "Content-Type")[0] or ""
    if not kind.lower().startswith("multipart/"):
        return None
    body = trace.message_bytes(row)[int(trace.messages.head_len[row]) :]
    begin = body.find(b"\nv=0")
    if begin < 0:
        return None
    end = body.find(b"\n--", begin)
    return body[begin + 1 : end if end >= 0 else len(body)]


@frozen
class Stance:
    """What one side says of its media."""

    holds: bool
    """It sends but does not want to receive, or neither."""
    direction: str
    place: str
    """Address and port of its first media; port 0 where all is switched off."""
    codec: str
    """The first codec of each medium, but for what carries no speech by itself; empty without."""


def stance(trace: Trace, row: int) -> Stance | None:
    """Return what the session description of a message says, None without one."""
    body = session_description(trace, row)
    if body is None:
        return None
    described = list(parse_media(body))
    media = [each for each in described if each.port != 0]
    if not media:
        place = f"{described[0].address}:0" if described else ""
        return Stance(holds=False, direction="inactive", place=place, codec="")
    first = media[0]
    holds = first.direction in _HOLDING or first.address in _NOWHERE
    return Stance(holds, first.direction, f"{first.address}:{first.port}", _codec(media))


def _codec(media: list[Media]) -> str:
    spoken = [[name for name in each.codecs if name not in NOT_SPOKEN] for each in media]
    return ", ".join(names[0] for names in spoken if names)
