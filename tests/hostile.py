"""A capture in which every text that is shown attacks whoever shows it."""

from pathlib import Path

from analyzer.sip.registry import header_names
from captured import write_capture
from variations import Packet

POISON = (
    "<script>boom(1)</script><img src=x onerror=boom(2)><svg/onload=boom(3)></pre><!--"
    "\x1b[31m\x1b]0;title\x07\x9b2J\u202e\u2066\u200b\x85\u2028"
    "|`#12 @everyone [x](http://evil.example) ![x](//evil.example/x.png) www.evil.example"
    "```;end %% $x$ {{7*7}} ##[error]x ##vso[task.complete] ::error::x ]]> &#60;i> '\t"
)
"""Markup, terminal escapes, marks that turn the direction, commands of runners."""
NEEDED = frozenset(("Via", "From", "To", "Call-ID", "CSeq", "Content-Length", "Content-Type"))
ALICE, BOB = ("192.0.2.1", 5060), ("192.0.2.2", 5060)
SDP = (
    f"v=0\r\no={POISON} 1 1 IN IP4 192.0.2.1\r\ns={POISON}\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    f"m=audio 4000 RTP/AVP 96 97\r\na=rtpmap:96 <script>boom(4)</script>\x1b[31m/8000\r\n"
    f"a={POISON}\r\nm=<img\u202e> 4002 {POISON} 0\r\n"
)


def message(start: str, call: int, cseq: str, *, body: str = "") -> bytes:
    """Return a message with every registered header, all of them hostile."""
    lines = [
        start,
        f"Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK{call}{cseq[:1]};x={POISON}",
        f'From: "{POISON}" <sip:a\'<b>{POISON.split(maxsplit=1)[0]}@<i>.example>;tag=a{call}',
        f'To: "{POISON}" <sip:{POISON}@example.com>;tag=b{call}',
        f"Call-ID: {call}{POISON}",
        f"CSeq: {cseq}",
        *(f"{name}: {POISON}" for name in sorted(header_names()) if name not in NEEDED),
        f'Reason: Q.850;cause=21;text="{POISON}"',
        f'Warning: 399 host "{POISON}"',
        f"{POISON.split(maxsplit=1)[0]}: {POISON}",
    ]
    lines += ["Content-Type: application/sdp"] if body else []
    raw = body.encode()
    return "\r\n".join((*lines, f"Content-Length: {len(raw)}", "", "")).encode() + raw


def hostile_capture(folder: Path) -> Path:
    """Write the capture, under a name that is hostile too, and return where."""
    uri = f"sip:{POISON.split(maxsplit=1)[0]}@example.com"
    sent = [
        (0, message(f"INVITE {uri} SIP/2.0", 1, "1 INVITE", body=SDP)),
        (1, message(f"SIP/2.0 180 {POISON}", 1, "1 INVITE")),
        (1, message(f"SIP/2.0 603 {POISON}", 1, "1 INVITE")),
        (0, message(f"ACK {uri} SIP/2.0", 1, "1 ACK")),
        (0, message(f"INVITE {uri} SIP/2.0", 2, "1 INVITE", body=SDP)),
        (1, message(f"SIP/2.0 200 {POISON}", 2, "1 INVITE", body=SDP)),
        (0, message(f"ACK {uri} SIP/2.0", 2, "1 ACK")),
        (1, message(f"BYE {uri} SIP/2.0", 2, "9 BYE")),
        (0, message(f"SIP/2.0 481 {POISON}", 2, "9 BYE")),
        (0, message(f"SUBSCRIBE {uri} SIP/2.0", 3, "1 SUBSCRIBE")),
        (1, message(f"SIP/2.0 204 {POISON}", 3, "1 SUBSCRIBE")),
        (0, message(f"REGISTER {uri} SIP/2.0", 4, "1 REGISTER")),
        (1, message(f"SIP/2.0 403 {POISON}", 4, "1 REGISTER")),
    ]
    packets = [
        Packet(10**18 + 10**9 * at, *((ALICE, BOB) if way == 0 else (BOB, ALICE)), payload, at + 1)
        for at, (way, payload) in enumerate(sent)
    ]
    path = folder / "<img src=x onerror=boom(5)>\x1b[31m\u202e`|#12.pcap"
    path.write_bytes(write_capture(packets))
    return path
