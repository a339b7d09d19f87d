"""Fields of option tags: what a request required, what an answer refused or demanded (RFC 3261
§8.2.2.3, §20.32, §20.40).
"""

from analyzer.annotate.facts.reason import all_values
from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.headers import find_header
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

Tags = tuple[str, ...]

REFUSED: dict[str, Text] = {
    "require": {"en": "Require names them", "ja": "Require で要求されたもの"},
    "proxy-require": {"en": "Proxy-Require names them", "ja": "Proxy-Require で要求されたもの"},
    "not-asked": {
        "en": "the request requires none of them",
        "ja": "リクエストが要求していないもの",
    },
}


def read_tags(lines: tuple[str, ...]) -> Tags:
    """Return the option tags of header rows, each once, in their order; their case does not
    matter.
    """
    tags = (tag.strip().lower() for line in lines for tag in line.split(","))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _tags(trace: Trace, rows: Int64, name: str) -> list[Tags | None]:
    """Return the tags of a header in each message; None for row -1."""
    seen = rows[rows >= 0]
    if not (find_header(trace, seen, name).count > 0).any():
        return [() if row >= 0 else None for row in rows.tolist()]
    found = iter(all_values(trace, seen, name))
    return [read_tags(next(found)) if row >= 0 else None for row in rows.tolist()]


def _required(judged: Judged) -> list[Tags | None]:
    return _tags(judged.trace, judged.request_rows, "Require")


def _proxy_required(judged: Judged) -> list[Tags | None]:
    return _tags(judged.trace, judged.request_rows, "Proxy-Require")


def _supported(judged: Judged) -> list[Tags | None]:
    return _tags(judged.trace, judged.request_rows, "Supported")


def _unsupported(judged: Judged) -> list[Tags | None]:
    return _tags(judged.trace, judged.response_rows, "Unsupported")


def _demanded(judged: Judged) -> list[Tags | None]:
    return _tags(judged.trace, judged.response_rows, "Require")


def _shown(column: list[Tags | None]) -> Coded:
    return Coded.of([UNKNOWN if each is None else ", ".join(each) or None for each in column])


@field(
    "option_tags.required",
    "text",
    en="Option tags in Require of the request.",
    ja="リクエストの Require にあるオプションタグ。",
)
def _required_tags(judged: Judged) -> Values:
    return _shown(judged.kept(_required))


@field(
    "option_tags.proxy_required",
    "text",
    en="Option tags in Proxy-Require of the request.",
    ja="リクエストの Proxy-Require にあるオプションタグ。",
)
def _proxy_required_tags(judged: Judged) -> Values:
    return _shown(judged.kept(_proxy_required))


@field(
    "option_tags.unsupported",
    "text",
    en="Option tags in Unsupported of the response.",
    ja="応答の Unsupported にあるオプションタグ。",
)
def _unsupported_tags(judged: Judged) -> Values:
    return _shown(judged.kept(_unsupported))


@field(
    "option_tags.demanded",
    "text",
    en="Option tags in Require of the response.",
    ja="応答の Require にあるオプションタグ。",
)
def _demanded_tags(judged: Judged) -> Values:
    return _shown(judged.kept(_demanded))


@field(
    "option_tags.refused",
    "text",
    en="Where the request requires the tags that Unsupported names.",
    ja="Unsupported のオプションタグがリクエストのどこで要求されているか。",
    choices=REFUSED,
)
def _refused(judged: Judged) -> Values:
    columns = (judged.kept(each) for each in (_unsupported, _required, _proxy_required))
    return Coded.of([_place(*each) for each in zip(*columns, strict=True)])


def _place(refused: Tags | None, required: Tags | None, proxy_required: Tags | None) -> Value:
    if required is None or proxy_required is None:
        return UNKNOWN
    if not refused:
        return None
    if set(refused) & set(required):
        return "require"
    return "proxy-require" if set(refused) & set(proxy_required) else "not-asked"


@field(
    "option_tags.offered",
    "flag",
    en="Whether Supported or Require of the request names all tags that Require of the response "
    "demands.",
    ja="応答の Require が求めるオプションタグが、すべてリクエストの Supported または Require に"
    "あるかどうか。",
)
def _offered(judged: Judged) -> Values:
    columns = (judged.kept(each) for each in (_demanded, _supported, _required))
    return Coded.of([_is_offered(*each) for each in zip(*columns, strict=True)])


def _is_offered(demanded: Tags | None, supported: Tags | None, required: Tags | None) -> Value:
    if supported is None or required is None:
        return UNKNOWN
    return set(demanded) <= {*supported, *required} if demanded else None
