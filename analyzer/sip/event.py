"""Event and Subscription-State: what a subscription is about and how it stands (RFC 6665 §8.2)."""

from analyzer.frozen import frozen
from analyzer.sip.grammar import (
    Parameter,
    is_token,
    parameter_value,
    scan_parameters,
    unfold,
)
from analyzer.sip.numbers import parse_number


@frozen
class Event:
    """An event package and what tells several subscriptions of one dialog apart."""

    package: str
    """With its templates, as written: `presence.winfo` (RFC 6665 §8.2.1 compares its bytes)."""
    id: str | None = None
    parameters: tuple[Parameter, ...] = ()
    sound: bool = True
    """The value follows the grammar."""

    @classmethod
    def parse(cls, text: str) -> "Event":
        """Read an Event value."""
        package, parameters, sound = _value(text)
        return cls(package, parameter_value(parameters, "id"), parameters, sound)


@frozen
class SubscriptionState:
    """How a NOTIFY says its subscription stands."""

    state: str
    """`active`, `pending`, `terminated` or another token, in lower case."""
    reason: str | None = None
    expires: int | None = None
    """Seconds that are left."""
    retry_after: int | None = None
    """Seconds to wait before subscribing again."""
    parameters: tuple[Parameter, ...] = ()
    sound: bool = True
    """The value follows the grammar."""

    @classmethod
    def parse(cls, text: str) -> "SubscriptionState":
        """Read a Subscription-State value."""
        state, parameters, sound = _value(text)
        reason = parameter_value(parameters, "reason")
        return cls(
            state.lower(),
            reason.lower() if reason else None,
            parse_number(parameter_value(parameters, "expires") or ""),
            parse_number(parameter_value(parameters, "retry-after") or ""),
            parameters,
            sound,
        )


def _value(text: str) -> tuple[str, tuple[Parameter, ...], bool]:
    """Split a token with parameters."""
    text = unfold(text)
    semicolon = text.find(";")
    stop = len(text) if semicolon < 0 else semicolon
    token = text[:stop].strip()
    parameters, sound = scan_parameters(text, stop, len(text))
    return token, parameters, sound and is_token(token)
