"""Which request each response answers: our transactions against tshark's, frame by frame, over UDP.

tshark 4.0 keeps one open request for each Call-ID, CSeq number and pair of addresses and compares
no method (`sip.response-request` names its frame). So it gives the response of a cancelled INVITE
to the CANCEL, and a 2xx that comes again to its ACK. The method in the CSeq of the response says
which request it answers (RFC 3261 §17.1.3): such pairs are left out, all others are equal.
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from test_tshark import UNDERSTOOD, captures
from test_tshark import by_tshark as messages_by_tshark

from analyzer.errors import CaptureError
from analyzer.pipeline import open_trace
from analyzer.tables.messages import Method

TSHARK = shutil.which("tshark")


def by_tshark(path: Path) -> dict[int, int]:
    """Return the request frame of each response over UDP that tshark gives one."""
    fields = ("frame.number", "frame.protocols", "sip.response-request")
    command = [str(TSHARK), "-r", str(path), "-T", "fields", "-E", "occurrence=f"]
    command += ["-Y", "sip.response-request && !(ip.flags.mf == 1) && !(ip.frag_offset > 0)"]
    for field in fields:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return {int(row[0]): int(row[2]) for row in rows if UNDERSTOOD.fullmatch(row[1])}


def by_sipwhy(path: Path) -> dict[int, tuple[str, list[int]]]:
    """Return for each response the method in its CSeq, and the frames of the requests, repeats too,
    of its transaction.
    """
    try:
        trace = open_trace([str(path)])
    except CaptureError:
        return {}
    with trace:
        messages, transaction = trace.messages, trace.links.transaction_row.tolist()
        requests: dict[int, list[int]] = {}
        columns = (messages.frame, messages.status, messages.method_sym)
        found = list(zip(*(each.tolist() for each in columns), transaction, strict=True))
        for frame, status, method, of in found:
            if status == 0 and method != Method.ACK:
                requests.setdefault(of, []).append(frame)
        return {
            frame: (trace.methods[method], requests.get(of, []))
            for frame, status, method, of in found
            if status
        }


@pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")
@pytest.mark.parametrize("path", captures(), ids=lambda path: "/".join(path.parts[-2:]))
def test_pairs_are_those_of_tshark(path: Path) -> None:
    """The request that tshark finds with the method of the response's CSeq is one of our
    transaction's.
    """
    ours, read = by_sipwhy(path), messages_by_tshark(path)
    differing = {
        frame: (request, min(requests, default=None))
        for frame, request in by_tshark(path).items()
        if frame in ours
        for method, requests in [ours[frame]]
        if read.get(request) == method and request not in requests
    }
    assert differing == {}
