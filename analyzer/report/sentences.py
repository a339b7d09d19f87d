"""Calls, subscriptions, registrations, transactions → one sentence each.

The templates are those of the JSON output, `locale/summaries.*.yaml`: `[parts]` are left out when a
value in them is absent.
"""

import re
from collections.abc import Mapping

import numpy as np

from analyzer.i18n import Texts, load_texts
from analyzer.measure.links import linked_calls
from analyzer.measure.session_times import ringing_ns
from analyzer.measure.stories import time_on_hold
from analyzer.measure.transfers import NOT_TRANSFERRED, find_transfers
from analyzer.report.end_reasons import reason_words
from analyzer.report.model import Party
from analyzer.report.parties import naming_messages, naming_messages_of_calls, parties
from analyzer.sip.headers import header_values
from analyzer.tables.calls import Outcome
from analyzer.tables.calls import Party as Side
from analyzer.tables.registrations import RegistrationState
from analyzer.tables.schema import ABSENT, Int32
from analyzer.tables.stories import TransferState
from analyzer.tables.subscriptions import KNOWN, SubscriptionState
from analyzer.tables.trace import Trace
from analyzer.tracking.registrations import longest_binding_s

_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def fill(template: str, values: Mapping[str, str | None], unknown: str) -> str:
    """Fill a template; an absent value leaves its `[part]` out, or is said to be unknown."""

    def part(match: re.Match[str]) -> str:
        absent = any(values[name] is None for name in _PLACEHOLDER.findall(match[1]))
        return "" if absent else match[1]

    chosen = _OPTIONAL.sub(part, template)
    return _PLACEHOLDER.sub(lambda match: values[match[1]] or unknown, chosen)


