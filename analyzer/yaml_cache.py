"""Texts in YAML → plain data, kept parsed beside the file as Python keeps its bytecode.

To import the YAML parser and to parse the texts and rules of a small capture takes longer than all
that is done with them. What was parsed is therefore kept in `__pycache__`, under the same
conditions as bytecode (`-B`, PYTHONDONTWRITEBYTECODE, PYTHONPYCACHEPREFIX), and used as long as
program and text are the same. Only files that belong to the program are kept so.
"""

import marshal
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any
from zlib import crc32

from analyzer.version import VERSION


def parse_once(path: Path, text: str, parse: Callable[[str], Any]) -> Any:  # noqa: ANN401 - any plain data
    """Return what `parse` makes of the text of a file of the program: plain data."""
    raw = text.encode()
    state = (VERSION, len(raw), crc32(raw))
    kept = Path(cache_from_source(path)).with_name(f"{path.name}.{sys.implementation.cache_tag}")
    kept = kept.with_suffix(kept.suffix + ".marshal")
    # What is damaged, or was written by another version, is made again.
    with suppress(OSError, ValueError, EOFError, TypeError):
        of, data = marshal.loads(kept.read_bytes())  # noqa: S302 - trusted as the bytecode beside it
        if of == state:
            return data
    data = parse(text)
    if not sys.dont_write_bytecode:
        # Read-only installations are no fault; dates and the like cannot be kept.
        with suppress(OSError, ValueError):
            _write(kept, marshal.dumps((state, data)))
    return data


def _write(kept: Path, content: bytes) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_name(f"{kept.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(kept)
