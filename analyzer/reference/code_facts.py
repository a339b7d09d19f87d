"""What the registries know of a response code, in words: the rows of its table of facts."""

from collections.abc import Callable

from analyzer.i18n import Texts
from analyzer.sip.registry import (
    RequiredHeader,
    q850_causes,
    required_headers,
    response_traits,
    sip_to_q850,
)

FACTS = (
    "class", "final", "methods", "sent_by", "alerted", "dialog", "retry", "retry_after",
    "required", "to_q850", "from_q850",
)  # fmt: skip  # read side by side
"""Facts of a response code, in the order in which they are told."""


def facts_of(code: int, words: Texts) -> dict[str, str]:
    """Return the facts of a status code by name; of one that is not registered its class only."""
    known = {
        "class": words(f"value.class_{code // 100}"),
        "final": words("value.provisional" if code < 200 else "value.final"),
    }
    traits = response_traits().get(code)
    if traits is None:
        return known
    told = {
        **known,
        "methods": _all(traits.methods, _method, words),
        "sent_by": _all(traits.sent_by, _sender, words),
        "alerted": words(f"value.alerted_{traits.alerted}"),
        "dialog": words(f"value.dialog_{traits.dialog}"),
        "retry": words(f"value.retry_{traits.retry}"),
        "retry_after": words(f"value.retry_after_{'yes' if traits.retry_after else 'no'}"),
        "required": _required(code, words),
        "to_q850": _to_q850(code, words),
        "from_q850": _from_q850(code, words),
    }
    return {name: told[name] for name in FACTS}


def _all(names: tuple[str, ...], word: Callable[[str, Texts], str], words: Texts) -> str:
    return words("list.comma").join(word(each, words) for each in names)


def _method(name: str, words: Texts) -> str:
    return words("value.any_method") if name == "any" else name


def _sender(name: str, words: Texts) -> str:
    return words("value.redirect_server" if name == "redirect" else f"value.{name}")


def _required(code: int, words: Texts) -> str:
    owed = [_duty(each, words) for each in required_headers() if each.code == code]
    return "; ".join(owed) or words("value.required_none")


def _duty(owed: RequiredHeader, words: Texts) -> str:
    headers = words("value.or").join(owed.headers)
    key = "value.required" if owed.method == "any" else "value.required_for"
    return words(key, headers=headers, method=owed.method, duty=owed.duty, reference=owed.reference)


def _to_q850(code: int, words: Texts) -> str:
    if code < 400:
        return words("value.none")
    cause = sip_to_q850().get(code, "other")
    return _cause(cause, words) if cause.isdigit() else words(f"value.cause_{cause}")


def _from_q850(code: int, words: Texts) -> str:
    """Return the causes that become a status; not the many that become 500 for want of their own
    (RFC 3398 §7.2.4.1).
    """
    causes = [
        _cause(str(each.cause), words)
        for each in q850_causes().values()
        if str(code) in each.sip_status and "default" not in each.sip_status
    ]
    return words("list.comma").join(causes) or words("value.none")


def _cause(cause: str, words: Texts) -> str:
    return words("value.cause", cause=cause)
