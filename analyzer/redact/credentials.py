"""Challenges and credentials → the same without users, realms and secrets (RFC 3261 §20.44, §22).

What tells why an authentication failed stays: algorithm, qop, stale, and which nonce is which.
"""

import re

from analyzer.redact.uris import Values

_PARAMETER = re.compile(r'([A-Za-z0-9\-]+)(\s*=\s*)("(?:[^"\\]|\\.)*"?|[^\s,"]*)', re.DOTALL)
_SCHEME = re.compile(r"\s*([A-Za-z0-9\-]+)(\s+|\Z)")
_SCHEMES = frozenset(("digest", "basic", "bearer", "ntlm", "kerberos", "tls-dsk", "negotiate"))
_KEPT = frozenset(("algorithm", "qop", "nc", "stale", "version", "userhash", "charset"))
_WORDS = re.compile(r"[A-Za-z0-9\-,_ ]{0,40}\Z")
_URI_BEGINNINGS = ("sip:", "sips:", "tel:")


class Credentials:
    """Takes values of headers that challenge or answer."""

    def __init__(self, values: Values) -> None:
        """Take what takes URIs."""
        self._values = values
        self._names = values.names

    def take(self, text: str) -> str:
        """Return a value without names and secrets."""
        scheme = _SCHEME.match(text)
        rest = text[scheme.end() :] if scheme else text
        if scheme and scheme[1].lower() in _SCHEMES:
            return scheme[0] + self._rest(rest)
        # Authentication-Info has no scheme
        return self._parameters(text) if "=" in text else self._values.opaque(text)

    def _rest(self, text: str) -> str:
        has_parameters = _PARAMETER.match(text) and "=" in text.rstrip("=")
        return self._parameters(text) if has_parameters else self._names.word(text)

    def _parameters(self, text: str) -> str:
        found, at = [], 0
        for match in _PARAMETER.finditer(text):
            found.append(self._between(text[at : match.start()]))
            found.append(match[1] + match[2] + self._value(match[1].lower(), match[3]))
            at = match.end()
        return "".join(found) + self._between(text[at:])

    def _between(self, text: str) -> str:
        words = text.strip(" ,\t").lower()
        return text if not words or words in _SCHEMES else self._names.word(text)

    def _value(self, name: str, value: str) -> str:
        if not value.startswith('"'):
            return self._plain(name, value)
        end = '"' if len(value) > 1 and value.endswith('"') else ""
        return f'"{self._plain(name, value[1:].removesuffix(end or chr(0)))}{end}'

    def _plain(self, name: str, value: str) -> str:
        if not value or (name in _KEPT and _WORDS.match(value)):
            return value
        if name in {"username", "realm"}:
            return self._party(name, value)
        return self._values.uri(value) if name == "uri" else self._names.identifier(value)

    def _party(self, name: str, value: str) -> str:
        """Return a user or a realm, either of which may be both with `@` between."""
        if value.lower().startswith(_URI_BEGINNINGS):
            return self._values.uri(value)
        user, at, host = value.rpartition("@")
        if at:
            return self._names.user(user) + at + self._names.host_port(host)
        return self._names.user(value) if name == "username" else self._names.host_port(value)
