"""`sipwhy` and `python -m analyzer`: makes the interpreter ready, then runs the command."""

import gc
import os
import sys


def main() -> None:
    """Run the command with the arguments of the process and exit with its status."""
    # Imports fill the memory with objects that stay. To search them for garbage again and again
    # while they are made, and once more at the end, takes a fifth of the time of a small capture.
    gc.set_threshold(100_000, 50, 50)
    # No linear algebra is done here: the threads that numpy keeps for it only cost time and memory.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from analyzer.cli import run  # noqa: PLC0415 - numpy reads the environment when it is imported

    status = run(sys.argv[1:])
    gc.freeze()
    sys.exit(status)


if __name__ == "__main__":
    main()
