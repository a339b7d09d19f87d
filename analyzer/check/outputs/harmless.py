r"""Text from captures → text that no log viewer takes for more than text.

Besides terminal controls, which `visible` escapes: a runner obeys lines that begin with `::`, also
after spaces, or that hold `##[` or `##vso[` anywhere.
"""

import re

from analyzer.render.layout import Line, visible

_COMMAND = re.compile(r"##(?=[a-zA-Z]*\[)")


def harmless(text: str) -> str:
    """Return a text of one line that is no command, wherever in a line it stands."""
    return _COMMAND.sub(r"#\\x23", visible(text))


def without_surrogates(text: str) -> str:
    r"""Return a text that UTF-8 can hold: bytes of paths that are none become `\xNN`, and what else
    has no encoding `\uNNNN`.
    """
    if text.isascii():
        return text
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = text.encode("utf-8", "backslashreplace")
    return raw.decode("utf-8", "backslashreplace")


def harmless_line(line: Line) -> Line:
    """Return a line of a page that is no command, put together from whatever parts."""
    whole = "".join(text for text, _ in line)
    if not whole.lstrip().startswith("::") and "##" not in whole:
        return line
    text = harmless(whole)
    if text.lstrip().startswith("::"):
        text = text.replace("::", r"\x3a:", 1)
    return ((text, ""),)
