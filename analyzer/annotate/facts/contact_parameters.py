"""Fields of what the Contact of a REGISTER asks for: a flow of its own (RFC 5626), to be woken by a
push notification (RFC 8599).
"""

from collections.abc import Iterable

from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.sip.contact import Contact
from analyzer.sip.uri import Uri


def reg_id(contacts: Iterable[Contact]) -> str | None:
    """Return the first reg-id."""
    found = (each.address.parameter("reg-id") for each in contacts if each.address)
    return next((each for each in found if each), None)


def push_service(contacts: Iterable[Contact]) -> str | None:
    """Return the first push notification service that a Contact URI names (pn-provider)."""
    uris = (Uri.parse(each.address.uri) for each in contacts if each.address)
    found = (each.parameter("pn-provider") for each in uris)
    return next((each for each in found if each), None)


def _contacts(judged: Judged) -> Coded:
    return judged.values("request.contact")


@field(
    "contact.reg_id",
    "text",
    en="reg-id in Contact of the request: it asks for SIP outbound (RFC 5626).",
    ja="リクエストの Contact の reg-id（SIP outbound、RFC 5626 の要求）。",
)
def _reg_id(judged: Judged) -> Values:
    column = _contacts(judged)
    read: list[Value] = [
        reg_id(Contact.parse_list(each)) if isinstance(each, str) else each
        for each in column.values
    ]
    return Coded(column.codes, read)


@field(
    "contact.push_service",
    "text",
    en="Push notification service that Contact of the request names (pn-provider, RFC 8599).",
    ja="リクエストの Contact が指定するプッシュ通知サービス（pn-provider、RFC 8599）。",
)
def _push_service(judged: Judged) -> Values:
    column = _contacts(judged)
    read: list[Value] = [
        push_service(Contact.parse_list(each)) if isinstance(each, str) else each
        for each in column.values
    ]
    return Coded(column.codes, read)
