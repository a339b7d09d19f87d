"""PDUs that Wireshark exported → SIP messages: LINKTYPE_WIRESHARK_UPPER_PDU.

Tags name the dissector, addresses and ports (epan/exported_pdu.h of Wireshark); what the dissectors
of SIP were given is read.
"""

from struct import Struct

from analyzer.decode.cursor import Packets
from analyzer.decode.mirrored import DAMAGED, Mirrored, deliver_mirrored
from analyzer.decode.protocols import LinkType, decodes
from analyzer.decode.verdicts import MEDIA, OTHER, SIP
from analyzer.tables.messages import Transport

_TAG = Struct(">HH")
END, NAME, HEURISTIC_NAME = 0, 12, 13
SOURCE_4, DESTINATION_4, SOURCE_6, DESTINATION_6 = 20, 21, 22, 23
PORT_KIND, SOURCE_PORT, DESTINATION_PORT = 24, 25, 26
_SIP_NAMES = (b"sip", b"sip.tcp", b"sip_udp", b"sip_tcp", b"sip_sctp")
_MEDIA_NAMES = (b"rtp", b"rtcp", b"stun-udp", b"zrtp")
_TRANSPORTS = {1: Transport.SCTP, 2: Transport.TCP, 3: Transport.UDP}


@decodes(LinkType.WIRESHARK_UPPER_PDU)
def exported_pdu(p: Packets) -> None:
    """Hand on the messages."""
    deliver_mirrored(p, parse_exported_pdu)


def parse_exported_pdu(data: bytes) -> Mirrored:
    """Read the tags of one PDU."""
    values: dict[int, bytes] = {}
    at = 0
    while True:
        if at + _TAG.size > len(data):
            return DAMAGED
        tag, size = _TAG.unpack_from(data, at)
        at += _TAG.size + size
        if tag == END:
            break
        values[tag] = data[at - size : at]
    name = (values.get(NAME) or values.get(HEURISTIC_NAME, b"")).rstrip(b"\0")
    if name not in _SIP_NAMES:
        return Mirrored(MEDIA if name in _MEDIA_NAMES else OTHER)

    def number(tag: int) -> int:
        return int.from_bytes(values.get(tag, b"")[:4], "big")

    return Mirrored(
        SIP,
        at,
        -1,
        (values.get(SOURCE_4) or values.get(SOURCE_6, b""))[:16],
        (values.get(DESTINATION_4) or values.get(DESTINATION_6, b""))[:16],
        number(SOURCE_PORT) & 0xFFFF,
        number(DESTINATION_PORT) & 0xFFFF,
        _TRANSPORTS.get(number(PORT_KIND), Transport.UDP),
    )
