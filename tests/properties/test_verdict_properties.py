"""What a capture shows decides the verdict, not how it is written, carried or captured.

Each property takes the dialogues of the rules' own examples (`JUDGED`). Where a variation changes
what a capture proves, the property says so, with the section of the RFC.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from analyzer.annotate.dialogue import parse_dialogue
from analyzer.annotate.load import read_rule_file
from analyzer.annotate.rule_files import rule_files, rules_root
from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from analyzer.tables.findings import Severity
from analyzer.tables.trace import Trace
from captured import write_capture
from variations import (
    Choose,
    Endpoint,
    Packet,
    Packets,
    Rewriting,
    Variation,
    as_packets,
    chain,
    copied,
    merged,
    moved,
    regrouped,
    renamed,
    reordered,
    rewrite,
    sent_again,
    shuffled,
    spaced,
    split,
    stranger,
    to_ipv6,
    to_other_ports,
    until,
)

MS = 1_000_000
TIMER_G_MS = (500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500)
"""When a final response is sent again that gets no ACK: T1, doubled up to T2 (RFC 3261 §17.2.1)."""
Verdict = tuple[str, str, tuple[str, ...], Severity]
OTHERS = {"TXN001", "DLG001", *(f"SUB00{n}" for n in range(1, 6))}
JUDGED = frozenset(
    each.id
    for each in rule_files(rules_root(), "rules", built_in=True)
    if each.id.startswith("RSP") or each.id in OTHERS
)
"""Rules of which these properties hold: all about responses, and some others. The rest are about
what is varied here: how often a message comes (TXN003), whether an address is private (DLG002), how
the capture ends (REG002).
"""


@dataclass(frozen=True, slots=True)
class Situation:
    """An example of a rule."""

    rule: str
    name: str
    packets: Packets
    chosen: tuple[tuple[str, str], ...]

    @property
    def asks_of_others(self) -> bool:
        """Whether its rule asks what else the same elements do (`server.always`): strangers to it
        are elsewhere.
        """
        return self.rule not in OTHERS | {"RSP204", "RSP603"}

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: FBT001 - hypothesis calls it so
        """Let hypothesis name the example only: packets are long."""
        del cycle
        printer.text(f"<{self.rule}: {self.name}>")


def situations() -> Iterator[Situation]:
    """Go through all examples of the rules judged."""
    for each in rule_files(rules_root(), "rules", built_in=True):
        if each.id not in JUDGED:
            continue
        rule, _ = read_rule_file(each, examples=True)
        assert rule is not None
        for example in rule.examples:
            chosen = {f"{rule.id}.{name}": str(v) for name, v in example.settings.items()}
            packets = as_packets(parse_dialogue(example.dialogue))
            yield Situation(rule.id, example.name, packets, tuple(chosen.items()))


SITUATIONS = list(situations())
EXAMPLES = st.sampled_from(SITUATIONS)
thrifty = settings(max_examples=settings().max_examples // 4)
"""Each example is a whole analysis: a quarter of those that the profile asks for."""


class Capture:
    """A file that each example overwrites, and what was found in it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._plain: dict[str, Counter[Verdict]] = {}

    def verdicts(self, packets: Packets, situation: Situation) -> Counter[Verdict]:
        """Return what is found in packets under the settings of a situation."""
        return self.verdicts_of([packets], situation)

    def verdicts_of(self, files: Sequence[Packets], situation: Situation) -> Counter[Verdict]:
        """Return what is found in several captures together."""
        paths = [self._path.with_suffix(f".{number}") for number in range(len(files))]
        for path, packets in zip(paths, files, strict=True):
            path.write_bytes(write_capture(packets))
        options = Settings(rule_settings=dict(situation.chosen))
        with open_trace([*map(str, paths)], options) as trace:
            return Counter(_verdicts(trace))

    def plain(self, situation: Situation) -> Counter[Verdict]:
        """Return what is found in a situation as it is."""
        name = f"{situation.rule}: {situation.name}"
        if name not in self._plain:
            self._plain[name] = self.verdicts(situation.packets, situation)
        return self._plain[name]

    def side_by_side(
        self, one: Situation, own: Packets, other: Situation, foreign: Packets
    ) -> Counter[Verdict]:
        """Return what is found in two captures that end at the same time, each by itself."""
        assume(not (one.chosen and other.chosen and one is not other))
        goes_on = until(end(own, foreign))
        both = Situation(one.rule, one.name, own, one.chosen + other.chosen)
        return self.verdicts(goes_on(own), both) + self.verdicts(goes_on(foreign), both)


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Capture:
    """Give the file."""
    return Capture(tmp_path_factory.mktemp("verdicts") / "capture.pcap")


