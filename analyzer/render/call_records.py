"""Rows of CallTable → columns of call records."""

import numpy as np

from analyzer.measure.session_times import ringing_ns
from analyzer.measure.transfers import NOT_TRANSFERRED
from analyzer.render.call_details import answering_rows, codecs_of, hops_of, identity_rows
from analyzer.render.call_media import media_values
from analyzer.render.call_stories import (
    call_ids_of,
    changed_on_the_way,
    events_of,
    first_final_from,
    joined_by,
    links_of,
    path_of,
    transfers_of,
)
from analyzer.render.record_columns import (
    Batch,
    Durations,
    Integers,
    Periods,
    Texts,
    Tokens,
    Value,
    Values,
)
from analyzer.render.record_shapes import words
from analyzer.render.record_source import RecordSource, optional
from analyzer.render.record_spans import (
    Addresses,
    Spans,
    first_present,
    header_at,
    header_texts,
    headers_at,
    part_at,
    split_addresses,
)
from analyzer.render.summaries import Summaries
from analyzer.report.end_reasons import reason_words
from analyzer.sip.headers import distinct_header_values
from analyzer.tables.calls import CallTable, Outcome, Party
from analyzer.tables.schema import ABSENT
from analyzer.tables.stories import TransferState
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, distinct, pick

PARTIES = ("caller", "callee")
IN_PART = ("answered_open", "answered_untimed", "ended_by_caller", "ended_by_callee")
"""Sentences of calls that the capture shows in part, beside those of the outcomes."""


