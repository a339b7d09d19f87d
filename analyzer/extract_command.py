"""What `sipwhy extract` does: captures → a capture of some of their packets."""

import sys
from typing import TYPE_CHECKING

from analyzer.analysis import (
    DONE,
    NO_SIP,
    WRONG_INPUT,
    ReadingOptions,
    analysis_settings,
    complain,
    complain_of_all,
    hidden_call,
    no_sip,
    open_captures,
    reader_may_leave,
    tell_notices,
)
from analyzer.errors import UsageError
from analyzer.extract.target import check_is_no_input, check_name, is_pcap
from analyzer.frozen import frozen, replace
from analyzer.i18n import Texts, load_texts
from analyzer.render.destination import STDOUT, open_output

if TYPE_CHECKING:
    from analyzer.extract.choice import Chosen
    from analyzer.extract.extract import Extracted
    from analyzer.settings import Settings
    from analyzer.tables.trace import Trace


@frozen
class ExtractOptions(ReadingOptions):
    """Parameters of `extract`."""

    output: str
    where: tuple[str, ...]
    findings: tuple[str, ...]


def run_extract(options: ExtractOptions) -> int:
    """Write the packets and return the exit status."""
    from analyzer.annotate.items import load_kinds  # noqa: PLC0415 - imports numpy
    from analyzer.annotate.where import read_where  # noqa: PLC0415 - see above
    from analyzer.extract.choice import Wanted, choose  # noqa: PLC0415 - see above

    _check_output(options)
    texts = load_texts(options.language)
    where = read_where(options.where, load_kinds()["calls"])
    settings = replace(analysis_settings(options), origins=True)
    options = replace(options, call=hidden_call(options.call, settings))
    with open_captures(options.paths, settings, texts, quiet=options.quiet) as trace:
        complain_of_all(trace.problems)
        if not options.quiet:
            tell_notices(trace, texts)
        check_is_no_input(options.output, [each.path for each in trace.captures])
        if len(trace.messages) == 0:
            complain(no_sip(trace, texts))
            return WRONG_INPUT if trace.problems else NO_SIP
        chosen = choose(trace, Wanted(options.call, where, options.findings))
        own = load_texts(options.language, "extract")
        if not len(chosen.messages):
            is_call = options.call and not (options.where or options.findings)
            raise UsageError(own("no_call", part=options.call) if is_call else own("nothing"))
        _write(trace, chosen, options, settings, own)
        return WRONG_INPUT if trace.problems else DONE


def _check_output(options: ExtractOptions) -> None:
    """Refuse what cannot become a capture before anything is read."""
    if options.output == STDOUT and sys.stdout is not None and sys.stdout.isatty():
        raise UsageError("standard output is a terminal: name a file, or pipe it on")
    check_name(options.output)
    check_is_no_input(options.output, options.paths)


def _write(
    trace: "Trace",
    chosen: "Chosen",
    options: ExtractOptions,
    settings: "Settings",
    texts: Texts,
) -> None:
    from analyzer.extract.extract import extract  # noqa: PLC0415 - not needed by --help

    as_pcap = is_pcap(options.output)
    if as_pcap and not options.quiet:
        complain(texts("plain"))
    with reader_may_leave(), open_output(options.output, what="the packets") as out:
        done = extract(trace, chosen, out, settings, as_pcap=as_pcap)
        if not options.quiet:
            complain(_told(done, options, texts))


def _told(done: "Extracted", options: ExtractOptions, texts: Texts) -> str:
    return texts(
        "written",
        calls=texts.count("calls", done.calls),
        messages=texts.count("messages", done.messages),
        packets=texts.count("packets", done.packets),
        size=texts.count("size", done.bytes),
        name=texts("stdout") if options.output == STDOUT else options.output,
    )
