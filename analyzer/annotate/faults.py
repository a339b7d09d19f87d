"""What is wrong in a rule file, and where: `file:line:column: what, did you mean …?`.

A fault is noted with its path in the document. Lines and columns are found only when there are
faults, by reading the file a second time with a loader that keeps them.
"""

from collections.abc import Iterable, Sequence

from analyzer.frozen import frozen

Path = tuple[str | int, ...]
"""Keys and list indexes from the top of the document."""


@frozen
class Fault:
    """One fault."""

    path: Path
    what: str
    at_key: bool = False
    """The fault is the last key of the path, not its value."""


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """Return `, did you mean …?`, or nothing when no known name is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only faults need it

    near = get_close_matches(written, list(known), n=1)
    return f', did you mean "{near[0]}"?' if near else ""


def located(file: str, text: str, faults: Sequence[Fault]) -> list[str]:
    """Return the faults as lines with the place of each, in the order of the places."""
    import yaml  # noqa: PLC0415 - only rules need it

    root = yaml.compose(text, yaml.SafeLoader)
    found = set()
    for fault in faults:
        mark = _mark(root, fault) if root is not None else None
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        found.add((line, column, fault.what))
    return [f"{file}:{line}:{column}: {what}" for line, column, what in sorted(found)]


def _mark(root: "yaml.Node", fault: Fault) -> "yaml.Mark":  # type: ignore[name-defined]  # noqa: F821 - imported where used
    """Return where a fault is, or the nearest thing around it that is there."""
    node = root
    mark = root.start_mark
    for step in fault.path:
        inner, key_mark = _step(node, step)
        if inner is None:
            break
        node = inner
        is_last = step is fault.path[-1]
        mark = key_mark if fault.at_key and is_last and key_mark else node.start_mark
    return mark


def _step(node: "yaml.Node", step: str | int) -> tuple["yaml.Node | None", "yaml.Mark | None"]:  # type: ignore[name-defined]  # noqa: F821 - imported where used
    if isinstance(step, int) and node.id == "sequence" and step < len(node.value):
        return node.value[step], None
    if node.id == "mapping":
        # the last one of equal keys: the first is no fault
        for key, value in reversed(node.value):
            if str(key.value) == str(step):
                return value, key.start_mark
    return None, None
