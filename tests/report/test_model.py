"""What a report is made of."""

from analyzer.report.model import Party


def test_short_names() -> None:
    """The table shows the user, or the host where there is none."""
    assert Party("sip:a@h", "", "a@h", "a").short == "a"
    assert Party("sip:h", "", "h", "").short == "h"
    assert Party().short == ""
