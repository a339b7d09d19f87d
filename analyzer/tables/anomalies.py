"""What was strange, counted by kind; and which packets were what (coverage)."""

from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

FRAMES_KEPT = 10
"""Frames named for each kind; more are only counted."""

Frame = tuple[int, int]
"""Index of the capture and number of the frame in it, from 1."""


@dataclass(slots=True)
class Anomaly:
    """All anomalies of one kind (`analyzer.anomaly_kinds`)."""

    kind: str
    count: int = 0
    frames: list[Frame] = field(default_factory=list)
    """The first frames that show it, in order, at most FRAMES_KEPT."""
    detail: str = ""
    """What the first frame in `frames` says about it, or without any the first that was added."""


class AnomalyLog:
    """Anomalies counted by kind, with the first frames of each; order of adding does not matter."""

    def __init__(self) -> None:
        """Start empty."""
        self._anomalies: dict[str, Anomaly] = {}

    def add(
        self, kind: str, frames: Iterable[Frame], *, count: int | None = None, detail: str = ""
    ) -> None:
        """Count anomalies: one per frame, or `count` when `frames` are only the first of them."""
        anomaly = self._anomalies.setdefault(kind, Anomaly(kind))
        added = 0
        for frame in frames:
            added += 1
            if not anomaly.frames or frame < anomaly.frames[0]:
                anomaly.detail = detail or anomaly.detail
            if len(anomaly.frames) < FRAMES_KEPT or frame < anomaly.frames[-1]:
                insort(anomaly.frames, frame)
                del anomaly.frames[FRAMES_KEPT:]
        if not anomaly.frames:
            anomaly.detail = anomaly.detail or detail
        anomaly.count += added if count is None else count

    def update(self, other: "AnomalyLog") -> None:
        """Add all of another log."""
        for each in other:
            self.add(each.kind, each.frames, count=each.count, detail=each.detail)

    def __iter__(self) -> Iterator[Anomaly]:
        """Go through the kinds, the most frequent first, then by name."""
        return iter(sorted(self._anomalies.values(), key=lambda each: (-each.count, each.kind)))

    def __len__(self) -> int:
        """Count the kinds."""
        return len(self._anomalies)


@dataclass(slots=True)
class Coverage:
    """What became of the packets: `packets == sip + media + other + sum(not_understood)`."""

    packets: int = 0
    sip: int = 0
    """Packets that carry a SIP message."""
    media: int = 0
    """RTP, RTCP and what else belongs to media (STUN, ZRTP, DTLS, T.38 over UDPTL)."""
    other: int = 0
    """Understood, and no SIP: ARP, ICMP, DNS, keep-alives …"""
    not_understood: dict[str, tuple[int, Frame]] = field(default_factory=dict)
    """Kind of anomaly → packets and the first frame, for what may hide SIP."""
    truncated: int = 0
    """Packets cut by the snap length, whatever they are."""
    limits_hit: dict[str, int] = field(default_factory=dict)
    """Name of a limit of `settings` → how often it was hit."""

    def add_not_understood(self, kind: str, count: int, first: Frame) -> None:
        """Count packets of a kind that is not understood."""
        before = self.not_understood.get(kind, (0, first))
        self.not_understood[kind] = (before[0] + count, min(before[1], first))

    def update(self, other: "Coverage") -> None:
        """Add the counts of another capture or batch."""
        self.packets += other.packets
        self.sip += other.sip
        self.media += other.media
        self.other += other.other
        self.truncated += other.truncated
        for kind, (count, first) in other.not_understood.items():
            self.add_not_understood(kind, count, first)
        for name, count in other.limits_hit.items():
            self.limits_hit[name] = self.limits_hit.get(name, 0) + count