def call_records(source: RecordSource, rows: IntArray) -> Batch:
    """Return the records of some calls."""
    trace = source.trace
    picked, story = trace.calls.take(rows), trace.stories.calls.take(rows)
    head = identity_rows(trace, picked)
    named = headers_at(trace, head, "From", "To", "P-Asserted-Identity", "User-Agent")
    caller, callee = (split_addresses(trace, each) for each in named[:2])
    asserted, agent = (each.where(picked.invite_row >= 0) for each in named[2:])
    answered = np.where(picked.final_status // 100 == 2, picked.final_row, ABSENT)
    values: Values = {
        "id": Integers(rows),
        "call_ids": call_ids_of(source, rows),
        "joined_by": joined_by(source, rows),
        "caller": _identity(trace, caller, asserted),
        "callee": _identity(trace, callee, header_at(trace, answered, "P-Asserted-Identity")),
        "start_ns": Integers(picked.start_ns),
        "end_ns": Integers(picked.end_ns),
        "outcome": source.names(picked.outcome, Outcome),
        "final_status": optional(picked.final_status, 0),
        "final_reason": part_at(trace, picked.final_row, "line"),
        "answered_by": source.names(picked.answered_by, Party),
        "ended_by": source.names(picked.ended_by, Party),
        "end_reason": _end_reason(trace, picked),
        "post_dial_delay_ms": Durations(picked.post_dial_delay_ns),
        "ring_ms": Durations(picked.ring_ns),
        "setup_ms": Durations(picked.setup_ns),
        "talk_ms": Durations(picked.talk_ns),
        "session_request_delay_ms": Durations(picked.session_request_delay_ns),
        "session_disconnect_delay_ms": Durations(picked.session_disconnect_delay_ns),
        "early_media_ms": Durations(picked.early_media_ns),
        "held_ms": Durations(story.held_ns),
        "session_expires_s": optional(story.session_expires_s),
        "attempts": Integers(picked.attempts),
        "forks": Integers(picked.forks),
        "answers": Integers(picked.answers),
        "hops": hops_of(source, rows),
        "path": path_of(source, rows),
        "first_final_from": first_final_from(source, rows),
        "changed_on_the_way": changed_on_the_way(source, rows),
        "codecs": codecs_of(source, picked),
        **media_values(source, rows),
        "user_agents": _user_agents(trace, picked, agent),
        "events": events_of(source, rows),
        "transfers": transfers_of(source, rows),
        **links_of(source, rows),
        "transactions": source.members(source.transactions_of_call, rows),
        "findings": source.members(source.findings_of_call, rows),
        "summary": _summary(source, rows, _name(caller), _name(callee)),
    }
    return source.batch(len(rows), values)


def _identity(trace: Trace, address: Addresses, asserted: Spans) -> dict[str, Value]:
    return {
        "uri": address.uri,
        "display": address.display,
        "user": address.user,
        "asserted": split_addresses(trace, asserted, is_list=True).uri,
    }


def _end_reason(trace: Trace, calls: CallTable) -> Texts:
    found = headers_at(trace, calls.end_row, "Reason", "Warning")
    return header_texts(trace, first_present(*found))


def _user_agents(trace: Trace, calls: CallTable, caller: Spans) -> dict[str, Value]:
    found = headers_at(trace, answering_rows(trace, calls), "Server", "User-Agent")
    callee = first_present(*found)
    return {"caller": header_texts(trace, caller), "callee": header_texts(trace, callee)}


def _name(address: Addresses) -> Texts:
    """Return what a sentence calls a party: the user, else the URI."""
    user, uri = address.user, address.uri
    has_user = user.length > 0
    if user.instead is not None:
        has_user = has_user | (user.instead.numbers >= 0)
    if has_user.all():
        return user
    return Texts(
        user.source,
        np.where(has_user, user.pos, uri.pos),
        np.where(has_user, user.length, uri.length),
        _instead(user, uri, has_user),
    )


def _instead(user: Texts, uri: Texts, has_user: IntArray) -> Tokens | None:
    """Join the tokens of both; a pool of their own each, so all go into one."""
    if user.instead is None or uri.instead is None:
        return user.instead or uri.instead
    offset = len(user.instead.pool.tokens)
    numbers = uri.instead.numbers
    pool = user.instead.pool.joined(uri.instead.pool)
    moved = np.where(numbers >= 0, numbers + offset, numbers)
    return Tokens(np.where(has_user, user.instead.numbers, moved), pool)


def _transfers(source: RecordSource, rows: IntArray) -> dict[str, Value]:
    """Return where calls went with their last transfer, or were to go."""
    stories = source.trace.stories
    last = stories.calls.transfer_row[rows]
    state, target = (
        pick(stories.transfers.state, last, 0),
        pick(stories.transfers.target_sym, last, 0),
    )
    is_failed = np.isin(state, NOT_TRANSFERRED)
    return {
        "transferred": source.texts(np.where(state == TransferState.SUCCEEDED, target, 0)),
        "not_transferred": source.texts(np.where(is_failed, target, 0)),
    }


def _reasons(source: RecordSource, summaries: Summaries, status: IntArray) -> Tokens:
    """Return in plain words what final statuses mean."""
    numbers = np.full(1000, ABSENT, np.int64)
    for each in distinct(status).tolist():
        words_for = summaries.texts.templates.get(f"why.{each}")
        if words_for and each < len(numbers):
            numbers[each] = source.words.number(words_for)
    return Tokens(numbers[np.clip(status, 0, len(numbers) - 1)], source.words)


def _unheard(source: RecordSource, summaries: Summaries, rows: IntArray) -> Tokens:
    """Return whose audio is missing in calls; whether it is, only RTP of a capture can tell."""
    trace = source.trace
    if len(trace.rtp.streams) == 0:
        return Tokens(np.full(len(rows), ABSENT, np.int64), source.words)
    names = [source.words.number(summaries.texts(f"unheard.{each}")) for each in PARTIES]
    silent = trace.media.calls.silent[rows]
    return Tokens(np.array([ABSENT, *names])[silent], source.words)


def _ended_why(source: RecordSource, summaries: Summaries, end_row: IntArray) -> Tokens:
    """Return in plain words what the Reasons of BYEs and CANCELs mean."""
    numbers = np.full(len(end_row), ABSENT, np.int64)
    present = np.flatnonzero(end_row >= 0)
    codes, values = distinct_header_values(
        source.trace, end_row[present].astype(np.int64), "Reason"
    )
    said = [reason_words(value, summaries.texts) for value in values]
    known = [source.words.number(each) if each else ABSENT for each in said]
    numbers[present] = np.array(known or [ABSENT], np.int64)[codes]
    return Tokens(numbers, source.words)


def _summary(source: RecordSource, rows: IntArray, caller: Texts, callee: Texts) -> Value:
    calls, story = source.trace.calls.take(rows), source.trace.stories.calls.take(rows)
    summaries = Summaries.of(source.language, "call")
    party = np.array(
        [source.words.number(summaries.texts(f"party.{each}")) for each in ("caller", "callee")]
    )
    is_replaced = source.linked_calls[1][rows] >= 0
    another = source.words.number(summaries.texts("replaced_by"))
    ended_by = np.where(calls.ended_by > 0, party[calls.ended_by - 1], ABSENT)
    values: dict[str, Value] = {
        "caller": caller,
        "callee": callee,
        "status": optional(calls.final_status, 0),
        "reason": part_at(source.trace, calls.final_row, "line"),
        "ring": Periods(ringing_ns(source.trace, rows), summaries.units),
        "setup": Periods(calls.setup_ns, summaries.units),
        "talk": Periods(calls.talk_ns, summaries.units),
        "ended_by": Tokens(ended_by, source.words),
        "why": _reasons(source, summaries, calls.final_status),
        "unheard": _unheard(source, summaries, rows),
        "ended_why": _ended_why(source, summaries, calls.end_row),
        "held": Periods(story.held_ns, summaries.units),
        "replaced_by": Tokens(np.where(is_replaced, another, ABSENT), source.words),
        **_transfers(source, rows),
    }
    names = [*words(Outcome), *IN_PART]
    is_answered = calls.outcome == Outcome.ANSWERED
    # outcomes count from 1 in the order of their names, and so do parties
    variants = np.where(
        is_answered & (calls.talk_ns < 0), names.index("answered_untimed"), calls.outcome - 1
    )
    variants[is_answered & (calls.end_row < 0)] = names.index("answered_open")
    is_ended = (calls.outcome == Outcome.INCOMPLETE) & (calls.ended_by > 0)
    variants[is_ended] = names.index("ended_by_caller") + calls.ended_by[is_ended] - 1
    return summaries.sentences(variants, names, values)
