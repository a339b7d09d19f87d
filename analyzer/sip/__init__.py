"""SIP itself: messages, header values, registries; the bulk scan of a capture (RFC 3261)."""
