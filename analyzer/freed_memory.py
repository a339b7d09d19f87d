"""Memory that was freed: kept while a large capture is read, given back before a long output.

All of this is glibc's <malloc.h>; elsewhere there is nothing to do.
"""

import sys

LARGE_CAPTURE = 32 << 20
"""Bytes of captures from which on it pays to choose what becomes of freed memory."""
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -2, -3, -8


def keep() -> None:
    """Use freed memory again from now on, whichever thread freed it. The columns of one batch of
    frames follow those of another: to take each from the system costs as much as to fill it.
    """
    _call("mallopt", _ARENA_MAX, 1)
    _call("mallopt", _MMAP_THRESHOLD, 32 << 20)
    _call("mallopt", _TRIM_THRESHOLD, 512 << 20)
    _call("mallopt", _TOP_PAD, 16 << 20)


def give_back() -> None:
    """Give freed memory back to the system, from now on blocks of a MiB and more at once: what is
    needed next would come on top of it.
    """
    _call("mallopt", _MMAP_THRESHOLD, 1 << 20)
    _call("mallopt", _TRIM_THRESHOLD, 1 << 20)
    _call("mallopt", _TOP_PAD, 0)
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 - not for small captures

    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*arguments)
