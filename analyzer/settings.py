"""All options of an analysis with their defaults, and the limits that keep it bounded."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from analyzer.frozen import frozen


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

    t1_ms: int = 500
    """RFC 3261 §17.1.1.1: estimate of the round-trip time."""
    timer_c_ms: int = 180_000
    """RFC 3261 §16.6 step 11: longest wait for a final response after a 1xx."""
    copy_window_ms: int = 1_000
    """Same packet with the same IPv4 identification within this time: a copy."""
    copy_window_without_id_ms: int = 50
    """The same where packets have no identification; far below T1, the first retransmission."""

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
    max_spool_bytes: int = 64 << 30
    """Bytes a compressed or piped capture may have when unpacked."""
