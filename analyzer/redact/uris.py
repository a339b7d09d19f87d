"""URIs, and parameters of headers and URIs → the same without names (RFC 3261 §19.1, RFC 3966)."""

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from analyzer.redact.known import kinds_of
from analyzer.redact.names import Names
from analyzer.sip.branch import COOKIE
from analyzer.sip.grammar import split_list
from analyzer.sip.registry import canonical_name

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*+):")
_AUTHORITY = re.compile(r"//(?:([^/?#@]*)@)?(\[[^\]]*\]|[^/?#:]*)((?::[0-9]*)?)(.*)", re.DOTALL)
_MAIL_SCHEMES = ("mailto", "im", "pres", "xmpp", "acct", "cid", "mid")
_URN_KINDS = ("uuid", "gsma", "ietf", "oid")
_KEPT_URNS = ("urn:service:", "urn:urn-7:3gpp-service", "urn:urn-7:3gpp-application")
_UNESCAPED = "-_.!~*'()[]/?:+$"
"""What a header of a URI may hold as it is (RFC 3261 §25.1, hvalue)."""
_INDEX = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3})*\Z")
_FLAG = re.compile(r"[A-Za-z0-9\-_+.!%*]{0,40}\Z")
_SHORT = re.compile(r"[A-Za-z0-9\-_./+]{0,40}\Z")
_KEPT = {
    "index": _INDEX,
    "number": re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,3})?\Z"),
    "word": _SHORT,
}
"""Kind of a parameter → values that stay."""
_FEATURES = ("+g.3gpp.", "+g.oma.", "+sip.", "+g.gsma.")
"""What feature tags begin with (RFC 3840 §9, 3GPP TS 24.229)."""


