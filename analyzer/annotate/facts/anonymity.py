"""Fields of how a caller hides: an anonymous From, a Privacy that asks for it (RFC 3323)."""

import re

from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.address import Address

_HOST = re.compile(r"@?anonymous\.invalid\b", re.IGNORECASE)
_HIDING = frozenset({"id", "user", "header"})

WAYS: dict[str, Text] = {
    "both": {"en": "From and Privacy", "ja": "From と Privacy"},
    "from": {"en": "From", "ja": "From"},
    "privacy": {"en": "Privacy", "ja": "Privacy"},
}


def is_anonymous(value: str) -> bool:
    """Tell whether a From value names nobody: the host anonymous.invalid, or `anonymous` as user
    or display name (RFC 3323 §4.1.1.3, RFC 5079 §4).
    """
    address = Address.parse(value)
    user = address.uri.partition(":")[2].partition("@")[0]
    hides = "anonymous" in {address.display.strip().lower(), user.lower()}
    return hides or _HOST.search(address.uri) is not None


def asks_for_privacy(value: str) -> bool:
    """Tell whether a Privacy value asks to hide who the caller is."""
    return bool(_HIDING & {each.strip().lower() for each in re.split("[;,]", value)})


@field(
    "anonymity",
    "text",
    en="Where the request hides who the caller is.",
    ja="リクエストのどこで発信者が匿名化されているか。",
    choices=WAYS,
)
def _anonymity(judged: Judged) -> Values:
    rows = judged.request_rows
    sender, privacy = judged.headers(rows, "From"), judged.headers(rows, "Privacy")
    hidden = [isinstance(each, str) and is_anonymous(each) for each in sender.values]
    asked = [isinstance(each, str) and asks_for_privacy(each) for each in privacy.values]
    names: dict[tuple[bool, bool], Value] = {
        (True, True): "both", (True, False): "from", (False, True): "privacy",
    }  # fmt: skip  # read side by side
    return Coded.of(
        [
            UNKNOWN if row < 0 else names.get((hidden[one], asked[other]))
            for row, one, other in zip(
                rows.tolist(), sender.codes.tolist(), privacy.codes.tolist(), strict=True
            )
        ]
    )
