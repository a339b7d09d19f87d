"""The branch of a Via, which names the transaction (RFC 3261 §8.1.1.7)."""

COOKIE = "z9hG4bK"
"""Begins each branch made by RFC 3261; alone it says nothing (RFC 4475 §3.2.1)."""
