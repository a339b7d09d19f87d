"""Where tshark and we read a frame differently, and who is right.

Keyed by the SHA-256 of the capture, then by frame.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One frame that is read differently."""

    tshark: str | None
    """Method or status that tshark shows, None when it shows no SIP."""
    sipwhy: str | None
    why: str
    """Who is right, and by which rule."""

    @property
    def seen(self) -> tuple[str | None, str | None]:
        """Both readings."""
        return self.tshark, self.sipwhy


_NUL = "we are: tshark stops at the NUL byte in the start line, the rest of the head is readable"
_NO_STATUS = (
    "we are: the version is SIP/2.0 in any case of letters (RFC 3261 §7.1) and the headers follow; "
    "only the status is unreadable (-1), which an anomaly says"
)
_LONE_CR = (
    "tshark is lenient: the request line ends in a lone CR, so no `SIP/2.0` CRLF closes it (§7.1) "
    "and for us the datagram is no SIP"
)

_HEP = "tshark 4.0 has no dissector of HEP: the message stands there as it was sent"


def _mirrored(seen: str) -> dict[int, Difference]:
    """Return what we read in frame 1, 2, … of a capture of HEP, and tshark does not."""
    return {at: Difference(None, each, _HEP) for at, each in enumerate(seen.split(), start=1)}


DIFFERENCES: dict[str, dict[int, Difference]] = {
    # samples/declined_in_fragments.pcap
    "0ea3b695f953d498859780abe0afb255444a6a57355dc75ebc2ec337c70e086d": {
        7: Difference(
            None, "INVITE", "we are: the first fragment has the head; tshark waits for the others"
        ),
    },
    # samples/tcp_with_losses.pcap
    "edf19516f8c59e88a95db29e00946d7d0783e9659cb4646cccc8125e8ad4c225": {
        3: Difference(
            None, "INVITE", "we are: the segment before came too early; tshark does not go back"
        ),
    },
    # fuzz-2006-06-26-2594.pcap: messages with bytes changed at random
    "5970f755617b3e0a5ec77cb6babadcdae55f5a54e8107dba9681c03a43bbc597": {
        108: Difference(None, "401", _NUL),
        247: Difference("CANCEL", None, _LONE_CR),
        274: Difference(None, "-1", _NO_STATUS),
        346: Difference(None, "INVITE", _NUL),
        348: Difference(None, "403", _NUL),
        441: Difference(None, "REGISTER", _NUL),
        560: Difference(None, "-1", _NO_STATUS),
    },
    # samples/mirrored.pcap
    "c9323fed29ff9c1b88de9426a4ca1b9b1a6969ec786b71b4e622858584365dc5": _mirrored(
        "INVITE 180 603 ACK " * 3
    ),
    # samples/kamailio/hep.pcap
    "3b744951bba8769aefccea45a1313a8f89dd4bb55607d88a1c2e8c2c786deba8": _mirrored(
        "INVITE 100 INVITE 180 180 603 ACK 603 ACK " * 3
    ),
    # hep.pcap: HEP version 3; 5 is a log entry, 8 a report of RTCP
    "5a98de63d52478571bccc39ab5d4eec0289ecb5304edc38c3736dd282ccf9ec7": {
        1: Difference(None, "INVITE", _HEP),
        2: Difference(None, "100", _HEP),
        3: Difference(None, "407", _HEP),
        4: Difference(None, "OPTIONS", _HEP),
        6: Difference(None, "200", _HEP),
        7: Difference(None, "PUBLISH", _HEP),
    },
}
