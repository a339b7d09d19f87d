"""Findings and calls → comments on packets, which Wireshark shows beside them."""

import numpy as np

from analyzer.annotate.wording import FindingText, describe
from analyzer.capture.pcapng_writer import LONGEST_OPTION
from analyzer.extract.choice import Chosen
from analyzer.i18n import Texts, load_texts
from analyzer.render.layout import visible
from analyzer.report.sentences import call_sentence
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import is_in

Comments = dict[tuple[int, int], list[bytes]]
"""By capture and frame."""


def comments_of(trace: Trace, chosen: Chosen, language: str) -> Comments:
    """Return what there is to say: at the first message of each call what became of it, at the
    response of each finding the finding. Of a response that other hops only passed on it is said
    where it is nearest to its origin.
    """
    texts = load_texts(language, "extract")
    found: Comments = {}
    for call in chosen.calls.tolist():
        text = texts("call", id=call, sentence=call_sentence(trace, call, language))
        _add(found, trace, int(trace.calls.first_row[call]), text)
    rows = findings_of(trace, chosen)
    described = describe(trace, rows, trace.rules, language)
    messages = trace.findings.message_row[rows].tolist()
    for message, finding in zip(messages, described, strict=True):
        where = trace.captures[int(trace.messages.capture[message])].path
        place = texts("place", frame=int(trace.messages.frame[message]), name=_name_of(where))
        _add(found, trace, message, f"{_finding_text(finding, texts)}\n{place}")
    return found


def findings_of(trace: Trace, chosen: Chosen) -> Int64:
    """Return the findings on messages that are chosen, where they are nearest to their origin."""
    findings = trace.findings
    return np.flatnonzero(is_in(findings.message_row, chosen.messages) & ~findings.relayed)


def _finding_text(finding: FindingText, texts: Texts) -> str:
    general = load_texts(texts.language)
    severity = general(f"severity.{finding.severity.name.lower()}")
    cases = ", ".join((finding.case, *finding.notes))
    lines = [
        texts("finding", rule=finding.rule, title=finding.title, cases=cases, severity=severity)
    ]
    lines.append(finding.message)
    if finding.likely:
        confidence = general(f"confidence.{finding.likely.confidence}")
        lines.append(texts("likely", text=finding.likely.text, confidence=confidence))
    lines += [texts("do", text=step) for step in finding.next_steps]
    return "\n".join(lines)


def _name_of(path: str) -> str:
    """Return the last part of a path: where a file lay is nobody else's concern."""
    return path.replace("\\", "/").rpartition("/")[2]


def _add(found: Comments, trace: Trace, message: int, text: str) -> None:
    shown = "\n".join(visible(line) for line in text.split("\n"))
    raw = shown.encode("utf-8", "backslashreplace")
    if len(raw) > LONGEST_OPTION:
        raw = raw[:LONGEST_OPTION].decode("utf-8", "ignore").encode()
    found.setdefault(trace.frame(message), []).append(raw)
