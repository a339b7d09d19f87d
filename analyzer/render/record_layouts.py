"""The shape of every record of the JSON output, declared once.

From a layout come the JSON Schema (`schema`), the reference writer and the compiled writer
(`records`): the order of keys here is their order in the output.
"""

from analyzer.render.record_shapes import (
    BOOLEAN,
    COUNT,
    ENDPOINT,
    FILLED_TEXT,
    FRAME,
    ID,
    IDS,
    INTEGER,
    MAYBE_COUNT,
    MAYBE_DURATION,
    MAYBE_ENDPOINT,
    MAYBE_FRAME,
    MAYBE_ID,
    MAYBE_STATUS,
    MAYBE_TEXT,
    MAYBE_TIME,
    STATUS,
    TEXT,
    Key,
    Layout,
    Leaf,
    ListOf,
    ObjectOf,
    one_of,
    or_null,
    words,
)
from analyzer.tables.calls import Outcome, Party
from analyzer.tables.findings import Severity
from analyzer.tables.hops import Change
from analyzer.tables.legs import Confidence, Evidence
from analyzer.tables.media import Direction, MediaState
from analyzer.tables.messages import Transport
from analyzer.tables.registrations import RegistrationState
from analyzer.tables.stories import EventKind, TransferState
from analyzer.tables.subscriptions import SubscriptionState
from analyzer.tables.transactions import TransactionState

TRANSPORT = one_of([each.name for each in Transport])
SEVERITY = one_of(words(Severity))
MAYBE_PARTY = or_null(one_of([each.name.lower() for each in Party if each]))

PROVISIONAL = ObjectOf(
    (
        Key("status", STATUS),
        Key("reason", MAYBE_TEXT),
        Key("frame", FRAME),
        Key("time_ns", INTEGER),
    )
)
REPEATS = ObjectOf((Key("request", COUNT), Key("response", COUNT), Key("ack", COUNT)))

TRANSACTION = Layout(
    "transaction",
    "transactions",
    "One transaction as seen on one hop (RFC 3261 §17); through a proxy two, linked by `call`.",
    (
        Key("id", ID, "Number in order of the first message, from 0."),
        Key("method", MAYBE_TEXT, "Of the request, or of the CSeq of a lone response."),
        Key("cseq", MAYBE_COUNT, "CSeq number; null when it is unreadable."),
        Key("call_id", MAYBE_TEXT, "Call-ID."),
        Key("branch", MAYBE_TEXT, "Branch of the topmost Via."),
        Key("from_tag", MAYBE_TEXT, "Tag of From."),
        Key("to_tag", MAYBE_TEXT, "Tag of To: of the final response, else of the request."),
        Key("transport", TRANSPORT, "What carried its first message."),
        Key("client", ENDPOINT, "Who sent the request."),
        Key("server", ENDPOINT, "Who answered, or was asked."),
        Key("request_frame", MAYBE_FRAME, "First frame of the request; null when it is missing."),
        Key("request_ns", MAYBE_TIME, "Its time, ns since 1970 UTC."),
        Key("request_uri", MAYBE_TEXT, "Request-URI."),
        Key("in_dialog", BOOLEAN, "The request had a To tag; false when it is missing."),
        Key("provisional", ListOf(PROVISIONAL), "1xx responses without repeats and copies."),
        Key("final_status", MAYBE_STATUS, "The first final response, unless a 2xx came."),
        Key("final_reason", MAYBE_TEXT, "Its reason phrase."),
        Key("final_frame", MAYBE_FRAME, "Its frame."),
        Key("final_ns", MAYBE_TIME, "Its time, ns since 1970 UTC."),
        Key("ack_frame", MAYBE_FRAME, "First ACK (INVITE only)."),
        Key("response_delay_ms", MAYBE_DURATION, "Request to final response."),
        Key("retransmissions", REPEATS, "Repeats of the same message."),
        Key("duplicates", COUNT, "Extra copies of its packets in the capture."),
        Key(
            "state",
            one_of(words(TransactionState)),
            "Last state seen (RFC 3261 §17, RFC 6026).",
        ),
        Key("complete", BOOLEAN, "Both request and final response are in the capture."),
        Key("call", MAYBE_ID, "Id of its call."),
        Key("subscription", MAYBE_ID, "Id of its subscription."),
        Key("registration", MAYBE_ID, "Id of its registration."),
        Key("findings", IDS, "Ids of its findings."),
    ),
)

