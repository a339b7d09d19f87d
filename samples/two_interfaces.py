"""A declined call on two interfaces of one pcapng file, each seeing one side of a proxy."""

from wire import Frame, ethernet, pcapng, write_beside

DIALOGUE = """
a->p INVITE sip:bob@example.com SIP/2.0
+2ms p->b INVITE sip:bob@192.0.2.2 SIP/2.0
+0.3s p<-b SIP/2.0 180 Ringing
+2ms a<-p SIP/2.0 180 Ringing
+6.7s p<-b SIP/2.0 603 Decline
p->b ACK sip:bob@192.0.2.2 SIP/2.0
+2ms a<-p SIP/2.0 603 Decline
a->p ACK sip:bob@example.com SIP/2.0
"""
CALLER_MAC = bytes.fromhex("020000000001")


def at_caller(frame: Frame) -> bool:
    """Say whether a frame goes between the caller and the proxy."""
    return CALLER_MAC in (frame.data[:6], frame.data[6:12])


def capture() -> bytes:
    """Return the file."""
    frames = ethernet(DIALOGUE, "two-interfaces", "2026-03-02 09:51")
    inside = [frame for frame in frames if at_caller(frame)]
    outside = [frame for frame in frames if not at_caller(frame)]
    return pcapng([inside, outside], "the proxy's two interfaces")


if __name__ == "__main__":
    write_beside(__file__, ".pcapng", capture())
