"""Packets of chosen calls → a capture of their own."""
