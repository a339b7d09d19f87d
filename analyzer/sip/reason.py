"""The Reason header (RFC 3326), and whether a 603 is a 603+ (ATIS-1000099).

`parse_reasons` turns Reason values into `Reason` objects and never raises: several values in one
line, quoted text with escapes, any case, blanks around the separators (RFC 3261 §25.1).
`judge_network_block` turns phrase and Reason values of a 603 into a `NetworkBlock`. The address
that a 603+ names is text of a stranger: it is shown, never opened.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from analyzer.frozen import frozen, replace

NETWORK_BLOCKED = "network blocked"
"""Reason phrase of a 603+, in lower case: senders differ in case."""

BLOCK_LOCATIONS = frozenset({"LN", "TN", "RLN", "LPN", "RPN"})
"""Locations of RFC 8606 that the 603+ profile knows."""

_BLOCK_CAUSES = {"SIP": 603, "Q.850": 21}
_VERSION = "v=analytics1"
_QUOTED_OR_OTHER = re.compile(r'"((?:[^"\\]|\\.)*)("?)|[^"]+', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_URL = re.compile(
    r"https://(?P<host>\[[^\]\s]*\]|[^/?#:@\s]+)(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE
)
_PUBLIC_NAME = re.compile(r"(?!.*\.\d+\.?$)[^.\s]+(?:\.[^.\s]+)+\.?")
_TEL = re.compile(r"\+[1-9][0-9]{1,14}", re.ASCII)
_EMAIL = re.compile(r"[^@\s\"<>,;]+@[^@\s\"<>,;.]+(?:\.[^@\s\"<>,;.]+)+")
_ID = re.compile(r"[A-Za-z0-9_-]+")
_ID_LENGTH = 64


class BlockVerdict(StrEnum):
    """What a 603 has of a 603+."""

    ABSENT = "absent"
    CONFORMING = "conforming"
    PHRASE_LOST = "phrase-lost"
    MALFORMED = "malformed"


class BlockFault(StrEnum):
    """What keeps the Reason of a 603 that says Network Blocked from being one of a 603+."""

    REASON_MISSING = "reason-missing"
    VERSION_MISSING = "version-missing"
    VERSION_NOT_FIRST = "version-not-first"
    VERSION_UNKNOWN = "version-unknown"
    TEXT_UNQUOTED = "text-unquoted"
    OUTSIDE_TEXT = "outside-text"
    QUOTE_OPEN = "quote-open"
    PROTOCOL_OTHER = "protocol-other"
    CAUSE_OTHER = "cause-other"
    CONTACT_MISSING = "contact-missing"
    URL_NOT_HTTPS = "url-not-https"
    URL_NOT_PUBLIC = "url-not-public"
    TEL_NOT_E164 = "tel-not-e164"
    EMAIL_MALFORMED = "email-malformed"
    ID_TOO_LONG = "id-too-long"
    ID_MALFORMED = "id-malformed"
    LOCATION_MISSING = "location-missing"
    LOCATION_UNKNOWN = "location-unknown"


@frozen
class Reason:
    """One reason-value: protocol and parameters."""

    protocol: str
    """As registered where only the case differs: `SIP`, `Q.850`, `STIR`; otherwise as written."""
    cause: int | None
    text: str | None
    """Content of the quoted string, escapes resolved."""
    location: str | None
    """RFC 8606, upper case."""
    parameters: tuple[tuple[str, str], ...]
    """All parameters in order: name in lower case, value without its quotes."""
    text_quoted: bool = True
    quote_open: bool = False
    """A quoted string does not end."""


@frozen
class NetworkBlock:
    """What phrase and Reason of a 603 say of a block by analytics."""

    verdict: BlockVerdict
    faults: tuple[BlockFault, ...] = ()
    """Each requirement that is not met, when `verdict` is MALFORMED."""
    location: str | None = None
    url: str | None = None
    tel: str | None = None
    email: str | None = None
    id: str | None = None

    @property
    def is_block(self) -> bool:
        """Tell whether the 603 says, whole or in part, that a network blocked the call."""
        return self.verdict is not BlockVerdict.ABSENT

    @property
    def contact(self) -> str | None:
        """Return the contacts named for redress, as written, the address of a page first."""
        named = [each for each in (self.url, self.tel, self.email) if each]
        return ", ".join(named) or None


_ABSENT = NetworkBlock(BlockVerdict.ABSENT)


def parse_reasons(values: Sequence[str]) -> tuple[Reason, ...]:
    """Parse the values of the Reason header lines of one message, unfolded."""
    found = []
    for value in values:
        for pieces in _split(value, ","):
            reason = _parse_reason(pieces)
            if reason is not None:
                found.append(reason)
    return tuple(found)


def first_reason(reasons: Sequence[Reason], protocol: str) -> Reason | None:
    """Return the first value of a protocol; RFC 3326 §2 allows one of each."""
    return next((each for each in reasons if each.protocol == protocol), None)


def judge_network_block(phrase: str, reasons: Sequence[str]) -> NetworkBlock:
    """Judge whether a 603 with this reason phrase and these Reason lines is a 603+.

    A sound Reason under another phrase is a 603+ that a middle box changed. A Reason that is not
    sound counts only beside the phrase: without it, it is a 603 like any other.
    """
    says_blocked = " ".join(phrase.split()).lower() == NETWORK_BLOCKED
    if not says_blocked and not any("analytics1" in each for each in reasons):
        return _ABSENT
    parsed = parse_reasons(reasons)
    judged = [_judge_reason(each) for each in parsed if _claims_block(each)]
    judged.sort(key=lambda each: len(each.faults))
    if judged and not judged[0].faults:
        return judged[0] if says_blocked else replace(judged[0], verdict=BlockVerdict.PHRASE_LOST)
    if not says_blocked:
        return _ABSENT
    if judged:
        return judged[0]
    fault = BlockFault.VERSION_MISSING if parsed else BlockFault.REASON_MISSING
    if any(each.quote_open for each in parsed):
        fault = BlockFault.QUOTE_OPEN
    return NetworkBlock(BlockVerdict.MALFORMED, (fault,))


def _split(value: str, separator: str) -> Iterator[list[tuple[str, bool, bool]]]:
    """Split at a separator outside of quoted strings; each part is pieces of (text, was quoted,
    the quote ended).
    """
    part: list[tuple[str, bool, bool]] = []
    for match in _QUOTED_OR_OTHER.finditer(value):
        if match[1] is not None:
            part.append((_ESCAPE.sub(r"\1", match[1]), True, bool(match[2])))
            continue
        first, *others = match[0].split(separator)
        part.append((first, False, True))
        for other in others:
            yield part
            part = [(other, False, True)]
    yield part


def _parse_reason(pieces: list[tuple[str, bool, bool]]) -> Reason | None:
    parts: list[list[tuple[str, bool, bool]]] = [[]]
    for text, quoted, ended in pieces:
        if quoted:
            parts[-1].append((text, True, ended))
            continue
        first, *others = text.split(";")
        parts[-1].append((first, False, True))
        parts.extend([(other, False, True)] for other in others)
    protocol = "".join(text for text, _, _ in parts[0]).strip()
    if not protocol:
        return None
    parameters: dict[str, str] = {}
    ordered = []
    text_quoted = True
    for part in parts[1:]:
        bare = "".join(text for text, quoted, _ in part if not quoted)
        name, _, plain = bare.partition("=")
        name = name.strip().lower()
        quoted_text = [text for text, quoted, _ in part if quoted]
        value = quoted_text[0] if quoted_text else plain.strip()
        if name:
            ordered.append((name, value))
            if name == "text" and name not in parameters:
                text_quoted = bool(quoted_text)
            parameters.setdefault(name, value)
    cause = parameters.get("cause", "")
    return Reason(
        protocol={"SIP": "SIP", "Q.850": "Q.850", "STIR": "STIR"}.get(protocol.upper(), protocol),
        cause=int(cause) if cause.isascii() and cause.isdigit() and len(cause) < 10 else None,
        text=parameters.get("text"),
        location=parameters["location"].upper() if parameters.get("location") else None,
        parameters=tuple(ordered),
        text_quoted=text_quoted,
        quote_open=not all(ended for _, _, ended in pieces),
    )


def _claims_block(reason: Reason) -> bool:
    """Tell whether a value wants to be that of a 603+, well-formed or not."""
    if any(name == "v" for name, _ in reason.parameters):
        return True
    pairs = (reason.text or "").split(";")
    return any(each.strip().lower().startswith("v=") for each in pairs)


def _judge_reason(reason: Reason) -> NetworkBlock:
    pairs = _pairs(reason)
    faults = tuple(_faults(reason, pairs))
    return NetworkBlock(
        BlockVerdict.MALFORMED if faults else BlockVerdict.CONFORMING,
        faults,
        reason.location,
        pairs.get("url") or None,
        pairs.get("tel") or None,
        pairs.get("email") or None,
        pairs.get("id") or None,
    )


def _pairs(reason: Reason) -> dict[str, str]:
    """Return the name=value pairs of the text, or of parameters beside it: some senders put them
    there.
    """
    pairs: dict[str, str] = {}
    for each in (reason.text or "").split(";"):
        name, equals, value = each.strip().partition("=")
        if equals:
            pairs.setdefault(name.lower(), value)
    if "v" in pairs:
        return pairs
    return {name: value for name, value in reason.parameters if name != "text"}


def _faults(reason: Reason, pairs: dict[str, str]) -> Iterator[BlockFault]:
    form = _form_fault(reason)
    if form is not None:
        yield form
    if form in (BlockFault.QUOTE_OPEN, BlockFault.TEXT_UNQUOTED):
        return  # what stands where is a guess then
    yield from _contact_faults(pairs)
    for fault in (_id_fault(pairs.get("id")), _location_fault(reason.location)):
        if fault is not None:
            yield fault


def _form_fault(reason: Reason) -> BlockFault | None:
    if reason.quote_open:
        return BlockFault.QUOTE_OPEN
    if any(name == "v" for name, _ in reason.parameters):
        return BlockFault.OUTSIDE_TEXT
    if not reason.text_quoted:
        return BlockFault.TEXT_UNQUOTED
    if reason.cause != _BLOCK_CAUSES.get(reason.protocol, reason.cause):
        return BlockFault.CAUSE_OTHER
    if reason.protocol not in _BLOCK_CAUSES:
        return BlockFault.PROTOCOL_OTHER
    return _version_fault(reason.text or "")


def _version_fault(text: str) -> BlockFault | None:
    first, *others = [each.strip() for each in text.split(";")]
    if first == _VERSION:
        return None
    return BlockFault.VERSION_NOT_FIRST if _VERSION in others else BlockFault.VERSION_UNKNOWN


def _contact_faults(pairs: dict[str, str]) -> Iterator[BlockFault]:
    url, tel, email = pairs.get("url"), pairs.get("tel"), pairs.get("email")
    if url:
        match = _URL.fullmatch(url)
        if match is None:
            yield BlockFault.URL_NOT_HTTPS
        elif not _PUBLIC_NAME.fullmatch(match["host"]):
            yield BlockFault.URL_NOT_PUBLIC
    if tel and not _TEL.fullmatch(tel):
        yield BlockFault.TEL_NOT_E164
    if email and not _EMAIL.fullmatch(email):
        yield BlockFault.EMAIL_MALFORMED
    if not (url or tel or email):
        yield BlockFault.CONTACT_MISSING


def _id_fault(identifier: str | None) -> BlockFault | None:
    if identifier is None:
        return None
    if not _ID.fullmatch(identifier):
        return BlockFault.ID_MALFORMED
    return BlockFault.ID_TOO_LONG if len(identifier) > _ID_LENGTH else None


def _location_fault(location: str | None) -> BlockFault | None:
    if location is None:
        return BlockFault.LOCATION_MISSING
    return None if location in BLOCK_LOCATIONS else BlockFault.LOCATION_UNKNOWN