def _verdicts(trace: Trace) -> Iterator[Verdict]:
    table = trace.findings
    columns = (table.rule, table.case, table.notes, table.severity)
    for number, case, notes, severity in zip(*(each.tolist() for each in columns), strict=True):
        rule = trace.rules[number]
        held = tuple(note.id for at, note in enumerate(rule.notes) if notes >> at & 1)
        if rule.id in JUDGED:
            yield rule.id, rule.cases[case].id, held, Severity(severity)


def choosing(data: st.DataObject) -> Choose:
    """Let hypothesis choose; it simplifies towards the first of each."""
    return lambda count: data.draw(st.integers(0, count - 1)) if count > 1 else 0


def later(packets: Packets, by_ns: int) -> Packets:
    """Return the packets with all times moved."""
    return [replace(each, time_ns=each.time_ns + by_ns) for each in packets]


def end(*streams: Packets) -> int:
    """Return the time of the last packet."""
    return max(each.time_ns for stream in streams for each in stream)


WRITINGS = {"order": reordered, "names": renamed, "blanks": spaced, "lists": regrouped}


@pytest.mark.parametrize("writing", WRITINGS.values(), ids=WRITINGS)
@thrifty
@given(situation=EXAMPLES, data=st.data())
def test_way_of_writing(
    capture: Capture,
    writing: Callable[[Choose], Rewriting],
    situation: Situation,
    data: st.DataObject,
) -> None:
    """Order, names, folds, blanks and lists of headers do not matter (RFC 3261 §7.3, §25.1)."""
    change = rewrite(writing(choosing(data)))
    assert capture.verdicts(change(situation.packets), situation) == capture.plain(situation)


@thrifty
@given(situation=EXAMPLES, data=st.data())
def test_all_ways_of_writing_at_once(
    capture: Capture, situation: Situation, data: st.DataObject
) -> None:
    """Nor do they together."""
    choose = choosing(data)
    change = chain(*(rewrite(each(choose)) for each in WRITINGS.values()))
    assert capture.verdicts(change(situation.packets), situation) == capture.plain(situation)


@thrifty
@given(situation=EXAMPLES, place=st.sampled_from([to_ipv6, to_other_ports]), in_text=st.booleans())
def test_addresses(
    capture: Capture,
    situation: Situation,
    place: Callable[[Endpoint], Endpoint],
    in_text: bool,  # noqa: FBT001 - drawn
) -> None:
    """Addresses, ports and the version of IP do not matter, whether headers name them or a NAT
    stands between.
    """
    change = moved(place, in_text=in_text)
    assert capture.verdicts(change(situation.packets), situation) == capture.plain(situation)


@thrifty
@given(situation=EXAMPLES, data=st.data())
def test_copies(capture: Capture, situation: Situation, data: st.DataObject) -> None:
    """A packet that was captured twice, on another link or at the same time, is one packet."""
    change: Variation = list
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, len(situation.packets) - 1))
        later_ns = data.draw(st.sampled_from([0, MS, 20 * MS, 900 * MS]))
        change = chain(change, copied(number, later_ns, data.draw(st.sampled_from([0, 7]))))
    assert capture.verdicts(change(situation.packets), situation) == capture.plain(situation)


@thrifty
@given(situation=EXAMPLES, data=st.data())
def test_copies_without_identification(
    capture: Capture, situation: Situation, data: st.DataObject
) -> None:
    """IPv6 packets have no identification: copies are known by their bytes, close in time."""
    number = data.draw(st.integers(0, len(situation.packets) - 1))
    later_ns = data.draw(st.sampled_from([0, MS, 20 * MS]))
    change = chain(moved(to_ipv6), copied(number, later_ns, data.draw(st.sampled_from([0, 7]))))
    assert capture.verdicts(change(situation.packets), situation) == capture.plain(situation)


@thrifty
@given(situation=EXAMPLES, data=st.data())
def test_two_captures(capture: Capture, situation: Situation, data: st.DataObject) -> None:
    """Two captures, each with some of the packets and some in both, are one timeline."""
    where = [data.draw(st.sampled_from([(0,), (1,), (0, 1)])) for _ in situation.packets]
    files = [
        [each for each, numbers in zip(situation.packets, where, strict=True) if number in numbers]
        for number in (0, 1)
    ]
    assume(all(files))
    assert capture.verdicts_of(files, situation) == capture.plain(situation)


