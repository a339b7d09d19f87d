"""A scenario: what is on the wire, and what the call records must say of it.

Dialogues are in the notation of `analyzer.annotate.dialogue`; a line `sdp ADDRESS:PORT CODEC
[DIRECTION]` stands for the session description that offers or answers one audio stream.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PAYLOADS = {"PCMU": 0, "PCMA": 8, "G722": 9, "G729": 18}
_SDP = re.compile(r"^ *sdp (\S+):(\d+) (\S+)(?: (\S+))?$", re.MULTILINE)

Expected = Mapping[str, object]


@dataclass(frozen=True)
class Scenario:
    """One situation."""

    name: str
    basis: str
    """The section that says what must come out."""
    dialogue: str
    calls: Sequence[Expected] = ()
    """For each call what its record must hold; other keys are not looked at."""
    subscriptions: Sequence[Expected] = ()
    registrations: Sequence[Expected] = ()
    anomalies: Sequence[str] = field(default=())
    """Kinds of anomaly, in alphabetical order."""

    @property
    def text(self) -> str:
        """The dialogue with its session descriptions written out."""
        return _SDP.sub(_body, self.dialogue)


def _body(match: re.Match[str]) -> str:
    address, port, codec, direction = match.groups()
    kind = "image" if codec == "T38" else "audio"
    media = f"m=image {port} udptl t38" if kind == "image" else None
    media = media or f"m=audio {port} RTP/AVP {PAYLOADS[codec]}"
    lines = ["v=0", f"o=- 1 1 IN IP4 {address}", "s=-", f"c=IN IP4 {address}", "t=0 0", media]
    lines += [f"a={direction}"] if direction else []
    return "\n" + "\n".join(f"     {line}" for line in lines)


def differences(expected: object, found: object, path: str = "") -> list[str]:
    """Return where what was found is not what is expected: mappings may hold more keys."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return [
            line
            for key, value in expected.items()
            for line in differences(value, found.get(key, "no such key"), f"{path}.{key}")
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            line
            for number, (one, other) in enumerate(zip(expected, found, strict=True))
            for line in differences(one, other, f"{path}[{number}]")
        ]
    return [] if expected == found else [f"{path}: expected {expected!r}, found {found!r}"]
