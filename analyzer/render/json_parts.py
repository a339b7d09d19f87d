"""Tables → the parts of the JSON output that are no records: captures, counts, coverage, anomalies.

Each part has its layout beside it.
"""

import numpy as np

from analyzer.anomaly_kinds import KINDS
from analyzer.render.record_shapes import (
    BOOLEAN,
    COUNT,
    FILLED_TEXT,
    FRAME,
    MAYBE_TEXT,
    MAYBE_TIME,
    Key,
    Leaf,
    ListOf,
    ObjectOf,
    one_of,
    or_null,
)
from analyzer.tables.anomalies import Anomaly
from analyzer.tables.captures import CaptureInfo
from analyzer.tables.trace import Trace

SCHEMA = "sipwhy/1"

CAPTURE = ObjectOf(
    (
        Key("path", Leaf({"type": "string"}), "As given, `-` for standard input."),
        Key("format", FILLED_TEXT, "`pcap`, `pcapng` …"),
        Key("compression", MAYBE_TEXT, "`gzip`, `zstd`, `xz`, `lz4` or null."),
        Key("link_types", ListOf(FILLED_TEXT), "LINKTYPE names, or numbers where they have none."),
        Key("packets", COUNT, "Packets read."),
        Key("bytes", COUNT, "Size of the input as stored."),
        Key("first_ns", MAYBE_TIME, "Earliest packet, ns since 1970 UTC, by its own clock."),
        Key("last_ns", MAYBE_TIME, "Latest packet, ns since 1970 UTC, by its own clock."),
        Key("complete", BOOLEAN, "False when the file is cut or damaged."),
    )
)
COUNTS = ObjectOf(
    (
        Key("packets", COUNT, "Packets read."),
        Key("sip_messages", COUNT, "Copies and retransmissions included."),
        Key("requests", COUNT),
        Key("responses", COUNT),
        Key("transactions", COUNT),
        Key("calls", COUNT),
        Key("subscriptions", COUNT),
        Key("registrations", COUNT),
        Key("findings", COUNT),
        Key("retransmissions", COUNT, "Messages that repeat another, copies not counted."),
        Key("duplicates", COUNT, "Extra copies of SIP messages."),
    )
)
NOT_UNDERSTOOD = ObjectOf((Key("packets", COUNT), Key("first_frame", FRAME)))
COVERAGE = ObjectOf(
    (
        Key("packets", COUNT, "sip + media + other + the packets of not_understood."),
        Key("sip", COUNT, "Packets that carry a SIP message."),
        Key("media", COUNT, "RTP, RTCP and what else belongs to media."),
        Key("other", COUNT, "Understood, and no SIP."),
        Key(
            "not_understood",
            Leaf({"type": "object", "additionalProperties": {"$ref": "#/$defs/not_understood"}}),
            "Kind of anomaly → packets in which SIP may hide.",
        ),
        Key("truncated", COUNT, "Packets cut by the snap length."),
        Key("tls_connections", COUNT, "SIP connections over TLS that could not be looked into."),
        Key("stream_gaps", COUNT, "Places where bytes of a SIP connection are missing."),
        Key(
            "limits_hit",
            Leaf({"type": "object", "additionalProperties": COUNT.schema}),
            "Limit → how often it was hit.",
        ),
        Key("responses_without_request", COUNT, "Transactions whose request is missing."),
        Key("requests_without_response", COUNT, "Transactions without any response."),
    )
)
ANOMALY = ObjectOf(
    (
        Key("kind", FILLED_TEXT),
        Key("severity", one_of(["info", "notice", "data_loss", "error"])),
        Key("count", COUNT),
        Key("first_frame", or_null(FRAME)),
        Key("frames", ListOf(FRAME), "At most ten."),
        Key("detail", MAYBE_TEXT, "What the first frame says about it."),
    )
)


def capture(info: CaptureInfo) -> dict[str, object]:
    """Return what is known of a capture."""
    return {
        "path": info.path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"),
        "format": info.format,
        "compression": info.compression,
        "link_types": info.link_types,
        "packets": info.packets,
        "bytes": info.bytes,
        "first_ns": info.first_ns,
        "last_ns": info.last_ns,
        "complete": info.complete,
    }


def counts(trace: Trace) -> dict[str, int]:
    """Return how much of everything there is."""
    responses = int(np.count_nonzero(trace.messages.status))
    is_copy = trace.links.copy_of_row >= 0
    repeats = (trace.links.retransmission_of_row >= 0) & ~is_copy
    return {
        "packets": trace.coverage.packets,
        "sip_messages": len(trace.messages),
        "requests": len(trace.messages) - responses,
        "responses": responses,
        "transactions": len(trace.transactions),
        "calls": len(trace.calls),
        "subscriptions": len(trace.subscriptions),
        "registrations": len(trace.registrations),
        "findings": len(trace.findings),
        "retransmissions": int(np.count_nonzero(repeats)),
        "duplicates": int(np.count_nonzero(is_copy)),
    }


def coverage(trace: Trace) -> dict[str, object]:
    """Return what was read and what could not be seen."""
    seen, transactions = trace.coverage, trace.transactions
    counted = {each.kind: each.count for each in trace.anomalies}
    has_request = transactions.request_row >= 0
    has_response = (transactions.provisional_row >= 0) | (transactions.final_row >= 0)
    return {
        "packets": seen.packets,
        "sip": seen.sip,
        "media": seen.media,
        "other": seen.other,
        "not_understood": {
            kind: {"packets": count, "first_frame": first}
            for kind, (count, first) in sorted(seen.not_understood.items())
        },
        "truncated": seen.truncated,
        "tls_connections": counted.get("tls", 0),
        "stream_gaps": counted.get("stream-gap", 0),
        "limits_hit": dict(sorted(seen.limits_hit.items())),
        "responses_without_request": int(np.count_nonzero(~has_request)),
        "requests_without_response": int(np.count_nonzero(has_request & ~has_response)),
    }


def anomaly(each: Anomaly) -> dict[str, object]:
    """Return the anomalies of one kind."""
    return {
        "kind": each.kind,
        "severity": KINDS[each.kind].severity if each.kind in KINDS else "notice",
        "count": each.count,
        "first_frame": each.frames[0] if each.frames else None,
        "frames": each.frames,
        "detail": each.detail or None,
    }
