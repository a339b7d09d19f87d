"""Country codes of E.164: which digits at the beginning of an international number they are."""

_ONE_DIGIT = frozenset("17")
_TWO_DIGITS = (
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 "
    "65 66 81 82 84 86 90 91 92 93 94 95 98 "
)
"""ITU-T E.164, annexed list of assigned country codes; all others have three digits."""
_LONGEST = 3


def country_code_of(digits: str) -> str:
    """Return the country code at the beginning of a number without its plus."""
    if digits[:1] in _ONE_DIGIT:
        return digits[:1]
    return digits[:2] if f"{digits[:2]} " in _TWO_DIGITS else digits[:_LONGEST]