IDENTITY = ObjectOf(
    (
        Key("uri", MAYBE_TEXT, "URI of From or To."),
        Key("display", MAYBE_TEXT, "Display name."),
        Key("user", MAYBE_TEXT, "User part of the URI, the number of a tel URI."),
        Key("asserted", MAYBE_TEXT, "URI of the first P-Asserted-Identity (RFC 3325)."),
    )
)
CODECS = ObjectOf(
    (
        Key("offered", or_null(Leaf({"type": "array", "items": {"type": "string"}}))),
        Key("answered", or_null(Leaf({"type": "array", "items": {"type": "string"}}))),
    )
)
USER_AGENTS = ObjectOf((Key("caller", MAYBE_TEXT), Key("callee", MAYBE_TEXT)))

JOINED = ObjectOf(
    (
        Key("call_id", FILLED_TEXT, "Call-ID of a further leg."),
        Key(
            "evidence",
            Leaf({"type": "array", "items": {"type": "string", "enum": words(Evidence)}}),
            "What shows that it is this call.",
        ),
        Key("confidence", one_of(words(Confidence)[1:]), "How sure that is."),
    )
)
HOP = ObjectOf(
    (
        Key("transaction", ID, "Id of the INVITE transaction on this hop."),
        Key("depth", COUNT, "Hops before it: 0 for the first."),
        Key("sent_on_from", MAYBE_ID, "Transaction of the hop before, whose server sent it on."),
        Key("request_delay_ms", MAYBE_DURATION, "INVITE of the hop before to its own."),
        Key("response_delay_ms", MAYBE_DURATION, "Its final response to that of the hop before."),
        Key(
            "routed_after",
            MAYBE_ID,
            "Transaction of a branch that had got a 6xx before this one was begun.",
        ),
    )
)
CHANGED = ObjectOf(
    (
        Key("element", ENDPOINT, "Who changed it: it got the one and sent the other."),
        Key(
            "what",
            Leaf({"type": "array", "items": {"type": "string", "enum": words(Change)}}),
            "`status`, `phrase`; `reason` when the Reason header, or a part of it, was left out or "
            "replaced.",
        ),
        Key("received_transaction", ID, "Transaction on which it got the final response."),
        Key("received_status", STATUS, "Its status."),
        Key("received_reason", MAYBE_TEXT, "Its reason phrase."),
        Key("sent_transaction", ID, "Transaction on which it sent its own."),
        Key("sent_status", STATUS, "Its status."),
        Key("sent_reason", MAYBE_TEXT, "Its reason phrase."),
    )
)
EVENT = ObjectOf(
    (
        Key("kind", one_of(words(EventKind)), "What happened."),
        Key("by", MAYBE_PARTY, "Who asked for it."),
        Key("time_ns", INTEGER, "Time of the message that shows it, ns since 1970 UTC."),
        Key("frame", FRAME, "Its frame."),
        Key("status", MAYBE_STATUS, "Of the response that decided it."),
        Key("detail", MAYBE_TEXT, "What changed into what; the reason phrase of a refusal."),
    )
)
TRANSFER = ObjectOf(
    (
        Key("by", MAYBE_PARTY, "Who asked for it with REFER."),
        Key("attended", BOOLEAN, "Refer-To names a dialog to replace (RFC 3891)."),
        Key("target", MAYBE_TEXT, "URI of Refer-To."),
        Key("outcome", one_of(words(TransferState)), "By the answer to REFER and its NOTIFYs."),
        Key("status", MAYBE_STATUS, "Status that a NOTIFY reports, else that refused the REFER."),
        Key("time_ns", INTEGER, "Time of the REFER, ns since 1970 UTC."),
        Key("frame", FRAME, "Its frame."),
        Key("call", MAYBE_ID, "Id of the call it led to."),
    )
)
MEDIA_SIDE = ObjectOf(
    (
        Key("endpoint", MAYBE_ENDPOINT, "Address and port; null for a host name or no media."),
        Key(
            "direction",
            or_null(one_of(words(Direction))),
            "As this side sees it (RFC 8866 §6.7); null when it says nothing.",
        ),
        Key("codecs", or_null(Leaf({"type": "array", "items": TEXT.schema})), "Encoding names."),
        Key("keying", or_null(one_of(["sdes", "dtls"])), "How SRTP gets its keys; never the keys."),
        Key("rtcp_mux", BOOLEAN, "RTP and RTCP on one port (RFC 5761)."),
        Key("ice", BOOLEAN, "ICE (RFC 8839): media may go elsewhere."),
    )
)
MEDIA = ObjectOf(
    (
        Key("index", COUNT, "Place of the m= line, from 0."),
        Key("kind", MAYBE_TEXT, "`audio`, `video`, `image` …"),
        Key("protocol", MAYBE_TEXT, "`RTP/AVP`, `RTP/SAVP`, `udptl` …"),
        Key("state", one_of(words(MediaState)), "What became of the offer; port 0 rejects."),
        Key("offered_by", MAYBE_PARTY, "Who offered."),
        Key("offered", MEDIA_SIDE, "The offer."),
        Key("answered", MEDIA_SIDE, "The answer."),
    )
)
STREAM = ObjectOf(
    (
        Key("index", COUNT, "Place of the m= line it belongs to, from 0."),
        Key("from", MAYBE_PARTY, "From whose side it comes."),
        Key("source", ENDPOINT, "Where its packets come from."),
        Key("destination", ENDPOINT, "Where they go."),
        Key("source_signalled", BOOLEAN, "SDP names the source."),
        Key("destination_signalled", BOOLEAN, "SDP names the destination."),
        Key("ssrc", COUNT, "Synchronization source."),
        Key("payload_type", COUNT, "That of most packets."),
        Key("codec", MAYBE_TEXT, "What SDP calls it."),
        Key("first_ns", INTEGER, "First packet, ns since 1970 UTC."),
        Key("last_ns", INTEGER, "Last packet, ns since 1970 UTC."),
        Key("packets", COUNT, "Packets captured, duplicates included."),
        Key("octets", COUNT, "Bytes of their UDP payloads."),
        Key("expected", COUNT, "Packets that the sequence numbers stand for (RFC 3550 A.3)."),
        Key("lost", COUNT, "Of these, packets that the capture lacks."),
        Key("duplicates", COUNT, "Packets whose sequence number had come before."),
        Key("reordered", COUNT, "Packets that came after a later one."),
        Key(
            "jitter_ms",
            MAYBE_DURATION,
            "Interarrival jitter (RFC 3550 A.8) at the end; null when the clock rate is not known.",
        ),
        Key("mean_jitter_ms", MAYBE_DURATION, "Its mean."),
        Key("max_jitter_ms", MAYBE_DURATION, "Its maximum."),
        Key("max_gap_ms", MAYBE_DURATION, "Longest time between two packets."),
    )
)
RTCP = ObjectOf(
    (
        Key("from", MAYBE_PARTY, "From whose side the reports come."),
        Key("ssrc", COUNT, "Who sends them."),
        Key("about", MAYBE_COUNT, "The source they are about; null with no report block."),
        Key("sender_reports", COUNT, "Packets of type SR."),
        Key("receiver_reports", COUNT, "Packets of type RR."),
        Key("max_fraction_lost", MAYBE_COUNT, "Greatest fraction lost, of 256 (RFC 3550 §6.4.1)."),
        Key("lost", or_null(INTEGER), "Cumulative number lost, as reported last."),
        Key("jitter", MAYBE_COUNT, "Jitter reported last, in timestamp units."),
        Key("max_jitter", MAYBE_COUNT, "Greatest jitter reported."),
        Key("max_round_trip_ms", MAYBE_DURATION, "Longest way forth and back, from the capture."),
    )
)

