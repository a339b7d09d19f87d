"""sipwhy reads captured SIP traffic and says why calls end as they do.

`analyze(path)` gives the Report that the command prints, `data_frames(path)` tables of calls,
transactions and the rest as pandas DataFrames, `open_trace(path)` the tables that the analysis
works with, `extract_packets(path, target)` writes the packets of chosen calls. Each takes one path
or several, which are one timeline.
"""

from typing import TYPE_CHECKING, Any

from analyzer.version import VERSION

if TYPE_CHECKING:
    from analyzer.extract.extract import extract_packets
    from analyzer.pipeline import analyze, data_frames, open_trace
    from analyzer.render.data_frames import DataFrames
    from analyzer.report.model import Report
    from analyzer.settings import Settings
    from analyzer.tables.trace import Trace

__version__ = VERSION

__all__ = [
    "DataFrames",
    "Report",
    "Settings",
    "Trace",
    "__version__",
    "analyze",
    "data_frames",
    "extract_packets",
    "open_trace",
]

_HOMES = {
    "DataFrames": "analyzer.render.data_frames",
    "Report": "analyzer.report.model",
    "Settings": "analyzer.settings",
    "Trace": "analyzer.tables.trace",
    "analyze": "analyzer.pipeline",
    "data_frames": "analyzer.pipeline",
    "extract_packets": "analyzer.extract.extract",
    "open_trace": "analyzer.pipeline",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the public names have different types
    """Import a public name when it is first used, so that importing a submodule stays cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - part of the lazy import

    return getattr(import_module(_HOMES[name]), name)
