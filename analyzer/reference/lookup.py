"""What a person types → what is meant: exact names first, then words of a phrase.

`603`, `SIP/2.0 486 Busy Here`, `RSP603`, `SUBSCRIBE`, `retry-after`, `k`, `Q.850;cause=21`,
`warning:399`, `timer B`, `busy`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from analyzer.annotate.faults import did_you_mean
from analyzer.errors import UsageError
from analyzer.frozen import frozen
from analyzer.reference.subjects import PREFIXES, Subject
from analyzer.reference.texts import aliases, entries
from analyzer.sip.registry import (
    header_names,
    q850_causes,
    reason_locations,
    reason_protocols,
    request_methods,
    response_codes,
    timers,
    unregistered_codes,
    warning_codes,
)

FIRST_CODE, LAST_CODE = 100, 699


@frozen
class Found:
    """What is meant, and what else may be."""

    subject: Subject
    others: tuple[Subject, ...] = ()


def find(written: str, rule_ids: Sequence[str] = ()) -> Found:
    """Return what is meant; raises UsageError, with a suggestion where a name is near."""
    query = " ".join(written.split())
    meant = [*_distinct(_exactly(query, rule_ids))] or [*_distinct(_by_words(query))]
    if not meant:
        hint = _suggestion(query, rule_ids)
        raise UsageError(f'nothing is known of "{query}"{hint}')
    return Found(meant[0], tuple(meant[1:]))


def find_code(written: str) -> int:
    """Return the response code that is meant; raises UsageError for anything else."""
    found = find(written)
    codes = [each for each in (found.subject, *found.others) if each.kind == "code"]
    if not codes:
        raise UsageError(f'"{" ".join(written.split())}" is no response code')
    return int(codes[0].key)


def _distinct(subjects: Iterable[Subject]) -> Iterator[Subject]:
    yield from dict.fromkeys(subjects)


def _exactly(query: str, rule_ids: Sequence[str]) -> Iterator[Subject]:
    """Yield what a query names exactly, the likeliest first."""
    for pattern, read in _FORMS:
        match = pattern.fullmatch(query)
        subject = read(match) if match else None
        if subject is not None:
            yield subject
    yield from _named(query, rule_ids)
    for each in aliases().get(query.lower(), ()):
        yield from _exactly(each, rule_ids)


def _code(match: re.Match[str]) -> Subject | None:
    number = int(match["number"])
    known = number in response_codes() or number in unregistered_codes()
    return Subject("code", str(number)) if known else None


def _any_code(match: re.Match[str]) -> Subject | None:
    number = int(match["number"])
    return Subject("code", str(number)) if FIRST_CODE <= number <= LAST_CODE else None


def _cause(match: re.Match[str]) -> Subject | None:
    number = int(match["number"])
    return Subject("cause", str(number)) if number in q850_causes() else None


def _sip_cause(match: re.Match[str]) -> Subject | None:
    """Read a cause that may be of Q.850 or of SIP: those of Q.850 end at 127."""
    return _cause(match) or _code(match)


def _warning(match: re.Match[str]) -> Subject | None:
    number = int(match["number"])
    return Subject("warning", str(number)) if number in warning_codes() else None


def _timer(match: re.Match[str]) -> Subject | None:
    name = match["name"].upper()
    return Subject("timer", name) if name in timers() else None


_CODE = r"(?:(?:SIP(?:/2\.0)?|code|status|response|error)[ :]?)?(?P<number>[0-9]{3})\+?(?: .*)?"
_Q850 = r"(?:reason: ?)?(?:q\.?850|isup|isdn)(?: ?[:;/=] ?| |)(?:cause ?[=: ] ?)?"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Subject | None]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), read)
    for pattern, read in (
        (_CODE, _code),
        (r"RSP[ -]?(?P<number>[0-9]{3})", _code),
        (r"(?:reason: ?)?SIP ?; ?cause ?= ?(?P<number>[0-9]{3})(?:\W.*)?", _code),
        (_Q850 + r"(?P<number>[0-9]{1,3})(?:\W.*)?", _cause),
        (r"(?P<number>[0-9]{1,3})", _cause),
        (r"cause(?: ?[=:] ?| code | |)(?P<number>[0-9]{1,3})", _sip_cause),
        (r"warn(?:ing)?(?: ?[:=/] ?| code | |-)(?P<number>[0-9]{3})(?:\W.*)?", _warning),
        (r"(?P<number>[0-9]{3})", _warning),
        (_CODE, _any_code),
        (r"timer[ :_-]?(?P<name>[A-Z][0-9]?)", _timer),
    )
)
"""How numbers are written → what they are; in this order."""


def _named(query: str, rule_ids: Sequence[str]) -> Iterator[Subject]:
    """Yield what has this name: a prefix says which kind is meant."""
    prefix, found, rest = query.partition(":")
    kind = {each.rstrip(":"): kind for kind, each in PREFIXES.items()} | {
        "header": "header",
        "method": "method",
        "protocol": "reason",
        "rule": "rule",
    }
    wanted = kind.get(prefix.lower(), "") if found and rest else ""
    name = rest.strip() if wanted else query.rstrip(": ")
    for subject in _of_name(name, rule_ids):
        if not wanted or subject.kind == wanted:
            yield subject


def _of_name(name: str, rule_ids: Sequence[str]) -> Iterator[Subject]:
    upper = name.upper()
    if upper in request_methods():
        yield Subject("method", upper)
    header = header_names().get(name.lower())
    if header is not None:
        yield Subject("header", header.name)
    yield from (
        Subject("header", each) for each in entries("headers") if each.lower() == name.lower()
    )
    for kind, known in (
        ("rule", rule_ids),
        ("reason", reason_protocols()),
        ("location", reason_locations()),
        ("timer", timers()),
    ):
        yield from (Subject(kind, each) for each in known if each.upper() == upper)


def _by_words(query: str) -> Iterator[Subject]:
    """Yield what has all words of a query in its phrase: codes before the rest, of each kind the
    shortest phrase first.
    """
    wanted = _words_of(query)
    if not wanted:
        return
    for kind, phrases in _phrases():
        fitting = [key for key, phrase in phrases.items() if wanted <= _words_of(phrase)]
        for key in sorted(fitting, key=lambda each: len(phrases[each])):
            yield Subject(kind, str(key))


def _phrases() -> Iterator[tuple[str, dict[int | str, str]]]:
    codes = response_codes() | unregistered_codes()
    yield "code", {code: each.phrase for code, each in codes.items()}
    yield "cause", {cause: each.phrase for cause, each in q850_causes().items()}
    yield "warning", {code: each.text for code, each in warning_codes().items()}
    headers = header_names().values()
    yield "header", {each.name: each.name.replace("-", " ") for each in headers}


def _words_of(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower()))


def _suggestion(query: str, rule_ids: Sequence[str]) -> str:
    """Return the name that is nearest to a query, in whatever case, or what could be asked for."""
    names = [
        *request_methods(),
        *(each.name for each in header_names().values()),
        *aliases(),
        *(each.phrase for each in response_codes().values()),
        *rule_ids,
    ]
    shown = {name.lower(): name for name in reversed(names)}
    hint = did_you_mean(query.lower(), shown)
    for lower, name in shown.items():
        if f'"{lower}"' in hint:
            return hint.replace(lower, name)
    return ": name a code, a method, a header field, q850:N, warning:N or a rule id"
