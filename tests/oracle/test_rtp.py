"""RTP as Wireshark counts it (`tshark -z rtp,streams`) and as we do.

Wireshark takes packets for RTP from the frame on that told it of their port, and no longer when a
T.38 follows; so it may count fewer, and then loss and jitter are of something else. It counts
duplicates as negative loss. Jitter is compared where a stream has one payload type only: Wireshark
makes one figure of all, whatever their clocks.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from analyzer.pipeline import open_trace

SAMPLE = Path(__file__).parents[2] / "samples" / "sipp" / "one_way.pcap"
CAPTURES = os.environ.get("SIPWHY_CAPTURES", "")
LARGEST = 4 << 20
_ROW = re.compile(
    r"\s*[\d.]+\s+[\d.]+\s+(\S+)\s+(\d+)\s+(\S+)\s+(\d+)\s+0x([0-9A-F]{8})\s+.*?"
    r"\s(\d+)\s+(-?\d+) \("
    r"-?[\d.]+%\)(.*)"
)
Key = tuple[str, str, str, str, int]


def recordings() -> list[Path]:
    """List the files to compare."""
    found = [SAMPLE]
    if CAPTURES:
        found += sorted(Path(CAPTURES).rglob("*.pcap*"))
    return [path for path in found if path.is_file() and path.stat().st_size <= LARGEST]


def wireshark(path: Path) -> dict[Key, tuple[int, int, float]]:
    """Return packets, lost ones and greatest jitter in ms of each stream."""
    command = ["tshark", "-q", "-z", "rtp,streams", "-r", str(path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = {}
    for line in printed.splitlines():
        if match := _ROW.match(line):
            key = (match[1], match[2], match[3], match[4], int(match[5], 16))
            jitters = [float(each) for each in re.findall(r"[\d.]+", match[8])]
            found[key] = (int(match[6]), int(match[7]), jitters[5])
    return found


@pytest.mark.skipif(shutil.which("tshark") is None, reason="the oracle, tshark, is not installed")
@pytest.mark.parametrize("path", recordings(), ids=str)
def test_streams_are_those_of_wireshark(path: Path) -> None:
    """What both see as a stream has the same packets, losses and, nearly, the same jitter."""
    expected = wireshark(path)
    if not expected:
        pytest.skip("no RTP in this capture: the oracle has nothing to compare")
    with open_trace([str(path)]) as trace:
        streams, rtp = trace.media.streams, trace.rtp.streams
        compared = 0
        for at, row in enumerate(streams.stream_row.tolist()):
            ends = tuple(
                part
                for side in ("source", "destination")
                for part in (
                    _address(int(getattr(rtp, f"{side}_low")[row])),
                    str(getattr(rtp, f"{side}_port")[row]),
                )
            )
            key = (*ends, int(streams.ssrc[at]))
            if key in expected and rtp.version[row] == 4:
                packets, lost, jitter_ms = expected[key]
                compared += 1
                assert streams.packets[at] >= packets
                if streams.packets[at] > packets:
                    continue
                assert streams.lost[at] == max(lost, 0)
                if np.count_nonzero(trace.rtp.payloads.stream_row == row) == 1:
                    ours = streams.most_jitter_ns[at] / 1e6
                    assert ours < 0 or ours == pytest.approx(jitter_ms, rel=0.1, abs=0.1)
    assert compared or path != SAMPLE


def _address(number: int) -> str:
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
