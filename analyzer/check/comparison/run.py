"""What `sipwhy diff` does: two recordings → what has changed, and the exit status."""

from collections.abc import Sequence
from pathlib import Path

from analyzer.analysis import DONE, FOUND, NO_SIP, PRECEDENCE, WRONG_INPUT, complain, no_sip
from analyzer.annotate.fields import is_header
from analyzer.check.comparison.compare import Compared, Tolerance, compare
from analyzer.check.comparison.described import Thing, describe_trace
from analyzer.check.comparison.recordings import recording_pairs
from analyzer.check.comparison.text import diff_lines
from analyzer.check.outputs.harmless import harmless
from analyzer.check.outputs.json_lines import Json, json_text
from analyzer.check.outputs.text import WIDTH
from analyzer.errors import CaptureError, UsageError
from analyzer.frozen import frozen, replace
from analyzer.i18n import choose_language, load_texts
from analyzer.pipeline import open_trace
from analyzer.render.destination import STDOUT, open_output
from analyzer.render.terminal import write_lines
from analyzer.rule_commands import settings_of
from analyzer.settings import Settings
from analyzer.version import VERSION

SCHEMA = "sipwhy-diff/1"


@frozen
class DiffOptions:
    """Parameters of `diff`."""

    before: str
    after: str
    format: str = "text"
    together: bool = False
    tolerance: Tolerance = Tolerance()
    headers: tuple[str, ...] = ()
    exit_zero: bool = False
    lang: str | None = None
    rules: tuple[Path, ...] = ()
    rule_settings: tuple[str, ...] = ()
    settings_file: Path | None = None
    keylog: Path | None = None
    decoder: str = "native"
    no_media: bool = False
    leg_headers: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        """The language asked for, else that of the locale."""
        return self.lang or choose_language()


def run_diff(options: DiffOptions) -> int:
    """Compare, write what has changed and return the exit status."""
    headers = [each.lower().replace("-", "_") for each in options.headers]
    wrong = next((each for each in headers if not is_header(each)), None)
    if wrong is not None:
        raise UsageError(f"--header {wrong}: no header that can be compared")
    settings = settings_of(
        options.language,
        options.rules,
        options.rule_settings,
        options.settings_file,
        options.leg_headers,
    )
    settings = replace(
        settings,
        keylog=options.keylog,
        decoder=options.decoder,
        media=not options.no_media,
    )
    statuses, compared = [DONE], []
    for pair in recording_pairs(options.before, options.after, together=options.together):
        things = []
        for paths in pair:
            found, status = _read(paths, settings, headers, options.language)
            statuses.append(status)
            things.append(found)
        compared += compare(things[0], things[1], options.tolerance)
    _write(compared, options)
    if not all(each.is_same for each in compared):
        statuses.append(FOUND)
    if options.exit_zero:
        statuses = [each for each in statuses if each in (DONE, WRONG_INPUT)]
    return min(statuses, key=PRECEDENCE.index)


def _read(
    paths: Sequence[str], settings: Settings, headers: list[str], language: str
) -> tuple[list[Thing], int]:
    """Return what a recording holds, and the status it leads to by itself."""
    if not paths:
        return [], DONE
    try:
        with open_trace(paths, settings) as trace:
            for problem in trace.problems:
                complain(harmless(problem))
            if len(trace.messages) == 0:
                complain(harmless(no_sip(trace, load_texts(language))))
                return [], NO_SIP
            return describe_trace(trace, headers), WRONG_INPUT if trace.problems else DONE
    except OSError as error:
        raise CaptureError(f"{error.filename or paths[0]}: cannot be read: {error}") from error


def _write(compared: list[Compared], options: DiffOptions) -> None:
    with open_output(STDOUT) as out:
        if options.format == "text":
            names = (options.before, options.after)
            write_lines(
                lambda width: diff_lines(compared, names, options.language, width or WIDTH), out
            )
            return
        whole: Json = {
            "schema": SCHEMA,
            "version": VERSION,
            "before": options.before,
            "after": options.after,
            "same": all(each.is_same for each in compared),
            "compared": [_record(each) for each in compared],
        }
        out.write(json_text(whole))


def _record(compared: Compared) -> Json:
    thing = compared.before or compared.after
    assert thing is not None  # noqa: S101 - a pair has at least one
    return {
        "kind": thing.kind,
        "method": thing.method or None,
        "from": thing.key[0] or None,
        "to": thing.key[1] or None,
        "before": _place(compared.before),
        "after": _place(compared.after),
        "changes": [
            {"what": each.what, "before": each.before, "after": each.after}
            for each in compared.changes
        ],
    }


def _place(thing: Thing | None) -> Json | None:
    if thing is None:
        return None
    place = thing.place
    return {"capture": place.capture, "frame": place.frame, "call": place.call}
