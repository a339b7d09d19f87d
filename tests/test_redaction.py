"""The options that take names out, as a user gives them."""

import base64
import json
import re
import zlib
from pathlib import Path

import pytest

from analyzer.analysis import DONE, WRONG_INPUT
from capture_files import file_of, pcap_header, pcap_record
from command import sipwhy
from frames import ethernet, ipv4, udp
from redact.everything import EVERYTHING, SECRETS, left_of, message_with

KEY_BYTES = b"sixteen bytes and more"
_PACKED = re.compile(r">\s*([A-Za-z0-9+/=\s]{200,})<")


@pytest.fixture
def key(tmp_path: Path) -> str:
    """Write a key: with one that nobody chose, an address or its network may stand for itself."""
    path = tmp_path / "key-of-tests"
    path.write_bytes(KEY_BYTES)
    return str(path)


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """Write a capture with names wherever they may stand, in a file named after a customer."""
    answer = message_with("SIP/2.0 603 Decline, says alice")
    records = [
        pcap_record(ethernet(0x0800, ipv4(17, udp(payload, *ports))), (at, 0))
        for at, (payload, ports) in enumerate(((EVERYTHING, (5060, 5062)), (answer, (5062, 5060))))
    ]
    path = tmp_path / "acme-zaphod.pcap"
    path.write_bytes(file_of([pcap_header(), *records]))
    return path


def _unpacked(page: str) -> str:
    """Return a page with what it holds packed."""
    found = [_PACKED.sub("><", page)]
    for packed in _PACKED.findall(page):
        raw = base64.b64decode(packed)
        for bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
            try:
                found.append(zlib.decompress(raw, bits).decode("utf-8", "replace"))
                break
            except zlib.error:
                continue
    return "\n".join(found)


@pytest.mark.parametrize(
    "arguments",
    [
        ("analyze", "-vv", "--all", "--messages"),
        ("analyze", "--format", "json", "--messages"),
        ("analyze", "--format", "jsonl", "--messages"),
        ("analyze", "--format", "html"),
        ("analyze", "--format", "csv", "--table", "messages"),
        ("calls", "--format", "csv"),
        ("calls", "-vv"),
        ("calls", "--format", "json"),
    ],
)
def test_no_name_is_left_in_what_is_printed(
    arguments: tuple[str, ...], capture: Path, key: str
) -> None:
    """Neither text, JSON nor page holds a name, and the notices beside them do not either."""
    done = sipwhy(arguments[0], str(capture), *arguments[1:])
    secrets = (*SECRETS, "192.0.2.1", "192.0.2.2")
    assert done.returncode == DONE, done.stderr
    assert left_of(secrets, _unpacked(done.stdout).encode())
    hidden = sipwhy(arguments[0], str(capture), "--redact-key", key, *arguments[1:])
    assert hidden.returncode == DONE, hidden.stderr
    assert left_of(secrets, (_unpacked(hidden.stdout) + hidden.stderr).encode()) == []


@pytest.mark.parametrize("name", ["report.html", "report.md", "part.pcapng", "part.pcap"])
def test_no_name_is_left_in_what_is_written(
    name: str, capture: Path, key: str, tmp_path: Path
) -> None:
    """Neither the report nor a capture taken out holds a name."""
    out = tmp_path / name
    command = name.partition(".")[0].replace("part", "extract")
    done = sipwhy(command, str(capture), "--redact-key", key, "-o", str(out), "-q")
    assert done.returncode == DONE, done.stderr
    written = out.read_bytes()
    if name == "report.html":
        written = _unpacked(written.decode()).encode()
    assert len(written) > 1000
    assert left_of((*SECRETS, "192.0.2.1"), written) == []


def _call_ids(*arguments: str) -> list[str]:
    done = sipwhy("calls", *arguments, "--format", "json")
    assert done.returncode == DONE, done.stderr
    return [each for call in json.loads(done.stdout)["calls"] for each in call["call_ids"]]


def test_one_key_for_many_runs(capture: Path, key: str, tmp_path: Path) -> None:
    """With --redact-key pseudonyms are the same in each run, without it in none."""
    other = tmp_path / "other"
    other.write_bytes(KEY_BYTES[::-1])
    with_key = _call_ids(str(capture), "--redact-key", key)
    assert with_key == _call_ids(str(capture), "--redact-key", key)
    assert with_key != _call_ids(str(capture), "--redact-key", str(other))
    assert _call_ids(str(capture), "--redact") != _call_ids(str(capture), "--redact")


def test_a_call_is_chosen_by_its_original_call_id(capture: Path, key: str) -> None:
    """Who asks knows the Call-ID that the capture has; the output does not repeat it."""
    call_id = "f81d4fae-8a7b6c5d@198.51.100.7"
    done = sipwhy("analyze", str(capture), "--redact-key", key, "--call", call_id)
    assert done.returncode == DONE, done.stderr
    assert left_of(SECRETS, (done.stdout + done.stderr).encode()) == []


def test_the_country_code_is_kept_on_request(capture: Path) -> None:
    """--redact-keep leaves the country code of a number, and its length."""
    arguments = ("--redact", "--redact-keep", "country", "--redact-keep", "length")
    done = sipwhy("calls", str(capture), *arguments, "--format", "json")
    (call,) = json.loads(done.stdout)["calls"]
    assert re.fullmatch(r"\+1[0-9]{10};cpc=.*", call["callee"]["user"])
    assert not call["callee"]["user"].startswith("+12125550123")


def test_what_was_taken_out_is_said() -> None:
    """Keys in a capture are taken out, and a line says so."""
    done = sipwhy("analyze", "samples/tls/declined_with_keys.pcapng", "--redact")
    assert "sipwhy: the capture holds TLS keys, which redaction takes out" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--redact", "--decoder", "tshark"), "leave --keylog and --decoder out"),
        (("--redact-key", "KEY"), "too short for a key"),
        (("--redact-keep", "name"), "Invalid value for '--redact-keep'"),
        (("--redact-key", "nowhere"), "does not exist"),
    ],
)
def test_mistakes(arguments: tuple[str, ...], told: str, capture: Path, tmp_path: Path) -> None:
    """What cannot be done is said in a line, and nothing is printed."""
    short = tmp_path / "short"
    short.write_bytes(b"secret")
    given = [str(short) if each == "KEY" else each for each in arguments]
    done = sipwhy("analyze", str(capture), *given)
    assert (done.returncode, done.stdout) == (WRONG_INPUT, "")
    assert told in done.stderr
