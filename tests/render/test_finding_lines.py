"""Blocks of findings."""

from datetime import UTC

from analyzer.frozen import replace
from analyzer.i18n import load_texts
from analyzer.render.clock import Clock
from analyzer.render.finding_lines import finding_lines, proof_lines
from analyzer.report.model import FindingBlock, Occurrence, Proof, Quote, Server
from example_report import ALICE, BLOCK, BOB, LADDER, START


def printed(block: FindingBlock, language: str = "en") -> str:
    """Return a block as text, its lines joined and spaces made one."""
    lines = finding_lines(
        block, load_texts(language), Clock(UTC), width=200, captures=2, meaning=False
    )
    return "\n".join(" ".join("".join(text for text, _ in line).split()) for line in lines)


GROUP = replace(
    BLOCK,
    count=412,
    alike=False,
    calls=412,
    callees=(("bob@example.com", 400), ("carol@example.com", 11)),
    callee_count=3,
    last_ns=START + 60 * 10**9,
    servers=9,
    products=(("PBX", 400),),
)


def test_many_alike_name_how_many_and_whom() -> None:
    """Number, callees, time span, and that the words are those of an example."""
    text = printed(GROUP)
    assert "603 Decline: declined-after-ringing (412 times)" in text
    assert (
        "Who 412 calls to 3 callees: bob@example.com (400), carol@example.com (11), and 1 more"
        in text
    )
    assert "When 2023-11-14 22:13:24.400 (frame 0:5) to 22:14:20.000" in text
    assert "Certain For example: Declined" in text
    assert "Answered by 9 addresses: PBX (400)" in text
    assert "Call-ID" not in text


def test_many_answers_in_subscriptions() -> None:
    """Where answers are not calls, it is said what they are in."""
    text = printed(replace(GROUP, calls=0, subscriptions=40))
    assert "Who 412 answers in 40 subscriptions to 3 callees" in text
    assert "Who 412 answers in 2 calls to" in printed(replace(GROUP, calls=2))
    assert "Who 412 answers to 3 callees" in printed(replace(GROUP, calls=0))


def test_japanese_order() -> None:
    """The same in the order of Japanese."""
    text = printed(GROUP, "ja")
    assert "発着信 412 呼、着信先 3 件: bob@example.com (400)" in text


def test_hops_that_passed_it_on() -> None:
    """Frames on other hops are named, with a sign when there are more."""
    relayed = replace(BLOCK, relayed=((0, 7), (1, 8)), relayed_count=3)
    assert "passed on by 3 further hops (frame 0:7, frame 1:8 …)" in printed(relayed)


def test_a_server_without_a_name() -> None:
    """Without Server and User-Agent only the address is known."""
    block = replace(BLOCK, server=Server("[2001:db8::1]:5060", None), via=1)
    assert "Answered by [2001:db8::1]:5060\n" in printed(block)
    many = replace(GROUP, products=())
    assert "Answered by 9 addresses\n" in printed(many)


def test_proxies_before_the_one_that_answered() -> None:
    """Each Via after the first is a proxy that the request had passed (RFC 3261 §16.6)."""
    assert "(ExamplePhone/1.0), behind 1 proxy (by Via)" in printed(BLOCK)
    assert "behind 2 proxies" in printed(replace(BLOCK, via=3))
    assert "behind" not in printed(replace(BLOCK, via=1))


def test_many_alike_are_listed() -> None:
    """Call, frame, parties and Call-ID of the first ones, and how many more there are."""
    place = Occurrence(START, (0, 9), ALICE, BOB, "x@192.0.2.1", 7)
    text = printed(replace(GROUP, listed=(place, replace(place, call=None))))
    assert "Calls #7 frame 0:9 alice -> bob x@192.0.2.1" in text
    assert "frame 0:9 alice -> bob x@192.0.2.1\nand 410 more (--all prints each)" in text


def test_a_step_that_differs_is_an_example() -> None:
    """What names the first of many, such as its Call-ID, is not said of all."""
    text = printed(replace(GROUP, alike_steps=(True, False)))
    assert "- Respect it; no automatic redial." in text
    assert "- For example: Use another channel." in text


def test_proof_is_a_ladder_and_quoted_lines() -> None:
    """Lines of a message stand under the ladder with its frame; long ones are folded, and nothing
    in them acts on the terminal.
    """
    lines = ("Reason: " + "word " * 30, "", "\x1b[2J")
    proof = Proof(LADDER, (Quote((0, 5), lines),))
    shown = [
        "".join(text for text, _ in line) for line in proof_lines(proof, load_texts("en"), 80, 1)
    ]
    at = next(number for number, line in enumerate(shown) if "Reason" in line)
    assert shown[at].split()[:2] == ["5", "Reason:"]
    assert max(map(len, shown)) <= 80
    assert shown[-1].strip() == "\\x1b[2J"


def test_who_sent_a_request() -> None:
    """A rule may judge a request, which nobody has answered by it."""
    text = printed(replace(BLOCK, is_request=True))
    assert "Sent by 192.0.2.2:5060 (ExamplePhone/1.0)" in text
    assert "Answered by" not in text
