"""RTP and RTCP packets → streams with their counts, loss and jitter (RFC 3550)."""
