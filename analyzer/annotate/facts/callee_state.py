"""Fields of the callee at the time of the response: its other calls, and its registration."""

import numpy as np

from analyzer.annotate.fields import Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.address_spans import distinct_addresses
from analyzer.sip.contact import Contact, parse_expires
from analyzer.sip.headers import all_header_values, header_values
from analyzer.tables.calls import Outcome
from analyzer.tables.messages import Method
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

_NS_PER_S = 1_000_000_000


def _addresses(trace: Trace, rows: Int64, name: str) -> list[str | None]:
    numbers, texts = distinct_addresses(trace, rows, name)
    known = [text.lower() if text else None for text in texts]
    return [known[number] for number in numbers.tolist()]


def _spans_of_calls(judged: Judged) -> dict[str, tuple[Int64, Int64]]:
    """Return for each callee judged the messages with which calls of its address were answered, and
    those with which they ended, both ascending.
    """
    trace, calls = judged.trace, judged.trace.calls
    wanted = {str(each).lower() for each in judged.values("callee").values if each}
    up = np.flatnonzero((calls.outcome == Outcome.ANSWERED) & (calls.invite_row >= 0))
    invites = calls.invite_row[up].astype(np.int64)
    spans: dict[str, tuple[list[int], list[int]]] = {}
    parties = zip(
        _addresses(trace, invites, "From"),
        _addresses(trace, invites, "To"),
        calls.final_row[up].tolist(),
        calls.end_row[up].tolist(),
        strict=True,
    )
    for caller, callee, answer, end in parties:
        for address in {caller, callee} & wanted:
            starts, ends = spans.setdefault(str(address), ([], []))
            starts.append(answer)
            if end >= 0:
                ends.append(end)
    return {
        address: (np.sort(np.array(starts, np.int64)), np.sort(np.array(ends, np.int64)))
        for address, (starts, ends) in spans.items()
    }


@field(
    "callee_calls",
    "number",
    en="Other calls from or to the address of the callee that the capture shows answered and not "
    "ended when the response came.",
    ja="応答の時点で通話中であった、着信者のアドレスによるほかの呼（発着信とも）の数。",
)
def _callee_calls(judged: Judged) -> Values:
    spans = judged.kept(_spans_of_calls)

    def count(callee: Value, row: int) -> int:
        starts, ends = spans.get(str(callee).lower(), (None, None))
        if starts is None or ends is None:
            return 0
        return int(np.searchsorted(starts, row) - np.searchsorted(ends, row))

    rows = judged.message_rows.tolist()
    return [count(*each) for each in zip(judged.values("callee"), rows, strict=True)]


BINDINGS: dict[str, Text] = {
    "registered": {"en": "registered", "ja": "登録あり"},
    "removed": {"en": "registration removed", "ja": "登録削除済み"},
    "expired": {"en": "registration run out", "ja": "登録の期限切れ"},
}


def _registers(judged: Judged) -> dict[str, list[int]]:
    """Return the REGISTER transactions with a 2xx of each callee judged, ascending."""
    trace, table = judged.trace, judged.trace.transactions
    wanted = {str(each).lower() for each in judged.values("callee").values if each}
    rows = np.flatnonzero(
        (table.method_sym == Method.REGISTER)
        & (table.final_status // 100 == 2)
        & (table.request_row >= 0)
    )
    found: dict[str, list[int]] = {}
    addresses = _addresses(trace, table.request_row[rows].astype(np.int64), "To")
    for row, address in zip(rows.tolist(), addresses, strict=True):
        if address in wanted:
            found.setdefault(address, []).append(row)
    return found


@field(
    "callee_binding",
    "text",
    en="Registration of the callee's address when the response came, by the last REGISTER for it "
    "that the capture shows answered with 2xx.",
    ja="応答の時点での着信者のアドレスの登録状態（2xx で応答された最後の REGISTER による）。",
    choices=BINDINGS,
)
def _callee_binding(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions
    registers = judged.kept(_registers)

    def binding(callee: Value, row: int) -> Value:
        own = registers.get(str(callee).lower(), [])
        before = [each for each in own if table.final_row[each] < row]
        return _binding(trace, int(table.final_row[before[-1]]), row) if before else None

    rows = judged.message_rows.tolist()
    return [binding(*each) for each in zip(judged.values("callee"), rows, strict=True)]


def _binding(trace: Trace, success: int, until: int) -> Value:
    """Tell how the bindings that a 2xx to a REGISTER lists stand when another message comes."""
    header = parse_expires(header_values(trace, np.array([success]), "Expires")[0])
    contacts = [
        each
        for line in all_header_values(trace, success, "Contact")
        for each in Contact.parse_list(line)
    ]
    if not contacts:
        return "removed"
    durations = [header if each.expires_s is None else each.expires_s for each in contacts]
    if None in durations:
        return "registered"
    longest = max(each for each in durations if each is not None)
    spent = int(trace.messages.time_ns[until] - trace.messages.time_ns[success])
    return "registered" if spent <= longest * _NS_PER_S else "expired"
