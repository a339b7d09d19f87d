"""Pages of methods, header fields, causes, warnings, timers, and parts of Reason."""

import pytest

from analyzer.i18n import LANGUAGES
from analyzer.reference.commands import words_in
from analyzer.reference.entry_pages import TEXTS, entry_page
from analyzer.reference.page import Page
from analyzer.reference.subjects import Subject
from analyzer.reference.texts import entries
from analyzer.sip.registry import header_names


def told(page: Page, name: str) -> str:
    """Return all that a section says, as one text."""
    (found,) = (each for each in page.sections if each.id == name)
    rows = [" = ".join(row) for row in found.table.rows] if found.table else []
    return "\n".join((*found.texts, *rows, *(each.text for each in found.items)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TEXTS)
def test_every_subject_has_a_page(kind: str, language: str) -> None:
    """Each entry of each kind: meaning and references, and no heading without text."""
    words = words_in(language)
    for key in entries(*TEXTS[kind]):
        page = entry_page(Subject(kind, key), words)
        assert told(page, "meaning")
        assert told(page, "references")
        assert page.title


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_registered_header_field_has_a_page(language: str) -> None:
    """One without a text of its own names its definition."""
    for header in {each.name for each in header_names().values()}:
        page = entry_page(Subject("header", header), words_in(language))
        assert told(page, "references")
    assert "RFC 8496" in told(
        entry_page(Subject("header", "P-Charge-Info"), words_in("en")), "meaning"
    )


def test_facts_of_registries() -> None:
    """RFC 3398 §7.2.4.1 and §8.2.6.1, RFC 3261 §7.3.3 and §12, RFC 8606 §4, RFC 6665 §4.1.2.2."""
    words = words_in("en")
    cause = told(entry_page(Subject("cause", "21"), words), "facts")
    assert "Becomes in SIP = 403, or 603 when the location is the user's" in cause
    assert "603 Decline" in cause
    assert "BYE or CANCEL" in told(entry_page(Subject("cause", "16"), words), "facts")
    assert "500 Server Internal Error (the default" in told(
        entry_page(Subject("cause", "96"), words), "facts"
    )
    supported = entry_page(Subject("header", "Supported"), words)
    assert told(supported, "facts") == "Compact form = k"
    assert "420 Bad Extension" in told(entry_page(Subject("header", "Unsupported"), words), "facts")
    assert "Creates a dialog = yes" in told(entry_page(Subject("method", "INVITE"), words), "facts")
    assert "does not apply" in told(entry_page(Subject("method", "ACK"), words), "facts")
    assert "0011" in told(entry_page(Subject("location", "TN"), words), "facts")
    assert "RFC 6665 §4.1.2.2" in told(entry_page(Subject("timer", "N"), words), "references")
    assert "倍増" in told(entry_page(Subject("timer", "A"), words_in("ja")), "facts")
    assert (
        entry_page(Subject("cause", "17"), words_in("ja")).title
        == "Q.850 理由値 17: 着ユーザビジー"
    )
