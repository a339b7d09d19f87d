"""Hops found in bulk are those that are found one by one, whatever passes."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.annotate.dialogue import dialogue_capture
from analyzer.measure.hop_links import HopColumns, depths, hop_above, hops_above, path_order
from analyzer.pipeline import open_trace
from analyzer.tables.messages import Method

PARTIES = "abpq"
VIAS = ["", *(f"z9hG4bK-{each}" for each in "123")]


@st.composite
def invites(draw: st.DrawFn) -> str:
    """Return an INVITE between two parties: of one of two legs, with or without Vias of its own."""
    one = draw(st.sampled_from(PARTIES))
    other = draw(st.sampled_from([each for each in PARTIES if each != one]))
    gap = draw(st.sampled_from(["+0s", "+10ms"]))
    call_id, tag = draw(st.sampled_from([("one", "x"), ("one", "y"), ("two", "z")]))
    top, below = draw(st.sampled_from(VIAS)), draw(st.sampled_from(VIAS))
    lines = [
        f"{gap} {one}->{other} INVITE sip:b@h SIP/2.0",
        f"   Call-ID: {call_id}",
        f"   From: <sip:alice@h>;tag={tag}",
        f"   CSeq: {draw(st.sampled_from([1, 1, 2]))} INVITE",
        "   X-CID: one",
    ]
    if top and below:
        lines.append(f"   Via: SIP/2.0/UDP 192.0.2.1;branch={top}, SIP/2.0/UDP h;branch={below}")
    return "\n".join(lines) + "\n"


@settings(max_examples=150)
@given(st.lists(invites(), min_size=2, max_size=9))
def test_bulk_and_single_agree(dialogue: list[str]) -> None:
    """The hop that each was sent on from; and every hop has one place, its call's."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "dialogue.pcap"
        path.write_bytes(dialogue_capture("".join(dialogue)))
        with open_trace([str(path)]) as trace:
            transactions = trace.transactions
            rows = np.flatnonzero(
                (transactions.method_sym == Method.INVITE) & (transactions.call_row >= 0)
            )
            rows = rows[np.argsort(transactions.call_row[rows], kind="stable")]
            hops = HopColumns(trace, rows)
            above = hops_above(hops)
            assert above.tolist() == [hop_above(hops, hop) for hop in range(len(hops))]
            order = path_order(hops, above, depths(above))
            assert sorted(order.tolist()) == list(range(len(hops)))
            assert hops.call[order].tolist() == hops.call.tolist()
