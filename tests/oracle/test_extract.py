"""What is extracted is what was captured: to Wireshark, and to us.

All calls of a sample together, and the first by itself; of a real capture one of both. Wireshark
must show the same messages at the same times, and complain of nothing it did not complain of
before; our analysis must say the same of the calls. Some findings compare a call with others, or
are told at the first of several alone: these may read differently where the others are missing.
"""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from analyzer.annotate.items import load_kinds
from analyzer.annotate.where import read_where
from analyzer.extract.choice import Chosen, Wanted, choose
from analyzer.extract.extract import extract
from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from analyzer.tables.schema import Table
from analyzer.tables.trace import Trace

SAMPLES = Path(__file__).parents[2] / "samples"
CAPTURES = os.environ.get("SIPWHY_CAPTURES", "")
LARGEST = 1 << 19
COMPARING = ("RSP603", "SDP001", "TXN002", "TXN008")
"""Rules that look at other calls, or at whether media is captured at all."""
SETTINGS = Settings(origins=True)

pytestmark = [
    pytest.mark.skipif(shutil.which(each) is None, reason=f"{each} is not installed")
    for each in ("tshark", "capinfos")
]


def recordings() -> list[Path]:
    """List the files to extract from."""
    found = sorted(SAMPLES.rglob("*.pcap*"))
    if CAPTURES:
        found += sorted(Path(CAPTURES).rglob("*.pcap*"))
    small = [path for path in found if path.is_file() and path.stat().st_size <= LARGEST]
    return list({path.read_bytes(): path for path in small}.values())


def choices(trace: Trace, *, is_sample: bool) -> Iterator[tuple[str, Chosen]]:
    """Yield all of a trace, and its first call where there are several."""
    has_several = len(trace.calls) > 1
    if is_sample or not has_several:
        yield "all", choose(trace, Wanted())
    if has_several:
        where = read_where(["id=0"], load_kinds()["calls"])
        yield "first", choose(trace, Wanted(where=where))


def output_of(*command: str, sound: bool = True) -> str:
    """Return what a command prints; of `sound` input it must have nothing to complain of."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    errors = [line for line in done.stderr.splitlines() if not line.startswith("Running as user")]
    assert not sound or (done.returncode, errors) == (0, [])
    return done.stdout


def shown(path: Path, *, sound: bool = True) -> tuple[Counter[str], int]:
    """Return the SIP messages that Wireshark's engine shows, with their times, and how many packets
    it takes for malformed.
    """
    fields = ("frame.time_epoch", "sip.Call-ID", "sip.CSeq", "sip.Status-Code", "sip.Method")
    asked = [part for name in (*fields, "_ws.malformed") for part in ("-e", name)]
    command = ("tshark", "-r", str(path), "-Y", "sip || _ws.malformed", "-T", "fields", *asked)
    lines = [line.rpartition("\t") for line in output_of(*command, sound=sound).splitlines()]
    messages = Counter(line for line, _, _ in lines if line.split("\t")[1])
    return messages, sum(bool(malformed) for _, _, malformed in lines)


def facts(trace: Trace, rows: list[int], *, without: tuple[str, ...] = ()) -> list[object]:
    """Return what is said of calls."""
    found: list[object] = []
    for row in rows:
        judged = [
            (trace.rules[rule].id, case, notes, int(trace.messages.time_ns[message]))
            for rule, case, notes, message in zip(
                *(
                    getattr(trace.findings, name)[trace.findings_of_call.of(row)].tolist()
                    for name in ("rule", "case", "notes", "message_row")
                ),
                strict=True,
            )
        ]
        found.append(
            (
                trace.text(int(trace.calls.first_row[row]), "call_id"),
                len(trace.transactions_of_call.of(row)),
                sorted(each for each in judged if each[0] not in without),
                values(trace.calls, row),
                values(trace.media.calls, row),
            )
        )
    return sorted(found, key=str)


def values(table: Table, row: int) -> list[tuple[str, int]]:
    """Return a row of a table but for what is a row of others."""
    names = [each.name for each in table.columns if not each.name.endswith(("_row", "agreement"))]
    return [(name, int(getattr(table, name)[row])) for name in names]


def texts(trace: Trace, rows: list[int]) -> Counter[tuple[bytes, int, int]]:
    """Return messages with their times and transports."""
    times, transports = trace.messages.time_ns, trace.messages.transport
    return Counter(
        (trace.message_bytes(row), int(times[row]), int(transports[row])) for row in rows
    )


@pytest.mark.parametrize("path", recordings(), ids=lambda path: path.name)
def test_the_same_calls(path: Path, tmp_path: Path) -> None:
    """Messages, times, findings, media and what Wireshark shows are those of the original."""
    before = shown(path, sound=False)
    with open_trace([str(path)], SETTINGS) as trace:
        for name, chosen in choices(trace, is_sample=SAMPLES in path.parents):
            target = tmp_path / f"{name}.pcapng"
            with target.open("wb") as out:
                done = extract(trace, chosen, out, SETTINGS)
            check_same(trace, chosen, target)
            if name == "first":
                assert str(done.packets) in output_of("capinfos", "-cMT", str(target)).split()
            check_wireshark(trace, chosen, before, shown(target))


def check_same(trace: Trace, chosen: Chosen, target: Path) -> None:
    """Assert that our analysis finds the same calls in an extract."""
    is_all = len(chosen.messages) == len(trace.messages)
    without = () if is_all else COMPARING
    with open_trace([str(target)]) as again:
        wanted = texts(trace, chosen.messages.tolist())
        found = texts(again, list(range(len(again.messages))))
        assert wanted - found == Counter()
        if is_all:
            assert found == wanted
        known = facts(again, list(range(len(again.calls))), without=without)
        for each in facts(trace, chosen.calls.tolist(), without=without):
            assert each in known


def check_wireshark(
    trace: Trace,
    chosen: Chosen,
    before: tuple[Counter[str], int],
    after: tuple[Counter[str], int],
) -> None:
    """Assert that Wireshark shows the same messages in an extract as before."""
    assert after[1] <= before[1]
    if len(chosen.messages) == len(trace.messages):
        assert after[0] - before[0] == Counter()
    ids = {trace.text(row, "call_id") for row in chosen.messages.tolist()}
    wanted = Counter({line: n for line, n in before[0].items() if line.split("\t")[1] in ids})
    assert wanted - after[0] == Counter()


def test_the_calls_of_a_capture_are_numbered_alike(tmp_path: Path) -> None:
    """Extracting all of an extract gives its packets again, byte by byte (a comment more each)."""
    path = SAMPLES / "two_interfaces.pcapng"
    target = tmp_path / "x.pcapng"
    with open_trace([str(path)], SETTINGS) as trace, target.open("wb") as out:
        everything = np.arange(len(trace.messages))
        extract(trace, Chosen(np.arange(len(trace.calls)), everything), out, SETTINGS)
    fields = ["-T", "fields", "-e", "frame.time_epoch", "-e", "frame.interface_name", "-e", "ip.id"]
    before = output_of("tshark", "-r", str(path), *fields)
    assert output_of("tshark", "-r", str(target), *fields) == before
