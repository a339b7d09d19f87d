"""Fields of a sender that states a private address, although its requests come from a public one.

They speak of one request of each sender only: its first INVITE, else its first REGISTER or
SUBSCRIBE, where it comes straight from there (a single Via).
"""

import numpy as np

from analyzer.annotate.columns import spread
from analyzer.annotate.facts.invite_course import contact_host
from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.annotate.occasions import senders_in_doubt
from analyzer.measure.offers import session_description
from analyzer.sip.address_ranges import is_private
from analyzer.sip.headers import all_header_values, find_header
from analyzer.sip.sdp import parse_media
from analyzer.sip.via import Via
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace


def senders_behind_nat(judged: Judged) -> Int64:
    """Return for each row its request where it speaks for a sender behind NAT, else ABSENT."""
    trace = judged.trace
    chosen = senders_in_doubt(trace)
    rows = trace.transactions.request_row[chosen].astype(np.int64)
    is_direct = find_header(trace, rows, "Via").count == 1
    told = [
        at
        for at in np.flatnonzero(is_direct).tolist()
        if len(vias := Via.parse_list(all_header_values(trace, int(rows[at]), "Via")[0])) == 1
        and is_private(vias[0].host)
    ]
    column = spread(len(trace.transactions), chosen[told], rows[told])
    return column[judged.transaction_rows]


def _rows(judged: Judged) -> list[int]:
    rows: list[int] = judged.kept(senders_behind_nat).tolist()
    return rows


@field(
    "nat.sender",
    "text",
    en="Host and port that a sender behind NAT states in its Via.",
    ja="NAT の内側の送信元が Via に書いたホストとポート。",
)
def _nat_sender(judged: Judged) -> Values:
    found: list[Value] = [
        None if row < 0 else judged.trace.text(row, "sent_by") for row in _rows(judged)
    ]
    return Coded.of(found)


@field(
    "nat.contact",
    "text",
    en="Host in the Contact of a sender behind NAT, where that is private.",
    ja="NAT の内側の送信元の Contact のホスト（プライベートアドレスの場合）。",
)
def _nat_contact(judged: Judged) -> Values:
    rows = judged.kept(senders_behind_nat)
    contacts = judged.headers(rows, "Contact")
    hosts = [contact_host(each) for each in contacts.values]
    return Coded(
        contacts.codes,
        [each if isinstance(each, str) and is_private(each) else None for each in hosts],
    )


@field(
    "nat.media",
    "text",
    en="Address to which a sender behind NAT wants media sent, where that is private.",
    ja="NAT の内側の送信元が SDP で示したメディアの宛先アドレス（プライベートアドレスの場合）。",
)
def _nat_media(judged: Judged) -> Values:
    return Coded.of([None if row < 0 else _media_host(judged.trace, row) for row in _rows(judged)])


def _media_host(trace: Trace, row: int) -> Value:
    body = session_description(trace, row)
    media = parse_media(body) if body else ()
    return next((each.address for each in media if is_private(each.address)), None)


@field(
    "nat.rport",
    "flag",
    en="Whether the Via of a sender behind NAT asks for responses to the port they come to (rport, "
    "RFC 3581).",
    ja="NAT の内側の送信元の Via が、送信元ポートへの応答を求めているかどうか（rport、RFC 3581）。",
)
def _nat_rport(judged: Judged) -> Values:
    return Coded.of(
        [None if row < 0 else _asks_for_rport(judged.trace, row) for row in _rows(judged)]
    )


def _asks_for_rport(trace: Trace, row: int) -> bool:
    via = Via.parse_list(all_header_values(trace, row, "Via")[0])[0]
    return any(each.name == "rport" for each in via.parameters)
