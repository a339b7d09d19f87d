"""Fields of a registration that was lost, refused again and again, or not refreshed.

Each says something of one REGISTER only: the last of its registration.
"""

import re

import numpy as np

from analyzer.annotate.columns import durations, names, numbers, spread
from analyzer.annotate.facts.acknowledgement import last_time
from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.annotate.occasions import is_silent
from analyzer.sip.headers import distinct_header_values, find_header
from analyzer.tables.registrations import RegistrationState
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import count_each, last_of_each, pick
from analyzer.tracking.registrations import address_of_record, longest_binding_s, own_requests

_EXPIRES = re.compile(r";\s*expires\s*=\s*\"?([0-9]{1,10})", re.IGNORECASE)
_NS_PER_S = 1_000_000_000


def last_registers(judged: Judged) -> Int64:
    """Return for each row the registration of which it is the last REGISTER, ABSENT for others."""
    trace, table = judged.trace, judged.trace.transactions
    is_own = own_requests(trace) & (table.request_row >= 0)
    last = last_of_each(table.registration_row, is_own, len(trace.registrations))
    own = table.registration_row[judged.transaction_rows].astype(np.int64)
    return np.where(pick(last, own, ABSENT) == judged.transaction_rows, own, ABSENT)


@field(
    "registration.end",
    "text",
    en="How a registration stood at its last REGISTER: lost after it had been granted before, or "
    "refused as often before; challenges (401, 407) are no refusals.",
    ja="登録の最後の REGISTER の時点の状態。それまで登録されていたのに失われたか、それまでと同様に"
    "繰り返し拒否されたか（401、407 のチャレンジは拒否とみなさない）。",
    choices={
        "lost": {"en": "granted before, then refused or not answered", "ja": "登録後に失われた"},
        "refused": {"en": "refused each time", "ja": "毎回拒否された"},
    },
    settings=("refusals",),
)
def _registration_end(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions
    own, rows = judged.kept(last_registers), judged.transaction_rows
    status = table.final_status[rows]
    is_challenge = (status == 401) | (status == 407)
    failed = ((status >= 300) & ~is_challenge) | is_silent(trace)[rows]
    had = pick(trace.registrations.success_row, own, ABSENT) >= 0
    often = pick(refusals(trace), own, 0) >= int(str(judged.settings["refusals"]))
    kinds = np.select([(own < 0) | ~failed, had, often & (status >= 300)], [ABSENT, 0, 1], ABSENT)
    return names(kinds, ("lost", "refused"))


def refusals(trace: Trace) -> Int64:
    """Count how often each registration was refused, challenges aside; each attempt once, however
    many hops it took.
    """
    table = trace.transactions
    is_challenge = (table.final_status == 401) | (table.final_status == 407)
    is_refused = (table.final_status >= 300) & ~is_challenge & own_requests(trace)
    found = count_each(table.registration_row, is_refused, len(trace.registrations))
    return found.astype(np.int64)


@field(
    "registration.refusals",
    "number",
    en="How often the registration was refused, challenges aside; stated of its last REGISTER.",
    ja="登録が拒否された回数（チャレンジを除く。最後の REGISTER にのみ示す）。",
)
def _registration_refusals(judged: Judged) -> Values:
    return numbers(pick(refusals(judged.trace), judged.kept(last_registers), ABSENT))


@field(
    "registration.lasted_ms",
    "duration_ms",
    en="From the first message of the registration to its last; stated of its last REGISTER.",
    ja="登録の最初のメッセージから最後のメッセージまでの時間（最後の REGISTER にのみ示す）。",
)
def _registration_lasted(judged: Judged) -> Values:
    table = judged.trace.registrations
    return durations(pick(table.end_ns - table.start_ns, judged.kept(last_registers), ABSENT))


def lapses(judged: Judged) -> tuple[Int64, Int64]:
    """Return for each row how long a binding had been over when the capture ended, and the seconds
    for which it had been granted; ABSENT where it was not, or another REGISTER came in time.
    """
    trace, table = judged.trace, judged.trace.registrations
    own = judged.kept(last_registers)
    is_kept = (own >= 0) & (pick(table.state, own, 0) == RegistrationState.REGISTERED)
    is_kept &= pick(table.success_row, own, ABSENT) >= 0
    kept = np.flatnonzero(is_kept)
    success = table.success_row[own[kept]].astype(np.int64)
    granted = granted_seconds(trace, success)
    over_ns = last_time(trace) - trace.messages.time_ns[success] - granted * _NS_PER_S
    is_over = (granted > 0) & (over_ns > 0)
    kept, success, granted, over_ns = (each[is_over] for each in (kept, success, granted, over_ns))
    again = later_bindings(trace, success)
    kept, granted, over_ns = (each[~again] for each in (kept, granted, over_ns))
    return spread(len(judged), kept, over_ns), spread(len(judged), kept, granted)


def granted_seconds(trace: Trace, rows: Int64) -> Int64:
    """Return the seconds that each 2xx to a REGISTER grants: of its bindings the one that lasts
    longest, which need not be that of who asked; ABSENT where it does not say.
    """
    of_contact, contacts = distinct_header_values(trace, rows, "Contact")
    of_expires, expires = distinct_header_values(trace, rows, "Expires")
    found = [_EXPIRES.search(each or "") for each in contacts]
    own = np.array([int(each[1]) if each else ABSENT for each in found], np.int64)[of_contact]
    overall = np.array([_seconds(each or "") for each in expires], np.int64)[of_expires]
    granted = np.where(own >= 0, own, overall)
    is_list = np.array(["," in (each or "") for each in contacts], np.bool_)[of_contact]
    is_list |= find_header(trace, rows, "Contact").count > 1
    for at in np.flatnonzero(is_list).tolist():
        granted[at] = longest_binding_s(trace, int(rows[at]))
    return granted


def _seconds(text: str) -> int:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 10 else ABSENT


def later_bindings(trace: Trace, rows: Int64) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell which address of record was registered again later than a 2xx, under another Call-ID:
    a phone that starts anew takes a new one.
    """
    again = np.zeros(len(rows), np.bool_)
    if len(rows) == 0:
        return again
    latest: dict[str, int] = {}
    known = trace.registrations.last_row[trace.registrations.success_row >= 0]
    for row in known.tolist():
        address = address_of_record(trace, row)
        latest[address] = max(latest.get(address, ABSENT), row)
    last_rows = trace.registrations.last_row
    own = trace.transactions.registration_row[trace.links.transaction_row[rows]]
    for at, row in enumerate(rows.tolist()):
        again[at] = latest[address_of_record(trace, row)] > int(last_rows[own[at]])
    return again


@field(
    "registration.lapsed_ms",
    "duration_ms",
    en="How long the bindings of a registration had run out, without a new REGISTER, when the "
    "capture ended; stated of its last REGISTER.",
    ja="新しい REGISTER がないまま登録の有効期間が切れてから、キャプチャの終わりまでの時間（最後の "
    "REGISTER にのみ示す）。",
)
def _registration_lapsed(judged: Judged) -> Values:
    return durations(judged.kept(lapses)[0])


@field(
    "registration.granted",
    "seconds",
    en="Seconds for which a registration that ran out had been granted.",
    ja="期限切れになった登録に認められていた秒数。",
)
def _registration_granted(judged: Judged) -> Values:
    return numbers(judged.kept(lapses)[1])


@field(
    "registration.address",
    "text",
    en="Address of record: the URI in To of the REGISTER.",
    ja="AOR（REGISTER の To の URI）。",
)
def _registration_address(judged: Judged) -> Values:
    rows = judged.request_rows
    found: list[Value] = [address_of_record(judged.trace, row) or None for row in rows.tolist()]
    return Coded.of(found)
