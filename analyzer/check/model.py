"""What a check found, independent of how it is printed: the only input of the outputs.

Texts from a capture are as they are: an output makes them harmless.
"""

from analyzer.annotate.wording import LikelyText
from analyzer.frozen import frozen
from analyzer.report.model import Ladder
from analyzer.tables.findings import Severity


@frozen
class Place:
    """Where something is."""

    capture: str
    """Path of the file, as given."""
    frame: int | None
    """Number of the frame in it, from 1, as Wireshark counts."""
    call: int | None
    """Id of the call."""
    who: str
    """`alice@example.com -> bob@example.com`; empty where nobody is named."""
    call_id: str
    ladder: Ladder | None = None
    captures: int = 1
    """In the recording: with several, frames are named with the number of theirs."""


@frozen
class Problem:
    """A finding that counts."""

    rule: str
    case: str
    notes: tuple[str, ...]
    severity: Severity
    title: str
    meaning: str
    message: str
    likely: LikelyText | None
    next_steps: tuple[str, ...]
    references: tuple[str, ...]
    place: Place
    subject: str
    """What it belongs to: `call 3`, `subscription 0`, …"""
    relayed: bool
    fingerprint: str
    """The same for the same trouble in another recording of the same scenario."""
    number: int
    """Of those with this fingerprint in the recording, from 1."""
    fails: bool
    """At least as grave as what the check fails on."""
    known: bool = False
    """The baseline has it."""

    @property
    def id(self) -> str:
        """Return rule and case as one name."""
        return f"{self.rule}.{self.case}"


@frozen
class Verdict:
    """What became of an expectation in a recording."""

    name: str
    met: bool
    found: tuple[str, ...]
    """What was found and what was wanted, a line for each part that is not met."""
    why: str
    do: tuple[str, ...]
    places: tuple[Place, ...]
    """The first of what is at fault."""
    more: int
    """Further places."""


@frozen
class Gone:
    """What the baseline has and the recording no longer shows."""

    fingerprint: str
    what: str
    """`RSP603.not-alerted: alice@example.com -> bob@example.com`."""
    count: int


@frozen
class Recording:
    """One recording: a capture, or several that are one timeline."""

    name: str
    """Path, or the paths with a comma between."""
    captures: tuple[str, ...]
    packets: int
    sip_messages: int
    calls: int
    problems: tuple[Problem, ...]
    verdicts: tuple[Verdict, ...]
    gone: tuple[Gone, ...] = ()
    ignored: int = 0
    """Findings that the policy does not count."""
    cut: tuple[str, ...] = ()
    """Captures that are cut or damaged: what could be read of them was checked."""
    empty: str = ""
    """Why there is no SIP, where there is none."""

    @property
    def failing(self) -> tuple[Problem, ...]:
        """Return the problems that fail the check."""
        return tuple(each for each in self.problems if each.fails and not each.known)

    @property
    def unmet(self) -> tuple[Verdict, ...]:
        """Return the expectations that are not met."""
        return tuple(each for each in self.verdicts if not each.met)

    @property
    def failed(self) -> bool:
        """Tell whether the recording fails."""
        return bool(self.failing or self.unmet or self.empty)


@frozen
class Unreadable:
    """An input that could not be read."""

    name: str
    why: str


@frozen
class CheckReport:
    """All that was checked."""

    recordings: tuple[Recording, ...]
    unreadable: tuple[Unreadable, ...]
    policy: str
    """Path of the policy; empty for none."""
    baseline: str
    """Path of the baseline; empty for none."""
    unasked: tuple[str, ...] = ()
    """Expectations that are for none of the recordings."""

    @property
    def failed(self) -> bool:
        """Tell whether anything fails."""
        return bool(self.unreadable) or any(each.failed for each in self.recordings)
