"""SipHash-1-3 against CPython's own, which hashes bytes with it."""

import subprocess
import sys

import numpy as np
import pytest

from analyzer.sip import headers
from analyzer.sip.headers import hash_spans
from analyzer.sip.siphash import siphash
from analyzer.tables.spans import SpanStore

TEXTS = [bytes(range(size)) for size in (*range(1, 40), 255, 256)]


@pytest.mark.skipif(
    sys.hash_info.algorithm != "siphash13", reason="this Python hashes bytes with something else"
)
def test_equals_python() -> None:
    """Python's hash of bytes with a zero key is SipHash-1-3; -1 is not among these."""
    script = f"print([hash(text) % 2**64 for text in {TEXTS!r}])"
    found = subprocess.run(
        [sys.executable, "-S", "-c", script],
        env={"PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.strip() == str([siphash(bytes(16), text) for text in TEXTS])


def test_key_matters() -> None:
    """Another key gives another hash; no hash is 0, which means absent."""
    hashes = {siphash(bytes([at]) * 16, b"z9hG4bK") for at in range(50)}
    assert len(hashes) == 50
    assert siphash(bytes(16), b"") != 0


@pytest.mark.skipif(not headers.COMPILED, reason="built without a compiler")
def test_compiled_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiled hash of spans is the reference's, for every length of the last word."""
    data = bytes(range(200))
    pos = np.array([*range(64), 190, 5, -1, 3], np.int64)
    length = np.array([*range(64), 11, -1, 4, 0], np.int64)
    spans = SpanStore([memoryview(data)])
    source = np.zeros(len(pos), np.int16)
    key = bytes(range(100, 116))
    compiled = hash_spans(spans, source, pos, length, key)
    monkeypatch.setattr(headers, "COMPILED", False)
    reference = hash_spans(spans, source, pos, length, key)
    assert compiled.tolist() == reference.tolist()
    # absent: without length, or reaching outside the source
    assert np.flatnonzero(compiled == 0).tolist() == [0, 64, 65, 66, 67]
    assert compiled[10] == siphash(key, data[10:20])
