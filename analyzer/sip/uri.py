"""URIs of SIP messages: sip and sips in their parts, any other scheme as it is (RFC 3261 §19.1)."""

import re
from urllib.parse import unquote_to_bytes

from analyzer.frozen import frozen
from analyzer.sip.grammar import Parameter, parameter_value, unquote

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*+):")
_HOST_PORT = re.compile(r"(\[[^\]]*+\]|[^:]*+)(?::([0-9]{1,5}))?")


@frozen
class Uri:
    """A URI; parts it does not have are empty, escapes are kept as they are written."""

    scheme: str
    """In lower case; empty when the text has none."""
    user: str = ""
    """Before `@`, without the password; the number of a tel URI."""
    password: str = ""
    host: str = ""
    port: int | None = None
    parameters: tuple[Parameter, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    """The whole URI as written."""

    @classmethod
    def parse(cls, text: str) -> "Uri":
        """Read a URI; what is no URI keeps its text and an empty scheme."""
        scheme_match = _SCHEME.match(text)
        if scheme_match is None:
            return cls("", text=text)
        scheme = scheme_match[1].lower()
        rest = text[scheme_match.end() :]
        if scheme in ("sip", "sips"):
            return _parse_sip(scheme, rest, text)
        if scheme == "tel":
            number, *parameters = rest.split(";")
            return cls(scheme, user=number, parameters=_parameters(parameters), text=text)
        return cls(scheme, text=text)

    def parameter(self, name: str) -> str | None:
        """Return the value of a URI parameter; None when it is absent or has none."""
        return parameter_value(self.parameters, name)

    @property
    def plain_user(self) -> str:
        r"""The user with its escapes resolved once; bytes that are not UTF-8 become `\\xNN`."""
        return unquote_to_bytes(self.user).decode("utf-8", "backslashreplace")

    @property
    def address_of_record(self) -> str:
        """The URI without password, port 5060, parameters and headers; host in lower case."""
        if not self.host:
            return f"{self.scheme}:{self.user}" if self.user else self.text
        port = "" if self.port in (None, 5060) else f":{self.port}"
        user = f"{self.user}@" if self.user else ""
        return f"{self.scheme}:{user}{self.host.lower()}{port}"


def _parse_sip(scheme: str, rest: str, text: str) -> Uri:
    """Split at the last `@`: only a user part may hold `;`, `?` and `,` unescaped."""
    user_part, at, host_part = rest.rpartition("@")
    user, _, password = user_part.partition(":") if at else ("", "", "")
    address, _, headers = host_part.partition("?")
    host_port, *parameters = address.split(";")
    match = _HOST_PORT.fullmatch(host_port)
    host, port = (match[1], match[2]) if match else (host_port, None)
    return Uri(
        scheme,
        user,
        password,
        host,
        int(port) if port else None,
        _parameters(parameters),
        tuple(_pair(each) for each in headers.split("&")) if headers else (),
        text,
    )


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _parameters(pieces: list[str]) -> tuple[Parameter, ...]:
    parameters = []
    for piece in pieces:
        name, equals, value = piece.partition("=")
        if name:
            parameters.append(Parameter(name.lower(), unquote(value) if equals else None))
    return tuple(parameters)


def has_scheme(text: str) -> bool:
    """Tell whether a text begins like a URI and has something after the scheme."""
    match = _SCHEME.match(text)
    return match is not None and match.end() < len(text)


def has_headers(text: str) -> bool:
    """Tell whether a sip or sips URI carries headers (`?name=value`); other schemes never do."""
    scheme = text[:5].lower()
    if not scheme.startswith(("sip:", "sips:")):
        return False
    return "?" in text[text.rfind("@") + 1 :]
