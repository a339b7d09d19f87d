"""Credentials and keys: what of them may be shown (RFC 3261 §22.4, RFC 3310, RFC 8760).

The response of a digest can be tried against passwords offline, and so can what proves it; with the
keys in an SDP body whoever has the capture hears the call. No output shows them.
"""

import re

from analyzer.sip.grammar import QUOTED

HIDDEN = "…"
"""Stands for what is not shown."""

CREDENTIAL_HEADERS = frozenset(
    (
        "Authorization",
        "Proxy-Authorization",
        "Authentication-Info",
        "Proxy-Authentication-Info",
        "WWW-Authenticate",
        "Proxy-Authenticate",
    )
)
"""Headers that carry secrets or what they are made from."""

_SECRET = re.compile(
    r"(?<![A-Za-z0-9\-.!%*_+`'~])(response|rspauth|auts|ik|ck|password|passwd)"
    rf'([ \t\r\n]*+=[ \t\r\n]*+)(?:{QUOTED}|[^\s,;"]++)*+',
    re.IGNORECASE | re.DOTALL,
)
_OPAQUE = re.compile(r"(?i:\b(Basic|Bearer)[ \t\r\n]++)([A-Za-z0-9\-._~+/]{8,}+=*+)")
_SIGNS = ("response", "rspauth", "auts", "passw")
_KEY = re.compile(r"k[ \t\r\n]*+=")
"""One of these, or a key, is in every text with a secret; most texts have none."""
_URI_PASSWORD = re.compile(r"(?i:(\bsips?:[^\s@:;?<>\"]{0,256}+:))[^\s@<>\"]{1,256}+(?=@)")
_KEY_LINE = re.compile(
    r"^(k=[A-Za-z0-9]++:|a=(?:ice-pwd|key-mgmt):)[^\r\n]++|(\binline:)[^\s|]++",
    re.IGNORECASE | re.MULTILINE,
)
"""Keys in SDP (RFC 4566 §5.12, RFC 4567, RFC 4568 §9.2), and the password of ICE (RFC 8839)."""
_TWO_COLONS = re.compile(r":[^\s@:;?<>\"]{0,256}+:[^\s@<>\"]{1,256}+@")
"""What every URI with a password has; it is found faster, as it begins with one character."""


def redact_credentials(text: str) -> str:
    """Return a text without digest responses, keys, tokens and passwords in URIs."""
    # most texts have nothing to hide, and looking for a sign is faster than a search
    folded = text.casefold()
    if any(sign in folded for sign in _SIGNS) or _KEY.search(folded):
        text = _SECRET.sub(rf"\1\2{HIDDEN}", text)
    if "k=" in folded or "a=" in folded:
        text = _KEY_LINE.sub(lambda match: f"{match[1] or match[2]}{HIDDEN}", text)
    if "basic" in folded or "bearer" in folded:
        text = _OPAQUE.sub(lambda match: f"{match[1]} {HIDDEN}", text)
    return _URI_PASSWORD.sub(rf"\1{HIDDEN}", text) if _TWO_COLONS.search(text) else text
