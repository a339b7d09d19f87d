"""Registration records: the bindings a registrar confirms."""

from collections.abc import Callable

from analyzer.tables.trace import Trace
from json_output import json_of

TraceOf = Callable[[str], Trace]


def test_bindings_are_those_of_the_last_answer(trace_of: TraceOf) -> None:
    """Every Contact of the 2xx is a binding; its expires parameter precedes the Expires header."""
    dialogue = """
-> REGISTER sip:example.com SIP/2.0
   To: <sip:alice@example.com>
   Contact: <sip:alice@192.0.2.1>
<- SIP/2.0 200 OK
   Contact: <sip:alice@192.0.2.1;transport=udp>;expires=60, "A, B" <sips:a@host>;q=0.5
   m: <sip:third@192.0.2.3>;expires=0
   Expires: 1800
"""
    (registration,) = json_of(trace_of(dialogue))["registrations"]
    assert registration["contacts"] == [
        {"uri": "sip:alice@192.0.2.1;transport=udp", "expires_s": 60},
        {"uri": "sips:a@host", "expires_s": 1800},
        {"uri": "sip:third@192.0.2.3", "expires_s": 0},
    ]
    assert registration["address_of_record"] == "sip:alice@example.com"
    assert registration["registrar"] == {"address": "192.0.2.2", "port": 5060}
    assert registration["summary"] == "sip:alice@example.com is registered at 192.0.2.2."


def test_one_binding_each(trace_of: TraceOf) -> None:
    """Registrations with one binding, none and an odd one keep apart."""
    dialogue = "".join(
        f"-> REGISTER sip:example.com SIP/2.0\n   Call-ID: {number}\n"
        f"   To: <sip:u{number}@example.com>\n<- SIP/2.0 200 OK\n   Call-ID: {number}\n{contact}"
        for number, contact in enumerate(
            ["   Contact: <sip:u0@h>;expires=5\n", "", '   Contact: "\\"" <sip:u2@h>\n']
        )
    )
    registrations = json_of(trace_of(dialogue))["registrations"]
    assert [each["contacts"] for each in registrations] == [
        [{"uri": "sip:u0@h", "expires_s": 5}],
        [],
        [{"uri": "sip:u2@h", "expires_s": None}],
    ]


def test_refused(trace_of: TraceOf) -> None:
    """A refused registration has no bindings and names the status."""
    dialogue = "-> REGISTER sip:example.com SIP/2.0\n<- SIP/2.0 403 Forbidden"
    (registration,) = json_of(trace_of(dialogue))["registrations"]
    assert (registration["state"], registration["contacts"]) == ("refused", [])
    assert registration["final_status"] == 403
    assert registration["summary"].endswith(" with 403 Forbidden.")
