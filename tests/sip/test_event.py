"""Event and Subscription-State (analyzer.sip.event), by RFC 6665 §8.2."""

import pytest

from analyzer.sip.event import Event, SubscriptionState


@pytest.mark.parametrize(
    ("text", "package", "identity", "sound"),
    [
        ("presence", "presence", None, True),
        ("presence.winfo;id=77", "presence.winfo", "77", True),
        ("dialog ; ID = a ;sla", "dialog", "a", True),
        ("", "", None, False),
        ("two words;id=1", "two words", "1", False),
        ("message-summary;;", "message-summary", None, False),
    ],
)
def test_event(text: str, package: str, identity: str | None, *, sound: bool) -> None:
    """Package and id tell subscriptions of a dialog apart (§4.5.2)."""
    event = Event.parse(text)
    assert (event.package, event.id, event.sound) == (package, identity, sound)


def test_subscription_state() -> None:
    """State and reason are case-insensitive tokens; times are seconds."""
    state = SubscriptionState.parse("Active;expires=599")
    assert (state.state, state.expires, state.reason) == ("active", 599, None)
    ended = SubscriptionState.parse("terminated;reason=Probation\r\n ;retry-after=60")
    assert (ended.state, ended.reason, ended.retry_after) == ("terminated", "probation", 60)
    assert ended.sound
    assert SubscriptionState.parse("active;expires=soon").expires is None
    assert not SubscriptionState.parse("").sound
