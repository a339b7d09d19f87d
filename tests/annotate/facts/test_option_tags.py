"""Option tags required, refused and demanded (RFC 3261 §8.2.2.3, §19.2)."""

from collections.abc import Callable

import pytest

from analyzer.annotate.facts.option_tags import read_tags
from analyzer.annotate.fields import UNKNOWN, Value

ValuesOf = Callable[[str, int, str], list[Value]]


def test_tags_of_several_rows() -> None:
    """Rows and commas are equal (RFC 3261 §7.3.1); a tag counts once, in any case."""
    assert read_tags(("100rel, Timer", " timer ,,foo")) == ("100rel", "timer", "foo")
    assert read_tags(()) == ()


@pytest.mark.parametrize(
    ("request_headers", "response_headers", "refused"),
    [
        ("Require: 100rel", "Unsupported: 100rel", "require"),
        ("Require: timer\n   Require: 100rel", "Unsupported: 100REL", "require"),
        ("Proxy-Require: sec-agree", "Unsupported: sec-agree", "proxy-require"),
        ("k: 100rel", "Unsupported: 100rel", "not-asked"),
        ("Require: 100rel", "Unsupported: ", None),
        ("Require: 100rel", "Server: x", None),
    ],
)
def test_refused(
    values_of: ValuesOf, request_headers: str, response_headers: str, refused: str | None
) -> None:
    """A 420 names what it does not understand of Require, a proxy's of Proxy-Require."""
    dialogue = f"""
-> INVITE sip:bob@example.com SIP/2.0
   {request_headers}
<- SIP/2.0 420 Bad Extension
   {response_headers}
"""
    assert values_of(dialogue, 420, "option_tags.refused") == [refused]


@pytest.mark.parametrize(
    ("supported", "demanded", "offered"),
    [
        ("k: 100rel, timer", "Require: 100rel", True),
        ("Require: 100rel", "Require: 100rel", True),
        ("Supported: timer", "Require: 100rel, timer", False),
        ("Subject: x", "Require: 100rel", False),
        ("Supported: timer", "Server: x", None),
    ],
)
def test_offered(values_of: ValuesOf, supported: str, demanded: str, offered: object) -> None:
    """A 421 asks for what the request did not say it supports (RFC 3261 §21.4.16)."""
    dialogue = f"""
-> INVITE sip:bob@example.com SIP/2.0
   {supported}
<- SIP/2.0 421 Extension Required
   {demanded}
"""
    assert values_of(dialogue, 421, "option_tags.offered") == [offered]


def test_without_its_request(values_of: ValuesOf) -> None:
    """What a missing request required is not known."""
    dialogue = "<- SIP/2.0 420 Bad Extension\n   Unsupported: foo"
    assert values_of(dialogue, 420, "option_tags.required") == [UNKNOWN]
    assert values_of(dialogue, 420, "option_tags.refused") == [UNKNOWN]
    assert values_of(dialogue, 420, "option_tags.unsupported") == ["foo"]
