"""What `sipwhy report` does: captures → one file to send."""

from datetime import tzinfo

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
    tell_notices,
)
from analyzer.errors import UsageError
from analyzer.frozen import frozen, replace
from analyzer.i18n import load_texts
from analyzer.render.destination import open_output
from analyzer.render.formats import OutputOptions, find_report_format
from analyzer.report.selection import select


@frozen
class ReportCommandOptions(ReadingOptions):
    """Parameters of `report`."""

    output: str
    zone: tzinfo | None
    pages: int


def run_report(options: ReportCommandOptions) -> int:
    """Write the report and return the exit status."""
    form = find_report_format(options.output)
    texts = load_texts(options.language)
    settings = analysis_settings(options)
    options = replace(options, call=hidden_call(options.call, settings))
    with (
        open_output(options.output) as out,
        open_captures(options.paths, settings, texts, quiet=options.quiet) as trace,
    ):
        complain_of_all(trace.problems)
        if not options.quiet:
            tell_notices(trace, texts)
        if options.call and len(trace.messages) and not select(trace, options.call):
            raise UsageError(texts("nothing.no_call", part=options.call))
        wanted = OutputOptions(
            options.language, options.call, zone=options.zone, pages=options.pages
        )
        form.render(trace, out, wanted)
        if len(trace.messages) == 0:
            complain(no_sip(trace, texts))
        if trace.problems:
            return WRONG_INPUT
        return DONE if len(trace.messages) else NO_SIP
