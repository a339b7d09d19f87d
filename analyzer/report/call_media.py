"""A call → its media in plain figures: what was agreed, and the RTP of both sides."""

from analyzer.frozen import frozen
from analyzer.measure.media_facts import place_of, written_end
from analyzer.tables.calls import Party
from analyzer.tables.media import MediaFlag, MediaState
from analyzer.tables.trace import Trace


@frozen
class AgreedMedia:
    """One m= line of offer and answer."""

    kind: str
    protocol: str
    state: str
    """By the names of MediaState."""
    codecs: tuple[str, ...]
    """Of the answer, else of the offer."""
    offered_at: str
    answered_at: str
    """Empty without an answer, or where it rejects."""
    is_encrypted: bool


@frozen
class HeardMedia:
    """RTP of one source."""

    party: str
    """`caller` or `callee`."""
    codec: str
    source: str
    destination: str
    packets: int
    lost: int
    expected: int
    jitter_ns: int | None
    """Greatest jitter."""
    first_ns: int
    last_ns: int


@frozen
class MediaStory:
    """The media of a call."""

    agreed: tuple[AgreedMedia, ...]
    heard: tuple[HeardMedia, ...]
    silent: str
    """Who is not heard though RTP of the other side was captured; empty for nobody."""


def media_story(trace: Trace, row: int) -> MediaStory:
    """Return the media of a call."""
    silent = Party(int(trace.media.calls.silent[row])) if len(trace.media.calls) else Party.UNKNOWN
    return MediaStory(
        tuple(_agreed(trace, at) for at in trace.media_of_call.of(row).tolist()),
        tuple(_heard(trace, at) for at in trace.streams_of_call.of(row).tolist()),
        silent.name.lower() if silent else "",
    )


def _agreed(trace: Trace, at: int) -> AgreedMedia:
    media = trace.media
    lines, agreements = media.lines, media.agreements
    offer, answer = int(agreements.offer_row[at]), int(agreements.answer_row[at])
    state = MediaState(int(agreements.state[at]))
    described = media.descriptions[int(lines.description[answer if answer >= 0 else offer])]
    encrypting = MediaFlag.CRYPTO | MediaFlag.FINGERPRINT
    return AgreedMedia(
        described.kind,
        described.protocol,
        state.name.lower(),
        described.codecs,
        place_of(lines, offer),
        place_of(lines, answer) if state == MediaState.AGREED else "",
        bool(int(lines.flags[offer]) & encrypting),
    )


def _heard(trace: Trace, at: int) -> HeardMedia:
    streams, rtp = trace.media.streams, trace.rtp.streams
    stream, jitter_ns = int(streams.stream_row[at]), round(float(streams.most_jitter_ns[at]))
    payload = int(streams.payload_type[at])
    return HeardMedia(
        Party(int(streams.party[at])).name.lower(),
        trace.media.encoding(int(streams.description[at]), str(payload)) or str(payload),
        written_end(rtp, "source", stream),
        written_end(rtp, "destination", stream),
        int(streams.packets[at]),
        int(streams.lost[at]),
        int(streams.expected[at]),
        jitter_ns if jitter_ns >= 0 else None,
        int(streams.first_ns[at]),
        int(streams.last_ns[at]),
    )
