"""tshark finds the message too in what the tests carry it in, so that both have read the standards
alike; where it does not, the reason is given.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from capture_files import file_of, pcap_header, pcap_record
from carriages import FRAME_IN_IP, IN_FRAME, IN_IP, MIRRORED, ON_LINK, frame
from frames import ipv4, udp

TSHARK = shutil.which("tshark")
LINKS = {name: (1, wrap) for name, wrap in IN_FRAME.items()} | ON_LINK | MIRRORED
MESSAGE = b"\r\n".join(
    (
        b"BYE sip:bob@example.com SIP/2.0",
        b"Via: SIP/2.0/UDP a.example.com;branch=z9hG4bK1",
        b"From: <sip:a@example.com>;tag=1",
        b"To: <sip:b@example.com>;tag=2",
        b"Call-ID: 1",
        b"CSeq: 1 BYE",
        b"Content-Length: 0",
        b"",
        b"",
    )
)
_ETHERNET = ("-d", "l2tp.pw_type==0,eth")
_NO_COOKIE, _COOKIE_8 = ("-o", "l2tp.cookie_size:None"), ("-o", "l2tp.cookie_size:8 Byte Cookie")
_NO_SUBLAYER = ("-o", "l2tp.l2_specific:None")
_SUBLAYER = ("-o", "l2tp.l2_specific:Default L2-Specific")
OPTIONS: dict[str, tuple[str, ...]] = {
    "VXLAN on its old port": ("-d", "udp.port==8472,vxlan"),
    "L2TPv3": (*_ETHERNET, *_NO_COOKIE, *_NO_SUBLAYER),
    "L2TPv3 in UDP": (*_ETHERNET, *_NO_COOKIE, *_NO_SUBLAYER),
    "L2TPv3 with sublayer": (*_ETHERNET, *_NO_COOKIE, *_SUBLAYER),
    "L2TPv3 with cookie": (*_ETHERNET, *_COOKIE_8, *_NO_SUBLAYER),
    "L2TPv3 with cookie and sublayer": (*_ETHERNET, *_COOKIE_8, *_SUBLAYER),
    "L2TPv3 with IP": (
        *("-d", "l2tp.pw_type==0,ip"),
        *("-o", "l2tp.cookie_size:4 Byte Cookie"),
        *_NO_SUBLAYER,
    ),
}
"""What tshark has to be told, as only the peers of a session know it."""
_NO_HEP = "tshark 4.0 has no dissector of HEP"
NOT_READ: dict[str, str] = {
    "HEP 1": _NO_HEP,
    "HEP 2": _NO_HEP,
    "HEP 2 that counts its time": _NO_HEP,
    "HEP 3": _NO_HEP,
    "MPLS with Ethernet": "it takes an address that begins with four 0 bits for a control word",
    "NFLOG, big endian": "it takes fields in the byte order of the machine it runs on",
    "PPP of pppd": "it does not know the link type",
}


@pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")
@pytest.mark.parametrize("name", sorted({*LINKS, *IN_IP, *FRAME_IN_IP} - NOT_READ.keys()))
def test_tshark_finds_it(name: str, tmp_path: Path) -> None:
    """The message is there for tshark in every carriage that it reads."""
    packet = ipv4(17, udp(MESSAGE))
    if name in LINKS:
        link, carried = LINKS[name][0], LINKS[name][1](packet)
    else:
        inner = frame(packet) if name in FRAME_IN_IP else packet
        link, carried = 1, frame({**IN_IP, **FRAME_IN_IP}[name](inner))
    path = tmp_path / "carried.pcap"
    path.write_bytes(file_of([pcap_header(link=link), pcap_record(carried)]))
    command = [str(TSHARK), "-r", str(path), "-T", "fields", "-e", "sip.Method"]
    done = subprocess.run(
        [*command, *OPTIONS.get(name, ())], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["BYE"]