@thrifty
@given(situation=EXAMPLES, data=st.data())
def test_retransmissions(capture: Capture, situation: Situation, data: st.DataObject) -> None:
    """A message that is sent again, in the time that Timers A, E and G leave for it (RFC 3261 §17,
    table 4), says nothing new: one repeat of a 603 is no sign that its ACK is missing.
    """
    number = data.draw(st.integers(0, len(situation.packets) - 1))
    later_ns = data.draw(st.sampled_from([500 * MS, 1500 * MS, 3500 * MS]))
    goes_on = until(end(situation.packets) + later_ns)
    expected = capture.verdicts(goes_on(situation.packets), situation)
    again = chain(sent_again(number, later_ns), goes_on)
    assert capture.verdicts(again(situation.packets), situation) == expected


def is_on_hop_of(packet: Packet, other: Packet) -> bool:
    """Tell whether two packets are of one call and between the same two endpoints."""
    ends = {packet.source, packet.destination} == {other.source, other.destination}
    call_ids = [dict(split(each.payload).headers)["Call-ID"] for each in (packet, other)]
    return ends and call_ids[0] == call_ids[1]


def is_declined_invite(payload: bytes) -> bool:
    """Tell whether a message is a 603 to an INVITE."""
    return payload.startswith(b"SIP/2.0 603") and b" INVITE\r\n" in payload


@thrifty
@given(situation=EXAMPLES, data=st.data())
def test_repeats_until_timer_h(capture: Capture, situation: Situation, data: st.DataObject) -> None:
    """A 603 that is sent again until Timer H (§17.2.1) lacks its ACK, where the capture shows the
    INVITE and no ACK; only then does the verdict gain a note. Another message gains none.
    """
    packets = situation.packets
    number = data.draw(st.integers(0, len(packets) - 1))
    goes_on = until(packets[number].time_ns + 40_000 * MS)
    repeats = chain(*(sent_again(number, ns * MS) for ns in TIMER_G_MS))
    before = capture.verdicts(goes_on(packets), situation)
    after = capture.verdicts(chain(repeats, goes_on)(packets), situation)
    on_hop = [each.payload for each in packets if is_on_hop_of(each, packets[number])]
    is_seen = any(each.startswith(b"INVITE ") for each in on_hop)
    is_unacknowledged = is_seen and not any(each.startswith(b"ACK ") for each in on_hop)
    is_unacknowledged &= not any("not-acknowledged" in notes for _, _, notes, _ in before)
    if is_declined_invite(packets[number].payload) and is_unacknowledged:
        gained, lost = after - before, before - after
        assert [note for _, _, notes, _ in gained for note in notes].count("not-acknowledged") == 1
        assert {each[:2] for each in gained} == {each[:2] for each in lost}
    else:
        assert after == before


@thrifty
@given(one=EXAMPLES, other=EXAMPLES, data=st.data())
def test_strangers(capture: Capture, one: Situation, other: Situation, data: st.DataObject) -> None:
    """Traffic with other Call-IDs, branches, tags and users changes nothing, between the same
    addresses or others; what it changes is only how long the capture goes on.
    """
    own, foreign = one.packets, stranger("x2")(other.packets)
    if data.draw(st.booleans()) or one.asks_of_others or other.asks_of_others:
        foreign = moved(to_other_ports)(foreign)
    foreign = later(foreign, data.draw(st.integers(-5_000, 5_000)) * MS)
    expected = capture.side_by_side(one, own, other, foreign)
    both = Situation(one.rule, one.name, own, one.chosen + other.chosen)
    goes_on = until(end(own, foreign))
    assert capture.verdicts(goes_on(merged(own, foreign)), both) == expected


@thrifty
@given(one=EXAMPLES, other=EXAMPLES, data=st.data())
def test_order_of_strangers(
    capture: Capture, one: Situation, other: Situation, data: st.DataObject
) -> None:
    """Nor does it matter in which order a capture has packets that do not depend on each other,
    even where its times go backwards.
    """
    own, foreign = one.packets, stranger("x2")(other.packets)
    if one.asks_of_others or other.asks_of_others:
        foreign = moved(to_other_ports)(foreign)
    expected = capture.side_by_side(one, own, other, foreign)
    both = Situation(one.rule, one.name, own, one.chosen + other.chosen)
    mixed = until(end(own, foreign))(shuffled(choosing(data), own, foreign))
    assert capture.verdicts(mixed, both) == expected
