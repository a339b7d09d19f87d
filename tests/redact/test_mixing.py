"""Texts of the same shape that stay different."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.redact.mixing import mix

_KEY = bytes(range(32))


def _shape(text: str) -> str:
    kinds = ((str.isdigit, "0"), (str.islower, "a"), (str.isupper, "A"))
    return "".join(next((kind for is_it, kind in kinds if is_it(each)), each) for each in text)


@pytest.mark.parametrize(
    "alphabets",
    [["0123456789"] * 3, ["abcdefghijklmnopqrstuvwxyz"] * 2, ["aghz", "01", "ABZ", "-"], ["0"]],
)
def test_different_texts_stay_different(alphabets: list[str]) -> None:
    """All texts of a shape have as many pseudonyms."""
    texts = ["".join(each) for each in product(*alphabets)]
    assert len({mix(_KEY, b"test", each) for each in texts}) == len(texts)


@given(st.text(st.characters(max_codepoint=127), max_size=80))
def test_the_shape_stays(text: str) -> None:
    """Digits, small and capital letters stay such, all else stays as it is."""
    assert _shape(mix(_KEY, b"test", text)) == _shape(text)


@given(st.text("0123456789abcdef-", min_size=1))
def test_hexadecimal_stays_hexadecimal(text: str) -> None:
    """What may be a UUID is one afterwards: rules ask whether a Session-ID is sound."""
    assert set(mix(_KEY, b"test", text)) <= set("0123456789abcdef-")


@given(st.text(min_size=1))
def test_it_takes_any_text(text: str) -> None:
    """No text is too strange, and a character that is not ASCII is never kept in its place."""
    mixed = mix(_KEY, b"test", text)
    assert len(mixed) == len(text)
    assert all(0xE0 <= ord(each) <= 0xFF for each in mixed if each > "\x7f")


def test_key_and_domain_count() -> None:
    """Under another key, or as another kind of name, a text has another pseudonym."""
    found = {mix(_KEY, b"one", "telephone"), mix(_KEY, b"two", "telephone")}
    found.add(mix(bytes(32), b"one", "telephone"))
    assert len(found) == 3
