"""Values of SIP headers → the same without names, header by header.

What a header may say is known for the registered ones. The value of any other header keeps its
shape only, and so does what is malformed.
"""

import re
from collections.abc import Callable

from analyzer.redact.credentials import Credentials
from analyzer.redact.known import kinds_of
from analyzer.redact.names import NO_NAMES, Names
from analyzer.redact.passport import redact_token
from analyzer.redact.prose import Prose
from analyzer.redact.uris import Values
from analyzer.sip.address import scan_address
from analyzer.sip.grammar import split_list, unfold
from analyzer.sip.registry import request_methods

_NUMBERS = re.compile(r"(?:[0-9][0-9:.]*|[+-][0-9]{4}|[A-Z]{2,16}|[A-Z][a-z]{2}|[ ,])*\Z")
"""Numbers, methods, and the words of a date."""
_FEWEST_OF_A_NUMBER = 11
_FIRST_NUMBER = re.compile(
    rf"[0-9]{{1,10}}(?![0-9.])(?:[ \t]+(?:{'|'.join(sorted(request_methods()))})(?![A-Za-z0-9]))?"
)
_LONG_NUMBER = re.compile(rf"[0-9]{{{_FEWEST_OF_A_NUMBER},}}|(?:[0-9]+\.){{3}}[0-9]+")
_HOP = re.compile(r"(\S+\s*/\s*\S+\s*/\s*[A-Za-z0-9\-_.!%*+`'~]+\s+)([^\s;,]+)", re.DOTALL)
_STANDARD_WORD = re.compile(r"[A-Za-z0-9\-_.!%*+`'~/]{1,60}\Z")
_DELAY = re.compile(r"([0-9]{1,10})(\s*)(\(.*\))\s*\Z", re.DOTALL)
"""Seconds with a comment, as Retry-After has them (RFC 3261 §20.33)."""
_WARNING = re.compile(r'(\s*[0-9]{3}\s+)([^\s",]+)(\s*)("(?:[^"\\]|\\.)*"?)', re.DOTALL)
_PLAIN_WORD = re.compile(r"[A-Za-z0-9\-,_ ]{0,40}\Z")
_IPV4_LIKE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_ERROR_HEADERS = frozenset(("x-twilio-error",))
_ERROR_CODE = re.compile(r"[0-9]{5}\Z")
_MOST_KNOWN = 1 << 15
_LONGEST_KNOWN = 512


def _bare(word: str) -> str:
    return word.strip(".,;:!\"'()").lower()


