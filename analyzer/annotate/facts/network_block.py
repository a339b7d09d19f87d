"""Fields of blocks: what a 603 has of a 603+ (ATIS-1000099), and the contact card of RFC 8688."""

import numpy as np

from analyzer.annotate.facts.message import line_texts
from analyzer.annotate.facts.reason import all_values, reason_lines
from analyzer.annotate.facts.words import FAULTS, LOCATIONS, VERDICTS
from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.sip.call_info import signed_card
from analyzer.sip.headers import all_header_values, find_header
from analyzer.sip.reason import BlockVerdict, NetworkBlock, judge_network_block
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, is_in


def network_blocks(judged: Judged) -> list[NetworkBlock]:
    """Return what each response has of a 603+."""
    phrase, lines = judged.values("phrase"), judged.kept(reason_lines)
    known: dict[tuple[int, tuple[str, ...]], NetworkBlock] = {}
    found = []
    for code, reason in zip(phrase.codes.tolist(), lines, strict=True):
        block = known.get((code, reason))
        if block is None:
            block = judge_network_block(str(phrase.values[code] or ""), reason)
            known[code, reason] = block
        found.append(block)
    return found


@field(
    "network_block",
    "text",
    en="What a 603 has of a 603+ (ATIS-1000099).",
    ja="603 が 603+（ATIS-1000099）としてどこまで成立しているか。",
    choices=VERDICTS,
)
def _network_block(judged: Judged) -> Values:
    return [block.verdict.value for block in judged.kept(network_blocks)]


@field(
    "network_block.faults",
    "text",
    en="Requirements that a 603 which says Network Blocked does not meet.",
    ja="Network Blocked と述べる 603 が満たしていない要件。",
    choices=FAULTS,
)
def _network_block_faults(judged: Judged) -> Values:
    return [", ".join(block.faults) or None for block in judged.kept(network_blocks)]


@field(
    "network_block.location",
    "text",
    en="Network that blocked, as the 603+ says.",
    ja="603+ が示す、ブロックした網。",
    choices=LOCATIONS,
)
def _network_block_location(judged: Judged) -> Values:
    return [block.location for block in judged.kept(network_blocks)]


@field(
    "network_block.contact",
    "text",
    en="Whom the 603+ names for redress: url, tel, email, as written.",
    ja="603+ が示す申立て先（url、tel、email、記載のまま）。",
)
def _network_block_contact(judged: Judged) -> Values:
    return [block.contact for block in judged.kept(network_blocks)]


@field(
    "network_block.id",
    "text",
    en="Reference of the block, for the request for redress.",
    ja="申立ての際に示すブロックの識別子。",
)
def _network_block_id(judged: Judged) -> Values:
    return [block.id for block in judged.kept(network_blocks)]


@field(
    "jwscard",
    "text",
    en="Address of the contact card in Call-Info with purpose=jwscard (RFC 8688).",
    ja="purpose=jwscard の Call-Info にある連絡先カードのアドレス（RFC 8688）。",
)
def _jwscard(judged: Judged) -> Values:
    rows = all_values(judged.trace, judged.message_rows, "Call-Info")
    return [signed_card(values) for values in rows]


@field(
    "network_block.damaged_by",
    "text",
    en="Address of the element that got the 603+ whole, as another hop shows, and damaged it; or "
    "that got one, perhaps without its phrase, and passed on nothing of it.",
    ja="別のホップで完全な 603+ を受け取り、損なわれた形で転送した装置のアドレス。603+（理由句が"
    "失われたものを含む）を受け取り、何も転送しなかった装置も含む。",
)
def _damaged_by(judged: Judged) -> Values:
    trace, rows = judged.trace, judged.message_rows
    damaged = [
        at
        for at, block in enumerate(judged.kept(network_blocks))
        if block.verdict != BlockVerdict.CONFORMING
    ]
    received = _receivers(trace, trace.transactions.call_row[judged.transaction_rows[damaged]])
    if not received:
        return Coded.constant(None, len(judged))
    found: list[Value] = [None] * len(judged)
    for at in damaged:
        call = int(trace.transactions.call_row[judged.transaction_rows[at]])
        address = trace.endpoints.address(int(trace.messages.source_row[rows[at]]))
        enough = _ENOUGH.get(judged.kept(network_blocks)[at].verdict, {BlockVerdict.CONFORMING})
        if received.get((call, address), set()) & enough:
            found[at] = address
    return found


_ENOUGH = {BlockVerdict.ABSENT: {BlockVerdict.CONFORMING, BlockVerdict.PHRASE_LOST}}
"""What an element must have got to be to blame for what it sent."""


def _receivers(trace: Trace, calls: IntArray) -> dict[tuple[int, str], set[BlockVerdict]]:
    """Return calls and addresses that a 603+ of the call reached, and what was left of it."""
    transaction = trace.links.transaction_row
    rows = np.flatnonzero((trace.messages.status == 603) & (transaction >= 0))
    rows = rows[find_header(trace, rows, "Reason").count > 0]
    of = trace.transactions.call_row[transaction[rows]]
    rows = rows[is_in(of, calls[calls >= 0])]
    received: dict[tuple[int, str], set[BlockVerdict]] = {}
    for row, phrase in zip(rows.tolist(), line_texts(trace, rows), strict=True):
        block = judge_network_block(phrase, all_header_values(trace, row, "Reason"))
        if block.is_block:
            call = int(trace.transactions.call_row[transaction[row]])
            address = trace.endpoints.address(int(trace.messages.destination_row[row]))
            received.setdefault((call, address), set()).add(block.verdict)
    return received
