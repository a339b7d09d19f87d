"""Capture files of any format and compression → frames, a batch at a time."""
