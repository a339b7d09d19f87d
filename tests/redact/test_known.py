"""What is known of headers, parameters and attributes."""

import pytest

from analyzer.redact.known import kinds_of
from analyzer.redact.messages import Messages
from analyzer.redact.names import Names
from analyzer.sip.registry import header_names

_LEFT_TO_SHAPE = frozenset(
    (
        "Attestation-Info", "Content-ID", "Encryption", "P-DCS-Billing-Info", "P-DCS-LAES",
        "P-DCS-OSPS", "P-Media-Authorization", "Policy-ID", "Resource-Share", "Response-Key",
        "SIP-ETag", "SIP-If-Match", "Service-Interact-Info", "Suppress-If-Match", "User-to-User",
    )
)  # fmt: skip  # read side by side
"""Registered headers of which nothing but the shape can be kept, or has to be."""


def test_every_registered_header_is_thought_of() -> None:
    """Each header of the IANA registry has a kind, or is known to keep its shape only."""
    known = set(kinds_of("header"))
    registered = {header.name for header in header_names().values()}
    assert registered - known == _LEFT_TO_SHAPE
    assert not known & _LEFT_TO_SHAPE


@pytest.mark.parametrize("what", ["header", "parameter", "attribute", "word"])
def test_the_table_is_whole(what: str) -> None:
    """Each part of the table has rows, and each kind of header is one that is dealt with."""
    assert len(kinds_of(what)) > 20
    assert Messages(Names(bytes(32))).values.take("Subject", "") == ""
