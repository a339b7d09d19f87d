"""CSeq: the number and method that order the requests of a dialog (RFC 3261 §8.1.1.5, §20.16)."""

import re

from analyzer.frozen import frozen
from analyzer.sip.grammar import TOKEN, unfold
from analyzer.sip.numbers import MAX_32_BIT, parse_number

LIMIT = 2**31 - 1
"""RFC 3261 §8.1.1.5: a sequence number is below 2**31."""
_CSEQ = re.compile(rf"([0-9]++)[ \t]++({TOKEN}++)")
_LOOSE = re.compile(r"[ \t]*+([0-9]*+)[ \t]*+([A-Za-z]\S*+)?")


@frozen
class CSeq:
    """A sequence number and the method it counts."""

    number: int
    """-1 when unreadable or above 2**32-1."""
    method: str
    faults: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "CSeq":
        """Read a CSeq; a value that is none gives what can be read of it."""
        text = unfold(text)
        match = _CSEQ.fullmatch(text)
        faults: tuple[str, ...] = ()
        if match is None:
            match = _LOOSE.match(text)
            faults = ("cseq-malformed",)
        digits, method = match.groups() if match else ("", None)
        number = parse_number(digits)
        if number is None:
            return cls(-1, method or "", ("cseq-malformed",))
        if number > LIMIT:
            faults += ("cseq-out-of-range",)
        return cls(number if number <= MAX_32_BIT else -1, method or "", faults)