CALL = Layout(
    "call",
    "calls",
    "An initial INVITE's Call-ID and From tag with its retries, forks and hops.",
    (
        Key("id", ID, "Number in order of the first message, from 0."),
        Key("call_ids", ListOf(TEXT), "Call-IDs of its legs, in the order they began."),
        Key("joined_by", ListOf(JOINED), "Why further legs are this call; empty with one leg."),
        Key("caller", IDENTITY, "From of the INVITE."),
        Key("callee", IDENTITY, "To of the INVITE; asserted in the 2xx that answered."),
        Key("start_ns", INTEGER, "First message, ns since 1970 UTC."),
        Key("end_ns", INTEGER, "Last message, ns since 1970 UTC."),
        Key("outcome", one_of(words(Outcome)), "How its last attempt ended."),
        Key("final_status", MAYBE_STATUS, "Final response that decides the outcome."),
        Key("final_reason", MAYBE_TEXT, "Its reason phrase."),
        Key("answered_by", MAYBE_PARTY, "Who answered."),
        Key("ended_by", MAYBE_PARTY, "Who sent the BYE or CANCEL."),
        Key("end_reason", MAYBE_TEXT, "Reason, else Warning, of that BYE or CANCEL."),
        Key("post_dial_delay_ms", MAYBE_DURATION, "First INVITE to first 18x."),
        Key("ring_ms", MAYBE_DURATION, "First 18x to the final response."),
        Key("setup_ms", MAYBE_DURATION, "First INVITE to the 2xx that answered."),
        Key(
            "talk_ms",
            MAYBE_DURATION,
            "That 2xx to the BYE: the session duration time of RFC 6076 §4.5, unless nothing "
            "answered the BYE.",
        ),
        Key(
            "session_request_delay_ms",
            MAYBE_DURATION,
            "RFC 6076 §4.3: the INVITE that decides, challenged ones right before it included, to "
            "its first 18x or final response; a failed one unless the call was answered.",
        ),
        Key(
            "session_disconnect_delay_ms",
            MAYBE_DURATION,
            "RFC 6076 §4.4: the first BYE to the 2xx that it, or the same side's BYE after an "
            "error, got.",
        ),
        Key("early_media_ms", MAYBE_DURATION, "First 1xx with a body to the final response."),
        Key("held_ms", MAYBE_DURATION, "Time on hold by either side; null when never."),
        Key("session_expires_s", MAYBE_COUNT, "Session-Expires of the answer (RFC 4028)."),
        Key("attempts", COUNT, "INVITE attempts, authentication and redirection retries included."),
        Key("forks", COUNT, "Early dialogs seen."),
        Key("answers", COUNT, "Dialogs that a 2xx made."),
        Key("hops", ListOf(FILLED_TEXT), "IP addresses in path order, from the caller's side."),
        Key("path", ListOf(HOP), "Its INVITE transactions in path order."),
        Key(
            "first_final_from",
            MAYBE_ENDPOINT,
            "Who sent the first final response to its last attempt, of all hops.",
        ),
        Key("changed_on_the_way", ListOf(CHANGED), "Final responses that elements changed."),
        Key(
            "codecs",
            CODECS,
            "Codec names of offer and answer (RFC 3264), none of an m= line with port 0; null "
            "without SDP.",
        ),
        Key(
            "media",
            ListOf(MEDIA),
            "The m= lines of the first offer and answer on the deciding hop. This key, `streams` "
            "and `rtcp` are empty with --no-media.",
        ),
        Key("streams", ListOf(STREAM), "RTP that was captured, of all hops."),
        Key("rtcp", ListOf(RTCP), "RTCP that was captured; SRTCP shows only its counts."),
        Key(
            "silent",
            MAYBE_PARTY,
            "From whose side no RTP was captured, though both had agreed that it sends and RTP of "
            "the other side was captured.",
        ),
        Key(
            "user_agents",
            USER_AGENTS,
            "User-Agent of the INVITE; Server or User-Agent of the answer.",
        ),
        Key("events", ListOf(EVENT), "What happened during the call, in order."),
        Key("transfers", ListOf(TRANSFER), "Transfers asked for during the call (RFC 3515)."),
        Key("replaces", MAYBE_ID, "Id of the call it was to replace (RFC 3891)."),
        Key("replaced_by", MAYBE_ID, "Id of the call that replaced it."),
        Key("joins", MAYBE_ID, "Id of the call it was to join (RFC 3911)."),
        Key("transactions", IDS, "Ids of its transactions."),
        Key("findings", IDS, "Ids of its findings."),
        Key("summary", FILLED_TEXT, "One sentence in the chosen language."),
    ),
)

