"""Registries (analyzer.sip.registry)."""

from analyzer.sip.registry import (
    canonical_name,
    header_names,
    q850_causes,
    q850_causes_ja,
    reason_locations,
    reason_protocols,
    request_methods,
    required_headers,
    response_codes,
    response_traits,
    sip_to_q850,
    timers,
    unregistered_codes,
    warning_codes,
)
from analyzer.tables.messages import KNOWN_METHODS


def test_response_codes() -> None:
    """Codes have the phrases of their RFCs (3261 §21, 5839 §7.1, 8688 §3.1)."""
    codes = response_codes()
    assert len(codes) == 75
    assert codes[204].phrase == "No Notification"
    assert (codes[603].phrase, codes[603].reference) == ("Decline", "RFC 3261")
    assert codes[608].phrase == "Rejected"
    assert all(100 <= code <= 699 for code in codes)
    assert not set(codes) & set(unregistered_codes())


def test_methods() -> None:
    """The methods of the registry are those the tables know."""
    assert set(request_methods()) == set(KNOWN_METHODS)
    assert request_methods()["INVITE"].creates_dialog
    assert request_methods()["BYE"].in_dialog_only
    assert not request_methods()["MESSAGE"].target_refresh


def test_header_names() -> None:
    """Names are found in any case; the compact forms of RFC 3261 §7.3.3 stand for theirs."""
    compact = {"i": "Call-ID", "m": "Contact", "e": "Content-Encoding", "l": "Content-Length",
               "c": "Content-Type", "f": "From", "s": "Subject", "k": "Supported", "t": "To",
               "v": "Via"}  # fmt: skip
    assert {short: canonical_name(short) for short in compact} == compact
    assert canonical_name("CALL-id") == "Call-ID"
    assert canonical_name("I") == "Call-ID"
    assert canonical_name("X-Own") == "X-Own"
    names = [each.name for key, each in header_names().items() if len(key) > 1]
    assert len(names) == len(set(names))
    assert [name.lower() for name in names] == [key for key in header_names() if len(key) > 1]


def test_other_registries() -> None:
    """Facts of RFC 3261 §20.43, ITU-T Q.850, RFC 8606, RFC 3326 and RFC 3261 table 4."""
    assert warning_codes()[399].text == "Miscellaneous warning"
    assert q850_causes()[16].phrase.startswith("Normal call clearing")
    assert q850_causes()[17].sip_status == "486"
    assert len(reason_locations()) == 16
    assert reason_locations()["TN"].bits == "0011"
    assert "Q.850" in reason_protocols()
    assert timers()["T1"].default == "500 ms"


def test_traits_of_response_codes() -> None:
    """RFC 5057 §5.1 (what a response ends), RFC 3261 §16.7 (6xx), §20.33 (Retry-After)."""
    traits = response_traits()
    assert set(traits) == set(response_codes())
    assert [traits[code].dialog for code in (404, 480, 481, 486, 503, 603)] == [
        "dialog", "usage", "usage", "transaction", "transaction", "transaction",
    ]  # fmt: skip  # read side by side
    assert {code for code, each in traits.items() if each.retry_after} == {
        404, 413, 480, 486, 500, 503, 600, 603,
    }  # fmt: skip  # read side by side
    assert all((each.retry == "nowhere") == (code >= 600) for code, each in traits.items())
    assert all((each.dialog == "redirect") == (300 <= code < 400) for code, each in traits.items())
    assert all(each.dialog == "none" for code, each in traits.items() if code < 300)
    assert traits[204].methods == ("SUBSCRIBE",)
    assert traits[407].sent_by == ("proxy",)


def test_headers_that_responses_owe() -> None:
    """Each is a header field of the registry, and its code is registered."""
    for each in required_headers():
        assert each.code in response_codes()
        assert each.duty in {"MUST", "SHOULD"}
        assert all(canonical_name(header.lower()) == header for header in each.headers)
        assert each.method == "any" or each.method in request_methods()


def test_causes_and_statuses() -> None:
    """RFC 3398 §8.2.6.1: 603 becomes 21, 486 becomes 17, 487 is never sent on, 488 by Warning."""
    mapped = sip_to_q850()
    assert [mapped[code] for code in (486, 487, 488, 603)] == ["17", "none", "warning", "21"]
    assert set(q850_causes_ja()) == set(q850_causes())
    assert all(int(each) in q850_causes() for each in mapped.values() if each.isdigit())
