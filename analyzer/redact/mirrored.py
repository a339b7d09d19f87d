"""Messages that something else took out of their packets, with what it says of them → the same
without names: HEP of all versions, and PDUs that Wireshark exported.
"""

from struct import Struct

from analyzer.decode.encapsulation import hep_chunks
from analyzer.decode.encapsulation.hep import parse_hep
from analyzer.decode.link import exported_pdu
from analyzer.decode.verdicts import SIP
from analyzer.redact.messages import Messages
from analyzer.redact.packet import LONGEST, CannotRedactError

_CHUNK = Struct(">HHH")
_HEAD = 6
_KEPT_CHUNKS = frozenset((1, 2, 7, 8, 9, 10, 11, 13))
"""Family, protocol, ports, times, kind of message, keep-alive timer: numbers."""
_ADDRESS_CHUNKS = {
    hep_chunks.SOURCE_4: 4, hep_chunks.DESTINATION_4: 4,
    hep_chunks.SOURCE_6: 16, hep_chunks.DESTINATION_6: 16,
}  # fmt: skip  # read side by side
_CORRELATION = 17
"""The Call-ID, or what names it."""
_TAG = Struct(">HH")
_ADDRESS_TAGS = {
    exported_pdu.SOURCE_4: 4, exported_pdu.DESTINATION_4: 4,
    exported_pdu.SOURCE_6: 16, exported_pdu.DESTINATION_6: 16,
}  # fmt: skip  # read side by side
_KEPT_TAGS = frozenset(
    (
        exported_pdu.NAME,
        exported_pdu.HEURISTIC_NAME,
        exported_pdu.PORT_KIND,
        exported_pdu.SOURCE_PORT,
        exported_pdu.DESTINATION_PORT,
    )
)


def redact_hep(record: bytes, messages: Messages) -> bytes:
    """Return a packet of HEP without names; one that is damaged loses its content."""
    if int.from_bytes(record[:4], "big") != hep_chunks.MAGIC:
        return _old_hep(record, messages)
    stated = int.from_bytes(record[4:_HEAD], "big")
    end = min(len(record), stated)
    is_sip = parse_hep(record).verdict == SIP
    found = bytearray(record[:_HEAD])
    at = _HEAD
    while at + _CHUNK.size <= end:
        vendor, kind, size = _CHUNK.unpack_from(record, at)
        if size < _CHUNK.size:
            break
        value = record[at + _CHUNK.size : min(at + size, end)]
        new = _chunk(kind if vendor == 0 else -1, value, messages, is_sip=is_sip)
        size += len(new) - len(value)
        if size > LONGEST:
            raise CannotRedactError
        found += _CHUNK.pack(vendor, kind, size) + new
        at += _CHUNK.size + len(value)
    found += bytes(len(record) - min(at, len(record)))
    total = stated + len(found) - len(record)
    if total > LONGEST:
        raise CannotRedactError
    found[4:_HEAD] = max(total, 0).to_bytes(2, "big")
    return bytes(found)


def _chunk(kind: int, value: bytes, messages: Messages, *, is_sip: bool) -> bytes:
    names = messages.names
    if kind in _KEPT_CHUNKS and len(value) <= 4:
        return value
    if kind in _ADDRESS_CHUNKS and len(value) == _ADDRESS_CHUNKS[kind]:
        return names.addresses.packed(value)
    if kind == hep_chunks.PAYLOAD and is_sip:
        return messages.redact(value).data
    if kind == _CORRELATION:
        return names.identifier(value.decode("latin-1")).encode("latin-1", "replace")
    return bytes(len(value))


def _old_hep(record: bytes, messages: Messages) -> bytes:
    """Take versions 1 and 2: a fixed header, then the message."""
    mirrored = parse_hep(record)
    if mirrored.verdict != SIP:
        return bytes(len(record))
    size = len(mirrored.source)
    packed = messages.names.addresses.packed
    head = bytearray(record[: mirrored.start])
    head[8 : 8 + size] = packed(mirrored.source)
    head[8 + size : 8 + 2 * size] = packed(mirrored.destination)
    # What a sender puts behind the time names the agent.
    timed = 8 + 2 * size + 8
    head[timed:] = bytes(max(0, len(head) - timed))
    return bytes(head) + messages.redact(record[mirrored.start :]).data


def redact_exported_pdu(record: bytes, messages: Messages) -> bytes:
    """Return a PDU with its tags without names."""
    found = bytearray(record)
    at = 0
    while at + _TAG.size <= len(record):
        tag, size = _TAG.unpack_from(record, at)
        start, stop = at + _TAG.size, min(at + _TAG.size + size, len(record))
        at += _TAG.size + size
        if tag == exported_pdu.END:
            break
        if tag in _ADDRESS_TAGS and stop - start == _ADDRESS_TAGS[tag]:
            found[start:stop] = messages.names.addresses.packed(record[start:stop])
        elif tag not in _KEPT_TAGS or size > 32:
            found[start:stop] = bytes(stop - start)
    mirrored = exported_pdu.parse_exported_pdu(record)
    at = min(at, len(record))
    body = record[at:]
    return bytes(found[:at]) + (
        messages.redact(body).data if mirrored.verdict == SIP else bytes(len(body))
    )
