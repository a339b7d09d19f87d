"""Captures and a policy → recordings with their problems and verdicts, one trace at a time."""

from collections.abc import Iterable, Iterator, Sequence

from analyzer.analysis import no_sip
from analyzer.check.model import Recording, Unreadable, Verdict
from analyzer.check.policy import Expectation, Policy
from analyzer.check.problems import NONE_ACCEPTED, Counts, problems_of
from analyzer.errors import CaptureError
from analyzer.i18n import load_texts
from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from analyzer.tables.trace import Trace


def check_all(
    timelines: Iterable[tuple[Sequence[str], Counts]],
    settings: Settings,
    policy: Policy,
    fail_on: str,
) -> Iterator[Recording | Unreadable]:
    """Yield what was found in each recording, or why it cannot be read; each comes with what a
    baseline is likely to accept of it.
    """
    for paths, accepted in timelines:
        name = ", ".join(paths)
        try:
            with open_trace(paths, settings) as trace:
                yield from (Unreadable(name, problem) for problem in trace.problems)
                language = settings.language
                yield check_trace(trace, name, policy, fail_on, language, accepted=accepted)
        except CaptureError as error:
            yield Unreadable(name, str(error))
        except OSError as error:
            yield Unreadable(name, f"{error.filename or name}: cannot be read: {error.strerror}")


def check_trace(
    trace: Trace,
    name: str,
    policy: Policy,
    fail_on: str,
    language: str,
    *,
    accepted: Counts = NONE_ACCEPTED,
) -> Recording:
    """Return what there is to say about one recording; `fail_on` goes before that of the policy."""
    path = trace.captures[0].path
    rating = policy.for_recording(path, fail_on)
    problems, ignored = problems_of(trace, rating, language, accepted)
    wanted = [each for each in policy.expectations if each.is_for(path)]
    is_empty = len(trace.messages) == 0
    return Recording(
        name=name,
        captures=tuple(each.path for each in trace.captures),
        packets=trace.coverage.packets,
        sip_messages=len(trace.messages),
        calls=len(trace.calls),
        problems=problems,
        verdicts=_verdicts(trace, wanted, language),
        ignored=ignored,
        cut=tuple(each.path for each in trace.captures if not each.complete),
        empty=no_sip(trace, load_texts(language)) if is_empty else "",
    )


def _verdicts(trace: Trace, wanted: Sequence[Expectation], language: str) -> tuple[Verdict, ...]:
    if not wanted:
        return ()
    from analyzer.check.judge import judge  # noqa: PLC0415 - not without expectations

    return tuple(judge(trace, wanted, language))
