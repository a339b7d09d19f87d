"""Recordings as tests: a policy, what it expects and what is found, a baseline, and the outputs of
continuous integration.
"""
