"""The Identity header: the signature of a call and what was signed (RFC 8224, RFC 8225, RFC 8588).

The signature itself is not verified: that takes the certificate, which is not in a capture.
"""

import json
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from enum import Enum

from analyzer.frozen import frozen
from analyzer.sip.grammar import Parameter, parameter_value, scan_parameters, split_list, unfold

_PARTS = 3
"""A signed token is header, payload and signature, with dots between them (RFC 7515 §7.1)."""
_LONGEST = 16_384
"""Characters of a token that are read: a call needs some hundred."""


class IdentityFault(Enum):
    """What of an Identity value is not as RFC 8224 and RFC 8225 ask."""

    MALFORMED = "malformed"
    UNREADABLE = "unreadable"
    NO_SIGNATURE = "no-signature"
    NO_INFO = "no-info"
    INFO_DIFFERS = "info-differs"
    ALGORITHM = "algorithm"
    CLAIMS_MISSING = "claims-missing"


@frozen
class Identity:
    """One Identity value."""

    info: str | None = None
    """Where the certificate is: the info parameter, without its brackets."""
    extension: str | None = None
    """The ppt parameter: `shaken`, `div`, `rph` …"""
    attestation: str | None = None
    """A, B or C: how sure who signed is of the caller (RFC 8588)."""
    caller: str | None = None
    """Number or URI of the caller that was signed."""
    callees: tuple[str, ...] = ()
    """Numbers and URIs of the callee that were signed."""
    signed_at_s: int | None = None
    """Seconds since 1970 UTC."""
    faults: tuple[IdentityFault, ...] = ()

    @classmethod
    def parse_list(cls, text: str) -> tuple["Identity", ...]:
        """Read the values of one header row."""
        text = unfold(text)
        return tuple(
            cls._parse(text[start:end]) for start, end in split_list(text, ",", 0, len(text))
        )

    @classmethod
    def _parse(cls, text: str) -> "Identity":
        token, semicolon, rest = text.partition(";")
        parameters, _ = scan_parameters(f"{semicolon}{rest}", 0, len(semicolon + rest))
        info = (parameter_value(parameters, "info") or _bracketed(rest) or "").strip("<> ")
        parts = token.strip().strip('"').split(".")
        header = payload = None
        if len(parts) == _PARTS and parts[1]:
            header, payload = _decoded(parts[0]), _decoded(parts[1])
        claims = payload or {}
        faults = _faults(parts, header, payload, info, parameters)
        return cls(
            info=info or None,
            extension=parameter_value(parameters, "ppt") or _text(header or {}, "ppt"),
            attestation=_text(claims, "attest"),
            caller=next(iter(_parties(claims.get("orig"))), None),
            callees=_parties(claims.get("dest")),
            signed_at_s=_seconds(claims.get("iat")),
            faults=faults,
        )


def _bracketed(text: str) -> str | None:
    """Return what info says where it is in brackets, as it has to be."""
    at = text.lower().find("info=<")
    return text[at + len("info=<") :].partition(">")[0] if at >= 0 else None


def _decoded(part: str) -> Mapping[str, object] | None:
    if len(part) > _LONGEST:
        return None
    try:
        found = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (Base64Error, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _faults(
    parts: list[str],
    header: Mapping[str, object] | None,
    payload: Mapping[str, object] | None,
    info: str,
    parameters: tuple[Parameter, ...],
) -> tuple[IdentityFault, ...]:
    is_token = len(parts) == _PARTS
    is_full = is_token and bool(parts[1])
    claims = payload or {}
    x5u = _text(header or {}, "x5u")
    algorithms = {_text(header or {}, "alg"), parameter_value(parameters, "alg")} - {None}
    tests = {
        IdentityFault.MALFORMED: not is_token,
        IdentityFault.UNREADABLE: is_full and (header is None or payload is None),
        IdentityFault.NO_SIGNATURE: is_token and not parts[2],
        IdentityFault.NO_INFO: not info,
        IdentityFault.INFO_DIFFERS: bool(info and x5u and info != x5u),
        IdentityFault.ALGORITHM: bool(algorithms - {"ES256"}),
        IdentityFault.CLAIMS_MISSING: payload is not None
        and not {"iat", "orig", "dest"} <= set(claims),
    }
    return tuple(fault for fault, holds in tests.items() if holds)


def _text(claims: Mapping[str, object], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) else None


def _parties(claim: object) -> tuple[str, ...]:
    """Return the numbers (tn) and URIs of orig or dest, each one text or a list (RFC 8225
    §5.2.1).
    """
    if not isinstance(claim, dict):
        return ()
    values = [claim.get(name) for name in ("tn", "uri")]
    listed = [each for value in values for each in (value if isinstance(value, list) else [value])]
    return tuple(each for each in listed if isinstance(each, str))


def _seconds(claim: object) -> int | None:
    if isinstance(claim, int) and not isinstance(claim, bool) and 0 <= claim < 2**40:
        return claim
    return None
