"""Who calls whom on each leg, and whether two legs name the same."""

import numpy as np

from analyzer.sip.address import Address
from analyzer.sip.headers import header_values
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

_FEWEST_DIGITS = 7
_SEPARATORS = str.maketrans("", "", "-.()")


class PartyNames:
    """Who calls whom on each leg, read when it is asked for."""

    def __init__(self, trace: Trace, invites: Int64) -> None:
        """Take the first INVITE of each leg."""
        self._trace, self._invites = trace, invites
        self._known: dict[int, tuple[str, str]] = {}

    def same(self, one: int, other: int) -> bool:
        """Tell whether two legs have the same caller and callee, numbers by their last digits."""
        return all(map(_alike_users, self._of(one), self._of(other)))

    def _of(self, leg: int) -> tuple[str, str]:
        if leg not in self._known:
            row = np.array([self._invites[leg]])
            users = []
            for name in ("From", "To"):
                value = header_values(self._trace, row, name)[0] or ""
                users.append(_bare(Address.parse(value).uri_parts.plain_user))
            self._known[leg] = (users[0], users[1])
        return self._known[leg]


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
