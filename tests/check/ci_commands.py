"""What a runner obeys in a log, read as GitHub's and Azure's runners read it (their sources parse
`::name properties::data` at the beginning of a line, spaces before it apart, and `##[name]` or
`##vso[name]` anywhere in it).
"""

import re
from typing import NamedTuple


class Command(NamedTuple):
    """A command with its properties and data decoded."""

    name: str
    properties: dict[str, str]
    data: str


def commands(log: str) -> list[Command]:
    """Return the commands of a log."""
    found = []
    for line in re.split(r"\r\n|[\r\n]", log):
        match = re.match(r"::([^\s:]+)(?: ([^:]*))?::(.*)", line.lstrip())
        if match:
            pairs = (each.partition("=") for each in (match[2] or "").split(",") if each)
            properties = {name.strip(): _decoded(value) for name, _, value in pairs}
            found.append(Command(match[1], properties, _decoded(match[3])))
        elif re.search(r"##[A-Za-z]*\[", line):
            found.append(Command("##", {}, line))
    return found


def _decoded(text: str) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text
