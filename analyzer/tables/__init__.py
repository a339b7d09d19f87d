"""The columnar core: every table of an analysis, declared and documented."""
