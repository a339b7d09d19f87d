"""A capture → the SIP messages that Wireshark's engine finds in it, through pyshark.

For what is not read here: TLS whose keys are known, link types and tunnels without a decoder of
ours. Every message comes with its bytes as they were on the wire, or inside TLS, and the frame that
completes it; what they mean is for the reader of messages, as with any other message.
"""

import asyncio
import re
from collections.abc import Iterator
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.errors import CaptureError, UsageError
from analyzer.frozen import frozen
from analyzer.tables.messages import Transport

if TYPE_CHECKING:
    from pyshark.packet.packet import Packet

MISSING = (
    "tshark is needed for this and is not installed: install it (Debian, Ubuntu: apt install "
    "tshark; others: Wireshark with its command-line tools)"
)
SHOWN = "frame ip ipv6 tcp udp sctp"
"""Protocols whose fields are asked for; the bytes of SIP come without."""
_CARRIERS = (
    # what the protocols of a frame have between IP and SIP, the innermost that tells
    (("tls", "websocket"), Transport.WSS),
    (("websocket",), Transport.WS),
    (("tls",), Transport.TLS),
    (("sctp",), Transport.SCTP),
    (("tcp",), Transport.TCP),
    (("udp",), Transport.UDP),
)
_WITH_PORTS = frozenset({"tcp", "udp", "sctp"})
LONGEST_EXIT_S = 30


@frozen
class Dissected:
    """A SIP message."""

    frame: int
    """Number of the frame that completes it, as tshark counts in the file it was given."""
    transport: Transport
    source: str
    """IP address; "" when the frame has none."""
    source_port: int
    destination: str
    destination_port: int
    payload: bytes


def dissect_whole(path: Path, keylog: Path | None = None, name: str = "") -> list[Dissected]:
    """Return all that `dissect` yields, also where a loop of asyncio is running, as in a notebook:
    no second one can run in the same thread.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return list(dissect(path, keylog, name))
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - seldom needed

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: list(dissect(path, keylog, name))).result()


def dissect(path: Path, keylog: Path | None = None, name: str = "") -> Iterator[Dissected]:
    """Yield the messages in the order of the frames; `keylog` is a TLS key log (NSS format), `name`
    what the user calls the file.

    Raises UsageError when tshark is not installed, CaptureError when it fails.
    """
    from pyshark.capture.capture import TSharkCrashException  # noqa: PLC0415 - slow to import
    from pyshark.tshark.tshark import TSharkNotFoundException  # noqa: PLC0415 - see above

    preferences = {"tcp.desegment_tcp_streams": "TRUE", "tls.desegment_ssl_records": "TRUE"}
    if keylog is not None:
        preferences["tls.keylog_file"] = str(keylog)
    # a loop of our own: pyshark sets up one with means that later Pythons do not have
    loop = asyncio.new_event_loop()
    try:
        capture = _capture_class()(
            str(path),
            display_filter="sip",
            use_json=True,
            include_raw=True,
            keep_packets=False,
            override_prefs=preferences,
            custom_parameters=["-j", SHOWN],
            eventloop=loop,
        )
        try:
            for packet in capture:
                yield from _messages(packet)
        finally:
            capture.close()
    except TSharkNotFoundException:
        raise UsageError(MISSING) from None
    except TSharkCrashException as error:
        why = re.sub(r"\s+", " ", str(error))
        raise CaptureError(f"tshark could not read {name or path.name}: {why}") from None
    finally:
        loop.close()


@cache
def _capture_class() -> type[Any]:
    import pyshark  # noqa: PLC0415 - slow to import

    class PatientCapture(pyshark.FileCapture):  # type: ignore[misc]  # pyshark has no types
        """Waits for tshark to end by itself once all its output is read.

        pyshark kills it then; a kill that meets the exit makes asyncio lose the exit status
        (CPython issue 82811), which pyshark takes for a crash.
        """

        async def _cleanup_subprocess(self, process: asyncio.subprocess.Process) -> None:
            try:
                if self._eof_reached:
                    await asyncio.wait_for(process.wait(), LONGEST_EXIT_S)
                await super()._cleanup_subprocess(process)
            finally:
                self._running_processes.discard(process)

    return PatientCapture


def _messages(packet: "Packet") -> Iterator[Dissected]:
    protocols = str(packet.frame_info.get_field("protocols")).split(":")
    before = protocols[: protocols.index("sip")] if "sip" in protocols else protocols
    source, destination = _addresses(packet, before)
    source_port, destination_port = _ports(packet, before)
    for payload in _payloads(packet):
        yield Dissected(
            int(packet.number),
            _transport(before),
            source,
            source_port,
            destination,
            destination_port,
            payload,
        )


def _transport(protocols: list[str]) -> Transport:
    """Return what carries SIP; UDP where a frame names nothing, as an exported PDU may."""
    start = max((at for at, name in enumerate(protocols) if name in _WITH_PORTS), default=0)
    names = set(protocols[start:])
    return next(
        (transport for needed, transport in _CARRIERS if names.issuperset(needed)), Transport.UDP
    )


def _innermost(packet: "Packet", protocols: list[str], wanted: frozenset[str]) -> Any:  # noqa: ANN401 - pyshark has no types
    """Return the layer of the last of some protocols in a frame, None without one."""
    found = [name for name in protocols if name in wanted]
    if not found:
        return None
    layer = packet[found[-1]]
    layers = [layer, *layer.duplicate_layers]
    return layers[min(found.count(found[-1]), len(layers)) - 1]


def _addresses(packet: "Packet", protocols: list[str]) -> tuple[str, str]:
    layer = _innermost(packet, protocols, frozenset({"ip", "ipv6"}))
    if layer is None:
        return "", ""
    source, destination = (str(ip_address(str(layer.get_field(each)))) for each in ("src", "dst"))
    return source, destination


def _ports(packet: "Packet", protocols: list[str]) -> tuple[int, int]:
    layer = _innermost(packet, protocols, _WITH_PORTS)
    if layer is None:
        return 0, 0
    return int(str(layer.get_field("srcport"))), int(str(layer.get_field("dstport")))


def _payloads(packet: "Packet") -> Iterator[bytes]:
    """Yield the bytes of each SIP message that a frame completes.

    tshark gives a list that begins with the bytes in hexadecimal for one message, a list of such
    lists for several; pyshark takes the first element for the layer, the others for its duplicates.
    """
    layer = packet["sip_raw"]
    if isinstance(layer.value, str):
        yield bytes.fromhex(layer.value)
        return
    yield bytes.fromhex(layer.value[0])
    for other in layer.duplicate_layers:
        yield bytes.fromhex(other.value)
