"""Kinds of items that conditions can be asked about, and their fields; one module per kind."""