class HeaderValues:
    """Takes the values of headers."""

    def __init__(self, names: Names) -> None:
        """Take the pseudonyms."""
        self.names = names
        self.prose = Prose(names, self._uri)
        self.values = Values(names, self.prose.take, self.take)
        self._known: dict[tuple[str, str, frozenset[str]], str] = {}
        takers: dict[str, Callable[[str], str]] = {
            "addresses": self._addresses,
            "words": self._words,
            "privacy": self._privacy,
            "numbers": self._numbers,
            "prose": self.prose.take,
            "phrase": names.phrase,
            "credentials": Credentials(self.values).take,
            "via": self._via,
            "call-id": names.identifier,
            "call-ids": self._identifiers,
            "dialog": self._dialog,
            "session-id": self._session_id,
            "reasons": self._reasons,
            "warnings": self._warnings,
            "content-type": self._word,
            "identity": self._identity,
            "parameters": self.values.parameters,
            "networks": self._networks,
        }
        self._takers = {name: takers[kind] for name, kind in kinds_of("header").items()}

    def _uri(self, text: str) -> str:
        return self.values.uri(text)

    def take(self, name: str, value: str) -> str:
        """Return the value of a header, by its IANA name, without names."""
        text = unfold(value) if "\n" in value else value
        take = self._takers.get(name)
        if take is None:
            return self._private(name, text)
        if len(text) > _LONGEST_KNOWN:
            return take(text)
        known = self.prose.known
        found = self._known.get((name, text, known))
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = self._known[name, text, known] = take(text)
        return found

    def _private(self, name: str, text: str) -> str:
        """Keep the words with which providers name trouble with an account, and nothing else."""
        is_error = name.lower() in _ERROR_HEADERS
        return " ".join(
            each
            if _bare(each) in kinds_of("word") or (is_error and _ERROR_CODE.match(each))
            else self.names.identifier(each)
            for each in text.split(" ")
        )

    def _list(self, text: str, take: Callable[[str], str]) -> str:
        found, at = [], 0
        for start, end in split_list(text, ",", 0, len(text)):
            found.append(text[at:start])
            found.append(take(text[start:end]) if start < end else "")
            at = end
        return "".join(found) + text[at:]

    def _addresses(self, text: str) -> str:
        return self._list(text, self._address)

    def _address(self, text: str) -> str:
        spans = scan_address(text, 0, len(text))
        pieces = [(*spans.uri, self.values.uri)]
        if spans.display[1]:
            pieces.append((*spans.display, self._display))
        (uri_at, uri_len), end = spans.uri, len(text)
        rest = uri_at + uri_len
        behind = text[rest : rest + 1] == ">"
        tail = rest + behind
        found, at = [], 0
        for start, length, take in sorted(pieces, key=lambda each: each[0]):
            found.append(self._between(text[at:start]))
            found.append(take(text[start : start + length]))
            at = start + length
        found.append(text[at:tail])
        found.append(self.values.parameters(text[tail:end]))
        return "".join(found)

    def _between(self, text: str) -> str:
        """Return what stands between the parts of an address, which is nothing but punctuation."""
        return text if not any(each.isalnum() for each in text) else self.names.word(text)

    def _display(self, text: str) -> str:
        bare = text.strip('"').strip()
        if bare.lower() in NO_NAMES:
            return text
        try:
            plain = text.encode("latin-1").decode("utf-8")
        except UnicodeError:
            plain = "".join(each if each < "\x80" else "\xff" for each in text)
            return self.names.word(plain)
        return self.names.word(plain).encode("utf-8").decode("latin-1")

    def _words(self, text: str) -> str:
        return self._list(text, self._word)

    def _word(self, text: str) -> str:
        first, semicolon, parameters = text.partition(";")
        kept = _STANDARD_WORD.match(first.strip()) and not _LONG_NUMBER.search(first)
        delay = _DELAY.match(first)
        if delay:
            found = delay[1] + delay[2] + self.names.word(delay[3])
        else:
            found = first if kept or not first.strip() else self.values.opaque(first)
        return found + (self.values.parameters(semicolon + parameters) if semicolon else "")

    def _privacy(self, text: str) -> str:
        """Take words that semicolons part, commas too in what some devices send (RFC 3323 §4.2)."""
        return "".join(
            each if each in ";," or _STANDARD_WORD.match(each.strip()) else self.names.word(each)
            for each in re.split("([;,])", text)
        )

    def _numbers(self, text: str) -> str:
        if _NUMBERS.match(text) and not _LONG_NUMBER.search(text):
            return text
        first = _FIRST_NUMBER.match(text)
        kept = first[0] if first else ""
        return kept + self.values.opaque(text[len(kept) :])

    def _via(self, text: str) -> str:
        return self._list(text, self._hop)

    def _hop(self, text: str) -> str:
        match = _HOP.match(text)
        if match is None:
            return self.values.opaque(text)
        protocol = match[1]
        if _IPV4_LIKE.search(protocol):
            protocol = self.names.word(protocol)
        rest = text[match.end() :]
        if rest.lstrip().startswith(":"):
            port, semicolon, rest = rest.partition(";")
            kept = port if port.strip(" :").isdigit() else self.names.word(port)
            rest = kept + self.values.parameters(semicolon + rest)
        else:
            rest = self.values.parameters(rest)
        return protocol + self.names.host_port(match[2]) + rest

    def _identifiers(self, text: str) -> str:
        return self._list(text, self.names.identifier)

    def _dialog(self, text: str) -> str:
        call_id, semicolon, parameters = text.partition(";")
        return self.names.identifier(call_id) + self.values.parameters(semicolon + parameters)

    def _session_id(self, text: str) -> str:
        first, *parameters = text.split(";")
        found = [self._uuid(first)]
        for each in parameters:
            name, equals, value = each.partition("=")
            is_remote = name.strip().lower() == "remote"
            found.append(
                name + equals + self._uuid(value) if is_remote else self.values.parameter(each)
            )
        return ";".join(found)

    def _uuid(self, text: str) -> str:
        # Zeros say that the other side is not known yet (RFC 7989 §5).
        return text if not text.strip("0 ") else self.names.identifier(text)

    def _reasons(self, text: str) -> str:
        return self._list(text, self._reason)

    def _reason(self, text: str) -> str:
        protocol, semicolon, parameters = text.partition(";")
        kept = protocol if _PLAIN_WORD.match(protocol) or protocol == "Q.850" else ""
        found = kept or self.prose.take(protocol)
        return found + self._reason_parameters(semicolon + parameters) if semicolon else found

    def _reason_parameters(self, text: str) -> str:
        found, at = [], 0
        for start, end in split_list(text, ";", 0, len(text)):
            found.append(text[at:start])
            name, equals, value = text[start:end].partition("=")
            plain = name.strip().lower()
            if plain in {"cause", "location"} and _PLAIN_WORD.match(value):
                found.append(text[start:end])
            else:
                found.append(self.prose.take(name) + equals + self.prose.take(value))
            at = end
        return "".join(found) + text[at:]

    def _warnings(self, text: str) -> str:
        found, at = [], 0
        for match in _WARNING.finditer(text):
            found.append(self.prose.take(text[at : match.start()]))
            agent = self.names.host_port(match[2])
            found.append(f"{match[1]}{agent}{match[3]}{self.prose.take(match[4])}")
            at = match.end()
        return "".join(found) + (self.prose.take(text[at:]) if found else self.values.opaque(text))

    def _networks(self, text: str) -> str:
        return self._list(text, self._network)

    def _network(self, text: str) -> str:
        first, semicolon, parameters = text.partition(";")
        bare = first.strip().strip('"')
        return first.replace(bare, self.names.host(bare)) + self.values.parameters(
            semicolon + parameters
        )

    def _identity(self, text: str) -> str:
        return self._list(text, self._signed)

    def _signed(self, text: str) -> str:
        token, semicolon, parameters = text.partition(";")
        found = redact_token(token, self.names, self.values.uri)
        return found + (self.values.parameters(semicolon + parameters) if semicolon else "")
