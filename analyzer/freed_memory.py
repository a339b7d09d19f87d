"""Memory that was freed goes back to the system before a long output is written."""

import sys

_LARGE = 1 << 20
_M_MMAP_THRESHOLD = -3  # <malloc.h>
_CALLS = {"mallopt": (_M_MMAP_THRESHOLD, _LARGE), "malloc_trim": (0,)}
"""From now on blocks of a MiB and more go back at once when they are freed; what is free already
goes back now.
"""


def give_back() -> None:
    """Give memory that was freed back to the system. glibc keeps it, in an arena for each thread,
    and what is needed next would come on top of it; elsewhere there is nothing to do.
    """
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 - not for small captures

    libc = ctypes.CDLL(None)
    for name, arguments in _CALLS.items():
        function = getattr(libc, name, None)
        if function is not None:
            function(*arguments)
