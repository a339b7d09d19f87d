"""Headers that name a provider's trouble, and the hop nearest to the caller."""

import pytest

from analyzer.annotate.facts.decline import provider_trouble


@pytest.mark.parametrize(
    "line",
    [
        "X-Twilio-Error: 10001 http://www.twilio.com/docs/errors/10001",
        "X-Error: Insufficient funds",
        "X-Reason: account suspended",
        "X-Info: your account has been disabled",
        "X-Detail: Out of credit",
        'Warning: 399 sbc "International calls barred"',
        "x-status: Payment required",
    ],
)
def test_trouble(line: str) -> None:
    """A private header or Warning that names account, funds or barring is found as written."""
    head = f"SIP/2.0 603 Decline\r\nServer: x\r\n{line}\r\n\r\n".encode()
    found = provider_trouble(head)
    assert found is not None
    assert found.split(":", 1)[1].strip() == line.split(":", 1)[1].strip()


@pytest.mark.parametrize("fold", ["\r\n ", " \r\n\t ", "\n "])
def test_folded(fold: str) -> None:
    """A fold is one blank (RFC 3261 §7.3.1), also where the value begins."""
    head = f"SIP/2.0 603 Decline\r\nX-Info:{fold}account{fold}suspended{fold}\r\n\r\n".encode()
    assert provider_trouble(head) == "X-Info: account suspended"


@pytest.mark.parametrize(
    "line",
    [
        "X-Twilio-Error: 32011 no response",
        "X-Account-ID: 10001",
        "X-Balance: 12.50",
        "Server: account suspended",
        'Warning: 305 host "Incompatible media format"',
        "X-Features: no-forward, account",
    ],
)
def test_no_trouble(line: str) -> None:
    """An account that is only named, or a header of another kind, is no trouble."""
    assert provider_trouble(f"SIP/2.0 603 Decline\r\n{line}\r\n\r\n".encode()) is None
