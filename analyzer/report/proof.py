"""A finding → what proves it: the messages that matter as a ladder, and the lines that decide.

Nothing that could be tried as a password is in it (`sip.auth`).
"""

import numpy as np

from analyzer.annotate.fields import header_of
from analyzer.annotate.wording import FindingText
from analyzer.report.ladder import Stress, build_ladder, messages_of
from analyzer.report.model import Proof, Quote
from analyzer.sip.auth import redact_credentials
from analyzer.sip.headers import unfold
from analyzer.sip.registry import canonical_name
from analyzer.tables.messages import Method
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

NAMED, HEADERS, MESSAGES = 0, 1, 2
"""What is quoted: the header lines that the verdict rests on, all of them, whole messages."""
MOST_TRANSACTIONS = 12
LONGEST_LADDER = 14
RESTS_ON = {
    "expires": (("request", "Expires"), ("response", "Expires")),
    "challenge": (("response", "WWW-Authenticate"), ("response", "Proxy-Authenticate")),
    "credentials": (("request", "Authorization"), ("request", "Proxy-Authorization")),
    "network_block": (("response", "Reason"),),
    "redirect": (("response", "Contact"),),
    "reason": (("response", "Reason"),),
    "retry_after": (("response", "Retry-After"),),
    "jwscard": (("response", "Call-Info"),),
    "etag": (("request", "Suppress-If-Match"), ("notify", "SIP-ETag")),
    "tags_asked": (("request", "Suppress-If-Match"),),
    "last_etag": (("notify", "SIP-ETag"),),
    "last_state": (("notify", "Subscription-State"),),
}
"""Field that is made of headers, or family of such fields → messages and headers."""


def prove(trace: Trace, finding_row: int, text: FindingText, detail: int = NAMED) -> Proof:
    """Return what a finding rests on."""
    findings, transactions = trace.findings, trace.transactions
    own = int(findings.transaction_row[finding_row])
    judged = int(findings.message_row[finding_row])
    sources = {"request": int(transactions.request_row[own]), "response": judged}
    if trace.messages.status[judged] == 0:
        sources["response"] = int(transactions.final_row[own])
    sources["notify"] = _last_notify(trace, own, judged)
    named = _named(text, sources)
    decisive = {judged, *named}
    if text.evidence.get("since_alerting_ms") is not None:
        decisive.add(int(transactions.alerting_row[own]))
    if text.evidence.get("cancel_before_final"):
        decisive.add(int(transactions.cancel_row[own]))
    rows = messages_of(trace, _transactions_that_matter(trace, own, sources["notify"]))
    longest = LONGEST_LADDER if detail == NAMED else None
    usual = int(transactions.method_sym[own])
    ladder = build_ladder(trace, rows, longest, Stress(decisive, usual))
    if detail > NAMED:
        return Proof(ladder, quote_messages(trace, rows, detail))
    quotes = [(row, _header_lines(trace, row, names)) for row, names in sorted(named.items())]
    return Proof(ladder, tuple(Quote(trace.frame(row), lines) for row, lines in quotes if lines))


def quote_messages(trace: Trace, rows: Int64, detail: int) -> tuple[Quote, ...]:
    """Return the lines of messages, repeats left out: HEADERS or MESSAGES of them."""
    seen = sorted({row for row in rows.tolist() if not _is_repeat(trace, row)})
    quotes = [(row, message_lines(trace, row, detail)) for row in seen]
    return tuple(Quote(trace.frame(row), lines) for row, lines in quotes if lines)


def _is_repeat(trace: Trace, row: int) -> bool:
    links = trace.links
    return bool(links.copy_of_row[row] >= 0 or links.retransmission_of_row[row] >= 0)


def _named(text: FindingText, sources: dict[str, int]) -> dict[int, list[str]]:
    """Return the headers that the evidence names, by the message that has them."""
    named: dict[int, list[str]] = {}
    for name, value in text.evidence.items():
        family, _, header = name.partition(".")
        if value is None:
            continue
        lines = RESTS_ON.get(family, ())
        if family in ("request", "response"):
            lines = ((family, header_of(header)),)
        elif family == "provider_trouble":
            lines = (("response", str(value).partition(":")[0]),)
        for side, line in lines:
            row = sources[side]
            if row >= 0 and line not in named.setdefault(row, []):
                named[row].append(line)
    return named


def _header_lines(trace: Trace, row: int, names: list[str]) -> tuple[str, ...]:
    """Return the lines of some headers as they are written, in the order of the message."""
    wanted = {name.lower() for name in names}
    return tuple(
        line
        for line in message_lines(trace, row, HEADERS)[1:]
        if canonical_name(line.partition(":")[0].strip()).lower() in wanted
    )


def message_lines(trace: Trace, row: int, detail: int) -> tuple[str, ...]:
    """Return start line and headers of a message, folds joined; the body too for MESSAGES."""
    raw, head_len = trace.message_bytes(row), int(trace.messages.head_len[row])
    head, body = raw[:head_len], raw[head_len:]
    lines = unfold(head.replace(b"\r\n", b"\n")).rstrip("\n").split("\n")
    if detail >= MESSAGES and body:
        lines += ["", *_body_lines(body)]
    elif body:
        lines.append(f"({len(body):,} bytes)")
    whole = "\n".join(lines)
    if redact_credentials(whole) == whole:  # nothing is hidden in most messages
        return tuple(lines)
    return tuple(redact_credentials(line) for line in lines)


def _body_lines(body: bytes) -> list[str]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return [f"({len(body):,} bytes)"]
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")


def _last_notify(trace: Trace, transaction_row: int, before: int) -> int:
    """Return the last NOTIFY of the subscription before a message, -1 without one."""
    rows, requests = _of_subscription(trace, transaction_row)
    is_notify = trace.transactions.method_sym[rows] == Method.NOTIFY
    return int(requests[is_notify & (requests < before)].max(initial=-1))


def _of_subscription(trace: Trace, transaction_row: int) -> tuple[Int64, Int64]:
    """Return the transactions of the same subscription that have a request, and these."""
    number = int(trace.transactions.subscription_row[transaction_row])
    if number < 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    rows = trace.transactions_of_subscription.of(number)
    requests = trace.transactions.request_row[rows].astype(np.int64)
    return rows[requests >= 0], requests[requests >= 0]


def _transactions_that_matter(trace: Trace, own: int, notify: int) -> list[int]:
    """Return the transaction judged, its other hops and branches, its CANCEL, and of a subscription
    the NOTIFY before and the SUBSCRIBE that a NOTIFY follows.
    """
    table, of_message = trace.transactions, trace.links.transaction_row
    chosen = [own]
    call = int(table.call_row[own])
    if call >= 0:
        first = table.first_row
        rows = trace.transactions_of_call.of(call)
        is_same = table.method_sym[rows] == table.method_sym[own]
        is_same &= trace.messages.cseq[first[rows]] == trace.messages.cseq[first[own]]
        chosen += rows[is_same][:MOST_TRANSACTIONS].tolist()
    cancels = table.cancel_row[chosen]
    chosen += of_message[cancels[cancels >= 0]].tolist()
    if notify >= 0:
        chosen.append(int(of_message[notify]))
    if table.method_sym[own] == Method.NOTIFY:
        rows, requests = _of_subscription(trace, own)
        is_subscribe = table.method_sym[rows] == Method.SUBSCRIBE
        earlier = rows[is_subscribe & (requests < int(table.first_row[own]))]
        chosen += earlier[-1:].tolist()
    return sorted({row for row in chosen if row >= 0})
