"""Who calls whom on each leg, and whether two legs name the same."""

from functools import lru_cache

from analyzer.sip.address import Address, without_parameters
from analyzer.sip.headers import header_values
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

_FEWEST_DIGITS = 7
_SEPARATORS = str.maketrans("", "", "-.()")


class PartyNames:
    """Who calls whom on each leg."""

    def __init__(self, trace: Trace, naming: Int64, legs: Int64) -> None:
        """Take a message of each leg, its first INVITE where there is one, and the legs that will
        be asked about.
        """
        rows = naming[legs]
        self._callers, self._callees = (
            {
                leg: _user(without_parameters(value or ""))
                for leg, value in zip(legs.tolist(), header_values(trace, rows, name), strict=True)
            }
            for name in ("From", "To")
        )

    def same(self, one: int, other: int) -> bool:
        """Tell whether two legs have the same caller and callee, numbers by their last digits."""
        return all(
            _alike_users(known[one], known[other]) for known in (self._callers, self._callees)
        )


@lru_cache(maxsize=65_536)
def _user(address: str) -> str:
    return _bare(Address.parse(address).uri_parts.plain_user)


def _bare(user: str) -> str:
    """Return a number without its plus and visual separators (RFC 3966 §5.1.1), else the user."""
    digits = user.lstrip("+").translate(_SEPARATORS)
    return digits if digits.isdigit() else user


def _alike_users(one: str, other: str) -> bool:
    if not one or not other:
        return False
    shorter, longer = sorted((one, other), key=len)
    if shorter.isdigit() and longer.isdigit() and len(shorter) >= _FEWEST_DIGITS:
        return longer.endswith(shorter)
    return one == other
