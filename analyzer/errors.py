"""Mistakes the user can mend: one line on stderr, exit status 2."""


class AnalyzerError(Exception):
    """Something the user can mend; the text is one line that says what was found and what to do."""


class UsageError(AnalyzerError):
    """Options or arguments that do not fit."""


class CaptureError(AnalyzerError):
    """An input that cannot be read."""


class RuleError(AnalyzerError):
    """Rule files with faults: all of them, one line each, as `file:line:column: what`."""
