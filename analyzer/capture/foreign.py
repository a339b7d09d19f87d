"""A file that is no capture → what it looks like and what to do, in one line."""

from analyzer.frozen import frozen

_EXPECTED = "expected pcap or pcapng (also compressed with gzip, zstd, xz or lz4)"
_CONVERT = "convert it with: editcap -F pcapng FILE NEW"
_UNPACK = "unpack it first"


@frozen
class _Foreign:
    magic: bytes
    what: str
    advice: str = _EXPECTED
    offset: int = 0


_FOREIGN = (
    # captures of other kinds, which Wireshark's editcap reads
    _Foreign(b"snoop\0\0\0", "a snoop capture", _CONVERT),
    _Foreign(b"btsnoop\0", "a Bluetooth btsnoop log", "it holds no IP traffic"),
    _Foreign(b"GMBU", "a Microsoft Network Monitor 2 capture", _CONVERT),
    _Foreign(b"RTSS", "a Microsoft Network Monitor 1 capture", _CONVERT),
    _Foreign(b"TRSNIFF data    \x1a", "a Sniffer capture", _CONVERT),
    _Foreign(b"XCP\0", "a NetXRay or Windows Sniffer capture", _CONVERT),
    _Foreign(b"iptrace 1.0", "an AIX iptrace", _CONVERT),
    _Foreign(b"iptrace 2.0", "an AIX iptrace", _CONVERT),
    _Foreign(b"\xaa\xaa\xaa\xaa", "an Accellent 5Views capture", _CONVERT),
    _Foreign(b"\x05VNF", "a Visual Networks capture", _CONVERT),
    _Foreign(b"\x7fver", "a Savvius *Peek capture", _CONVERT),
    _Foreign(b"\x1c\x00\x01\xac", "an Ixia capture", _CONVERT),
    _Foreign(b"\xac\x01\x00\x1c", "an Ixia capture", _CONVERT),
    # archives and compressions we do not read
    _Foreign(b"BZh", "bzip2", _UNPACK),
    _Foreign(b"\x02\x21\x4c\x18", "the legacy kind of lz4", _UNPACK),
    _Foreign(b"PK\x03\x04", "a ZIP archive", _UNPACK),
    _Foreign(b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    _Foreign(b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    _Foreign(b"ustar", "a tar archive", _UNPACK, offset=257),
    # compressed twice
    _Foreign(b"\x1f\x8b", "gzip", _UNPACK),
    _Foreign(b"\x28\xb5\x2f\xfd", "zstd", _UNPACK),
    _Foreign(b"\xfd7zXZ\0", "xz", _UNPACK),
    _Foreign(b"\x04\x22\x4d\x18", "lz4", _UNPACK),
    # other files that get named by mistake
    _Foreign(b"version https://git-lfs", "a Git LFS pointer", "fetch the file: git lfs pull"),
    _Foreign(b"\x7fELF", "an ELF program"),
    _Foreign(b"MZ", "a Windows program"),
    _Foreign(b"%PDF-", "a PDF document"),
    _Foreign(b"\x89PNG", "a PNG picture"),
    _Foreign(b"\xff\xd8\xff", "a JPEG picture"),
    _Foreign(b"GIF8", "a GIF picture"),
    _Foreign(b"RIFF", "a RIFF file (WAV audio or the like)"),
    _Foreign(b"OggS", "an Ogg file"),
    _Foreign(b"SQLite format 3\0", "an SQLite database"),
    _Foreign(b"#!", "a script"),
)

_TEXTS = (
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<?xml", "XML"),
    (b"{", "JSON or other text in braces"),
    (b"[", "JSON or other text in brackets"),
)


def shown(path: str) -> str:
    """Return a path as one line of printable text; `-` is standard input."""
    if path == "-":
        return "standard input"
    escaped = (c if c.isprintable() else ascii(c)[1:-1] for c in path)
    return "".join(escaped)


def describe(path: str, head: bytes, compression: str | None) -> str:
    """Say what an input that is no capture is, by its first unpacked bytes, and what to do."""
    name = shown(path)
    if not head:
        inside = (
            f"holds nothing but empty {compression} data" if compression else "is empty (0 bytes)"
        )
        return f"{name} {inside}: no capture was written to it; {_EXPECTED}"
    what, advice = _name(head)
    inside = f"it is {compression} of what begins" if compression else "it begins"
    return f"{name} is no capture: {inside} like {what}; {advice}"


def _name(head: bytes) -> tuple[str, str]:
    for each in _FOREIGN:
        if head.startswith(each.magic, each.offset):
            return each.what, each.advice
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for start, what in _TEXTS:
        if text[:32].lower().startswith(start):
            return what, _EXPECTED
    if b"SIP/2.0" in head:
        return "a SIP log as text", f"it has no packets to read; {_EXPECTED}"
    if _is_text(head):
        return "text", _EXPECTED
    return f"no format known here ({head[:8].hex(' ')} …)", _EXPECTED


def _is_text(head: bytes) -> bool:
    # A character may be cut at the end of `head`.
    text = head.decode("utf-8", "replace").rstrip("\ufffd")
    return "\ufffd" not in text and all(c.isprintable() or c in "\t\r\n\f" for c in text)