CHANGE = ObjectOf(
    (
        Key("state", one_of(words(SubscriptionState)), "State from then on."),
        Key("time_ns", INTEGER, "Time of the message that shows it, ns since 1970 UTC."),
        Key("frame", FRAME, "Its frame."),
        Key("reason", MAYBE_TEXT, "Reason that the NOTIFY gives (RFC 6665 §4.1.3)."),
    )
)

SUBSCRIPTION = Layout(
    "subscription",
    "subscriptions",
    "A dialog plus Event with its id, or an attempt at one (RFC 6665).",
    (
        Key("id", ID, "Number in order of the first message, from 0."),
        Key("call_id", MAYBE_TEXT, "Call-ID."),
        Key("event", MAYBE_TEXT, "Event package, with `;id=` where given."),
        Key("subscriber", MAYBE_ENDPOINT, "Who subscribed."),
        Key("notifier", MAYBE_ENDPOINT, "Who notifies."),
        Key("start_ns", INTEGER, "First message, ns since 1970 UTC."),
        Key("end_ns", INTEGER, "Last message, ns since 1970 UTC."),
        Key("refreshes", COUNT, "SUBSCRIBEs inside the dialog that a 2xx answered."),
        Key("notifies", COUNT, "NOTIFY transactions."),
        Key("expires_s", MAYBE_COUNT, "Duration of the last grant in seconds."),
        Key("expired", BOOLEAN, "The last grant ran out, and neither refresh nor end came."),
        Key("last_etag", MAYBE_TEXT, "Last SIP-ETag a NOTIFY carried (RFC 5839)."),
        Key("etag_changes", COUNT, "Times that a NOTIFY carried another one than before."),
        Key("state", one_of(words(SubscriptionState)), "Last state seen."),
        Key("state_changes", ListOf(CHANGE), "Changes of state, in order."),
        Key("termination_reason", MAYBE_TEXT, "Reason with which a NOTIFY ended it."),
        Key("forks", COUNT, "Dialogs that its SUBSCRIBE made, one for each notifier (RFC 6665)."),
        Key("suppressed", COUNT, "204 answers to SUBSCRIBE."),
        Key("transactions", IDS, "Ids of its transactions."),
        Key("findings", IDS, "Ids of its findings."),
        Key("summary", FILLED_TEXT, "One sentence in the chosen language."),
    ),
)

