"""What `sipwhy rules` does: rules listed, shown, checked, tried on captures and begun anew."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzer.annotate.faults import did_you_mean
from analyzer.annotate.fields import Field, fields
from analyzer.annotate.lint import check_examples, check_rules
from analyzer.annotate.load import load_rules, read_rule_file, with_settings
from analyzer.annotate.rule import Rule, in_language
from analyzer.annotate.rule_files import files_of, rule_file_of, rule_files, rules_root
from analyzer.annotate.settings_file import leg_header_fault, read_settings_file
from analyzer.annotate.skeleton import rule_path, skeleton
from analyzer.errors import RuleError, UsageError
from analyzer.frozen import frozen, replace
from analyzer.i18n import load_texts
from analyzer.render.layout import Line, terminal_width
from analyzer.render.rule_lines import rule_lines
from analyzer.rule_list import chosen_rules, listed_rules, rules_as_json
from analyzer.settings import MOST_LEG_HEADERS, Settings, with_leg_headers

if TYPE_CHECKING:
    from analyzer.annotate.items import ItemField
    from analyzer.tables.trace import Trace

TRIED = 10
"""Messages that a rule is tried on unless all are asked for."""


@frozen
class RuleOptions:
    """Options that the commands share."""

    language: str
    directories: tuple[Path, ...] = ()
    written: tuple[str, ...] = ()
    """As --set gives them."""
    settings_file: Path | None = None

    def settings(self) -> Settings:
        """Return the settings of an analysis."""
        return settings_of(self.language, self.directories, self.written, self.settings_file)


def settings_of(
    language: str,
    rules: tuple[Path, ...],
    written: Sequence[str],
    settings_file: Path | None,
    leg_headers: Sequence[str] = (),
) -> Settings:
    """Return the settings of an analysis; what --set gives goes before what a file says."""
    pairs = [each.partition("=") for each in written]
    wrong = next((name + sign for name, sign, _ in pairs if not sign or "." not in name), None)
    if wrong is not None:
        raise UsageError(f"--set {wrong}: expected RULE.setting=value")
    _check_leg_headers(leg_headers)
    values = {name: value for name, _, value in pairs}
    places: Mapping[str, str] = {}
    if settings_file is not None:
        found = read_settings_file(settings_file)
        places = {key: place for key, place in found.places.items() if key not in values}
        values = {**found.values, **values}
        leg_headers = (*leg_headers, *found.leg_headers)
    settings = Settings(language=language, rules=rules, rule_settings=values, setting_places=places)
    return with_leg_headers(settings, leg_headers)


def _check_leg_headers(names: Sequence[str]) -> None:
    for name in names:
        if what := leg_header_fault(name):
            raise UsageError(f"--leg-header {name}: {what}")
    if len(names) > MOST_LEG_HEADERS:
        raise UsageError(f"--leg-header: more than {MOST_LEG_HEADERS} headers")


def list_rules(options: RuleOptions, words: Sequence[str], form: str, *, cases: bool) -> None:
    """Print a line for each rule that has all words; with its cases and settings, or as JSON."""
    rules = chosen_rules(load_rules(options.settings()), words)
    if not rules:
        raise UsageError(f'no rule fits "{" ".join(words)}"; "sipwhy rules list" names all')
    if form == "json":
        click.echo(rules_as_json(rules, options.language))
        return
    for line in listed_rules(rules, load_texts(options.language, "reference"), cases=cases):
        click.echo(line)


def document_rules(options: RuleOptions, form: str) -> str:
    """Return the page of all rules in a format."""
    from analyzer.reference.commands import words_in  # noqa: PLC0415 - not needed by other commands
    from analyzer.reference.rule_set import rule_set_page  # noqa: PLC0415 - see above
    from analyzer.reference.write import written  # noqa: PLC0415 - see above

    words = words_in(options.language)
    conditions = load_texts(options.language, "rules")
    page = rule_set_page(load_rules(options.settings()), words, conditions)
    return written(page, form, terminal_width(), words("doc.contents"))


def list_fields(language: str, of: str) -> None:
    """Print name, kind and meaning of each field that rules, or conditions on items of a kind, may
    name, and the values of those that have few.
    """
    known = fields()
    listed: Iterable[Field | ItemField] = known.values()
    if of != "rules":
        from analyzer.annotate.items import load_kinds  # noqa: PLC0415 - not for rules

        listed = load_kinds()[of].fields().values()
    for each in listed:
        # what rules can ask of a call, too, has its words in each language there
        also = known.get(f"call.{each.name}") if of == "calls" else None
        meaning = in_language((also or each).meaning, language)
        click.echo(f"{each.name}  ({each.kind})  {meaning}")
        for value, words in each.choices.items():
            click.echo(f"    {value}  {in_language(words, language)}")
    click.echo(load_texts(language, "rules")("page.headers"))


def show_rule(rule_id: str, options: RuleOptions) -> None:
    """Print a rule as a page."""
    rule = find_rule(rule_id, load_rules(options.settings()))
    texts, words = load_texts(options.language, "rules"), load_texts(options.language)
    _print(rule_lines(rule, texts, words, terminal_width()))


def find_rule(written: str, rules: Sequence[Rule]) -> Rule:
    """Return the rule with an id, `603` short for RSP603; raises UsageError."""
    wanted = f"RSP{written}" if written.isdigit() else written.upper()
    by_id = {rule.id: rule for rule in rules}
    if wanted not in by_id:
        hint = did_you_mean(wanted, by_id)
        raise UsageError(f'no rule has the id "{written}"{hint}; "sipwhy rules list" names all')
    return by_id[wanted]


def check(directories: Sequence[Path]) -> list[str]:
    """Return every fault of the rules in directories, of the built-in ones for none; the examples
    are run where nothing else is wrong.
    """
    faults = check_rules(directories)
    if faults:
        return faults
    files = [each for path in directories for each in files_of(path)]
    files = files or rule_files(rules_root(), "rules", built_in=True)
    rules = [rule for rule, _ in (read_rule_file(each, examples=True) for each in files) if rule]
    with tempfile.TemporaryDirectory() as folder:
        return check_examples(rules, _Examples(Path(folder), tuple(directories)).run)


class _Examples:
    """Runs the examples of rules through the whole analysis."""

    def __init__(self, folder: Path, directories: tuple[Path, ...]) -> None:
        self._capture = folder / "example.pcap"
        self._directories = directories

    def run(
        self, rule_id: str, capture: bytes, settings: Mapping[str, str]
    ) -> list[tuple[str, ...]]:
        """Return case and notes of each finding of a rule."""
        from analyzer.pipeline import open_trace  # noqa: PLC0415 - not needed by other commands

        self._capture.write_bytes(capture)
        chosen = Settings(rules=self._directories, rule_settings=dict(settings))
        with open_trace([str(self._capture)], chosen) as trace:
            return list(_verdicts(trace, rule_id))


def _verdicts(trace: "Trace", rule_id: str) -> Iterator[tuple[str, ...]]:
    table = trace.findings
    columns = zip(table.rule.tolist(), table.case.tolist(), table.notes.tolist(), strict=True)
    for number, case, notes in columns:
        rule: Rule = trace.rules[number]
        if rule.id == rule_id:
            added = [note.id for bit, note in enumerate(rule.notes) if notes >> bit & 1]
            yield (rule.cases[case].id, *added)


@frozen
class TryOptions:
    """What a rule is tried on."""

    paths: tuple[str, ...]
    call: str
    everything: bool


def try_rule(written: str, options: RuleOptions, on: TryOptions) -> bool:
    """Print what a rule finds in captures and why, and tell whether it judged anything there; the
    rule is an id or a file.
    """
    from analyzer.annotate.trial import try_rule as trials  # noqa: PLC0415 - needs numpy
    from analyzer.pipeline import open_trace  # noqa: PLC0415 - see above
    from analyzer.render.trial_lines import nothing_to_judge, trial_lines  # noqa: PLC0415 - see above
    from analyzer.report.selection import select  # noqa: PLC0415 - see above

    settings, texts, width = (
        options.settings(),
        load_texts(options.language, "rules"),
        terminal_width(),
    )
    rule = _rule_to_try(written, settings)
    with open_trace(on.paths, replace(settings, rule_settings={})) as trace:
        if on.call and not select(trace, on.call):
            raise UsageError(load_texts(options.language)("nothing.no_call", part=on.call))
        found = list(trials(trace, rule, on.call))
        if not found:
            for line in nothing_to_judge(trace, rule, texts):
                click.echo(line)
            return False
        click.echo(texts.count("trial.judged", len(found), rule=rule.id))
        shown = found if on.everything else found[:TRIED]
        for each in shown:
            click.echo()
            _print(trial_lines(each, trace, rule, texts, width))
        if len(shown) < len(found):
            click.echo(f"\n{texts.count('trial.more', len(found) - len(shown))}")
    return True


def _rule_to_try(written: str, settings: Settings) -> Rule:
    if not written.endswith((".yaml", ".yml")):
        return find_rule(written, load_rules(settings))
    rule, faults = read_rule_file(rule_file_of(Path(written)))
    if rule is None:
        raise RuleError("\n".join(faults))
    return with_settings({rule.id: rule}, settings, ())[rule.id]


def begin_rule(rule_id: str, directory: Path) -> Path:
    """Write the file of a new rule and return its path; raises UsageError where one is."""
    rule_id = rule_id.upper() if not rule_id.isdigit() else f"RSP{rule_id}"
    path = directory / rule_path(rule_id)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(skeleton(rule_id))
    except FileExistsError:
        raise UsageError(f"{path}: there is such a file already") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None
    return path


def _print(lines: Iterable[Line]) -> None:
    for line in lines:
        click.echo("".join(text for text, _ in line).rstrip())
