"""`sipwhy formats` lists what the registries hold."""

import pytest

from analyzer.capture.formats import capture_formats
from analyzer.cli import run
from analyzer.decode.protocols import decoders
from analyzer.readable import readable


def test_nothing_is_left_out() -> None:
    """Each number that a decoder claims is there once, each format and each module."""
    protocols = [each for heading in readable().protocols.values() for each in heading]
    numbers = [
        (kind, number)
        for each in protocols
        for kind, found in each.numbers.items()
        for number in found
    ]
    assert len(numbers) == len(set(numbers)) == len(decoders())
    assert {each.name for each in protocols} == {
        decoder.__module__.rpartition(".")[2] for decoder in decoders().values()
    }
    assert readable().formats == tuple(each.name for each in capture_formats())


def test_each_says_where_it_is_specified() -> None:
    """The description of a protocol that is no link layer names a document."""
    for heading, protocols in readable().protocols.items():
        for each in protocols:
            assert each.about
            named = any(
                word in each.about
                for word in ("RFC", "TS ", "draft", "IEEE", "sipcapture", "Protocol")
            )
            assert named or heading == "Link layers", each


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    """The list has formats, compressions and protocols with their numbers, in 79 columns."""
    assert run(["formats"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Capture formats: pcap, pcapng\nCompressions: gzip, lz4, xz, zstd\n")
    assert "UDP port 4789" in printed
    assert "link type 9 (PPP), 50 (PPP_HDLC)" in printed
    assert max(map(len, printed.splitlines())) <= 79
