"""The HTML report as bytes: it stands alone, and nothing from a capture becomes markup."""

import base64
import hashlib
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from analyzer.render.formats import OutputOptions
from analyzer.render.page_report import write_page
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

HOSTILE = """
-> INVITE sip:%3Cscript%3E@example.com SIP/2.0
   Call-ID: </script><script>alert(1)</script>
   From: "<img src=x onerror=alert(1)>" <sip:a'"><b>@example.com>;tag=a
   Subject: <!--<script>
   User-Agent: \u202e<svg onload=alert(1)>
<- SIP/2.0 603 <script>alert(2)</script>
   Call-ID: </script><script>alert(1)</script>
   Server: </style><style>*{display:none}
   Reason: Q.850;cause=21;text="</pre><iframe src=//evil>"
"""
DECLINED = """
-> INVITE sip:bob@example.com SIP/2.0
<- SIP/2.0 180 Ringing
+4s <- SIP/2.0 603 Decline
-> ACK sip:bob@example.com SIP/2.0
"""


def page_of(trace: Trace, language: str = "en", **options: object) -> str:
    """Return the page."""
    out = io.BytesIO()
    write_page(trace, out, OutputOptions(language, **options))  # type: ignore[arg-type]  # by name
    return out.getvalue().decode("utf-8")


class Elements(HTMLParser):
    """Collects elements with their attributes, and the text of scripts and styles."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, str]] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.found.append((tag, dict(attrs)))
        self._inside = tag if tag in {"script", "style"} else ""

    def handle_data(self, data: str) -> None:
        """Note a script or a style."""
        if self._inside:
            self.raw.append((self._inside, data))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        del tag
        self._inside = ""


def data_of(page: str) -> dict[str, object]:
    """Return the JSON that the script shows."""
    match = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)
    assert match
    data: dict[str, object] = json.loads(match[1])
    return data


def test_it_asks_nothing_of_a_network(trace_of: TraceOf) -> None:
    """No element refers to anything outside the page."""
    for tag, attributes in Elements(page_of(trace_of(DECLINED))).found:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base"}, tag
        for name in ("src", "href", "action", "data", "srcset", "poster"):
            value = attributes.get(name)
            assert value is None or value.startswith("#"), (tag, name, value)


def test_the_policy_names_script_and_style_by_their_hashes(trace_of: TraceOf) -> None:
    """What the browser hashes is what the content security policy allows."""
    elements = Elements(page_of(trace_of(DECLINED)))
    policy = next(
        attributes["content"] or ""
        for tag, attributes in elements.found
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    texts = {"style": elements.raw[0][1], "script": elements.raw[-1][1]}
    for kind, text in texts.items():
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("language", ["en", "ja"])
def test_hostile_text_stays_text(trace_of: TraceOf, language: str) -> None:
    """A capture with markup in every header has the elements of one without."""
    harmless = re.sub(r"</?(?!sip:)[a-z][^>@\n]*>|<!--|\u202e", "x", HOSTILE)
    plain = [tag for tag, _ in Elements(page_of(trace_of(harmless), language)).found]
    page = page_of(trace_of(HOSTILE), language)
    elements = Elements(page)
    tags = [tag for tag, _ in elements.found]
    assert set(tags) <= set(plain)
    assert tags.count("script") == plain.count("script")
    assert not any(name.startswith("on") for _, found in elements.found for name in found)
    assert not any("style" in found for _, found in elements.found)
    assert "\u202e" not in page


def test_the_data_are_those_of_the_calls(trace_of: TraceOf) -> None:
    """A row for each call, with the columns it names; the chunk of each is named."""
    data = data_of(page_of(trace_of(DECLINED)))
    columns, calls = data["columns"], data["calls"]
    assert isinstance(columns, list)
    assert isinstance(calls, list)
    row = dict(zip(columns, calls[0], strict=True))
    assert (row["outcome"], row["final"], row["ring"], row["findings"]) == (
        "declined",
        603,
        4000,
        1,
    )
    assert (row["caller"], row["callee"]) == ("alice", "bob")
    assert data["chunk_of"] == {"call-0": 0}


def test_what_is_left_out_is_said(trace_of: TraceOf) -> None:
    """With room for no call's ladder, the page says so and still lists the call."""
    page = page_of(trace_of(DECLINED), pages=0)
    assert "0 of 1 calls" in page
    assert data_of(page)["chunk_of"] == {}


@pytest.mark.parametrize(("language", "word"), [("en", "What to do"), ("ja", "対処")])
def test_both_languages(trace_of: TraceOf, language: str, word: str) -> None:
    """The page states its language and speaks it."""
    page = page_of(trace_of(DECLINED), language)
    assert f'<html lang="{language}">' in page
    assert word in page


def test_a_capture_without_sip(trace_of: TraceOf) -> None:
    """There is a page, without calls, findings and plots."""
    page = page_of(trace_of("-> OPTIONS sip:a@example.com SIP/2.0\n"))
    assert data_of(page)["calls"] == []
