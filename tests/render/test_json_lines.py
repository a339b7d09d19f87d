"""JSON Lines as a format."""

from analyzer.render.json_lines import FORMAT
from analyzer.render.json_report import write_jsonl


def test_format_writes_lines() -> None:
    """The format is found under the name of the command's option."""
    assert (FORMAT.name, FORMAT.suffix, FORMAT.render) == ("jsonl", ".jsonl", write_jsonl)
