"""What in Reason breaks its grammar."""

import pytest

from analyzer.sip.reason_faults import ReasonFault, reason_faults


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], ()),
        (["Q.850;cause=16", "SIP;cause=603"], ()),
        (['Q.850 ;cause=16 ;text="a, b; c" , SIP;cause=603'], ()),
        (["STIR;cause=436,STIR;cause=437"], ()),
        (["other;x=1, other;x=2"], ()),
        (["SIP"], ()),
        (["Q.850;cause=16,q.850;cause=21"], (ReasonFault.REPEATED,)),
        (["SIP;cause=603", "SIP;cause=600"], (ReasonFault.REPEATED,)),
        (["Q.850;cause=busy"], (ReasonFault.CAUSE_UNREADABLE,)),
        (["Q.850;cause="], (ReasonFault.CAUSE_UNREADABLE,)),
        (['SIP;cause=603;text="De'], (ReasonFault.QUOTE_OPEN,)),
        (['SIP;cause=x,SIP;text="'], tuple(ReasonFault)),
    ],
)  # fmt: skip
def test_faults(lines: list[str], expected: tuple[ReasonFault, ...]) -> None:
    """One value for each protocol (RFC 3326 §2) but STIR (RFC 9410 §6); cause is 1*DIGIT."""
    assert reason_faults(lines) == expected
