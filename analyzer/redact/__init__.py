"""Captures without names: one transformation, frame for frame, before anything is analysed."""
