"""RTP in dialogues."""

import pytest

from analyzer.annotate.dialogue import parse_dialogue

CALL = """
-> INVITE sip:bob@example.com SIP/2.0

   v=0
   m=audio 6000 RTP/AVP 0
"""


def test_packets_are_20_ms_apart_and_go_on() -> None:
    """The port is that of the SDP, 4000 for who wrote none; numbers go on in a second line."""
    packets = parse_dialogue(CALL + "+1s -> rtp 2\n-> rtp 1")[1:]
    assert [each.source for each in packets] == [("192.0.2.1", 6000)] * 3
    assert [each.destination for each in packets] == [("192.0.2.2", 4000)] * 3
    assert [each.payload[3] for each in packets] == [0, 1, 2]
    assert packets[1].time_ns - packets[0].time_ns == 20_000_000
    assert len(packets[0].payload) == 172


def test_what_is_lost_and_where_it_goes() -> None:
    """As many as written are left out, never the first or the last."""
    packets = parse_dialogue(CALL + "<- rtp 10 lost 3 to 10.0.0.1:7000")[1:]
    numbers = [each.payload[3] for each in packets]
    assert len(numbers) == 7
    assert {0, 9} <= set(numbers)
    assert {each.destination for each in packets} == {("10.0.0.1", 7000)}


@pytest.mark.parametrize("line", ["-> rtp", "-> rtp many", "-> rtp 9999", "-> rtp 5 lost"])
def test_what_is_wrong_is_named_with_its_line(line: str) -> None:
    """A mistake in a dialogue is told with its line."""
    with pytest.raises(ValueError, match="line 6"):
        parse_dialogue(CALL + line)
