"""What the Contact of a REGISTER asks for (RFC 5626 §4.2.1, RFC 8599 §4.1)."""

from collections.abc import Callable

import pytest

from analyzer.annotate.fields import UNKNOWN, Value

ValuesOf = Callable[[str, int, str], list[Value]]


@pytest.mark.parametrize(
    ("contact", "reg_id", "push"),
    [
        ('<sip:a@192.0.2.1;ob>;reg-id=1;+sip.instance="<urn:uuid:1>"', "1", None),
        ("<sip:a@192.0.2.1;pn-provider=apns;pn-prid=00fc;pn-param=T.app.voip>", None, "apns"),
        ("<sip:a@192.0.2.1>, <sip:a@192.0.2.3;PN-Provider=fcm>;REG-ID=2", "2", "fcm"),
        ("<sip:a@192.0.2.1>;pn-provider=apns", None, None),
        ("*", None, None),
    ],
)
def test_parameters(
    values_of: ValuesOf, contact: str, reg_id: str | None, push: str | None
) -> None:
    """reg-id is a parameter of the header, pn-provider one of the URI."""
    dialogue = f"""
-> REGISTER sip:example.com SIP/2.0
   Contact: {contact}
<- SIP/2.0 439 First Hop Lacks Outbound Support
"""
    assert values_of(dialogue, 439, "contact.reg_id") == [reg_id]
    assert values_of(dialogue, 439, "contact.push_service") == [push]


def test_without_its_request(values_of: ValuesOf) -> None:
    """What a missing request asked for is not known."""
    dialogue = "<- SIP/2.0 439 First Hop Lacks Outbound Support\n   CSeq: 1 REGISTER"
    assert values_of(dialogue, 439, "contact.reg_id") == [UNKNOWN]
    assert values_of(dialogue, 439, "contact.push_service") == [UNKNOWN]