CONTACT = ObjectOf(
    (
        Key("uri", MAYBE_TEXT, "`*` for all."),
        Key("expires_s", MAYBE_COUNT, "Its expires parameter, else the Expires header."),
    )
)

REGISTRATION = Layout(
    "registration",
    "registrations",
    "An address of record and a Call-ID (RFC 3261 §10.2).",
    (
        Key("id", ID, "Number in order of the first message, from 0."),
        Key("address_of_record", MAYBE_TEXT, "URI of To."),
        Key("call_ids", ListOf(TEXT), "Call-IDs."),
        Key("contacts", ListOf(CONTACT), "Bindings the last 2xx lists."),
        Key("registrar", MAYBE_ENDPOINT, "Who was asked."),
        Key("start_ns", INTEGER, "First message, ns since 1970 UTC."),
        Key("end_ns", INTEGER, "Last message, ns since 1970 UTC."),
        Key("state", one_of(words(RegistrationState)), "Last state seen."),
        Key("final_status", MAYBE_STATUS, "Last final response."),
        Key("expires_s", MAYBE_COUNT, "Longest expiry of the bindings the last 2xx lists."),
        Key("expired", BOOLEAN, "It ran out in the capture, and no refresh came."),
        Key("attempts", COUNT, "REGISTER requests with a CSeq number of their own."),
        Key("challenges", COUNT, "Of these, answered with 401 or 407."),
        Key(
            "registration_request_delay_ms",
            MAYBE_DURATION,
            "RFC 6076 §4.1: the first 2xx and the REGISTER before it, the first of those that were "
            "challenged right before included.",
        ),
        Key("refreshes", COUNT, "2xx answers after the first."),
        Key("transactions", IDS, "Ids of its transactions."),
        Key("findings", IDS, "Ids of its findings."),
        Key("summary", FILLED_TEXT, "One sentence in the chosen language."),
    ),
)

