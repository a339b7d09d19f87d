"""All options of an analysis with their defaults, and the limits that keep it bounded."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from analyzer.frozen import frozen, replace

MOST_LEG_HEADERS = 32
"""Names of headers that are looked for in each first INVITE."""


@frozen
class Redaction:
    """How names are taken out of captures before anything else is done with them."""

    key: bytes
    """Of the pseudonyms: 32 bytes."""
    keep: frozenset[str] = frozenset()
    """What of telephone numbers stays: `length`, `country`."""


@frozen
class Settings:
    """Options and limits; every stage takes what it needs from here."""

    language: str = "en"
    """`en` or `ja`."""
    rules: tuple[Path, ...] = ()
    """Directories of further rules, after the built-in ones."""
    rule_settings: Mapping[str, str] = MappingProxyType({})
    """`RULE.setting` → value as given with --set or in a file of settings."""
    setting_places: Mapping[str, str] = MappingProxyType({})
    """`RULE.setting` → `file:line:column` of those that come from a file."""

    redaction: Redaction | None = None
    """Captures are analyzed without names; None: as they are."""
    keylog: Path | None = None
    """TLS key log with which Wireshark's engine decrypts."""
    decoder: str = "native"
    """`native`, or `tshark` to let Wireshark's engine read whole captures."""

    media: bool = True
    """Whether RTP and RTCP are counted and compared with what the SDP of calls says."""
    rtp_gap_ms: int = 5_000
    """Silence after which packets of a source are counted anew: its ports may be another call's."""
    max_rtp_streams: int = 1 << 20
    """Streams of RTP, and of RTCP, that are counted; further ones are not."""
    origins: bool = False
    """Whether it is kept which frames brought each message that was put together."""

    t1_ms: int = 500
    """RFC 3261 §17.1.1.1: estimate of the round-trip time."""
    timer_c_ms: int = 180_000
    """RFC 3261 §16.6 step 11: longest wait for a final response after a 1xx."""
    copy_window_ms: int = 1_000
    """Same packet with the same IPv4 identification within this time: a copy."""
    copy_window_without_id_ms: int = 50
    """The same where packets have no identification; far below T1, the first retransmission. In
    another capture, which may be far away, it is half of T1."""

    leg_headers: tuple[str, ...] = ("X-CID", "X-Call-ID")
    """Headers in which back-to-back user agents carry the Call-ID of the other leg, or the same
    value on both legs; --leg-header and `leg_headers` of a file of settings add some.
    """
    leg_window_ms: int = 4_000
    """A leg begins at most so long after the leg that it is joined to was last seen; and legs of
    the same numbers begin within it of each other."""

    batch_frames: int = 65_536
    """Frames walked and scanned at a time."""
    scan_threads: int = 2
    """Batches scanned side by side."""
    max_layers: int = 16
    """Link, tunnel and network headers gone through in one frame."""
    max_head_bytes: int = 65_535
    """Start line and headers of one message."""
    max_headers: int = 1_000
    """Header lines of one message."""
    max_message_bytes: int = 1 << 20
    """One message of a stream; more of it is not read."""
    lookback_frames: int = 4_096
    """How far before the first sign of SIP in a connection its segments are still known."""
    max_directions: int = 1 << 20
    """Directions of connections with SIP whose state is known at a time."""
    max_open_directions: int = 4_096
    """Directions of connections with incomplete messages or other oddities at a time."""
    max_held_segments: int = 256
    """Segments of one direction that wait for an earlier one."""
    max_stream_bytes: int = 64 << 20
    """Bytes of incomplete messages of all connections."""
    max_sequence_jump: int = 1 << 24
    """Bytes a segment may be away from the one expected; further away it is a new connection."""
    max_fragments: int = 16_384
    """IP fragments, and DATA chunks of SCTP, that wait for others."""
    fragment_timeout_ms: int = 60_000
    """How long a fragment waits for others: RFC 8200 §4.5 and RFC 1122 §3.3.2."""
    max_spool_bytes: int = 64 << 30
    """Bytes a compressed or piped capture may have when unpacked."""


def with_leg_headers(settings: Settings, names: Iterable[str]) -> Settings:
    """Return settings with further headers that name other legs, each once whatever its case."""
    known = {name.lower(): name for name in (*names, *settings.leg_headers)}
    return replace(settings, leg_headers=tuple(known.values()))
