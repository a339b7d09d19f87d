"""Call-Info (analyzer.sip.call_info), by RFC 3261 §20.9 and RFC 8688 §3.2."""

from analyzer.sip.call_info import CallInfo, signed_card


def test_list() -> None:
    """The example of §20.9: two values in one row."""
    icon, info = CallInfo.parse_list(
        "<http://www.example.com/alice/photo.jpg> ;purpose=icon,\r\n"
        " <http://www.example.com/alice/> ;purpose=info"
    )
    assert (icon.uri, icon.purpose) == ("http://www.example.com/alice/photo.jpg", "icon")
    assert (info.uri, info.purpose, info.sound) == ("http://www.example.com/alice/", "info", True)


def test_jwscard() -> None:
    """The purpose is case-insensitive; a URI without angle brackets is read and not sound."""
    (card,) = CallInfo.parse_list("<https://block.example.net/complaint.json>;purpose=JWSCard")
    assert card.purpose == "jwscard"
    (loose,) = CallInfo.parse_list("https://block.example.net/complaint;purpose=jwscard")
    assert (loose.uri, loose.purpose) == ("https://block.example.net/complaint", "jwscard")
    assert not loose.sound
    assert CallInfo.parse_list("") == ()
    assert CallInfo.parse_list("<x")[0].uri == "<x"


def test_the_signed_card_is_found_among_other_values() -> None:
    """Purpose decides, in any case, quoted or not, in any row (RFC 8688 §3.2)."""
    rows = ["<https://a.example/icon>;purpose=icon", '<https://b.example/c>;x=1;Purpose="JWSCard"']
    assert signed_card(rows) == "https://b.example/c"
    assert signed_card(rows[:1]) is None
