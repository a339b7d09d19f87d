"""Numbers of headers (analyzer.sip.numbers)."""

import pytest

from analyzer.sip.numbers import MAX_32_BIT, number_faults, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("0068", 68),
        ("4294967296", 2**32),
        ("9" * 18, 10**18 - 1),
        ("0" * 5000 + "7", 7),
        ("9" * 5000, 10**18),
        ("0" * 40, 0),
        ("-1", None),
        ("+1", None),
        ("1.5", None),
        ("", None),
        ("\xb2", None),
        (" 1", None),
    ],
)
def test_parse_number(text: str, number: int | None) -> None:
    """Only decimal digits are a number; thousands of them are one that is too large."""
    assert parse_number(text) == number


def test_number_faults() -> None:
    """What is no number and what is too large a number are told apart."""
    assert number_faults("255", 255) == ()
    assert number_faults("256", 255) == ("number-out-of-range",)
    assert number_faults("many", MAX_32_BIT) == ("number-malformed",)
