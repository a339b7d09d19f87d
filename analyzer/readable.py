"""What can be read, from the registries themselves: who adds a module has nothing to add here."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator

from analyzer.capture.compressed import CODECS
from analyzer.capture.formats import capture_formats
from analyzer.decode.link_names import link_name
from analyzer.decode.protocols import decoders
from analyzer.frozen import frozen

_KINDS = {
    "link": "Link layers",
    "encapsulation": "Encapsulations and tunnels",
    "network": "Network layer",
    "transport": "Transports of SIP",
}
"""Package of the decoders → heading, in the order in which a packet is read."""
_SPACES: tuple[tuple[str, Callable[[int], str]], ...] = (
    ("link type", lambda number: f"{number} ({link_name(number)})"),
    ("EtherType", lambda number: f"0x{number:04x}"),
    ("IP protocol", str),
    ("PPP protocol", lambda number: f"0x{number:04x}"),
    ("UDP port", str),
)
"""What the numbers of each space are, and how they are written; as `protocols.SPACES`."""


@frozen
class Protocol:
    """A protocol that is read."""

    name: str
    """Of its module."""
    numbers: dict[str, tuple[str, ...]]
    """What announces it in the header before: kind → numbers."""
    about: str
    """What it is, with its specification."""


@frozen
class Readable:
    """Everything that can be read."""

    formats: tuple[str, ...]
    """Capture formats."""
    compressions: tuple[str, ...]
    protocols: dict[str, tuple[Protocol, ...]]
    """By heading."""


def readable() -> Readable:
    """Ask the registries."""
    numbers: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for key, decoder in sorted(decoders().items()):
        numbers[decoder.__module__].append(key)
    protocols: dict[str, list[Protocol]] = {heading: [] for heading in _KINDS.values()}
    for module, keys in sorted(numbers.items()):
        package, name = module.split(".")[-2:]
        about = (sys.modules[module].__doc__ or "").partition("\n\n")[0]
        announced: dict[str, tuple[str, ...]] = {}
        for space, number in keys:
            kind, shown = _SPACES[space]
            announced[kind] = (*announced.get(kind, ()), shown(number))
        protocols[_KINDS[package]].append(Protocol(name, announced, " ".join(about.split())))
    return Readable(
        formats=tuple(each.name for each in capture_formats()),
        compressions=tuple(sorted(CODECS)),
        protocols={heading: tuple(found) for heading, found in protocols.items()},
    )


def lines(width: int = 79) -> Iterator[str]:
    """Yield the list as text."""
    import textwrap  # noqa: PLC0415 - only this command prints so

    found = readable()
    yield "Capture formats: " + ", ".join(found.formats)
    yield "Compressions: " + ", ".join(found.compressions)
    for heading, protocols in found.protocols.items():
        yield ""
        yield heading
        for each in protocols:
            yield f"  {each.name}"
            numbers = (f"{kind} {', '.join(found)}" for kind, found in each.numbers.items())
            for text in (each.about, "; ".join(numbers)):
                yield from textwrap.wrap(
                    text, width, initial_indent=" " * 6, subsequent_indent=" " * 6
                )