class Values:
    """URIs and parameters of one key; `prose` takes text that people wrote, `header` the name and
    the value of a header that stands in a URI.
    """

    def __init__(
        self, names: Names, prose: Callable[[str], str], header: Callable[[str, str], str]
    ) -> None:
        """Take the pseudonyms."""
        self.names = names
        self.prose = prose
        self._header = header
        self._takers: dict[str, Callable[[str], str]] = {
            "branch": self.branch,
            "uri": self._uri_or_opaque,
            "host": self._place,
            "user": names.user,
            "prose": prose,
        }

    def uri(self, text: str) -> str:  # noqa: PLR0911 - a table of schemes
        """Return a URI without names."""
        match = _SCHEME.match(text)
        if match is None:
            return self._without_scheme(text)
        scheme, rest = match[1].lower(), text[match.end() :]
        if scheme in {"sip", "sips"}:
            return match[0] + self._sip(rest)
        if scheme == "tel":
            return match[0] + self._with_parameters(rest, self.names.user)
        if scheme in _MAIL_SCHEMES:
            return match[0] + self._mail(rest)
        if scheme == "urn":
            return text if self._is_kept_urn(text) else match[0] + self._urn(rest)
        if rest.startswith("//"):
            return match[0] + self._authority(rest)
        # a host with a port looks like a scheme
        return self._without_scheme(text) if "." in scheme else match[0] + self.names.word(rest)

    @staticmethod
    def _is_kept_urn(text: str) -> bool:
        is_short = _SHORT.match(text.replace(":", "/")) is not None
        return text.lower().startswith(_KEPT_URNS) and is_short

    def _urn(self, rest: str) -> str:
        kind, colon, name = rest.partition(":")
        known = kind if kind.lower() in _URN_KINDS else self.names.word(kind)
        return known + colon + self.names.word(name)

    def _without_scheme(self, text: str) -> str:
        if text == "*":
            return text
        if "@" in text:
            return self._sip(text)
        found = self.names.addresses.text(text.strip("[]"))
        return self.names.host(text) if found else self.names.word(text)

    def _sip(self, rest: str) -> str:
        """Split where the parts are, as `sip.uri` does."""
        user_part, at, host_part = rest.rpartition("@")
        address, mark, headers = host_part.partition("?")
        host, *parameters = address.split(";")
        found = self._user_part(user_part) + at if at else ""
        found += self.names.host_port(host)
        for each in parameters:
            found += ";" + self.parameter(each)
        return found + mark + "&".join(map(self._uri_header, headers.split("&")))

    def _user_part(self, text: str) -> str:
        user, colon, password = text.partition(":")
        name, semicolon, parameters = user.partition(";")
        found = self.names.user(name)
        if semicolon:
            found += ";" + ";".join(map(self.parameter, parameters.split(";")))
        return found + colon + (self.names.word(password) if password else "")

    def _uri_header(self, text: str) -> str:
        name, equals, value = text.partition("=")
        if not _FLAG.match(name):
            return self.names.word(name) + equals + self.names.user(value)
        plain = unquote(value, "latin-1")
        is_body = name.lower() == "body"
        found = self.names.word(plain) if is_body else self._header(canonical_name(name), plain)
        return name + equals + quote(found, _UNESCAPED, "latin-1", "replace")

    def _with_parameters(self, text: str, take: Callable[[str], str]) -> str:
        first, *parameters = text.split(";")
        return ";".join([take(first), *map(self.parameter, parameters)])

    def _mail(self, rest: str) -> str:
        user, at, host = rest.rpartition("@")
        if not at:
            return self.names.identifier(rest)
        host, mark, more = host.partition("?")
        return self.names.user(user) + at + self.names.host_port(host) + mark + self.opaque(more)

    def _authority(self, rest: str) -> str:
        match = _AUTHORITY.match(rest)
        if match is None:
            return self.names.word(rest)
        user = self._user_part(match[1]) + "@" if match[1] is not None else ""
        return f"//{user}{self.names.host(match[2])}{match[3]}{self.names.word(match[4])}"

    def opaque(self, text: str) -> str:
        """Return what stands for a value of which only the sender knows what it means."""
        return " ".join(map(self.names.identifier, text.split(" ")))

    def parameter(self, text: str) -> str:
        """Return a parameter, `name` or `name=value`, without names."""
        name, equals, value = text.partition("=")
        bare = name.strip()
        if not _FLAG.match(bare) or self.names.addresses.text(bare):
            return self.names.word(name) + equals + self.opaque(value)
        if not equals:
            return self.flag(name)
        lead = value[: len(value) - len(value.lstrip())]
        value = value.strip()
        return f"{name}={lead}{self.value(bare.lower(), value)}"

    def flag(self, name: str) -> str:
        """Return a parameter without a value: it stays where it is known, or a feature tag."""
        bare = name.strip().lower()
        is_known = not bare or bare in kinds_of("parameter") or bare.startswith(_FEATURES)
        return name if is_known else self.names.word(name)

    def value(self, name: str, value: str) -> str:
        """Return the value of a parameter without names; quotes stay."""
        if value.startswith('"'):
            inner = value[1:].removesuffix('"')
            end = '"' if len(value) > 1 and value.endswith('"') else ""
            return f'"{self.value(name, inner) if inner else ""}{end}'
        if value.startswith("<"):
            inner = value[1:].removesuffix(">")
            return f"<{self.uri(inner)}{'>' if value.endswith('>') else ''}"
        return self._plain_value(name, value)

    def _plain_value(self, name: str, value: str) -> str:
        kind = kinds_of("parameter").get(name, "")
        pattern = _KEPT.get(kind)
        if pattern and pattern.match(value) and (kind == "index" or not self._is_address(value)):
            return value
        take = self._takers.get(kind, self.opaque)
        return take(value)

    def _is_address(self, value: str) -> bool:
        return self.names.addresses.text(value) is not None

    def _uri_or_opaque(self, value: str) -> str:
        return self.uri(value) if _SCHEME.match(value) else self.opaque(value)

    def _place(self, value: str) -> str:
        """Return a value that is a host, a URI, a number as context, or Kamailio's alias."""
        if _SCHEME.match(value) and not self._is_address(value):
            scheme = value.partition(":")[0].lower()
            if scheme in {"sip", "sips", "tel", "http", "https"}:
                return self.uri(value)
        if value.startswith("+"):
            return self.names.user(value)
        if "~" in value:
            address, *rest = value.split("~")
            return "~".join([self.names.host(address), *rest])
        return self.names.host_port(value)

    def branch(self, value: str) -> str:
        """Return a branch; the cookie says what kind it is (RFC 3261 §8.1.1.7)."""
        size = len(COOKIE)
        if value[:size].lower() == COOKIE.lower():
            return value[:size] + self.names.identifier(value[size:])
        return self.names.identifier(value)

    def parameters(self, text: str) -> str:
        """Return `;name=value` lists without names; what is none of these loses its words."""
        pieces = split_list(text, ";", 0, len(text))
        found, at = [], 0
        for start, end in pieces:
            found.append(text[at:start])
            piece = text[start:end]
            found.append(self.parameter(piece) if start or "=" in piece else self.opaque(piece))
            at = end
        return "".join(found) + text[at:]
