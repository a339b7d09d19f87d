"""A trace and what is asked for → a capture of its packets."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from analyzer.annotate.items import load_kinds
from analyzer.annotate.where import read_where
from analyzer.errors import UsageError
from analyzer.extract.choice import Chosen, Wanted, choose
from analyzer.extract.comments import comments_of
from analyzer.extract.packets import find_packets
from analyzer.extract.target import check_is_no_input, check_name, is_pcap
from analyzer.extract.write import write_pcap, write_pcapng
from analyzer.frozen import frozen, replace
from analyzer.pipeline import Paths, named, open_trace
from analyzer.render.destination import open_output
from analyzer.settings import Settings
from analyzer.tables.trace import Trace


@frozen
class Extracted:
    """What was written."""

    calls: int
    messages: int
    packets: int
    bytes: int
    """Captured bytes of the packets."""


def extract(
    trace: Trace,
    chosen: Chosen,
    out: BinaryIO,
    settings: Settings,
    *,
    as_pcap: bool = False,
) -> Extracted:
    """Write the packets of what was chosen in a trace that was read with `Settings.origins`;
    comments are in the language of the settings.
    """
    found = find_packets(trace, chosen, settings)
    if as_pcap:
        write_pcap(out, found)
    else:
        write_pcapng(out, found, comments_of(trace, chosen, settings.language))
    return Extracted(
        calls=len(chosen.calls),
        messages=len(chosen.messages),
        packets=sum(len(each.frames) for each in found),
        bytes=sum(int(each.frames.captured.sum()) for each in found),
    )


def extract_packets(
    paths: Paths,
    target: str | Path,
    *,
    call: str = "",
    where: Sequence[str] = (),
    findings: Sequence[str] = (),
    settings: Settings | None = None,
) -> Extracted:
    """Write the packets of calls in captures to a file that ends in .pcapng or .pcap, as `sipwhy
    extract` does: those with `call` in a Call-ID, for which all conditions of `where` hold
    (`outcome=declined`), with one of the findings (`RSP603`).

    Raises CaptureError, RuleError or UsageError with one line that says what to do.
    """
    name, settings = str(target), replace(settings or Settings(), origins=True)
    check_name(name)
    check_is_no_input(name, named(paths))
    wanted = Wanted(call, read_where(where, load_kinds()["calls"]), tuple(findings))
    with open_trace(paths, settings) as trace:
        check_is_no_input(name, [each.path for each in trace.captures])
        chosen = choose(trace, wanted)
        if not len(chosen.messages):
            raise UsageError("nothing here fits what is asked for")
        with open_output(name, what="the packets") as out:
            return extract(trace, chosen, out, settings, as_pcap=is_pcap(name))
