"""Transports, and what they carry."""
