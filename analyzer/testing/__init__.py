"""Recorded traffic in tests: what the fixture `sip_capture` gives."""
