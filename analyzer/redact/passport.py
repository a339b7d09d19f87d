"""Signed tokens of Identity (RFC 8225) → tokens with pseudonyms in them.

What the token says of caller, callee and time is read by rules, so it is written anew; the
signature fits nothing any more.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from typing import Any

from analyzer.redact.names import Names

_PARTS = 3
_LONGEST = 16_384
_KEPT_TEXTS = frozenset(("alg", "ppt", "typ", "attest"))
_MOST_KEPT = 16
_DEEPEST = 8

_Uri = Callable[[str], str]


def redact_token(token: str, names: Names, uri: _Uri) -> str:
    """Return a token without names; what is no token loses all but its shape."""
    lead = token[: len(token) - len(token.lstrip(' "'))]
    text = token.strip(' "')
    parts = text.split(".")
    if len(parts) != _PARTS:
        return names.word(token)
    written = [_written(each, names, uri) for each in parts[:2]]
    tail = token[len(lead) + len(text) :]
    return lead + ".".join([*written, names.word(parts[2])]) + tail


def _written(part: str, names: Names, uri: _Uri) -> str:
    if not part:
        return part
    if len(part) > _LONGEST:
        return names.word(part)
    try:
        found = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (Base64Error, ValueError, RecursionError):
        return names.word(part)
    redacted = _claim("", found, names, uri, _DEEPEST)
    text = json.dumps(redacted, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _claim(name: str, value: Any, names: Names, uri: _Uri, depth: int) -> Any:  # noqa: ANN401 - JSON
    if depth == 0:
        return None
    if isinstance(value, dict):
        return {
            key if len(key) <= _MOST_KEPT and key.isidentifier() else names.word(key): _claim(
                key, each, names, uri, depth - 1
            )
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_claim(name, each, names, uri, depth - 1) for each in value]
    if isinstance(value, str):
        return _text(name, value, names, uri)
    if isinstance(value, bool) or value is None or name in {"iat", "exp", "nbf"}:
        return value
    return 0


def _text(name: str, value: str, names: Names, uri: _Uri) -> str:
    if name in _KEPT_TEXTS and len(value) <= _MOST_KEPT and value.isascii():
        return value
    if name == "tn":
        return names.user(value)
    if name in {"uri", "x5u", "url"}:
        return uri(value)
    return names.identifier(value)
