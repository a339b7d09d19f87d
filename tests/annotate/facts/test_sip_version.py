"""The SIP version of a request (RFC 3261 §7.1)."""

from collections.abc import Callable

import pytest

from analyzer.annotate.fields import UNKNOWN, Value

ValuesOf = Callable[[str, int, str], list[Value]]


@pytest.mark.parametrize("version", ["SIP/2.0", "SIP/3.0", "sip/2.0"])
def test_versions(values_of: ValuesOf, version: str) -> None:
    """What stands behind the Request-URI is the version, whatever it is."""
    dialogue = f"-> INVITE sip:bob@example.com {version}\n<- SIP/2.0 505 Version Not Supported"
    assert values_of(dialogue, 505, "sip_version") == [version]


def test_without_its_request(values_of: ValuesOf) -> None:
    """The version of a missing request is not known."""
    assert values_of("<- SIP/2.0 505 Version Not Supported", 505, "sip_version") == [UNKNOWN]
