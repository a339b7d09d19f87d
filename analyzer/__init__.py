"""sipwhy reads captured SIP traffic and says why calls end as they do.

`analyze(paths)` gives the Report that the command prints; `open_trace(paths)` the tables behind it,
each with `to_pandas()`; `extract_packets(paths, target)` writes packets of chosen calls.
"""

from typing import TYPE_CHECKING, Any

from analyzer.version import VERSION

if TYPE_CHECKING:
    from analyzer.extract.extract import extract_packets
    from analyzer.pipeline import analyze, open_trace
    from analyzer.report.model import Report
    from analyzer.settings import Settings
    from analyzer.tables.trace import Trace

__version__ = VERSION

__all__ = [
    "Report",
    "Settings",
    "Trace",
    "__version__",
    "analyze",
    "extract_packets",
    "open_trace",
]

_HOMES = {
    "Report": "analyzer.report.model",
    "Settings": "analyzer.settings",
    "Trace": "analyzer.tables.trace",
    "analyze": "analyzer.pipeline",
    "extract_packets": "analyzer.extract.extract",
    "open_trace": "analyzer.pipeline",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the public names have different types
    """Import a public name when it is first used, so that importing a submodule stays cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - part of the lazy import

    return getattr(import_module(_HOMES[name]), name)
