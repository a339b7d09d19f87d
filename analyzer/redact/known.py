"""What is known of headers, parameters and attributes: by which kind of rule their values go."""

from functools import cache
from importlib import resources


@cache
def kinds_of(what: str) -> dict[str, str]:
    """Return the kind of each `header`, `parameter`, `attribute` or `word` that is known."""
    text = resources.files("analyzer.redact").joinpath("known.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {name: kind for of, name, kind in rows if of == what}
