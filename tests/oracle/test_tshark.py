"""SIP frame by frame, in tunnels too: our messages against tshark's, on samples and on real
captures.

The real captures are not part of the project: SIPWHY_CAPTURES names a folder of them. A frame may
complete several messages: methods are compared first, then statuses.
"""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from differences import DIFFERENCES

from analyzer.errors import CaptureError
from analyzer.pipeline import open_trace

TSHARK = shutil.which("tshark")
SAMPLES = Path(__file__).parents[2] / "samples"
CAPTURES = os.environ.get("SIPWHY_CAPTURES", "")
UNDERSTOOD = re.compile(
    r"(((?!icmp)[\w.]+:)*(udp|tcp(:tls)?|tcp(:tls)?(:http)?:websocket|sctp)|exported_pdu):sip(:.*)?"
)
"""Layers, as tshark names them, that are read today: whatever there is,
but no message that ICMP only quotes. TLS shows where a capture holds its keys.
"""


def captures() -> list[Path]:
    """List the files to compare."""
    found = [path for path in SAMPLES.rglob("*.pcap*") if path.is_file()]
    if CAPTURES:
        found += [path for path in Path(CAPTURES).rglob("*") if path.suffix not in {".md", ".tsv"}]
    return sorted(path for path in found if path.is_file())


def by_tshark(path: Path) -> dict[int, str]:
    """Return method or status of each frame with SIP over UDP, as tshark reads it."""
    fields = ("frame.number", "frame.protocols", "sip.Method", "sip.Status-Code")
    command = [
        str(TSHARK),
        "-r",
        str(path),
        "-T",
        "fields",
        "-Y",
        "sip",
        "-o",
        "ip.defragment:TRUE",
    ]
    # What only the peers of a session know; the sample has Ethernet and no cookie.
    command += ["-d", "l2tp.pw_type==0,eth"]
    command += ["-o", "l2tp.cookie_size:None", "-o", "l2tp.l2_specific:None"]
    for field in fields:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return {
        int(row[0]): ",".join(filter(None, row[2:]))
        for row in rows
        # Bytes that no message was found in are SIP by the port alone.
        if UNDERSTOOD.match(row[1]) and any(row[2:])
    }


def by_sipwhy(path: Path) -> dict[int, str]:
    """Return the same as we read it."""
    try:
        trace = open_trace([str(path)])
    except CaptureError:
        return {}
    found: dict[int, tuple[list[str], list[str]]] = {}
    with trace:
        messages = trace.messages
        rows = zip(
            messages.frame.tolist(),
            messages.method_sym.tolist(),
            messages.status.tolist(),
            strict=True,
        )
        for frame, sym, status in rows:
            methods, statuses = found.setdefault(frame, ([], []))
            if status:
                statuses.append(str(status))
            else:
                methods.append(trace.methods[sym])
    return {frame: ",".join(methods + statuses) for frame, (methods, statuses) in found.items()}


@pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")
@pytest.mark.parametrize("path", captures(), ids=lambda path: "/".join(path.parts[-2:]))
def test_messages_are_those_of_tshark(path: Path) -> None:
    """Each frame has the method or status tshark finds, but for the differences explained."""
    theirs, ours = by_tshark(path), by_sipwhy(path)
    differing = {
        frame: (theirs.get(frame), ours.get(frame))
        for frame in sorted(theirs.keys() | ours.keys())
        if theirs.get(frame) != ours.get(frame)
    }
    explained = DIFFERENCES.get(hashlib.sha256(path.read_bytes()).hexdigest(), {})
    assert differing == {frame: each.seen for frame, each in explained.items()}


@pytest.mark.skipif(not CAPTURES, reason="SIPWHY_CAPTURES names no folder of captures")
def test_no_explanation_is_left_over() -> None:
    """Every capture with explained differences is still there."""
    present = {hashlib.sha256(path.read_bytes()).hexdigest() for path in captures()}
    assert present >= DIFFERENCES.keys()
