"""Call-Info: pages, icons and cards about a party (RFC 3261 §20.9; jwscard: RFC 8688 §3.2)."""

from collections.abc import Iterable

from analyzer.frozen import frozen
from analyzer.sip.grammar import Parameter, parameter_value, scan_parameters, split_list, unfold


@frozen
class CallInfo:
    """One value of a Call-Info row."""

    uri: str
    purpose: str | None = None
    """In lower case: `icon`, `info`, `card`, `jwscard` …"""
    parameters: tuple[Parameter, ...] = ()
    sound: bool = True
    """The value follows the grammar."""

    @classmethod
    def parse_list(cls, text: str) -> tuple["CallInfo", ...]:
        """Read the values of one header row."""
        text = unfold(text)
        pieces = split_list(text, ",", 0, len(text))
        return tuple(cls._parse(text, start, end) for start, end in pieces if start < end)

    @classmethod
    def _parse(cls, text: str, start: int, end: int) -> "CallInfo":
        closing = text.find(">", start, end)
        bracketed = text[start] == "<" and closing > 0
        if not bracketed:
            # Without brackets a URI ends where the parameters begin.
            semicolon = text.find(";", start, end)
            closing = semicolon if semicolon >= 0 else end
        uri = text[start + 1 : closing] if bracketed else text[start:closing]
        after = closing + 1 if bracketed else closing
        parameters, sound = scan_parameters(text, after, end)
        purpose = parameter_value(parameters, "purpose")
        return cls(
            uri.strip(), purpose.lower() if purpose else None, parameters, sound and bracketed
        )


def signed_card(rows: Iterable[str]) -> str | None:
    """Return the address of the signed contact card (purpose=jwscard) that Call-Info rows name."""
    for row in rows:
        for each in CallInfo.parse_list(row):
            if each.purpose == "jwscard":
                return each.uri
    return None