MESSAGE = Layout(
    "message",
    "messages",
    "One SIP message on the wire, copies and retransmissions included.",
    (
        Key("id", ID, "Number on the timeline, from 0."),
        Key("frame", FRAME, "The frame that completes it."),
        Key("frames", ListOf(FRAME), "All frames that carry it."),
        Key("time_ns", INTEGER, "Time of `frame`, ns since 1970 UTC."),
        Key("transport", TRANSPORT, "What carried it."),
        Key("source", ENDPOINT, "Where it came from."),
        Key("destination", ENDPOINT, "Where it went."),
        Key("method", MAYBE_TEXT, "Of a request."),
        Key("status", MAYBE_STATUS, "Of a response."),
        Key("reason", MAYBE_TEXT, "Reason phrase of a response."),
        Key("cseq", ObjectOf((Key("number", MAYBE_COUNT), Key("method", MAYBE_TEXT))), "CSeq."),
        Key("call_id", MAYBE_TEXT, "Call-ID."),
        Key("branch", MAYBE_TEXT, "Branch of the topmost Via."),
        Key("from_tag", MAYBE_TEXT, "Tag of From."),
        Key("to_tag", MAYBE_TEXT, "Tag of To."),
        Key(
            "content_length",
            MAYBE_COUNT,
            "Content-Length as stated; null when absent or no number.",
        ),
        Key("content_type", MAYBE_TEXT, "Content-Type."),
        Key("transaction", MAYBE_ID, "Id of its transaction."),
        Key("retransmission_of", MAYBE_ID, "Id of the message it repeats."),
        Key("copy_of", MAYBE_ID, "Id of the message of which it is the same packet seen again."),
        Key("anomalies", ListOf(FILLED_TEXT), "Kinds of what is strange in it."),
    ),
)

SCALAR = Leaf({"type": ["string", "integer", "number", "boolean", "null"]})
LIKELY = Leaf(
    {
        "type": ["object", "null"],
        "properties": {
            "text": {"type": "string", "minLength": 1},
            "confidence": {"enum": ["high", "medium", "low"]},
        },
        "required": ["text", "confidence"],
    }
)
ANSWERED_BY = Leaf(
    {
        "type": "object",
        "properties": {
            "address": FILLED_TEXT.schema,
            "port": COUNT.schema,
            "server": MAYBE_TEXT.schema,
        },
        "required": ["address", "port", "server"],
    }
)
TEXTS = Leaf({"type": "array", "items": FILLED_TEXT.schema})

FINDING = Layout(
    "finding",
    "findings",
    "A verdict of a rule on the response of a transaction.",
    (
        Key("id", ID, "Number in order of the responses judged, from 0."),
        Key("rule", FILLED_TEXT, "Id of the rule, such as RSP603."),
        Key("name", FILLED_TEXT, "Name of the rule."),
        Key("case", FILLED_TEXT, "Id of the case: the verdict."),
        Key("notes", TEXTS, "Ids of the notes that add to it."),
        Key("severity", SEVERITY, "The highest of case and notes."),
        Key("scope", FILLED_TEXT, "What the rule judges."),
        Key("transaction", MAYBE_ID, "Id of the transaction judged."),
        Key("call", MAYBE_ID, "Id of its call."),
        Key("subscription", MAYBE_ID, "Id of its subscription."),
        Key("registration", MAYBE_ID, "Id of its registration."),
        Key("call_id", MAYBE_TEXT, "Call-ID."),
        Key("frame", FRAME, "Frame of the response judged."),
        Key("time_ns", INTEGER, "Its time, ns since 1970 UTC."),
        Key("status", MAYBE_STATUS, "Its status."),
        Key("method", MAYBE_TEXT, "Method of the transaction."),
        Key("title", FILLED_TEXT, "Title of the rule in the chosen language."),
        Key("meaning", FILLED_TEXT, "What the standards mean by it."),
        Key("message", FILLED_TEXT, "What is certain."),
        Key("likely", LIKELY, "What is only likely, and how sure."),
        Key("next_steps", TEXTS, "What to do."),
        Key("references", TEXTS, "Standards."),
        Key(
            "evidence",
            Leaf({"type": "object", "additionalProperties": SCALAR.schema}),
            "Header values and measured figures the verdict rests on, by the name of the field.",
        ),
        Key("answered_by", ANSWERED_BY, "Who sent the response, as far as the capture shows."),
        Key("relayed", BOOLEAN, "Another hop shows the response nearer to its origin."),
    ),
)

LAYOUTS = (TRANSACTION, CALL, SUBSCRIPTION, REGISTRATION, FINDING, MESSAGE)
"""In the order in which records that end with the same message are written."""
