"""What is said of files that are no captures."""

import pytest

from analyzer.capture.foreign import describe, shown


@pytest.mark.parametrize(
    ("head", "what", "advice"),
    [
        (b"snoop\0\0\0\0\0\0\2", "snoop", "editcap"),
        (b"\x7fELF\2\1\1", "ELF", "pcap"),
        (b"BZh91AY", "bzip2", "unpack"),
        (b"PK\x03\x04", "ZIP", "unpack"),
        (bytes(257) + b"ustar\x0000", "tar", "unpack"),
        (b"\n<!DOCTYPE html><html>", "HTML", "pcap"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "XML", "pcap"),
        (b'{"type": "header"}', "JSON", "pcap"),
        (b"INVITE sip:a@b SIP/2.0\r\n", "SIP log", "packets"),
        ("just words, café\n".encode(), "text", "pcap"),
        (b"cut in \xe3\x81", "text", "pcap"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07\x08", "00 01 02 03 04 05 06 07", "pcap"),
    ],
)
def test_what_it_is_and_what_to_do(head: bytes, what: str, advice: str) -> None:
    """One line names the file, what it looks like, and what helps."""
    line = describe("some.file", head, None)
    assert line.startswith("some.file is no capture: it begins like ")
    assert what in line
    assert advice in line
    assert "\n" not in line


def test_compressed() -> None:
    """What is inside a compressed file is what counts."""
    line = describe("a.gz", b"just words", "gzip")
    assert "it is gzip of what begins like text" in line


def test_empty() -> None:
    """An empty file, and one that is empty once unpacked, are called so."""
    assert "is empty (0 bytes)" in describe("a", b"", None)
    assert "empty gzip data" in describe("a", b"", "gzip")


def test_names_cannot_write_to_the_terminal() -> None:
    """Control characters and broken encodings in a file name are escaped."""
    assert shown("a\x1b[31m\nb\u202ec\udc80") == r"a\x1b[31m\nb\u202ec\udc80"
    assert shown("ファイル.pcap") == "ファイル.pcap"
    assert shown("-") == "standard input"
