"""Contact and Expires: where a party is reached and for how long (RFC 3261 §20.10, §20.19)."""

from analyzer.frozen import frozen
from analyzer.sip.address import Address
from analyzer.sip.numbers import parse_number


@frozen
class Contact:
    """One contact of a row; `address` is None for `*`, which stands for all of them."""

    address: Address | None
    expires_s: int | None = None
    """Its own expires parameter; None when it has none or one that is no number."""
    q: float | None = None
    """Preference from 0 to 1; None when it has none."""

    @classmethod
    def parse_list(cls, text: str) -> tuple["Contact", ...]:
        """Read the contacts of one header row."""
        if text.strip() == "*":
            return (cls(None),)
        return tuple(cls._of(address) for address in Address.parse_list(text))

    @classmethod
    def _of(cls, address: Address) -> "Contact":
        return cls(address, parse_expires(address.parameter("expires")), _preference(address))

    @property
    def is_star(self) -> bool:
        """Whether it is `*`."""
        return self.address is None


def parse_expires(text: str | None) -> int | None:
    """Return the seconds of an Expires value; None when it is absent or no number.

    A number of more than 18 digits comes back as 10**18.
    """
    return parse_number(text.strip()) if text is not None else None


def _preference(address: Address) -> float | None:
    whole, _, fraction = (address.parameter("q") or "").partition(".")
    unit, thousandths = parse_number(whole), parse_number(fraction or "0")
    if unit not in (0, 1) or thousandths is None or len(fraction) > 3:
        return None
    value = unit + thousandths / 10 ** len(fraction)
    return value if value <= 1 else None
