"""Link headers (www.tcpdump.org/linktypes.html)."""
