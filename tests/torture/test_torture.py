"""RFC 4475: what becomes of each torture message (analyzer.sip.message)."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from analyzer.anomaly_kinds import KINDS
from analyzer.sip.message import Head, parse_head

FOLDER = Path(__file__).parent / "messages"


@dataclass(frozen=True, slots=True)
class Case:
    """A torture message: its section in RFC 4475, the faults it has, fields that can be read."""

    name: str
    section: str
    faults: tuple[str, ...] = ()
    """Anomalies of severity `error`, and those that are the point of the message."""
    method: str = "INVITE"
    status: int = 0
    cseq: int = 8
    call_id: str = ""
    from_tag: str = ""
    branch: str = "z9hG4bKkdjuw"


CASES = (
    Case("wsinv", "3.1.1.1", cseq=9, from_tag="98asjd8", branch="390skdjuw"),
    Case(
        "intmeth",
        "3.1.1.2",
        method="!interesting-Method0123456789_*+`.%indeed'~",
        cseq=139122385,
        call_id="intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{",
        from_tag="_token~1'+`*%!-.",
        branch="z9hG4bK-.!%66*_+`'~",
    ),
    Case("esc01", "3.1.1.3", cseq=234234, from_tag="938"),
    Case("escnull", "3.1.1.4", method="REGISTER", cseq=14398234, from_tag="839923423"),
    Case(
        "esc02",
        "3.1.1.5",
        method="RE%47IST%45R",
        cseq=29344,
        from_tag="f232jadfj23",
        branch="z9hG4bK209%fzsnel234",
    ),
    Case("lwsdisp", "3.1.1.6", method="OPTIONS", cseq=60, from_tag="323"),
    Case("longreq", "3.1.1.7", cseq=3882340, from_tag="12" + "982" * 50 + "424", branch=""),
    Case(
        "dblreq",
        "3.1.1.8",
        ("bytes-after-message",),
        method="REGISTER",
        from_tag="43251j3j324",
        branch="z9hG4bKkdjuw23492",
    ),
    Case("semiuri", "3.1.1.9", method="OPTIONS", from_tag="33242"),
    Case("transports", "3.1.1.10", method="OPTIONS", cseq=60, from_tag="323"),
    Case(
        "mpart01",
        "3.1.1.11",
        method="MESSAGE",
        cseq=1,
        call_id="3d9485ad0c49859b@Zmx1ZmZ5LW1hYy0xNi5sb2NhbA..",
        from_tag="2fb0dcc9",
        branch="z9hG4bK-d87543-4dade06d0bdb11ee-1--d87543-",
    ),
    Case("unreason", "3.1.1.12", status=200, cseq=35, from_tag="11141343", branch="z9hG4bK1324923"),
    Case(
        "noreason", "3.1.1.13", status=100, cseq=35, from_tag="39ansfi3", branch="z9hG4bK2398ndaoe"
    ),
    Case(
        "badinv01",
        "3.1.2.1",
        ("address-malformed", "via-malformed"),
        from_tag="134161461246",
        branch="",
    ),
    Case(
        "clerr",
        "3.1.2.2",
        ("content-length-mismatch",),
        from_tag="93942939o2",
        branch="z9hG4bK-39234-23523",
    ),
    Case("ncl", "3.1.2.3", ("content-length-malformed",), cseq=0, from_tag="32394234"),
    Case(
        "scalar02",
        "3.1.2.4",
        ("cseq-out-of-range", "number-out-of-range"),
        method="REGISTER",
        cseq=-1,
        from_tag="239232jh3",
        branch="z9hG4bK342sdfoi3",
    ),
    Case(
        "scalarlg",
        "3.1.2.5",
        ("cseq-out-of-range", "number-out-of-range", "warning-malformed"),
        method="OPTIONS",
        status=503,
        cseq=-1,
        from_tag="2easdjfejw",
        branch="z9hG4bKzzxdiwo34sw",
    ),
    Case(
        "quotbal", "3.1.2.6", ("unterminated-quote",), from_tag="93334", branch="z9hG4bKkdjuw39234"
    ),
    Case("ltgtruri", "3.1.2.7", ("request-uri-brackets",), cseq=1, from_tag="39291", branch=""),
    Case(
        "lwsruri",
        "3.1.2.8",
        ("request-uri-space",),
        cseq=2130706432,
        from_tag="231413434",
        branch="z9hG4bKkdjuw2395",
    ),
    Case(
        "lwsstart",
        "3.1.2.9",
        ("start-line-space",),
        cseq=1893884,
        from_tag="8814",
        branch="z9hG4bKkdjuw3923",
    ),
    Case(
        "trws",
        "3.1.2.10",
        ("start-line-space",),
        method="OPTIONS",
        cseq=238923,
        from_tag="329429089",
        branch="z9hG4bK299342093",
    ),
    Case("escruri", "3.1.2.11", ("request-uri-headers",), cseq=149209342, from_tag="341518"),
    Case("baddate", "3.1.2.12", ("date-malformed",), cseq=1392934, from_tag="2234923"),
    Case(
        "regbadct", "3.1.2.13", ("address-malformed",), method="REGISTER", cseq=1, from_tag="998332"
    ),
    Case(
        "badaspec",
        "3.1.2.14",
        ("address-malformed",),
        method="OPTIONS",
        cseq=3923239,
        from_tag="433423",
        branch="z9hG4bKkdju43234",
    ),
    Case(
        "baddn",
        "3.1.2.15",
        ("address-malformed", "head-cut"),
        method="OPTIONS",
        cseq=3923239,
        from_tag="43",
    ),
    Case(
        "badvers", "3.1.2.16", ("version-unknown",), method="OPTIONS", cseq=1, from_tag="qweoiqpe"
    ),
    Case("mismatch01", "3.1.2.17", ("cseq-method-mismatch",), method="OPTIONS", from_tag="34525"),
    Case("mismatch02", "3.1.2.18", ("cseq-method-mismatch",), method="NEWMETHOD", from_tag="34525"),
    Case(
        "bigcode",
        "3.1.2.19",
        ("status-out-of-range",),
        status=-1,
        cseq=353494,
        from_tag="39ansfi3",
        branch="z9hG4bK2398ndaoe",
    ),
    Case(
        "badbranch",
        "3.2.1",
        ("branch-bare-cookie",),
        method="OPTIONS",
        from_tag="33242",
        branch="z9hG4bK",
    ),
    Case("insuf", "3.3.1", ("missing-header",), cseq=193942, branch="z9hG4bKkdj.insuf"),
    Case(
        "unkscm",
        "3.3.2",
        method="OPTIONS",
        cseq=3923423,
        from_tag="384",
        branch="z9hG4bKkdjuw39234",
    ),
    Case(
        "novelsc",
        "3.3.3",
        method="OPTIONS",
        cseq=3923423,
        from_tag="384",
        branch="z9hG4bKkdjuw39234",
    ),
    Case("unksm2", "3.3.4", method="REGISTER", cseq=234902, from_tag="3234233"),
    Case("bext01", "3.3.5", method="OPTIONS", from_tag="242etr"),
    Case("invut", "3.3.6", cseq=235448, from_tag="8392034"),
    Case("regaut01", "3.3.7", method="REGISTER", cseq=9338, from_tag="87321hj23128"),
    Case(
        "multi01",
        "3.3.8",
        ("duplicate-header",),
        cseq=5,
        call_id="multi01.98asdh@192.0.2.1",
        from_tag="3413415",
    ),
    Case(
        "mcl01",
        "3.3.9",
        ("content-length-conflict", "duplicate-header"),
        method="OPTIONS",
        cseq=15932,
        from_tag="3923942",
        branch="z9hG4bK293423",
    ),
    Case("bcast", "3.3.10", status=200, cseq=35, from_tag="11141343", branch="z9hG4bK1324923"),
    Case(
        "zeromf",
        "3.3.11",
        method="OPTIONS",
        cseq=39234321,
        from_tag="3ghsd41",
        branch="z9hG4bKkdjuw2349i",
    ),
    Case("cparam01", "3.3.12", method="REGISTER", cseq=2, from_tag="DkfVgjkrtMwaerKKpe"),
    Case("cparam02", "3.3.13", method="REGISTER", cseq=3, from_tag="838293"),
    Case("regescrt", "3.3.14", method="REGISTER", cseq=14398234, from_tag="8"),
    Case("sdp01", "3.3.15", from_tag="234"),
    Case("inv2543", "3.4.1", cseq=56, branch=""),
)


def message(name: str) -> bytes:
    """Return the bytes of a torture message."""
    return (FOLDER / f"{name}.dat").read_bytes()


def head_of(name: str) -> Head:
    """Return the head of a torture message."""
    head = parse_head(message(name))
    assert head is not None
    return head


def text_of(name: str, span: tuple[int, int]) -> str:
    """Return the text of a span."""
    return message(name)[span[0] : sum(span)].decode()


def test_every_message_has_a_case() -> None:
    """No message of the RFC is left out, and no case is without its message."""
    assert sorted(case.name for case in CASES) == sorted(each.stem for each in FOLDER.iterdir())
    assert len(CASES) == 49


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_faults_are_named(case: Case) -> None:
    """An invalid message has an anomaly that names its fault; a valid one has no error."""
    anomalies = set(head_of(case.name).anomalies)
    assert anomalies >= set(case.faults)
    errors = {kind for kind in anomalies if KINDS[kind].severity == "error"}
    assert errors <= set(case.faults)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_readable_fields_are_there(case: Case) -> None:
    """Method, status, CSeq, Call-ID, From tag and branch are read whatever else is wrong."""
    head = head_of(case.name)
    assert (head.method, head.status, head.cseq) == (case.method, case.status, case.cseq)
    assert head.is_request == (case.status == 0)
    call_id = text_of(case.name, head.call_id)
    # The RFC names each message at the beginning of its Call-ID.
    prefix = "" if case.name == "insuf" else f"{case.name}."
    assert call_id == case.call_id if case.call_id else call_id.startswith(prefix)
    assert text_of(case.name, head.from_tag) == case.from_tag
    assert text_of(case.name, head.branch) == case.branch


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_byte_is_accounted_for(case: Case) -> None:
    """Head, body and what follows it are the whole datagram (RFC 3261 §18.3)."""
    head = head_of(case.name)
    data = message(case.name)
    rest = len(data) - head.head_len - head.body_len
    assert head.head_len <= len(data)
    assert rest >= 0
    assert (rest > 0) == ("bytes-after-message" in head.anomalies)


def test_body_is_what_content_length_says() -> None:
    """A second request in the datagram is no part of the first (RFC 4475 §3.1.1.8)."""
    head = head_of("dblreq")
    assert head.body_len == 0
    assert message("dblreq")[head.head_len :].lstrip().startswith(b"INVITE sip:joe@example.com")


def test_missing_headers_are_listed() -> None:
    """The anomaly of a missing header says which (RFC 4475 §3.3.1)."""
    head = head_of("insuf")
    assert head.details[head.anomalies.index("missing-header")] == "From, To, Call-ID"


def test_phrase_is_utf8() -> None:
    """A reason phrase is UTF-8 (RFC 4475 §3.1.1.12), or nothing (§3.1.1.13)."""
    phrase = text_of("unreason", head_of("unreason").line)
    assert phrase.startswith("= 2**3 * 5**2 но сто девяносто")
    assert head_of("noreason").line[1] == 0


def test_request_uri_without_brackets() -> None:
    """Angle brackets around a Request-URI are no part of it (RFC 4475 §3.1.2.7)."""
    assert text_of("ltgtruri", head_of("ltgtruri").line) == "sip:user@example.com"


def test_long_request_is_whole() -> None:
    """Values of any length are read (RFC 4475 §3.1.1.7)."""
    head = head_of("longreq")
    assert len(head.values("Via")) == 34
    contact = head.header("Contact")
    assert contact is not None
    assert contact.value.startswith("<sip:amazinglylongcallername")


def test_folded_values_are_unfolded() -> None:
    """A fold is a space (RFC 4475 §3.1.1.1)."""
    head = head_of("wsinv")
    assert head.values("NewFangledHeader") == ["newfangled value continued newfangled value"]
    assert head.values("Subject") == [""]
    assert text_of("wsinv", head.sent_by) == "192.0.2.2"
    assert text_of("wsinv", head.to_tag) == "1918181833n"
