"""Text that people or programs wrote → the same without addresses, numbers and the names that stand
elsewhere in the message: reason phrases, warnings, User-Agent.

Of such text the words are evidence; all that looks like somebody's is exchanged.
"""

import re
from collections.abc import Callable

from analyzer.redact.addresses import IPV4, IPV6
from analyzer.redact.names import NO_NAMES, Names

_SOMEBODY = re.compile(
    rf"""
    (?P<uri>\b(?:sips?|tel|https?|wss?|mailto|im|pres|xmpp|ldaps?|ftp|urn|msrps?):[^\s"<>;,)]+)
    | (?P<mail>[^\s"<>@,;:=()]+@[^\s"<>,;()=]+)
    | (?P<mac>\b[0-9A-Fa-f]{{2}}(?:[:-][0-9A-Fa-f]{{2}}){{5}}\b)
    | (?P<address>(?<![\w:]){IPV6}(?![\w:])|(?<![\w.])(?<!ersion[ ]){IPV4}(?![\w]|\.[0-9]))
    | (?P<host>(?<![\w.-])(?:[A-Za-z0-9_-]+\.)+(?!js\b)[A-Za-z]{{2,24}}(?![\w-]))
    | (?P<serial>\b(?=[0-9]*[A-Za-z])
        (?:(?=(?:[A-Za-z]*[0-9]){{4}})[A-Za-z0-9]{{8,}}|[0-9A-Fa-f]{{12}})\b)
    | (?P<number>\+?[0-9]{{5,}})
    | (?P<id>(?<=\bid=)[A-Za-z0-9_-]+)
    | (?P<word>\w[\w'-]*)
    """,
    re.VERBOSE | re.ASCII,
)
_USERS = re.compile(r"(?:sips?|tel):([^@;>\s:?\"<,]+)", re.IGNORECASE)
_DISPLAYS = re.compile(r"(?:\"([^\"\r\n]*)\"|\n[A-Za-z-]+[ \t]*:[ \t]*([^<>\"\r\n]+))[ \t]*<")
_USERNAMES = re.compile(r"username[ \t]*=[ \t]*\"([^\"]*)\"", re.IGNORECASE)
_WORD = re.compile(r"\w[\w'-]*", re.ASCII)
_SHORTEST_NAME = 3


def names_in(head: str) -> frozenset[str]:
    """Return the words that are names in a message: of users and of display names."""
    texts = [*_USERS.findall(head), *_USERNAMES.findall(head)]
    texts += [one or other for one, other in _DISPLAYS.findall(head)]
    words = {word.lower() for text in texts for word in _WORD.findall(text)}
    return frozenset(word for word in words if len(word) >= _SHORTEST_NAME) - NO_NAMES


class Prose:
    """Takes text; `known` are the names of the message it stands in."""

    def __init__(self, names: Names, uri: Callable[[str], str]) -> None:
        """Take the pseudonyms, and what takes URIs."""
        self._names = names
        self._uri = uri
        self.known: frozenset[str] = frozenset()

    def take(self, text: str) -> str:
        """Return the text without names."""
        return _SOMEBODY.sub(self._exchange, text)

    def _exchange(self, match: re.Match[str]) -> str:  # noqa: PLR0911 - a table of kinds
        found, names = match[0], self._names
        kind = match.lastgroup or ""
        if kind == "word":
            return names.user(found) if found.lower() in self.known else found
        if kind == "uri":
            return self._uri(found)
        if kind == "mail":
            user, _, host = found.rpartition("@")
            return f"{names.user(user)}@{names.host_port(host)}"
        if kind == "number":
            return names.user(found)
        if kind == "address":
            return names.addresses.text(found) or names.word(found)
        if kind == "host":
            return names.host(found)
        return names.word(found) if kind in {"mac", "serial"} else names.identifier(found)
