"""Pieces of header values (analyzer.sip.grammar), by the grammar of RFC 3261 §25.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip.grammar import (
    find_parameter,
    is_token,
    parameter_value,
    scan_parameters,
    split_list,
    trim,
    unfold,
    unquote,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INVITE", True),
        ("-.!%*_+`'~", True),
        ("", False),
        ("two words", False),
        ("semi;colon", False),
        ('"', False),
    ],
)
def test_token(text: str, *, expected: bool) -> None:
    """A token is one or more of the characters that §25.1 lists."""
    assert is_token(text) is expected


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (" plain ", "plain"),
        ("one\r\n two", "one two"),
        ("one \r\n\t two", "one two"),
        ("one\n two", "one two"),
        ("\r\n one", "one"),
        ("one\r\n \r\n two", "one two"),
        ("two  spaces", "two  spaces"),
    ],
)
def test_unfold(raw: str, value: str) -> None:
    """A fold with the white space around it is one space (§7.3.1); other spaces stay."""
    assert unfold(raw) == value


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ('"Bob"', "Bob"),
        (r'"a \"quote\" and \\"', r'a "quote" and \\'[:-1]),
        ('""', ""),
        ('"no end', "no end"),
        ('"', ""),
        ("token", "token"),
    ],
)
def test_unquote(text: str, content: str) -> None:
    """A quoted string stands for what is between its quotes, a backslash for the next character."""
    assert unquote(text) == content


def test_trim() -> None:
    """White space around a piece is no part of it."""
    assert trim("  a b\r\n ", 0, 8) == (2, 5)
    assert trim("   ", 0, 3) == (3, 3)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a, b ,c", ["a", "b", "c"]),
        ('"a, b" <sip:x>, <sip:y,z>', ['"a, b" <sip:x>', "<sip:y,z>"]),
        (r'"a\", b", c', [r'"a\", b"', "c"]),
        (",,", ["", "", ""]),
        ("", [""]),
        ('a, "no end, b', ["a", '"no end, b']),
    ],
)
def test_split_list(text: str, pieces: list[str]) -> None:
    """Commas separate only outside quotes and angle brackets."""
    assert [text[start:end] for start, end in split_list(text, ",", 0, len(text))] == pieces


@pytest.mark.parametrize(
    ("text", "parameters", "sound"),
    [
        ("", [], True),
        (";tag=abc", [("tag", "abc")], True),
        (" ; TAG = abc ;lr", [("tag", "abc"), ("lr", None)], True),
        (';text="a;b \\"c\\""', [("text", 'a;b "c"')], True),
        (";received=[2001:db8::1]", [("received", "[2001:db8::1]")], True),
        (";;a=1", [("a", "1")], False),
        (";a=", [("a", None)], False),
        (";a b", [("a", None)], False),
        ("x;a=1", [("a", "1")], False),
        (";a=b=c", [("a", "b=c")], True),
    ],
)
def test_parameters(text: str, parameters: list[tuple[str, str | None]], *, sound: bool) -> None:
    """Names are case-insensitive and values optional; faulty ones leave the others readable."""
    found, is_sound = scan_parameters(text, 0, len(text))
    assert [(each.name, each.value) for each in found] == parameters
    assert is_sound is sound


def test_parameter_span() -> None:
    """The span of a value shows it in the text."""
    text = "x ;a=1; tag = zz"
    found, _ = scan_parameters(text, 1, len(text))
    tag = find_parameter(found, "tag")
    assert tag is not None
    assert text[tag.span[0] : sum(tag.span)] == "zz"
    assert parameter_value(found, "a") == "1"
    assert parameter_value(found, "b") is None
    assert find_parameter((), "tag") is None


@given(st.text(alphabet='a,;"\\<> =\r\n', max_size=40))
def test_pieces_cover_the_text(text: str) -> None:
    """Any text is split without an exception into pieces that lie inside it, in order."""
    for separator in ",;":
        at = 0
        for start, end in split_list(text, separator, 0, len(text)):
            assert at <= start <= end <= len(text)
            at = end
    parameters, _ = scan_parameters(text, 0, len(text))
    for each in parameters:
        if each.value is not None:
            assert unquote(text[each.span[0] : sum(each.span)]) == each.value
