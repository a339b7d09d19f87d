"""What a person types → what is meant."""

import pytest

from analyzer.errors import UsageError
from analyzer.reference.lookup import find, find_code

RULES = ["RSP603", "TXN001"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("603", "603"),
        ("603+", "603"),
        ("RSP603", "603"),
        ("rsp 603", "603"),
        ("SIP 486", "486"),
        ("sip/2.0 486 Busy Here", "486"),
        ("486 busy", "486"),
        ("code 404", "404"),
        ("SIP;cause=603", "603"),
        ("Reason: SIP;cause=200;text=x", "200"),
        ("cause=486", "486"),
        ("busy here", "486"),
        ("busy", "486"),
        ("decline", "603"),
        ("Not Found", "404"),
        ("version", "505"),
        ("478", "478"),
        ("699", "699"),
        ("txn001", "TXN001"),
        ("SUBSCRIBE", "SUBSCRIBE"),
        ("invite", "INVITE"),
        ("Retry-After", "Retry-After"),
        ("retry-after:", "Retry-After"),
        ("k", "Supported"),
        ("B", "Referred-By"),
        ("header:via", "Via"),
        ("q850:21", "q850:21"),
        ("Q.850 17", "q850:17"),
        ("q850 cause=17", "q850:17"),
        ("cause=17", "q850:17"),
        ("cause 102", "q850:102"),
        ("21", "q850:21"),
        ("127", "q850:127"),
        ('Reason: Q.850;cause=16;text="Terminated"', "q850:16"),
        ("warning:399", "warning:399"),
        ("Warning: 304 example.com", "warning:304"),
        ("399", "warning:399"),
        ("302", "302"),
        ("timer B", "timer:B"),
        ("timer:h", "timer:H"),
        ("T2", "timer:T2"),
        ("STIR", "reason:STIR"),
        ("reason:q.850", "reason:Q.850"),
        ("LN", "location:LN"),
        ("location:u", "location:U"),
        ("話中", "486"),
        ("diversion", "Diversion"),
    ],
)
def test_what_is_meant(written: str, meant: str) -> None:
    """Names in any case, numbers as headers write them, words of a phrase, everyday words."""
    assert find(written, RULES).subject.written() == meant


def test_other_meanings_are_named() -> None:
    """What may be meant instead comes along, each once."""
    assert "warning:302" in [each.written() for each in find("302").others]
    assert "timer:B" in [each.written() for each in find("b").others]
    assert [each.written() for each in find("busy").others] == ["600", "q850:17"]


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("Retri-After", 'did you mean "Retry-After"?'),
        ("SUBSCIRBE", 'did you mean "SUBSCRIBE"?'),
        ("bsuy", 'did you mean "busy"?'),
        ("TXN002", 'did you mean "TXN001"?'),
        ("zzz", "name a code, a method"),
        ("q850:10", "name a code, a method"),
        ("700", "name a code, a method"),
        ("", "name a code, a method"),
        ("--", "name a code, a method"),
    ],
)
def test_what_is_not_known(written: str, hint: str) -> None:
    """One line, with the nearest name where there is one."""
    with pytest.raises(UsageError) as caught:
        find(written, RULES)
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_codes_only() -> None:
    """A comparison takes codes however they are written, and nothing else."""
    assert find_code("busy") == 486
    assert find_code("RSP204") == 204
    for written in ("INVITE", "q850:17"):
        with pytest.raises(UsageError, match="is no response code"):
            find_code(written)
