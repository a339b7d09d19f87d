"""The short texts of reference, one file of `texts/` for each kind of subject, in two languages.

A file is read when something of its kind is asked for, and kept parsed as `yaml_cache` does.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from analyzer.annotate.rule_text import read_yaml
from analyzer.frozen import frozen
from analyzer.yaml_cache import parse_once

FOLDER = Path(__file__).parent / "texts"

Text: TypeAlias = Mapping[str, str]
"""Language → text."""


@frozen
class Entry:
    """What is said of one subject."""

    says: Text
    traps: Mapping[str, tuple[str, ...]]
    """Language → what goes wrong with it, and what to do then."""
    near: Mapping[str, Text]
    """Neighbour → how it differs."""
    references: tuple[str, ...]


@frozen
class Pair:
    """How two response codes differ."""

    codes: tuple[int, int]
    difference: Text
    use: Text
    references: tuple[str, ...]

    def other(self, code: int) -> int:
        """Return the one that is not this code."""
        return self.codes[self.codes[0] == code]


def data_of(name: str) -> Any:  # noqa: ANN401 - plain data of a file of the program
    """Return what a file of texts holds."""
    path = FOLDER / f"{name}.yaml"
    data, _ = parse_once(path, path.read_text(encoding="utf-8"), read_yaml)
    return data


@cache
def entries(name: str, part: str = "") -> Mapping[str, Entry]:
    """Return the entries of a file, or of a part of it, by their subject."""
    data = data_of(name)
    if part:
        data = data[part]
    return {str(key): _entry(each) for key, each in data.items()}


def _entry(data: Mapping[str, Any]) -> Entry:
    return Entry(
        says=data["says"],
        traps={name: tuple(each) for name, each in data.get("traps", {}).items()},
        near=data.get("near", {}),
        references=tuple(data.get("references", ())),
    )


@cache
def pairs() -> tuple[Pair, ...]:
    """Return the pairs of codes that are confused."""
    return tuple(
        Pair(
            (each["codes"][0], each["codes"][1]),
            each["difference"],
            each["use"],
            tuple(each["references"]),
        )
        for each in data_of("comparisons")
    )


def pairs_of(code: int) -> list[Pair]:
    """Return the pairs of a code, in the order of the other one."""
    return sorted((each for each in pairs() if code in each.codes), key=lambda p: p.other(code))


def pair_of(first: int, second: int) -> Pair | None:
    """Return how two codes differ, None when nobody has written it."""
    return next((each for each in pairs() if {*each.codes} == {first, second}), None)


@cache
def situations() -> Mapping[int, Text]:
    """Return for each response code when it is the right one."""
    return {code: each["use"] for code, each in data_of("codes").items()}


@cache
def classes() -> Mapping[int, Mapping[str, Any]]:
    """Return for the first digit of a code which code an unknown one is taken for, and a text."""
    found: Mapping[int, Mapping[str, Any]] = data_of("classes")
    return found


@cache
def aliases() -> Mapping[str, tuple[str, ...]]:
    """Return what people type → what it may mean."""
    return {str(word): tuple(meant) for word, meant in data_of("aliases").items()}
