"""What `sipwhy check` does: options → outputs where they were asked for, and the exit status."""

from collections.abc import Sequence
from pathlib import Path

from analyzer.analysis import DONE, FOUND, NO_SIP, PRECEDENCE, WRONG_INPUT, complain
from analyzer.capture.inputs import look_for, named_like_captures
from analyzer.check.acceptance import Acceptance
from analyzer.check.find_policy import policy_in_force, seen_from_here
from analyzer.check.model import CheckReport, Recording, Unreadable
from analyzer.check.outputs.harmless import harmless
from analyzer.check.outputs.write import Outputs, write_outputs
from analyzer.check.policy import Policy
from analyzer.check.recordings import check_all
from analyzer.errors import UsageError
from analyzer.frozen import frozen, replace
from analyzer.i18n import Texts, choose_language, load_texts
from analyzer.settings import Settings


@frozen
class CheckOptions:
    """Parameters of `check`."""

    paths: tuple[str, ...]
    outputs: Outputs
    lang: str | None = None
    policy: Path | None = None
    no_policy: bool = False
    fail_on: str = ""
    exit_zero: bool = False
    together: bool = False
    baseline: Path | None = None
    update_baseline: bool = False
    rules: tuple[Path, ...] = ()
    rule_settings: tuple[str, ...] = ()
    settings_file: Path | None = None
    keylog: Path | None = None
    decoder: str = "native"
    no_media: bool = False
    leg_headers: tuple[str, ...] = ()
    quiet: bool = False

    @property
    def language(self) -> str:
        """The language asked for, else that of the locale."""
        return self.lang or choose_language()


def run_check(options: CheckOptions) -> int:
    """Check recordings, write what was asked for and return the exit status."""
    texts = load_texts(options.language, "check")
    if options.update_baseline and options.baseline is None:
        raise UsageError("--update-baseline needs --baseline FILE, which it writes")
    policy = (
        Policy()
        if options.no_policy
        else policy_in_force(options.policy, Path.cwd(), options.rules)
    )
    settings = settings_with(policy, options)
    timelines, unreadable = _timelines(options)
    baseline = Acceptance(options.baseline, update=options.update_baseline)
    expected = baseline.expected_of(timelines)
    checked = list(
        check_all(zip(timelines, expected, strict=True), settings, policy, options.fail_on)
    )
    unreadable += [each for each in checked if isinstance(each, Unreadable)]
    recordings = baseline.apply([each for each in checked if isinstance(each, Recording)])
    report = CheckReport(
        recordings=tuple(recordings),
        unreadable=tuple(unreadable),
        policy=seen_from_here(policy.path),
        baseline=str(options.baseline or ""),
        unasked=tuple(
            each.name
            for each in policy.expectations
            if recordings and not any(each.is_for(found.captures[0]) for found in recordings)
        ),
    )
    _talk(report, policy, options, texts)
    for line in baseline.told(texts, quiet=options.quiet):
        complain(line)
    write_outputs(report, options.outputs)
    return _status(report, exit_zero=options.exit_zero)


def settings_with(policy: Policy, options: CheckOptions) -> Settings:
    """Return the settings of the analyses: what is on the command line goes before the policy."""
    rules = (*policy.rules, *options.rules)
    how = {"keylog": options.keylog, "decoder": options.decoder, "media": not options.no_media}
    headers = (*options.leg_headers, *policy.settings.leg_headers)
    values_given = policy.settings.values or options.rule_settings or options.settings_file
    if not (rules or values_given or headers):
        return replace(Settings(language=options.language), **how)
    from analyzer.rule_commands import settings_of  # noqa: PLC0415 - seldom asked for

    given = settings_of(
        options.language, rules, options.rule_settings, options.settings_file, headers
    )
    values = {**policy.settings.values, **given.rule_settings}
    places = {
        key: place
        for key, place in policy.settings.places.items()
        if key not in given.rule_settings
    }
    return replace(
        given, rule_settings=values, setting_places={**places, **given.setting_places}, **how
    )


def _timelines(
    options: CheckOptions,
) -> tuple[Sequence[Sequence[str]], list[Unreadable]]:
    """Return what to check, each with the files that are its timeline, and what cannot be read."""
    inputs = look_for(options.paths)
    wrong = sorted({*inputs.unreadable, *named_like_captures(inputs)})
    unreadable = [Unreadable(path, why) for path, why in wrong]
    if options.together:
        return [inputs.paths] if inputs.paths else [], unreadable
    return [(path,) for path in inputs.paths], unreadable


def _talk(report: CheckReport, policy: Policy, options: CheckOptions, texts: Texts) -> None:
    """Say on standard error what the verdicts rest on."""
    for each in report.unreadable:
        complain(harmless(each.why))
    for recording in report.recordings:
        if recording.empty:
            complain(harmless(recording.empty))
    if options.quiet:
        return
    for recording in report.recordings:
        for path in recording.cut:
            complain(harmless(load_texts(options.language)("nothing.cut", name=path)))
    if policy.path:
        complain(texts("talk.policy", path=seen_from_here(policy.path)))
    elif not options.no_policy:
        complain(texts("talk.no_policy", level=options.fail_on or "warning"))
    for name in report.unasked:
        complain(texts("talk.unasked", name=name))


def _status(report: CheckReport, *, exit_zero: bool) -> int:
    statuses = [DONE]
    if report.unreadable:
        statuses.append(WRONG_INPUT)
    if not exit_zero:
        statuses += [FOUND for each in report.recordings if each.failing or each.unmet]
        statuses += [NO_SIP for each in report.recordings if each.empty]
    return min(statuses, key=PRECEDENCE.index)
