"""Media in the JSON of calls."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from analyzer.frozen import replace
from analyzer.pipeline import open_trace
from analyzer.render.formats import OutputOptions, find_output_format
from analyzer.settings import Settings

ONE_WAY = Path(__file__).parents[2] / "samples" / "sipp" / "one_way.pcap"


def only_call(settings: Settings) -> dict[str, Any]:
    """Return the call record of the sample."""
    out = BytesIO()
    with open_trace([str(ONE_WAY)], settings) as trace:
        find_output_format("json").render(trace, out, OutputOptions("en", "", messages=False))
    (call,) = json.loads(out.getvalue())["calls"]
    return dict(call)


def test_the_media_of_a_call() -> None:
    """Offer, answer and RTP of a recorded call; 149 packets, as tshark's rtp,streams counts."""
    call = only_call(Settings())
    (media,) = call["media"]
    assert (media["kind"], media["protocol"], media["state"]) == ("audio", "RTP/AVP", "agreed")
    assert media["offered"]["endpoint"] == {"address": "127.0.0.1", "port": 6000}
    assert media["answered"]["codecs"] == ["PCMU"]
    (stream,) = call["streams"]
    assert (stream["from"], stream["packets"], stream["lost"]) == ("caller", 149, 0)
    assert stream["max_jitter_ms"] == pytest.approx(5.992, abs=0.01)
    assert call["silent"] == "callee"
    assert "no audio from the callee's side was captured" in str(call["summary"])


def test_nobody_wants_to_know() -> None:
    """With --no-media nothing is counted and nothing is said of who is silent."""
    call = only_call(replace(Settings(), media=False))
    assert (call["media"], call["streams"], call["rtcp"], call["silent"]) == ([], [], [], None)
    assert "audio" not in str(call["summary"])
