"""Where a request hides who the caller is (RFC 3323 §4.1.1.3, RFC 3325 §9.3)."""

from collections.abc import Callable

import pytest

from analyzer.annotate.fields import UNKNOWN, Value

ValuesOf = Callable[[str, int, str], list[Value]]


@pytest.mark.parametrize(
    ("sender", "privacy", "expected"),
    [
        ('"Anonymous" <sip:anonymous@anonymous.invalid>', "id", "both"),
        ("<sip:Anonymous@example.com>", "none", "from"),
        ("<sip:c8oqz84zk7z@ANONYMOUS.invalid>", "", "from"),
        ("<sip:alice@example.com>", "critical;id", "privacy"),
        ("<sip:alice@example.com>", "user, header", "privacy"),
        ("<sip:alice@example.com>", "none", None),
        ("<sip:alice@example.com>", "history", None),
        ("<sip:anonymous.alice@example.com>", "", None),
    ],
)
def test_ways(values_of: ValuesOf, sender: str, privacy: str, expected: str | None) -> None:
    """From names nobody, or Privacy asks for it; `none` and `history` hide no caller."""
    dialogue = f"""
-> INVITE sip:bob@example.com SIP/2.0
   From: {sender};tag=a1
   Privacy: {privacy}
<- SIP/2.0 433 Anonymity Disallowed
"""
    assert values_of(dialogue, 433, "anonymity") == [expected]


def test_without_its_request(values_of: ValuesOf) -> None:
    """Whether a missing request hid the caller is not known."""
    assert values_of("<- SIP/2.0 433 Anonymity Disallowed", 433, "anonymity") == [UNKNOWN]
