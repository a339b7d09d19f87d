"""Work that is done while something else is, where a capture is large enough for it to pay."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Result = TypeVar("Result")

MANY = 50_000
"""Messages from which on a thread of its own pays for what the rest does not wait for."""

_TURN_S = 0.0001


def begin(work: Callable[[], Result], *, aside: bool) -> Callable[[], Result]:
    """Do some work, in a thread when it pays to do it `aside` of what does not wait for it; the
    function returned waits for the end, and returns or raises what the work did.
    """
    if not aside:
        result = work()
        return lambda: result
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - not for small captures

    pool = ThreadPoolExecutor(1)
    future = pool.submit(work)
    pool.shutdown(wait=False)
    return future.result


@contextmanager
def short_turns() -> Iterator[None]:
    """Let threads take turns in Python often: one that calls numpy waits for each of its turns."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
