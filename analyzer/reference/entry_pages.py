"""A method, header field, cause, warning, timer, protocol or location of Reason → its page."""

from collections.abc import Callable, Mapping

from analyzer.i18n import Texts
from analyzer.reference.code_page import references
from analyzer.reference.page import Item, Page, Section, Table, without_empty
from analyzer.reference.subjects import Subject, name_of, title_of
from analyzer.reference.texts import Entry, entries
from analyzer.sip.registry import (
    header_names,
    q850_causes,
    reason_locations,
    reason_protocols,
    request_methods,
    required_headers,
    sip_to_q850,
    timers,
    warning_codes,
)

Told = tuple[dict[str, str], tuple[str, ...]]
"""Facts by name, and references."""

TEXTS: Mapping[str, tuple[str, str]] = {
    "method": ("methods", ""),
    "header": ("headers", ""),
    "cause": ("causes", ""),
    "warning": ("warnings", ""),
    "timer": ("timers", ""),
    "reason": ("reasons", "protocols"),
    "location": ("reasons", "locations"),
}
"""Kind → the file of its texts, and the part of it."""


def entry_page(subject: Subject, words: Texts) -> Page:
    """Return the page of anything but codes and rules."""
    entry = entries(*TEXTS[subject.kind]).get(subject.key)
    facts, sources = _TELL[subject.kind](subject.key, words)
    language = words.language
    rows = tuple((words(f"fact.{name}"), value) for name, value in facts.items())
    sections = (
        Section("meaning", words("section.meaning"), (_says(entry, sources, language, words),)),
        Section("resolve", words("section.resolve"), items=_traps(entry, language)),
        Section("facts", words("section.facts"), table=Table((), rows)),
        Section("neighbours", words("section.neighbours"), items=_near(entry, language)),
        references((*(entry.references if entry else ()), *sources), words),
    )
    title = title_of(subject, words)
    return Page(subject.kind, subject.written(), title, language, without_empty(sections))


def _says(entry: Entry | None, sources: tuple[str, ...], language: str, words: Texts) -> str:
    if entry is None:
        return words("item.default", reference=words("list.comma").join(sources))
    return entry.says[language]


def _traps(entry: Entry | None, language: str) -> tuple[Item, ...]:
    return tuple(map(Item, entry.traps.get(language, ()))) if entry else ()


def _near(entry: Entry | None, language: str) -> tuple[Item, ...]:
    near = entry.near.items() if entry else ()
    return tuple(Item(text[language], name) for name, text in near)


def _flag(value: bool, words: Texts) -> str:  # noqa: FBT001 - a fact of a registry
    return words("value.yes" if value else "value.no")


def _method(name: str, words: Texts) -> Told:
    known = request_methods()[name]
    return {
        "creates_dialog": _flag(known.creates_dialog, words),
        "target_refresh": _flag(known.target_refresh, words),
        "in_dialog_only": words("value.n/a")
        if name == "ACK"
        else _flag(known.in_dialog_only, words),
    }, _sources(known.reference)


def _header(name: str, words: Texts) -> Told:
    known = header_names().get(name.lower())
    owing = [
        name_of(each.code) + (f" ({each.method})" if each.method != "any" else "")
        for each in required_headers()
        if name in each.headers
    ]
    facts = {"compact": known.compact} if known and known.compact else {}
    if owing:
        facts["owed_by"] = words("list.comma").join(owing)
    return facts, _sources(known.reference) if known else ()


def _cause(key: str, words: Texts) -> Told:
    known = q850_causes()[int(key)]
    sent_for = [name_of(status) for status, cause in sip_to_q850().items() if cause == key]
    facts = {
        "category": words(f"category.{known.category}"),
        "sip_status": _sip_status(known.sip_status, words),
        "sent_for": words("list.comma").join(sent_for) or words("value.none"),
    }
    return facts, ("ITU-T Q.850", "RFC 3398 §7.2.4.1", "RFC 3398 §8.2.6.1")


_STATUSES = {
    "BYE/CANCEL": "value.bye_cancel",
    "403 (603 if location is user)": "value.403_603",
    "410 (301 with diagnostic)": "value.410_301",
}


def _sip_status(status: str, words: Texts) -> str:
    if status in _STATUSES:
        return words(_STATUSES[status])
    name = name_of(int(status[:3]))
    return words("value.sip_default", status=name) if "default" in status else name


def _warning(key: str, _words: Texts) -> Told:
    return {}, _sources(warning_codes()[int(key)].reference)


def _timer(key: str, words: Texts) -> Told:
    known = timers()[key]
    value = f"timer_default.{known.default}"
    default = words(value) if words.has(value) else known.default
    return {"default": default}, _sources(known.reference)


def _reason(key: str, _words: Texts) -> Told:
    return {}, _sources(reason_protocols()[key].reference)


def _location(key: str, _words: Texts) -> Told:
    return {"bits": reason_locations()[key].bits}, ("RFC 8606 §4", "ITU-T Q.850")


def _sources(reference: str) -> tuple[str, ...]:
    return tuple(reference.split("; "))


_TELL: Mapping[str, Callable[[str, Texts], Told]] = {
    "method": _method,
    "header": _header,
    "cause": _cause,
    "warning": _warning,
    "timer": _timer,
    "reason": _reason,
    "location": _location,
}
