"""Why a call was ended, as the Reason of its BYE or CANCEL says, in words of a customer."""

from analyzer.i18n import Texts
from analyzer.sip.reason import parse_reasons

_PROTOCOLS = {"SIP": "sip", "Q.850": "q850"}


def reason_words(value: str | None, texts: Texts) -> str | None:
    """Return what a Reason header means, None where that is nothing special or not known."""
    if not value:
        return None
    for reason in parse_reasons([value]):
        key = f"ended.{_PROTOCOLS.get(reason.protocol, '')}-{reason.cause}"
        if texts.has(key):
            return texts(key)
    return None
