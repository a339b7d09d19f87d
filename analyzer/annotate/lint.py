"""What `sipwhy rules check` asks of rules beyond being readable: names, languages, examples."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from analyzer.annotate.dialogue import dialogue_capture
from analyzer.annotate.faults import Fault, did_you_mean, located
from analyzer.annotate.load import read_rule_file
from analyzer.annotate.read_rule import LANGUAGES
from analyzer.annotate.rule import Case, Example, Rule, setting_text
from analyzer.annotate.rule_files import RuleFile, files_of, rule_files, rules_root
from analyzer.sip.registry import response_codes

Run = Callable[[str, bytes, Mapping[str, str]], Sequence[tuple[str, ...]]]
"""Analyzes a capture for the rule of an id, with settings (`RULE.setting` → value), and returns for
each finding of the rule its case and notes.
"""


def check_rules(directories: Sequence[Path] = ()) -> list[str]:
    """Return the faults of all rules in the directories, of the built-in ones for none."""
    if not directories:
        return check_rule_files(rule_files(rules_root(), "rules", built_in=True))
    files = [each for path in directories for each in files_of(path)]
    return check_rule_files(files)


def check_rule_files(files: Sequence[RuleFile]) -> list[str]:
    """Return the faults of rule files as `file:line:column: what`."""
    lines: list[str] = []
    seen: dict[str, str] = {}
    for file in files:
        rule, faults = read_rule_file(file, examples=True)
        lines += faults
        if rule is None:
            continue
        found = list(_faults(rule, file))
        if rule.id in seen:
            found.append(Fault(("id",), f"{rule.id} is the id of {seen[rule.id]} too"))
        seen.setdefault(rule.id, file.shown)
        if found:
            lines += located(file.shown, file.file.read_text(encoding="utf-8"), found)
    return lines


def _faults(rule: Rule, file: RuleFile) -> Iterator[Fault]:
    if rule.id != file.id:
        yield Fault(("id",), f"{rule.id} does not fit the folder and name of its file, {file.id}")
    yield from _title_faults(rule)
    if file.built_in:
        yield from _language_faults(rule)
    for kind, cases in (("cases", rule.cases), ("notes", rule.notes)):
        for index, case in enumerate(cases):
            if kind == "cases" and not case.next_steps:
                yield Fault((kind, index), f'the case "{case.id}" says nothing of what to do')
    yield from _example_faults(rule)


def _title_faults(rule: Rule) -> Iterator[Fault]:
    if not rule.id.startswith("RSP"):
        return
    code = response_codes().get(int(rule.id.removeprefix("RSP")))
    if code is not None and rule.title.get("en") != f"{code.code} {code.phrase}":
        yield Fault(("title",), f'the English title must be "{code.code} {code.phrase}"')


def _language_faults(rule: Rule) -> Iterator[Fault]:
    texts: list[tuple[tuple[str | int, ...], Mapping[str, object]]] = [
        (("title",), rule.title),
        (("meaning",), rule.meaning),
        (("seen",), rule.seen),
        (("resolve",), rule.resolve),
        *((("settings", name, "meaning"), each.meaning) for name, each in rule.settings.items()),
    ]
    for index, said in enumerate(rule.misconceptions):
        texts += [
            (("misconceptions", index, "claim"), said.claim),
            (("misconceptions", index, "truth"), said.truth),
        ]
    for kind, cases in (("cases", rule.cases), ("notes", rule.notes)):
        for index, case in enumerate(cases):
            texts += [((kind, index, *path), text) for path, text in _texts_of(case)]
    for path, text in texts:
        for language in LANGUAGES:
            if text and language not in text:
                yield Fault(path, f'the language "{language}" is missing')


def _texts_of(case: Case) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, object]]]:
    yield ("message",), case.message
    yield ("next_steps",), case.next_steps
    if case.likely:
        yield ("likely",), case.likely.text
    for index, variant in enumerate(case.variants):
        yield ("variants", index, "message"), variant.message or {}
        yield ("variants", index, "next_steps"), variant.next_steps or {}
        yield ("variants", index, "likely"), variant.likely.text if variant.likely else {}


def _example_faults(rule: Rule) -> Iterator[Fault]:
    cases, notes = [each.id for each in rule.cases], [each.id for each in rule.notes]
    reached: set[str] = set()
    for index, example in enumerate(rule.examples):
        path = ("examples", index, "findings")
        for case, *added in example.findings:
            reached.update((case, *added))
            unknown = [(case, cases)] if case not in cases else []
            unknown += [(note, notes) for note in added if note not in notes]
            for name, known in unknown:
                yield Fault(path, f'unknown case or note "{name}"{did_you_mean(name, known)}')
    for kind, ids in (("cases", cases), ("notes", notes)):
        for index, name in enumerate(ids):
            if name not in reached:
                yield Fault((kind, index, "id"), f'no example reaches "{name}"')
    if all(example.findings for example in rule.examples):
        yield Fault((), "no example without a finding")


def check_examples(rules: Sequence[Rule], run: Run) -> list[str]:
    """Return a line for each example whose findings are not those it states."""
    lines = []
    for rule in rules:
        for example in rule.examples:
            capture, settings = dialogue_capture(example.dialogue), settings_of(rule, example)
            found = tuple(run(rule.id, capture, settings))
            if found != example.findings:
                lines.append(
                    f'{rule.path}: example "{example.name}": expected '
                    f"{_listed(example.findings)}, found {_listed(found)}"
                )
    return lines


def settings_of(rule: Rule, example: Example) -> dict[str, str]:
    """Return the settings of an example as --set would give them."""
    return {f"{rule.id}.{name}": setting_text(value) for name, value in example.settings.items()}


def _listed(findings: Sequence[tuple[str, ...]]) -> str:
    return "; ".join(", ".join(each) for each in findings) or "no finding"
