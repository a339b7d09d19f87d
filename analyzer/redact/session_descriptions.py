"""SDP → the same without addresses, names and keys (RFC 8866, RFC 8839, RFC 4568).

Media, ports, formats and directions stay: they name nobody, and calls are judged by them.
"""

import re
from collections.abc import Callable

from analyzer.redact.header_values import HeaderValues
from analyzer.redact.known import kinds_of

_LINE = re.compile(r"([A-Za-z])=([^\r\n]*)")
_ADDRESS_LINE = re.compile(r"(\S+\s+\S+\s+)([^\s/]+)(.*)")
_ORIGIN = re.compile(r"(\S+)(\s+)(\S+)(\s+)(\S+)(\s+\S+\s+\S+\s+)(\S+)(.*)")
_NUMBER = re.compile(r"[0-9]{1,20}\Z")
_CANDIDATE = re.compile(r"(\S+)(\s+\S+\s+\S+\s+\S+\s+)(\S+)(\s+[0-9]+)(.*)")
_NET_ADDRESS = re.compile(r"(\bIN\s+IP[46]\s+)(\S+)")
_MEDIA = re.compile(
    r"[A-Za-z\-]+ [0-9]{1,5}(?:/[0-9]+)? [A-Za-z0-9/.\-]+(?: [A-Za-z0-9.*+\-]+)*\s*"
)
_PLAIN = re.compile(r"[A-Za-z0-9 :;,=./+\-_*()\[\]{}%|]*\Z")
_TIMES = re.compile(r"[0-9 dhms+\-]*")
_PLAIN_LINES = {
    "v": _NUMBER,
    "m": _MEDIA,
    "b": re.compile(r"[A-Za-z0-9\-]+:[0-9]+\s*"),
    "t": _TIMES,
    "r": _TIMES,
    "z": _TIMES,
}
"""Lines that stay where they are as they should be."""
_FLAG = re.compile(r"\s*[A-Za-z0-9\-_.]{1,32}\s*\Z")
_LONGEST = 512
_KEPT_PAIRS = ("typ", "tcptype")
_PAIR_NAMES = frozenset(
    (
        "typ", "raddr", "rport", "generation", "ufrag", "pwd", "network-id", "network-cost",
        "tcptype", "svn", "",
    )
)  # fmt: skip  # read side by side
_NET_WORDS = frozenset(("IN", "IP4", "IP6", "incl", "excl", "*", ""))
_ADDRESS_ATTRIBUTES = ("candidate", "remote-candidates", "rtcp", "source-filter", "alt")


class SessionDescriptions:
    """Takes lines of SDP."""

    def __init__(self, values: HeaderValues) -> None:
        """Take what takes values."""
        self._values = values
        self._names = values.names
        self._takers: dict[str, Callable[[str], str]] = {
            "o": self._origin,
            "c": self._connection,
            "a": self._attribute,
            "u": values.values.uri,
            "p": values.names.user,
        }

    def line(self, text: str) -> str:
        """Return a line, without its end, without names."""
        match = _LINE.fullmatch(text.rstrip())
        if match is None:
            return self._names.word(text)
        name, value = match[1], match[2]
        return f"{name}={self._value(name, value)}{text[match.end() :]}"

    def _value(self, name: str, value: str) -> str:
        take = self._takers.get(name)
        if take:
            return take(value)
        pattern = _PLAIN_LINES.get(name)
        if pattern is None:
            return self._names.phrase(value)
        return value if pattern.fullmatch(value) else self._opaque(value)

    def _origin(self, value: str) -> str:
        match = _ORIGIN.fullmatch(value)
        if match is None:
            return self._values.values.opaque(value)
        user, session, version = (
            each if _NUMBER.match(each) and at else self._names.user(each)
            for at, each in enumerate((match[1], match[3], match[5]))
        )
        rest = self._values.values.opaque(match[8]) if match[8] else ""
        head = f"{user}{match[2]}{session}{match[4]}{version}"
        return f"{head}{match[6]}{self._names.host(match[7])}{rest}"

    def _connection(self, value: str) -> str:
        match = _ADDRESS_LINE.fullmatch(value)
        if match is None:
            return self._values.values.opaque(value)
        rest = match[3] if _TIMES.fullmatch(match[3].replace("/", "")) else ""
        return match[1] + self._names.host(match[2]) + rest

    def _attribute(self, value: str) -> str:
        name, colon, text = value.partition(":")
        bare = name.strip()
        if not colon:
            return value if bare in kinds_of("attribute") else self._names.word(value)
        return self._flag(name) + colon + self._attribute_value(bare, text)

    def _attribute_value(self, name: str, text: str) -> str:
        if name in _ADDRESS_ATTRIBUTES:
            return self._with_addresses(name, text)
        if name == "ssrc":
            return self._source(text)
        if name == "crypto":
            return self._crypto(text)
        if name == "path":
            return " ".join(map(self._values.values.uri, text.split(" ")))
        is_plain = _PLAIN.match(text) and len(text) < _LONGEST and not _NET_ADDRESS.search(text)
        if name == "tool" or (name in kinds_of("attribute") and is_plain):
            return self._values.prose.take(text) if "." in text or name == "tool" else text
        return self._opaque(text)

    def _flag(self, name: str) -> str:
        return name if _FLAG.match(name) else self._opaque(name)

    def _opaque(self, text: str) -> str:
        return self._values.values.opaque(text)

    def _source(self, text: str) -> str:
        number, blank, rest = text.partition(" ")
        attribute, colon, inner = rest.partition(":")
        kept = number if _NUMBER.match(number) else self._names.word(number)
        return (
            f"{kept}{blank}{self._flag(attribute) if attribute else ''}{colon}{self._opaque(inner)}"
        )

    def _with_addresses(self, name: str, text: str) -> str:
        match = _CANDIDATE.fullmatch(text) if name == "candidate" else None
        if match:
            head = self._names.identifier(match[1]) + match[2]
            return head + self._names.host(match[3]) + match[4] + self._candidate_rest(match[5])
        return " ".join(
            each if each in _NET_WORDS or each.isdigit() else self._names.host(each)
            for each in text.split(" ")
        )

    def _candidate_rest(self, text: str) -> str:
        """Take the pairs of name and value behind the port (RFC 8839 §5.1)."""
        found, before = [], ""
        for word in text.split(" "):
            is_address = self._names.addresses.text(word) is not None or "." in word
            if before == "raddr" or is_address:
                found.append(self._names.host(word))
            elif before in _KEPT_PAIRS or word in _PAIR_NAMES or word.isdigit():
                found.append(word)
            else:
                found.append(self._names.identifier(word))
            before = word
        return " ".join(found)

    def _crypto(self, text: str) -> str:
        # tag, suite, inline:key|lifetime|MKI, session parameters (RFC 4568 §9.1)
        words = text.split(" ")
        return " ".join(
            words[at] if at < 2 and _PLAIN.match(words[at]) else self._key(words[at])
            for at in range(len(words))
        )

    def _key(self, text: str) -> str:
        method, colon, key = text.partition(":")
        key, bar, rest = key.partition("|")
        kept = rest if re.fullmatch(r"[0-9^|:]*", rest) else self._names.word(rest)
        if not colon:
            return text if re.fullmatch(r"[A-Z_]{1,32}(?:=[0-9]+)?", text) else self._opaque(text)
        return f"{self._flag(method)}{colon}{self._names.word(key)}{bar}{kept}"
