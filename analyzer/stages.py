"""The stages after the messages, in order: transactions → calls → findings.

Each reads the tables to its left and fills the one to its right. A module of their own, as what a
large capture needs first is to be read.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from analyzer.annotate.evaluate import evaluate
from analyzer.annotate.fields import fields
from analyzer.annotate.load import Seen, load_rules
from analyzer.annotate.occasions import occasions
from analyzer.aside import MANY, begin, short_turns
from analyzer.freed_memory import give_back
from analyzer.measure.ordinary import remarkable
from analyzer.measure.outcomes import measure_calls
from analyzer.measure.paths import has_relays, track_paths
from analyzer.measure.stories import tell_stories
from analyzer.settings import Settings
from analyzer.tables.trace import Trace
from analyzer.tracking.calls import group_calls
from analyzer.tracking.dialogs import track_dialogs
from analyzer.tracking.identity import confirm_identity
from analyzer.tracking.legs import join_legs
from analyzer.tracking.registrations import group_registrations, track_registrations
from analyzer.tracking.strays import note_strays
from analyzer.tracking.subscriptions import track_subscriptions
from analyzer.tracking.transactions import Timers, match_transactions, track_transactions

__all__ = ["explain", "fields", "track"]

LONG_OUTPUT = 300_000
"""Messages from which on the memory that the tables took no more is needed for what is written."""


def track(trace: Trace, settings: Settings, key: bytes) -> None:
    """Fill the tables from transactions to registrations."""
    timers = Timers(
        timeout_ns=64 * settings.t1_ms * 1_000_000,
        timer_c_ns=settings.timer_c_ms * 1_000_000,
        end_ns=max(
            (each.watched_until_ns for each in trace.captures if each.watched_until_ns is not None),
            default=0,
        ),
    )
    aside = len(trace.messages) > MANY
    with short_turns():
        transaction, leaders = match_transactions(trace, key)
        confirmation = begin(partial(confirm_identity, trace, leaders), aside=aside)
        track_transactions(trace, transaction, timers, settings, key)
        _track_rest(trace, timers, settings, key, aside=aside)
        confirmation()


def _track_rest(
    trace: Trace, timers: Timers, settings: Settings, key: bytes, *, aside: bool
) -> None:
    """Fill the tables from calls to registrations, side by side where that pays."""
    begin_media = _read_offers(trace, settings, aside=aside)
    subscriptions = begin(partial(track_subscriptions, trace, timers), aside=aside)
    registrations = begin(partial(group_registrations, trace), aside=aside)
    members, trace.legs = join_legs(trace, group_calls(trace), settings, key)
    trace.transactions = trace.transactions.replace(call_row=members.call_of_transaction)
    trace.calls = measure_calls(trace, members, timers)
    begin_media()
    trace.transactions = trace.transactions.replace(registration_row=registrations())
    trace.registrations = track_registrations(trace, timers)
    tracked = subscriptions()
    trace.subscriptions, trace.subscription_changes = tracked.subscriptions, tracked.changes
    trace.transactions = trace.transactions.replace(subscription_row=tracked.of_transaction)
    trace.dialog_tracker = track_dialogs
    trace.path_tracker, trace.story_teller = track_paths, tell_stories
    note_strays(trace)


def _read_offers(trace: Trace, settings: Settings, *, aside: bool) -> Callable[[], None]:
    """Read what is offered and answered while calls are tracked, where RTP is to be matched with
    all of it; return what is to be done once calls are known.
    """
    if not settings.media:
        return lambda: None
    from analyzer.measure.media import measure_media  # noqa: PLC0415 - not without media
    from analyzer.measure.media_parties import read_offers  # noqa: PLC0415 - see above

    trace.media_measurer = measure_media
    if not aside or len(trace.rtp.streams) == 0:
        return lambda: None
    offers = begin(partial(read_offers, trace), aside=True)

    def measure() -> None:
        media = begin(lambda: measure_media(trace, offers()), aside=True)
        trace.media_measurer = lambda _: media()  # who needs them waits

    return measure


def explain(trace: Trace, settings: Settings) -> None:
    """Load the rules that the trace needs and fill the table of findings."""
    statuses = np.flatnonzero(np.bincount(np.maximum(trace.messages.status, 0))).tolist()
    methods = np.flatnonzero(np.bincount(trace.messages.method_sym)).tolist()
    names = {trace.methods[each] for each in methods}
    aside = len(trace.messages) > MANY
    with short_turns():
        found = begin(partial(occasions, trace, settings.rule_settings), aside=aside)
        worth_a_rule, relays = remarkable(trace, statuses), has_relays(trace)
        seen = Seen(worth_a_rule, names, relays=relays, occasions=found())
        trace.rules = load_rules(settings, seen)
        trace.findings = evaluate(trace, trace.rules, settings, aside=aside)
    if len(trace.messages) > LONG_OUTPUT:
        give_back()
