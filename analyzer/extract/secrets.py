"""TLS key logs of a capture → the lines that open connections among some packets.

Keys of other connections would give away what was not asked for.
"""

import re
from collections.abc import Sequence

from analyzer.extract.packets import Packets
from analyzer.tables.vector import is_in

_BY_RANDOM = re.compile(rb"[A-Z0-9_]+ ([0-9a-fA-F]{64}) [0-9a-fA-F]+\s*")
"""A line that names its connection by the random of its ClientHello (draft-ietf-tls-keylogfile)."""


def secrets_of(packets: Packets) -> list[bytes]:
    """Return the key logs without the lines of other connections."""
    logs = packets.reader.secrets
    if not logs or not len(packets.encrypted):
        return []
    data = packets.capture.data
    frames = packets.frames.take(is_in(packets.frames.number, packets.encrypted))
    spans = zip(frames.pos.tolist(), frames.captured.tolist(), strict=True)
    return _lines_for([bytes(data[pos : pos + size]) for pos, size in spans], logs)


def _lines_for(frames: Sequence[bytes], logs: Sequence[bytes]) -> list[bytes]:
    known: dict[bytes, bool] = {}

    def is_here(line: bytes) -> bool:
        named = _BY_RANDOM.fullmatch(line)
        if named is None:
            return False
        random = bytes.fromhex(named[1].decode())
        if random not in known:
            known[random] = any(random in frame for frame in frames)
        return known[random]

    lines = [log.splitlines(keepends=True) for log in logs]
    kept = [b"".join(line for line in each if is_here(line)) for each in lines]
    return [log for log in kept if log]
