"""Addresses found in capture bytes equal those that the reference finds in the text."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.sip import address_spans
from analyzer.sip.address_spans import address_hashes, address_in, distinct_addresses
from analyzer.sip.header_marks import header_marks
from analyzer.tables.endpoints import EndpointTable
from analyzer.tables.messages import MessageTable
from analyzer.tables.spans import SpanStore
from analyzer.tables.trace import Trace

CASES = [
    ("<sip:bob@example.com>;tag=1", "bob@example.com"),
    ('"A. <sip:x@y>" <SIPS:Bob@example.com;user=phone?a=b>', "Bob@example.com"),
    ("sip:bob@example.com;tag=1", "bob@example.com"),
    ("  tel:+81-3-1234;phone-context=x", "+81-3-1234"),
    ("Bob < tel:+8131234 >", "+8131234"),
    ("Bob <mailto:x@y>", None),
    ("<sip:>", None),
    ("", None),
    ('"sip:a@b', "a@b"),
]
PARTS = ["sip:", "SIPS:", "tel:", "<", ">", '"', ";tag=1", "?", " ", "bob", "@h", "é", "\r\n "]


@pytest.fixture(params=["compiled", "reference"])
def twin(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the compiled function, then the reference."""
    if request.param == "reference":
        monkeypatch.setattr(address_spans, "COMPILED", False)
    elif not address_spans.COMPILED:
        pytest.skip("built without a compiler")


def trace_with(values: list[str]) -> Trace:
    """Return a trace of messages with these values of From."""
    heads = [f"OPTIONS sip:a SIP/2.0\r\nFrom: {value}\r\n\r\n".encode() for value in values]
    sizes = np.array([len(head) for head in heads], np.int64)
    rows = MessageTable.zeros(len(heads)).replace(
        pos=np.cumsum(sizes) - sizes,
        head_len=sizes,
        header_marks=[header_marks(head) for head in heads],
    )
    return Trace([], SpanStore([memoryview(b"".join(heads))]), rows, EndpointTable.zeros(0))


@pytest.mark.parametrize(("value", "address"), CASES)
def test_the_address_of_a_value(value: str, address: str | None) -> None:
    """Without display name, scheme and parameters, in brackets or not (RFC 3261 §20.10)."""
    assert address_in(value) == address


@pytest.mark.usefixtures("twin")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(PARTS), max_size=8).map("".join), min_size=1, max_size=5))
def test_in_bulk_as_one_by_one(values: list[str]) -> None:
    """Any mixture of parts gives what `address_in` gives, folds and bytes beyond ASCII too."""
    trace, rows = trace_with(values), np.arange(len(values))
    codes, texts = distinct_addresses(trace, rows, "From")
    expected = [address_in(value.strip(" \r\n").replace("\r\n ", " ")) for value in values]
    assert [texts[code] for code in codes.tolist()] == expected
    hashes = address_hashes(trace, rows, "From", b"k" * 16).tolist()
    for one, hashed in zip(expected, hashes, strict=True):
        assert (one is None) == (hashed == 0)
        for other, hashed_too in zip(expected, hashes, strict=True):
            assert (one == other) == (hashed == hashed_too)


@pytest.mark.usefixtures("twin")
def test_no_messages() -> None:
    """Nothing asked, nothing found."""
    trace = trace_with(["<sip:a@b>"])
    assert distinct_addresses(trace, np.zeros(0, np.int64), "From")[0].tolist() == []
    assert address_hashes(trace, np.array([0]), "To", b"k" * 16).tolist() == [0]
