"""A new subscription when Timer N ran out."""

from pathlib import Path

import pytest

from analyzer.annotate.dialogue import parse_dialogue
from analyzer.annotate.dialogue_pcap import write_pcap
from analyzer.frozen import replace
from analyzer.pipeline import open_trace

NEW = """
-> SUBSCRIBE sip:bob@example.com SIP/2.0
   Call-ID: {number}@example.com
   Event: presence
<- SIP/2.0 204 No Notification
   Call-ID: {number}@example.com
"""


@pytest.mark.parametrize(("shift_s", "found"), [(32, [2]), (-32, []), (0, []), (100, [])])
def test_a_new_subscription_comes_later(tmp_path: Path, shift_s: int, found: list[int]) -> None:
    """Timer N runs from the 204 to a SUBSCRIBE that comes after it in the capture (RFC 6665
    §4.1.2.2), not to one that is later only by a clock that went back.
    """
    packets = parse_dialogue(NEW.format(number=1) + NEW.format(number=2))
    later = [replace(each, time_ns=each.time_ns + shift_s * 10**9) for each in packets[2:]]
    path = tmp_path / "again.pcap"
    path.write_bytes(write_pcap([*packets[:2], *later]))
    with open_trace([str(path)]) as trace:
        rules = [trace.rules[number].id for number in trace.findings.rule.tolist()]
        rows = trace.findings.message_row.tolist()
    assert [row for rule, row in zip(rules, rows, strict=True) if rule == "SUB004"] == found
