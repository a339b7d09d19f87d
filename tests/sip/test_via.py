"""Via (analyzer.sip.via), by RFC 3261 §20.42, §25.1 and RFC 3581."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip.via import Via, scan_top


def test_hops_of_one_row() -> None:
    """The two hops that RFC 4475 §3.1.1.1 puts in one row with white space everywhere."""
    first, second = Via.parse_list(
        "SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n"
        " SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239"
    )
    assert (first.version, first.transport, first.host) == ("SIP/2.0", "TCP", "spindle.example.com")
    assert (first.branch, second.branch) == ("z9hG4bK9ikj8", "z9hG4bK30239")
    assert (second.transport, second.host, second.port) == ("UDP", "192.168.255.111", None)


def test_received_and_rport() -> None:
    """A server adds where it saw the request come from (RFC 3581 §4)."""
    via = Via.parse(
        "SIP/2.0/UDP 10.1.1.1:4540;received=192.0.2.1;rport=9988;branch=z9hG4bKkjshdyff"
    )
    assert (via.received, via.rport, via.port) == ("192.0.2.1", "9988", 4540)
    assert via.faults == ()


@pytest.mark.parametrize(
    ("text", "sent_by", "branch", "faults"),
    [
        ("SIP/2.0/UDP a.example.com:5060;branch=z9hG4bK1", "a.example.com:5060", "z9hG4bK1", ()),
        ("SIP/2.0/UDP [2001:db8::1]:5062;branch=z9hG4bK1", "[2001:db8::1]:5062", "z9hG4bK1", ()),
        ("SIP/2.0/UDP a : 5060 ; Branch = z9hG4bK1 , x", "a : 5060", "z9hG4bK1", ()),
        ("SIP/2.0/UNKNOWN a;rport;branch=z9hG4bK1,SIP/2.0/TCP b;branch=2", "a", "z9hG4bK1", ()),
        ("SIP/2.0/UDP a", "a", "", ("branch-missing",)),
        ("SIP/2.0/UDP a;branch=z9hG4bK", "a", "z9hG4bK", ("branch-bare-cookie",)),
        ("SIP/2.0/UDP a;branch=Z9HG4BK;x", "a", "Z9HG4BK", ("branch-bare-cookie",)),
        ("SIP/2.0/UDP a;branch=old", "a", "old", ()),
        ("SIP/2.0/UDP a;;,;,,", "a", "", ("branch-missing", "via-malformed")),
        ("SIP/2.0/UDP a:99999;branch=1", "a:99999", "1", ("via-malformed",)),
        ("SIP/2.0/UDP;branch=1", "SIP/2.0/UDP", "1", ("via-malformed",)),
        ("", "", "", ("via-malformed",)),
    ],
)
def test_top_hop(text: str, sent_by: str, branch: str, faults: tuple[str, ...]) -> None:
    """Sent-by and branch of the first hop are found where they stand."""
    hop = scan_top(text, 0, len(text))
    assert text[hop.sent_by[0] : sum(hop.sent_by)] == sent_by
    assert text[hop.branch[0] : sum(hop.branch)] == branch
    assert hop.faults == faults


def test_parse_faults() -> None:
    """A row that is no Via is named and its host guessed."""
    assert Via.parse("SIP/2.0/UDP;branch=1").faults == ("via-malformed",)
    assert Via.parse("SIP/2.0/UDP a;;").faults == ("via-malformed",)
    assert Via.parse("").host == ""


TEXTS = st.text(alphabet='SIP/2.0UDP a:5060;branch=z9hG4bK,"<[]\r\n\t', max_size=40)


@given(TEXTS, st.sampled_from(["", "SIP/2.0/UDP ", "SIP/2.0/UDP a;branch=", "SIP/2.0/UDP a:1"]))
def test_value_and_spans_agree(text: str, begin: str) -> None:
    """The hop as a value and the hop in place are the same."""
    text = begin + text
    hop = scan_top(text, 0, len(text))
    for start, length in (hop.sent_by, hop.branch):
        assert 0 <= start <= start + length <= len(text)
    hops = Via.parse_list(text)
    if hop.faults == () and hops:
        assert hops[0].faults == ()
        assert text[hop.branch[0] : sum(hop.branch)].strip('"') == hops[0].branch
        assert text[hop.sent_by[0] : sum(hop.sent_by)].startswith(hops[0].host)
