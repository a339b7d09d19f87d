"""`sipwhy` and `python -m analyzer`: makes the interpreter ready, then runs the command."""

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> None:
    """Run the command with the arguments of the process and exit with its status."""
    # Imports fill the memory with objects that stay. To search them for garbage again and again
    # while they are made takes a tenth of the time of a small capture.
    gc.set_threshold(500_000, 50, 50)
    # No linear algebra is done here: the threads that numpy keeps for it only cost time and memory.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from analyzer.cli import run  # noqa: PLC0415 - numpy reads the environment when imported

        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("sipwhy: interrupted\n")
        status = 130
    leave(status)


def leave(status: int) -> NoReturn:
    """End the process with what was written kept. What the interpreter would do besides is to free
    object by object what the system takes back at once.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
