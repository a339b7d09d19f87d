"""Where rule files are: the built-in ones and those of a directory, each with the id that its
folder and name stand for. The file of RSP603 is `responses/603.yaml`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from analyzer.errors import RuleError
from analyzer.frozen import frozen

FAMILIES: Mapping[str, str] = {
    "RSP": "responses",
    "TXN": "transactions",
    "DLG": "dialogs",
    "SUB": "subscriptions",
    "REG": "registrations",
    "SDP": "media",
    "MSG": "syntax",
    "SEC": "security",
}
"""Family of a rule id → folder of its files."""


@frozen
class RuleFile:
    """A file of a rule directory."""

    id: str
    """The rule id its folder and name stand for; the path where they stand for none."""
    file: Path
    shown: str
    """Path as shown to the user."""
    built_in: bool = False


def rules_root() -> Path:
    """Return where the built-in rules are: inside the installed package, or beside it in a
    checkout.
    """
    package = Path(__file__).resolve().parents[1]
    installed = package / "_rules"
    if installed.is_dir():
        return installed
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "rules" / "schema.json").is_file():
        return checkout / "rules"
    raise FileNotFoundError("the built-in rules are missing: reinstall sipwhy")


def rule_files(root: Path, shown: str, *, built_in: bool = False) -> list[RuleFile]:
    """Return the rule files of a directory and its folders, in the order of their paths."""
    return [
        RuleFile(_id_of(parts), file, "/".join((shown, *parts)), built_in)
        for parts, file in _yaml_files(root, ())
    ]


def files_of(directory: Path) -> list[RuleFile]:
    """Return the rule files of a directory that the user names; raises RuleError without any."""
    files = rule_files(directory, str(directory)) if directory.is_dir() else []
    if not files:
        raise RuleError(f"{directory}: no directory of rules: name one that holds .yaml files")
    return files


def rule_file_of(file: Path) -> RuleFile:
    """Return the rule file that the user names."""
    return RuleFile(_id_of(file.parts[-2:]), file, str(file))


def _yaml_files(folder: Path, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Path]]:
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.is_dir() and not each.name.startswith((".", "_")):
            yield from _yaml_files(each, (*above, each.name))
        elif each.name.endswith((".yaml", ".yml")):
            yield (*above, each.name), each


def _id_of(parts: tuple[str, ...]) -> str:
    number = parts[-1].rpartition(".")[0]
    folder = parts[-2] if len(parts) > 1 else ""
    for family, name in FAMILIES.items():
        if name == folder and number.isdigit():
            return family + number
    return "/".join(parts)
