"""Fields of the media that a request offers, that an offer made later was accepted with, and that
the response says it could take (RFC 3264, RFC 8866).
"""

from analyzer.annotate.facts.attempts import attempts, deciding
from analyzer.annotate.fields import UNKNOWN, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.measure.offers import NOT_SPOKEN, session_description
from analyzer.sip.sdp import Media, parse_media
from analyzer.tables.trace import Trace

_MOST_NAMED = 12
"""Media of one description that are named."""

Description = tuple[Media, ...] | None


def _described(trace: Trace, row: int) -> Description:
    body = session_description(trace, row)
    return None if body is None else parse_media(body)


def offers(judged: Judged) -> list[Description]:
    """Return the media that each request describes, None without a session description."""
    return [_described(judged.trace, row) for row in judged.request_rows.tolist()]


def named(media: Description, *, ports: bool = True) -> str | None:
    """Return media in words: `audio RTP/AVP PCMU, PCMA; image udptl t38`, with `port 0` where that
    says something: what only describes abilities has no other.
    """
    if not media:
        return None
    shown = [_named(each, ports=ports) for each in media[:_MOST_NAMED]]
    return "; ".join([*shown, "…"] if len(media) > _MOST_NAMED else shown)


def _named(media: Media, *, ports: bool) -> str:
    codecs = ", ".join(each for each in media.codecs if each not in NOT_SPOKEN)
    refused = "port 0" if ports and media.port == 0 else ""
    return " ".join(filter(None, (media.kind, media.protocol, codecs, refused)))


@field(
    "offer.media",
    "text",
    en="Media of the session description in the request: kind, protocol and codecs of each.",
    ja="リクエストの SDP のメディア（種別、プロトコル、コーデック）。",
)
def _media(judged: Judged) -> Values:
    return [named(each) for each in judged.kept(offers)]


KINDS: dict[str, Text] = {
    "none": {"en": "no session description", "ja": "SDP なし"},
    "ended": {"en": "no active media", "ja": "有効なメディアなし"},
    "fax": {"en": "fax (T.38)", "ja": "FAX（T.38）"},
    "dtls": {"en": "media encrypted with DTLS-SRTP, as WebRTC asks", "ja": "DTLS-SRTP（WebRTC）"},
    "srtp": {"en": "encrypted media (SRTP) only", "ja": "暗号化メディア（SRTP）のみ"},
    "video": {"en": "audio and video", "ja": "音声と映像"},
    "audio": {"en": "audio", "ja": "音声"},
    "other": {"en": "other media", "ja": "そのほかのメディア"},
}


@field(
    "offer.kind",
    "text",
    en="What the session description in the request offers; what asks most of the other side comes "
    "first.",
    ja="リクエストの SDP が提示するもの（相手側への要求が大きいものを優先）。",
    choices=KINDS,
)
def _kind(judged: Judged) -> Values:
    rows = zip(judged.kept(offers), judged.request_rows.tolist(), strict=True)
    return [kind_of(media) if row >= 0 else UNKNOWN for media, row in rows]


def kind_of(media: Description) -> str:
    """Return what media ask of the other side, a key of KINDS."""
    if media is None:
        return "none"
    active = [each for each in media if each.port != 0]
    kinds = {each.kind.lower() for each in active}
    protocols = [each.protocol.upper() for each in active]
    spoken = [each for each in protocols if "RTP/" in each]
    tests = {
        "ended": not active,
        "fax": "image" in kinds,
        "dtls": any(each.startswith("UDP/TLS/") for each in protocols),
        "srtp": bool(spoken) and all("SAVP" in each for each in spoken),
        "video": "video" in kinds,
        "audio": "audio" in kinds,
    }
    return next((kind for kind, holds in tests.items() if holds), "other")


@field(
    "offer.codecs",
    "text",
    en="Audio codecs that the request offers, in its order.",
    ja="リクエストが提示する音声コーデック（優先順）。",
)
def _codecs(judged: Judged) -> Values:
    return [_audio(each) for each in judged.kept(offers)]


def _audio(media: Description) -> Value:
    names = dict.fromkeys(
        name
        for each in media or ()
        if each.kind.lower() == "audio"
        for name in each.codecs
        if name not in NOT_SPOKEN
    )
    return ", ".join(names) or None


@field(
    "offer.holds",
    "flag",
    en="Whether the request offers to send only or nothing, as hold does.",
    ja="リクエストが保留（sendonly または inactive）を提示しているかどうか。",
)
def _holds(judged: Judged) -> Values:
    return [
        bool(media) and all(each.direction in {"sendonly", "inactive"} for each in media or ())
        for media in judged.kept(offers)
    ]


@field(
    "response.media",
    "text",
    en="Media of the session description in the response: what who answered says it can take.",
    ja="応答の SDP のメディア（応答側が受け入れ可能としているもの）。",
)
def _response_media(judged: Judged) -> Values:
    rows = judged.response_rows.tolist()
    return [named(_described(judged.trace, row), ports=False) for row in rows]


@field(
    "accepted_offer.media",
    "text",
    en="Media of the offer that the same sender made later in the same dialog or call and that "
    "was accepted.",
    ja="同じ送信元が同じダイアログまたは呼で後に行い、受け入れられたオファーのメディア。",
)
def _accepted(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions

    def accepted(later: list[int]) -> Value:
        row = deciding(trace, later)
        if row < 0 or table.final_status[row] // 100 != 2:
            return None
        return named(_described(trace, int(table.request_row[row])))

    return [accepted(each) for each in judged.kept(attempts)]
