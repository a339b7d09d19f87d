"""The registry of fields."""

import pytest

from analyzer.annotate.fields import field, field_names, fields, find_field, header_of


def test_every_field_is_explained() -> None:
    """Each declared field has a meaning in both languages."""
    for name, each in fields().items():
        assert name == each.name
        assert set(each.meaning) == {"en", "ja"}
        assert all(set(words) == {"en", "ja"} for words in each.choices.values())


@pytest.mark.parametrize(
    ("written", "header"),
    [
        ("retry_after", "Retry-After"),
        ("suppress_if_match", "Suppress-If-Match"),
        ("call_info", "Call-Info"),
        ("x_twilio_error", "X-Twilio-Error"),
    ],
)
def test_headers_are_fields(written: str, header: str) -> None:
    """Registered and private headers can be named, as IANA prints them."""
    assert header_of(written) == header
    assert find_field(f"response.{written}").kind == "header"


@pytest.mark.parametrize(
    "name",
    [
        "request.authorization",
        "request.proxy_authorization",
        "response.authentication_info",
        "response.retry_aftr",
        "request.f",
        "message.to",
        "nonsense",
    ],
)
def test_no_secrets_and_no_unknown_names(name: str) -> None:
    """Headers with digest responses are no fields, and no suggestion either."""
    with pytest.raises(KeyError):
        find_field(name)
    assert name not in field_names()


def test_a_name_is_declared_once() -> None:
    """A second declaration of a name, or one of no kind, is refused."""
    assert "method" in fields()
    with pytest.raises(ValueError, match="two fields"):
        field("method", "text", en="x", ja="x")
    with pytest.raises(ValueError, match="no such kind"):
        field("new_one", "colour", en="x", ja="x")
