"""The short texts of reference: complete in both languages, for all that the registries have."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations

import pytest

from analyzer.i18n import LANGUAGES
from analyzer.reference.lookup import find
from analyzer.reference.texts import (
    FOLDER,
    aliases,
    classes,
    data_of,
    entries,
    pair_of,
    pairs,
    pairs_of,
    situations,
)
from analyzer.sip.registry import (
    header_names,
    q850_causes,
    reason_locations,
    reason_protocols,
    request_methods,
    response_codes,
    timers,
    warning_codes,
)

NO_REGISTRY = {"Diversion", "Remote-Party-ID", "X-Asterisk-HangupCause"}
"""Header fields that IANA does not list and that are met all the same."""


@pytest.mark.parametrize(
    ("name", "part", "known"),
    [
        ("methods", "", request_methods()),
        ("causes", "", q850_causes()),
        ("warnings", "", warning_codes()),
        ("reasons", "protocols", reason_protocols()),
        ("reasons", "locations", reason_locations()),
        ("timers", "", timers()),
    ],
)
def test_all_that_is_registered_has_a_text(name: str, part: str, known: Mapping[str, str]) -> None:
    """No member of a registry is missing, and there are no others."""
    assert set(entries(name, part)) == {str(each) for each in known}


def test_response_codes_have_their_situation() -> None:
    """Each registered code says when it is the right one; each class what an unknown code is."""
    assert set(situations()) == set(response_codes())
    assert {number: each["as"] for number, each in classes().items()} == {
        1: 183,
        2: 200,
        3: 300,
        4: 400,
        5: 500,
        6: 600,
    }


def test_header_fields_of_the_core_have_a_text() -> None:
    """All of RFC 3261 §20 and the extensions that an engineer meets; none without a definition."""
    core = {each.name for each in header_names().values() if each.reference == "RFC 3261"}
    more = {
        "Event",
        "Allow-Events",
        "Subscription-State",
        "Reason",
        "P-Asserted-Identity",
        "P-Preferred-Identity",
        "Privacy",
        "Session-Expires",
        "Min-SE",
        "RSeq",
        "RAck",
        "Flow-Timer",
        "Path",
        "Session-ID",
        "Identity",
        "Refer-To",
        "Referred-By",
        "Replaces",
        "SIP-ETag",
        "SIP-If-Match",
        "Suppress-If-Match",
        "History-Info",
        "Service-Route",
    }
    told = set(entries("headers"))
    assert core | more <= told
    registered = {each.name for each in header_names().values()}
    assert told - registered == NO_REGISTRY
    assert all(entries("headers")[each].references for each in NO_REGISTRY)


def test_pairs_are_sound() -> None:
    """Each pair is of two registered codes, once, with references, and found from both."""
    found = [frozenset(each.codes) for each in pairs()]
    assert len(found) == len(set(found))
    assert all(len(each) == 2 and each <= set(response_codes()) for each in found)
    assert all(each.references for each in pairs())
    assert [each.other(204) for each in pairs_of(204)] == [200, 603]
    assert pair_of(603, 204) is pair_of(204, 603)


CONFUSED = (
    (486, 600),
    (480, 408),
    (404, 604),
    (403, 603),
    (486, 603),
    (487, 603),
    (301, 302),
    (401, 407),
    (488, 606),
    (500, 503),
    (481, 408),
    (204, 200),
    (202, 200),
    (204, 603),
    *combinations((404, 410, 480), 2),
    *combinations((603, 607, 608), 2),
)


@pytest.mark.parametrize("codes", CONFUSED)
def test_pairs_that_people_confuse_are_told(codes: tuple[int, int]) -> None:
    """How they differ and which to use when is written by hand."""
    assert pair_of(*codes) is not None


@pytest.mark.parametrize("word", aliases())
def test_what_people_type_leads_somewhere(word: str) -> None:
    """Each alias names subjects that exist, the first of them first."""
    found = find(word)
    assert [found.subject.written(), *(each.written() for each in found.others)][0]
    wanted = [find(each).subject for each in aliases()[word]]
    assert found.subject == wanted[0]
    assert set(wanted) <= {found.subject, *found.others}


def _texts(data: object, path: str = "") -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield each text with languages, and where it stands."""
    if isinstance(data, dict):
        if "en" in data or "ja" in data:
            yield path, data
        else:
            for key, each in data.items():
                yield from _texts(each, f"{path}/{key}")
    elif isinstance(data, list):
        for index, each in enumerate(data):
            yield from _texts(each, f"{path}/{index}")


FILES = sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != "aliases")


@pytest.mark.parametrize("name", FILES)
def test_languages_are_complete(name: str) -> None:
    """Every text stands in both languages, lists in equal numbers."""
    checked = 0
    for path, text in _texts(data_of(name)):
        assert set(text) == set(LANGUAGES), path
        lengths = {len(each) for each in text.values() if isinstance(each, list)}
        assert len(lengths) < 2, path
        checked += 1
    assert checked


@pytest.mark.parametrize("name", FILES)
def test_japanese_is_japanese(name: str) -> None:
    """Sentences end as Japanese ones do, without half-width marks or spaces inside."""
    for path, text in _texts(data_of(name)):
        japanese = text["ja"] if isinstance(text["ja"], list) else [text["ja"]]
        for each in japanese:
            assert isinstance(each, str)
            assert re.search("[\u3040-\u30ff\u4e00-\u9fff]", each), (path, each)
            kana = "[\u3001\u3002\u3040-\u30ff\u4e00-\u9fff]"
            assert not re.search(f"{kana} +{kana}|{kana}[,.;?!]", each), (path, each)
