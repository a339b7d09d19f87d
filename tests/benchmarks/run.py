"""Measure sipwhy against libpcap's own walk: `python tests/benchmarks/run.py [--dialogues N]`.

Writes captures, runs `tcpdump -r FILE -w /dev/null` and sipwhy on each in turn, prints times, the
ratios within each round, and peak anonymous memory. Nothing here passes or fails.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from corpus import MIXTURE, RELAYED, write_corpus

SIPWHY = (sys.executable, "-P", "-m", "analyzer", "analyze")
SAMPLE_EVERY_S = 0.01


@dataclass(frozen=True, slots=True)
class Work:
    """One line of the result."""

    name: str
    command: tuple[str, ...]
    """With `{}` for the capture."""


WORKS = (
    Work("tcpdump", ("tcpdump", "-r", "{}", "-w", "/dev/null")),
    Work("text report", (*SIPWHY, "{}", "-o", "/dev/null")),
    Work("JSON lines", (*SIPWHY, "{}", "--format", "jsonl", "-o", "/dev/null")),
)


def run(command: list[str]) -> tuple[float, int]:
    """Run a command; return its wall time and the most anonymous memory seen, in KiB."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, _anonymous_kib(process.pid))
            time.sleep(SAMPLE_EVERY_S)
        took = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}")
    return took, peak


def _anonymous_kib(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("RssAnon:")]
    return int(lines[0].split()[1]) if lines else 0


def compare(capture: Path, rounds: int) -> None:
    """Run all works in turn on a capture and print a line for each."""
    works = [work for work in WORKS if shutil.which(work.command[0])]
    seconds: dict[str, list[float]] = {work.name: [] for work in works}
    memory = dict.fromkeys(seconds, 0)
    for _ in range(rounds):
        for work in works:
            took, peak = run([part.format(capture) for part in work.command])
            seconds[work.name].append(took)
            memory[work.name] = max(memory[work.name], peak)
    yardstick = seconds.get("tcpdump")
    for name, took_each in seconds.items():
        ratio = ""
        if yardstick:
            ratios = [own / base for own, base in zip(took_each, yardstick, strict=True)]
            ratio = f"x{statistics.median(ratios):.2f}"
        median = statistics.median(took_each)
        print(f"  {name:12} {median:8.3f} s  {ratio:>7}  {memory[name] / 1024:7.1f} MiB anonymous")


def main() -> None:
    """Write the captures and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dialogues", type=int, default=160_000, help="about 6.3 messages each")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, dialogues, rtp, mixture in (
            ("SIP only", options.dialogues, 0, MIXTURE),
            ("96 % RTP", options.dialogues // 10, 200, MIXTURE),
            ("three hops", options.dialogues // 3, 0, RELAYED),
        ):
            capture = Path(folder) / "corpus.pcap"
            truth = write_corpus(capture, dialogues, rtp=rtp, mixture=mixture)
            size = capture.stat().st_size / 1e6
            print(
                f"{name}: {truth['packets']:,} packets, {truth['sip_messages']:,} messages,"
                f" {size:.0f} MB, {options.rounds} rounds"
            )
            compare(capture, options.rounds)


if __name__ == "__main__":
    main()
