"""`INVITE 180 200 ACK BYE 200` → whether the messages of a call go like this, and where they leave.

    INVITE 18x 200 ACK        a request by its method, a response by its status; x is any digit
    200(BYE)                  a response to this method
    100? 18x* (180|183)+      none or one, any number, at least one, alternatives
    INVITE ... BYE 200(BYE)   anything between

The whole call has to match, from its first message to its last. Retransmissions and copies count
once, and a 100, which every hop gives for itself, is passed over unless the pattern names it.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analyzer.frozen import frozen

_TOKEN = re.compile(
    r"\s*(?:(?P<status>[1-6][0-9xX]{2})(?:\((?P<of>[A-Z][A-Za-z0-9_.-]*)\))?"
    r"|(?P<method>[A-Z][A-Za-z0-9_.-]*)|(?P<gap>\.\.\.|…)|(?P<sign>[()|?*+]))"
)
DEEPEST = 20
"""Parentheses inside each other."""
TRYING = 100


class SequenceError(ValueError):
    """A pattern that cannot be read; the text says why."""


class Message(NamedTuple):
    """What a pattern sees of a message."""

    method: str
    """Of the request, also for a response."""
    status: int
    """0 for a request."""

    def __str__(self) -> str:
        """Return the message as a pattern names it."""
        return f"{self.status}({self.method})" if self.status else self.method


@frozen
class Step:
    """A message that a pattern names, or any message."""

    method: str
    """Empty for any."""
    status: str
    """Digits and x; empty for a request."""
    is_any: bool = False

    def fits(self, message: Message) -> bool:
        """Tell whether a message is what is wanted."""
        if self.is_any:
            return True
        if bool(self.status) != bool(message.status):
            return False
        digits = zip(self.status, str(message.status), strict=False)
        return self.method in ("", message.method) and all(
            wanted in ("x", digit) for wanted, digit in digits
        )

    def __str__(self) -> str:
        """Return the step as it is written."""
        if self.is_any:
            return "..."
        return (
            f"{self.status}({self.method})"
            if self.status and self.method
            else (self.status or self.method)
        )


@frozen
class Departure:
    """Where messages leave a pattern."""

    position: int
    """How many messages fit."""
    expected: tuple[str, ...]
    """What could have come there; `end` is the end of the call."""


END = "end"


class Pattern:
    """A pattern that is ready to match, in time linear in the number of messages."""

    def __init__(self, text: str) -> None:
        """Read a pattern; raises SequenceError."""
        self.text = text
        self._moves: list[list[tuple[Step | None, int]]] = [[]]
        reader = _Reader(text, self._moves)
        self._final = reader.read(0)
        self._names_trying = any(
            step and not step.is_any and step.fits(Message(step.method, TRYING))
            for moves in self._moves
            for step, _ in moves
        )

    def departure(self, messages: Iterable[Message]) -> Departure | None:
        """Return where messages leave the pattern, None where all of them fit."""
        states = self._closure({0})
        fitting = 0
        for message in messages:
            if message.status != TRYING or self._names_trying:
                found = {
                    after
                    for state in states
                    for step, after in self._moves[state]
                    if step is not None and step.fits(message)
                }
                if not found:
                    return Departure(fitting, self._expected(states))
                states = self._closure(found)
            fitting += 1
        return None if self._final in states else Departure(fitting, self._expected(states))

    def _closure(self, states: set[int]) -> set[int]:
        todo = list(states)
        while todo:
            for step, after in self._moves[todo.pop()]:
                if step is None and after not in states:
                    states.add(after)
                    todo.append(after)
        return states

    def _expected(self, states: set[int]) -> tuple[str, ...]:
        steps = [
            str(step)
            for state in sorted(states)
            for step, _ in self._moves[state]
            if step is not None
        ]
        return tuple(dict.fromkeys([*steps, *([END] if self._final in states else [])]))


class _Reader:
    """Makes an automaton of a pattern: states are indexes, a move without a step costs nothing."""

    def __init__(self, text: str, moves: list[list[tuple[Step | None, int]]]) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._moves = moves
        self._depth = 0

    def read(self, start: int) -> int:
        """Read everything from a state and return the final state."""
        end = self._alternatives(start)
        if self._at < len(self._tokens):
            raise SequenceError('")" closes nothing')
        return end

    def _new(self) -> int:
        self._moves.append([])
        return len(self._moves) - 1

    def _next_sign(self) -> str:
        token = self._tokens[self._at] if self._at < len(self._tokens) else ")"
        return token if isinstance(token, str) else ""

    def _alternatives(self, start: int) -> int:
        end = self._new()
        while True:
            self._moves[self._chain(start)].append((None, end))
            if self._next_sign() != "|":
                return end
            self._at += 1

    def _chain(self, start: int) -> int:
        state = begin = self._new()
        self._moves[start].append((None, begin))
        while self._next_sign() not in ("|", ")"):
            state = self._repeated(state)
        if state == begin:
            raise SequenceError("nothing stands where a message must")
        return state

    def _repeated(self, start: int) -> int:
        begin = self._new()
        self._moves[start].append((None, begin))
        state = self._one(begin)
        sign = self._next_sign()
        if sign and sign in "?*+":
            self._at += 1
            if sign != "?":
                self._moves[state].append((None, begin))
            if sign != "+":
                self._moves[begin].append((None, state))
        return state

    def _one(self, start: int) -> int:
        token = self._tokens[self._at]
        self._at += 1
        if isinstance(token, Step):
            state = start if token.is_any else self._new()
            self._moves[start].append((token, state))
            return state
        if token != "(":  # noqa: S105 - a sign
            raise SequenceError(f'"{token}" stands where a message must')
        self._depth += 1
        if self._depth > DEEPEST:
            raise SequenceError(f"more than {DEEPEST} parentheses inside each other")
        state = self._alternatives(start)
        if self._at == len(self._tokens):
            raise SequenceError('a ")" is missing')
        self._at += 1
        self._depth -= 1
        return state


def _tokens(text: str) -> Sequence[Step | str]:
    found: list[Step | str] = []
    at, text = 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            rest = text[at:].split()[0]
            raise SequenceError(f'"{rest}" is neither a method, a status, "..." nor a sign')
        if match["sign"]:
            found.append(match["sign"])
        elif match["gap"]:
            found.append(Step("", "", is_any=True))
        else:
            status = (match["status"] or "").lower()
            found.append(Step(match["method"] or match["of"] or "", status))
        at = match.end()
    return found
