"""Calls, transactions and findings of a capture, with a `repr` that reads well in a failed test."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analyzer.annotate.fields import UNKNOWN, Value
from analyzer.check.call_messages import as_pattern_sees, messages_seen
from analyzer.check.model import Problem
from analyzer.check.sequences import END, Pattern
from analyzer.i18n import load_texts
from analyzer.render.ladder_lines import ladder_lines
from analyzer.render.layout import visible
from analyzer.report.ladder import build_ladder, messages_of

if TYPE_CHECKING:
    from analyzer.testing.capture import SipCapture

WIDTH = 80


class SipCall:
    """A call. Besides its attributes, `call["setup_ms"]` gives any field of calls that a policy may
    name.
    """

    def __init__(self, capture: "SipCapture", row: int) -> None:
        """Take the row in the table of calls."""
        self._capture = capture
        self.id = row
        """Number of the call, in the order of the capture."""

    def __getitem__(self, field: str) -> str | float | None:
        """Return the value of a field; None where it is absent or not shown."""
        return self._capture.value("calls", field, self.id)

    @property
    def outcome(self) -> str:
        """Return how it ended: `answered`, `declined` or another outcome."""
        return str(self["outcome"])

    @property
    def status(self) -> int | None:
        """Return the final status."""
        status = self["final_status"]
        return int(status) if status is not None else None

    @property
    def caller(self) -> str | None:
        """Return the address in From."""
        return _text(self["caller"])

    @property
    def callee(self) -> str | None:
        """Return the address in To."""
        return _text(self["callee"])

    @property
    def call_id(self) -> str:
        """Return the Call-ID."""
        return str(self["call_id"])

    @property
    def messages(self) -> tuple[str, ...]:
        """Return the messages as the caller sees them, such as `INVITE` and `180(INVITE)`."""
        trace = self._capture.trace
        seen = as_pattern_sees(trace, messages_seen(trace, self.id))
        return tuple(str(each) for each in seen)

    @property
    def findings(self) -> "list[SipFinding]":
        """Return the findings about it."""
        return [each for each in self._capture.findings if each.call == self.id]

    @property
    def ladder(self) -> str:
        """Return its ladder as text."""
        trace = self._capture.trace
        rows = messages_of(trace, trace.transactions_of_call.of(self.id))
        lines = ladder_lines(build_ladder(trace, rows), load_texts("en"), WIDTH, 1)
        return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)

    def assert_outcome(self, outcome: str, status: int | None = None) -> None:
        """Fail unless the call ended like this, and with this status."""
        __tracebackhide__ = True
        if self.outcome != outcome or status not in (None, self.status):
            wanted = outcome if status is None else f"{outcome} {status}"
            raise AssertionError(self._told(f"the call was to be {wanted}"))

    def assert_sequence(self, pattern: str) -> None:
        """Fail unless the call goes like a pattern: `INVITE 18x* 200 ACK ... BYE 200`."""
        __tracebackhide__ = True
        trace = self._capture.trace
        seen = as_pattern_sees(trace, messages_seen(trace, self.id))
        departure = Pattern(pattern).departure(seen)
        if departure is None:
            return
        before = " ".join(map(str, seen[: departure.position])) or "the beginning"
        is_end = departure.position >= len(seen)
        after = "the end of the call" if is_end else str(seen[departure.position])
        wanted = " or ".join("the end" if each == END else each for each in departure.expected)
        raise AssertionError(
            self._told(f'"{pattern}": after {before} comes {after} where {wanted} was expected')
        )

    def assert_no_findings(self) -> None:
        """Fail if a rule found anything about the call."""
        __tracebackhide__ = True
        if self.findings:
            told = "\n".join(f"  {each!r}" for each in self.findings)
            raise AssertionError(self._told(f"no findings were expected:\n{told}"))

    def _told(self, what: str) -> str:
        return f"{what}\n{self!r}\n{self.ladder}"

    def __repr__(self) -> str:
        """Return who called whom, and how it ended."""
        status = f" {self.status}" if self.status else ""
        who = visible(f"{self.caller or '?'} -> {self.callee or '?'}")
        return f"<call #{self.id} {who}: {self.outcome}{status}>"


class SipTransaction:
    """A transaction on one hop."""

    def __init__(self, capture: "SipCapture", row: int) -> None:
        """Take the row in the table of transactions."""
        trace = capture.trace
        table = trace.transactions
        self.id = row
        self.method = trace.methods[int(table.method_sym[row])]
        self.status: int | None = int(table.final_status[row]) or None
        final = int(table.final_row[row])
        self.reason = trace.text(final, "line") if final >= 0 else None
        call = int(table.call_row[row])
        self.call: int | None = call if call >= 0 else None
        self.frame: tuple[int, int] = trace.frame(int(table.first_row[row]))
        """Index of the capture, and number of the first frame."""

    def __repr__(self) -> str:
        """Return what was asked and answered."""
        answer = (
            f"{self.status} {self.reason or ''}".strip() if self.status else "no final response"
        )
        return f"<{visible(self.method)} in frame {self.frame[1]}: {visible(answer)}>"


class SipFinding:
    """What a rule found."""

    def __init__(self, problem: Problem) -> None:
        """Take what the check has of it."""
        self.rule = problem.rule
        self.case = problem.case
        self.notes = problem.notes
        self.severity = problem.severity.name.lower()
        self.message = problem.message
        self.likely = problem.likely.text if problem.likely else None
        self.next_steps = problem.next_steps
        self.frame = problem.place.frame
        self.call = problem.place.call
        self.call_id = problem.place.call_id

    def __repr__(self) -> str:
        """Return rule, case, severity and frame, and what is certain."""
        head = f"{self.severity} {self.rule}.{self.case} in frame {self.frame}"
        return f"<{head}: {visible(self.message)}>"


def plain(value: Value) -> str | float | None:
    """Return a value of a field, None for what is not shown."""
    return None if value is UNKNOWN else value


def _text(value: str | float | None) -> str | None:
    return None if value is None else str(value)


def one_of(calls: Sequence[SipCall], wanted: str) -> SipCall:
    """Return the only call; raises AssertionError for none or several."""
    __tracebackhide__ = True
    if len(calls) != 1:
        told = "\n".join(f"  {each!r}" for each in calls)
        raise AssertionError(f"one call{wanted} was expected, there are {len(calls)}\n{told}")
    return calls[0]
