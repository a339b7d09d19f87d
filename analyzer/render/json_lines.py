"""JSON Lines as an output format; `json_report` writes them."""

from analyzer.render.formats import OutputFormat
from analyzer.render.json_report import write_jsonl

FORMAT = OutputFormat("jsonl", ".jsonl", write_jsonl)
