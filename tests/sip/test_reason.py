"""The Reason header (RFC 3326 §2, RFC 8606) and the 603+ grammar (ATIS-1000099)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip.reason import BlockFault, first_reason, judge_network_block, parse_reasons

SOUND = 'SIP;cause=603;text="v=analytics1;url=https://example.com/redress";location=RLN'


def block(text: str, rest: str = ";location=TN", start: str = "SIP;cause=603") -> str:
    """Return a Reason value with this text."""
    return f'{start};text="{text}"{rest}'


@pytest.mark.parametrize(
    ("value", "protocol", "cause", "text", "location"),
    [
        (
            'SIP ;cause=200 ;text="Call completed elsewhere"',
            "SIP",
            200,
            "Call completed elsewhere",
            None,
        ),
        ('Q.850 ;cause=16 ;text="Terminated"', "Q.850", 16, "Terminated", None),
        ("q.850;Cause=21;location=u", "Q.850", 21, None, "U"),
        ('SIP;cause=600;text="a \\"b\\", c;d"', "SIP", 600, 'a "b", c;d', None),
        ("Preemption;cause=1", "Preemption", 1, None, None),
        ("SIP", "SIP", None, None, None),
        ("SIP;cause=abc", "SIP", None, None, None),
        ('SIP;cause=603;text="open', "SIP", 603, "open", None),
    ],
)
def test_one_value(value: str, protocol: str, cause: int, text: str, location: str) -> None:
    """Each form that RFC 3326 §2 allows, and each damaged one, gives its readable parts."""
    (reason,) = parse_reasons([value])
    assert (reason.protocol, reason.cause, reason.text, reason.location) == (
        protocol,
        cause,
        text,
        location,
    )


def test_several_values_in_lines_and_lists() -> None:
    """A comma list and repeated lines are equivalent; a comma in quotes separates nothing."""
    reasons = parse_reasons(['SIP;cause=603;text="a,b", Q.850;cause=17', "STIR;cause=436"])
    assert [(each.protocol, each.cause) for each in reasons] == [
        ("SIP", 603),
        ("Q.850", 17),
        ("STIR", 436),
    ]
    q850 = first_reason(reasons, "Q.850")
    assert q850 is not None
    assert q850.cause == 17


@pytest.mark.parametrize(
    "value",
    [
        SOUND,
        block("v=analytics1;tel=+12155550100;id=abc-123", start="Q.850;cause=21"),
        block(" v=analytics1 ; email=redress@example.com "),
        block("v=analytics1;url=HTTPS://example.com:8443/x?y=1;tel=+442079460000", ";location=LPN"),
        "STIR;cause=436, " + SOUND,
        block("v=analytics1;tel=+12155550100;id=" + "a" * 64),
    ],
)
def test_conforming(value: str) -> None:
    """What the profile allows is conforming under the phrase in any case, and damaged without."""
    for phrase in ("Network Blocked", "NETWORK blocked"):
        assert judge_network_block(phrase, [value]).verdict == "conforming"
    assert judge_network_block("Decline", [value]).verdict == "phrase-lost"


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("", BlockFault.REASON_MISSING),
        ("Q.850;cause=16", BlockFault.VERSION_MISSING),
        (block("v=analytics2;tel=+12155550100"), BlockFault.VERSION_UNKNOWN),
        (block("tel=+12155550100;v=analytics1"), BlockFault.VERSION_NOT_FIRST),
        (block("v=analytics1"), BlockFault.CONTACT_MISSING),
        (block("v=analytics1;url=http://example.com"), BlockFault.URL_NOT_HTTPS),
        (block("v=analytics1;url=https://192.0.2.1/"), BlockFault.URL_NOT_PUBLIC),
        (block("v=analytics1;url=https://localhost/"), BlockFault.URL_NOT_PUBLIC),
        (block("v=analytics1;tel=2155550100"), BlockFault.TEL_NOT_E164),
        (block("v=analytics1;tel=+1234567890123456"), BlockFault.TEL_NOT_E164),
        (block("v=analytics1;email=redress"), BlockFault.EMAIL_MALFORMED),
        (block("v=analytics1;tel=+12155550100;id=" + "a" * 65), BlockFault.ID_TOO_LONG),
        (block("v=analytics1;tel=+12155550100;id=a.b"), BlockFault.ID_MALFORMED),
        (block("v=analytics1;tel=+12155550100", ""), BlockFault.LOCATION_MISSING),
        (block("v=analytics1;tel=+12155550100", ";location=U"), BlockFault.LOCATION_UNKNOWN),
        (block("v=analytics1;tel=+12155550100", start="SIP;cause=608"), BlockFault.CAUSE_OTHER),
        (block("v=analytics1;tel=+12155550100", start="Q.850;cause=603"), BlockFault.CAUSE_OTHER),
        (block("v=analytics1;tel=+12155550100", start="STIR;cause=436"), BlockFault.PROTOCOL_OTHER),
        (
            'SIP;cause=603;v=analytics1;url="https://example.com";location=TN',
            BlockFault.OUTSIDE_TEXT,
        ),
        ("SIP;cause=603;text=v=analytics1;location=TN", BlockFault.TEXT_UNQUOTED),
        ('SIP;cause=603;text="v=analytics1;tel=+12155550100', BlockFault.QUOTE_OPEN),
    ],
)
def test_faults(value: str, fault: BlockFault) -> None:
    """Each departure from the profile is named; without the phrase it is a 603 like any other."""
    lines = [value] if value else []
    judged = judge_network_block("Network Blocked", lines)
    assert (judged.verdict, judged.faults) == ("malformed", (fault,))
    assert judge_network_block("Decline", lines).verdict == "absent"


def test_contact_survives_a_fault() -> None:
    """A contact that can be read is given even where the form is wrong."""
    value = 'SIP;cause=603;v=analytics1;url="https://example.com/r";location=TN'
    judged = judge_network_block("Network Blocked", [value])
    assert (judged.contact, judged.location) == ("https://example.com/r", "TN")


def test_cause_603_alone_is_no_block() -> None:
    """sipML5 sends Reason: SIP;cause=603 on an ordinary decline."""
    judged = judge_network_block("Decline", ['SIP; cause=603; text="Decline"'])
    assert not judged.is_block


@given(
    st.text(), st.lists(st.text(st.sampled_from('SIPQ.850;,="\\ \tvanalytics1causetextlocation')))
)
def test_never_raises(phrase: str, values: list[str]) -> None:
    """No text makes the judgement raise."""
    judge_network_block(phrase, values)
    judge_network_block("Network Blocked", values)


def test_every_broken_requirement_is_named() -> None:
    """What is wrong with version, contact, id and location is told together, form first."""
    value = 'SIP;cause=603;text="url=http://h;v=analytics1;tel=123;id=a b";location=U'
    assert judge_network_block("Network Blocked", [value]).faults == (
        "version-not-first",
        "url-not-https",
        "tel-not-e164",
        "id-malformed",
        "location-unknown",
    )


def test_the_value_with_fewest_faults_counts() -> None:
    """Of two values that claim a block, the one nearer to the profile is judged."""
    worse = 'SIP;cause=603;text="v=analytics1"'
    better = 'Q.850;cause=21;text="v=analytics1;tel=+12155550100"'
    judged = judge_network_block("Network Blocked", [worse, better])
    assert judged.faults == ("location-missing",)
