"""Frames → UDP datagrams that may hold SIP: one file per protocol, named after it."""
