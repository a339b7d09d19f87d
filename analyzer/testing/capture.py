"""A capture in a test: its calls, transactions and findings, and what can be asserted of all."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from analyzer.annotate.faults import Path as Place
from analyzer.annotate.items import Items, load_kinds
from analyzer.check.find_policy import seen_from_here
from analyzer.check.judge import judge
from analyzer.check.model import CheckReport, Recording
from analyzer.check.outputs.text import WIDTH, Page, check_lines
from analyzer.check.outputs.words import verdict_lines
from analyzer.check.policy import Policy
from analyzer.check.problems import problems_of
from analyzer.check.read_expectation import ExpectationReader
from analyzer.check.recordings import check_trace
from analyzer.frozen import frozen
from analyzer.pipeline import open_trace
from analyzer.settings import Settings, with_leg_headers
from analyzer.testing.items import SipCall, SipFinding, SipTransaction, one_of, plain

LADDERS = 3
"""Ladders in the evidence of a failure."""
FINDINGS = 5
"""Findings in it."""
LANGUAGE = "en"
"""Of messages: as those of pytest."""


@frozen
class CaptureOptions:
    """What a capture is judged by."""

    policy: Policy = Policy()
    rules: tuple[Path, ...] = ()
    fail_on: str = ""

    def settings(self) -> Settings:
        """Return the settings of the analysis."""
        written = self.policy.settings
        settings = Settings(
            language=LANGUAGE,
            rules=(*self.policy.rules, *self.rules),
            rule_settings=written.values,
            setting_places=written.places,
        )
        return with_leg_headers(settings, written.leg_headers)


class SipCapture:
    """An analyzed capture, or several as one timeline."""

    def __init__(self, paths: Sequence[str], options: CaptureOptions) -> None:
        """Read captures; raises CaptureError where one cannot be read."""
        self.paths = tuple(paths)
        self.options = options
        self.trace = open_trace(self.paths, options.settings())
        self._items: dict[str, Items] = {}

    def close(self) -> None:
        """Release the files."""
        self.trace.close()

    @cached_property
    def calls(self) -> list[SipCall]:
        """All calls, in their order."""
        return [SipCall(self, row) for row in range(len(self.trace.calls))]

    @cached_property
    def transactions(self) -> list[SipTransaction]:
        """All transactions, in their order."""
        return [SipTransaction(self, row) for row in range(len(self.trace.transactions))]

    @cached_property
    def findings(self) -> list[SipFinding]:
        """All findings that the policy counts, in the order of the messages."""
        rating = self.options.policy.for_recording(self.trace.captures[0].path, "")
        problems, _ = problems_of(self.trace, rating, LANGUAGE)
        return [SipFinding(each) for each in problems]

    def call(self, **fields: str | float) -> SipCall:
        """Return the only call, or the only one with these values of fields; of addresses, the user
        is enough: `capture.call(callee="bob")`.
        """
        __tracebackhide__ = True
        found = [
            each
            for each in self.calls
            if all(_is(each[name], wanted) for name, wanted in fields.items())
        ]
        wanted = "".join(f", {name} {value}" for name, value in fields.items())
        return one_of(found or [] if fields else self.calls, wanted)

    def value(self, kind: str, field: str, row: int) -> str | float | None:
        """Return the value of a field that a policy may name; raises KeyError for any other."""
        known = load_kinds()[kind]
        known.find(field)
        if kind not in self._items:
            self._items[kind] = known.items(self.trace, {})
        return plain(self._items[kind].subject.values(field)[row])

    def assert_passes(self) -> None:
        """Fail where `sipwhy check` would: by findings, the policy, or because there is no SIP."""
        __tracebackhide__ = True
        recording = self._checked()
        if recording.failed:
            raise AssertionError(self._told(recording))

    def assert_expectation(self, name: str, **expectation: object) -> None:
        """Fail unless an expectation is met; it is written as in a policy, with `**{}` for what is
        no Python name: `assert_expectation("busy", calls={}, **{"count|gte": 3})`.
        """
        __tracebackhide__ = True
        faults: list[str] = []

        def note(path: Place, what: str, *, at_key: bool = False) -> None:
            del at_key
            faults.append(f"{'.'.join(map(str, path[1:]))}: {what}".removeprefix(": "))

        wanted = ExpectationReader(note, ("expectation",)).read({"name": name, **expectation})
        if faults or wanted is None:
            raise ValueError("; ".join(faults))
        (verdict,) = judge(self.trace, [wanted], LANGUAGE)
        if not verdict.met:
            report = CheckReport((), (), seen_from_here(self.options.policy.path), "")
            lines = verdict_lines(verdict, report, LANGUAGE)
            raise AssertionError("\n".join((f"not met: {verdict.name}", *lines)))

    @property
    def evidence(self) -> str:
        """Return what there is, and the ladders of the first calls, as text."""
        ladders = [f"{call!r}\n{call.ladder}" for call in self.calls[:LADDERS]]
        if not self.calls:
            ladders = [repr(each) for each in self.transactions[: LADDERS * 5]]
        more = len(self.calls) - LADDERS
        if more > 0:
            ladders.append(f"… and {more:,} more calls")
        findings = [repr(each) for each in self.findings[:FINDINGS]]
        more = len(self.findings) - FINDINGS
        if more > 0:
            findings.append(f"… and {more:,} more findings")
        return "\n".join((repr(self), *findings, *ladders))

    @property
    def report(self) -> str:
        """Return what `sipwhy check -v` prints of it."""
        return self._told(self._checked(), verbose=True)

    def _checked(self) -> Recording:
        options, name = self.options, ", ".join(self.paths)
        return check_trace(self.trace, name, options.policy, options.fail_on, LANGUAGE)

    def _told(self, recording: Recording, *, verbose: bool = False) -> str:
        report = CheckReport((recording,), (), seen_from_here(self.options.policy.path), "")
        lines = check_lines(report, Page(LANGUAGE, WIDTH, verbose))
        return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)

    def __repr__(self) -> str:
        """Return the paths and how much is in them."""
        messages, calls = len(self.trace.messages), len(self.trace.calls)
        named = ", ".join(self.paths)
        return f"<SIP capture {named}: {messages:,} messages, {calls:,} calls>"


def _is(value: str | float | None, wanted: str | float) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return wanted in (value, value.partition("@")[0])
    return value == wanted