def period(ns: int, texts: Texts) -> str | None:
    """Return a duration as it is said in a sentence, None when it is absent."""
    if ns < 0:
        return None
    tenths = (ns + 50_000_000) // 100_000_000
    if tenths < 600:
        return f"{tenths // 10}.{tenths % 10}{texts('units.seconds')}"
    minutes, seconds = divmod((ns + 500_000_000) // 1_000_000_000, 60)
    hours, minutes = divmod(minutes, 60)
    begin = f"{hours}{texts('units.hours')}" if hours else ""
    return f"{begin}{minutes}{texts('units.minutes')}{seconds}{texts('units.seconds')}"


def call_sentence(trace: Trace, row: int, language: str) -> str:
    """Return what became of a call."""
    texts, calls = load_texts(language, "summaries"), trace.calls
    naming = naming_messages_of_calls(trace, np.array([row]))
    side = Side(int(calls.ended_by[row]))
    values = {
        "caller": _name(parties(trace, naming, "From")[0]),
        "callee": _name(parties(trace, naming, "To")[0]),
        "status": _number(int(calls.final_status[row])),
        "reason": _phrase(trace, int(calls.final_row[row])),
        "ring": period(int(ringing_ns(trace, np.array([row]))[0]), texts),
        "setup": period(int(calls.setup_ns[row]), texts),
        "talk": period(int(calls.talk_ns[row]), texts),
        "ended_by": texts(f"party.{side.name.lower()}") if side else None,
        "ended_why": _ended_why(trace, int(calls.end_row[row]), texts),
        "why": texts.templates.get(f"why.{int(calls.final_status[row])}"),
        "unheard": _unheard(trace, row, texts),
        "held": period(time_on_hold(trace, row), texts),
        "replaced_by": texts("replaced_by") if linked_calls(trace)[1][row] >= 0 else None,
        **_transfer(trace, row),
    }
    return fill(texts.templates[f"call.{_variant(trace, row)}"], values, texts("unknown"))


def _variant(trace: Trace, row: int) -> str:
    """Return which sentence a call has."""
    calls = trace.calls
    outcome, side = Outcome(int(calls.outcome[row])), Side(int(calls.ended_by[row]))
    if outcome == Outcome.ANSWERED and calls.end_row[row] < 0:
        return "answered_open"
    if outcome == Outcome.ANSWERED and calls.talk_ns[row] < 0:
        return "answered_untimed"
    if side and outcome == Outcome.INCOMPLETE:
        return f"ended_by_{side.name.lower()}"
    return outcome.name.lower()


def _unheard(trace: Trace, row: int, texts: Texts) -> str | None:
    """Return whose audio is missing; whether it is, only RTP of a capture can tell."""
    if len(trace.rtp.streams) == 0:
        return None
    silent = Side(int(trace.media.calls.silent[row]))
    return texts(f"unheard.{silent.name.lower()}") if silent else None


def _ended_why(trace: Trace, end: int, texts: Texts) -> str | None:
    if end < 0:
        return None
    return reason_words(header_values(trace, np.array([end]), "Reason")[0], texts)


def _transfer(trace: Trace, row: int) -> dict[str, str | None]:
    """Return where a call went with its last transfer, or was to go."""
    found = find_transfers(trace, row)
    target = trace.texts[int(found.target_sym[-1])] or None if len(found) else None
    state = int(found.state[-1]) if len(found) else 0
    return {
        "transferred": target if state == TransferState.SUCCEEDED else None,
        "not_transferred": target if state in NOT_TRANSFERRED else None,
    }


def subscription_sentence(trace: Trace, row: int, language: str) -> str:
    """Return what became of a subscription."""
    texts, table = load_texts(language, "summaries"), trace.subscriptions
    state = SubscriptionState(int(table.state[row])).name.lower()
    state = "expired" if table.expired[row] and table.state[row] in KNOWN else state
    expires_s = int(table.expires_s[row])
    values = {
        "subscriber": _address(trace, int(table.subscriber_row[row])),
        "notifier": _address(trace, int(table.notifier_row[row])),
        "event": trace.texts[int(table.event_sym[row])] or None,
        "notifies": _number(int(table.notifies[row])),
        "refreshes": _number(int(table.refreshes[row])),
        "suppressed": _number(int(table.suppressed[row])),
        "status": _number(int(table.final_status[row])),
        "why": trace.texts[int(table.reason_sym[row])] or None,
        "expires": period(expires_s * 1_000_000_000, texts),
    }
    return fill(texts.templates[f"subscription.{state}"], values, texts("unknown"))


def registration_sentence(trace: Trace, row: int, language: str) -> str:
    """Return what became of a registration."""
    texts, table = load_texts(language, "summaries"), trace.registrations
    state = RegistrationState(int(table.state[row])).name.lower()
    lasted_s = _ran_out_after(trace, row)
    request, first = table.request_row[row], table.first_row[row]
    naming: Int32 = np.array([request if request >= 0 else first], np.int32)
    values = {
        "address_of_record": parties(trace, naming, "To")[0].uri or None,
        "registrar": _address(trace, int(table.registrar_row[row])),
        "refreshes": _number(int(table.refreshes[row])),
        "status": _number(int(table.final_status[row])),
        "reason": _phrase(trace, int(table.final_row[row])),
        "expires": period(lasted_s * 1_000_000_000, texts),
    }
    state = "expired" if lasted_s > 0 else state
    return fill(texts.templates[f"registration.{state}"], values, texts("unknown"))


def _ran_out_after(trace: Trace, row: int) -> int:
    """Return the seconds after which a registration ran out in the capture, -1 where none did."""
    success = int(trace.registrations.success_row[row])
    if trace.registrations.state[row] != RegistrationState.REGISTERED:
        return ABSENT
    longest_s = longest_binding_s(trace, success)
    over_ns = int(trace.messages.time_ns[success]) + longest_s * 1_000_000_000
    return longest_s if over_ns < max(each.end_ns or 0 for each in trace.captures) else ABSENT


def transaction_sentence(trace: Trace, row: int, language: str) -> str:
    """Return what became of a request that belongs to no call, subscription or registration."""
    texts, table = load_texts(language), trace.transactions
    unknown = texts("unknown")
    naming = naming_messages(trace, np.array([row]))
    status = _number(int(table.final_status[row]))
    phrase = _phrase(trace, int(table.final_row[row])) or ""
    return texts(
        "sentence.transaction" if status else "sentence.no_answer",
        caller=_name(parties(trace, naming, "From")[0]) or unknown,
        callee=_name(parties(trace, naming, "To")[0]) or unknown,
        method=trace.methods[int(table.method_sym[row])] or unknown,
        status=f"{status} {phrase}".rstrip(),
    )


def _name(party: Party) -> str | None:
    return party.user or party.uri or None


def _number(value: int) -> str | None:
    return str(value) if value > 0 else None


def _phrase(trace: Trace, row: int) -> str | None:
    return (trace.text(row, "line") or None) if row >= 0 else None


def _address(trace: Trace, row: int) -> str | None:
    return trace.endpoints.address(row) if row >= 0 else None
