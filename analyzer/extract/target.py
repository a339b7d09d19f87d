"""Where an extract goes: its format by its name, and never over what is read."""

import os
from collections.abc import Sequence

from analyzer.errors import UsageError
from analyzer.render.destination import STDOUT

PCAPNG, PCAP = ".pcapng", ".pcap"


def is_pcap(name: str) -> bool:
    """Tell whether a file is to be pcap."""
    return name.lower().endswith(PCAP)


def check_name(name: str) -> None:
    """Raise UsageError when the name says no format."""
    if name != STDOUT and not name.lower().endswith((PCAPNG, PCAP)):
        raise UsageError(f"{name}: name a file that ends in .pcapng or .pcap")


def check_is_no_input(name: str, inputs: Sequence[str]) -> None:
    """Raise UsageError when a file is one of the inputs, under whatever name."""
    for each in inputs:
        # paths stay as they are given
        if all(map(os.path.exists, (each, name))) and os.path.samefile(each, name):  # noqa: PTH121 - see above
            raise UsageError(f"{name} is one of the captures that are read: name another file")
