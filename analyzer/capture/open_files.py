"""Each mapped capture keeps files open: room for a folder of thousands."""

from analyzer.errors import CaptureError

FILES_PER_CAPTURE = 2
"""The file, and the map's own hold on it."""
SPARE = 64
"""Open files beside the captures."""


def allow_open_files(captures: int) -> None:
    """Raise this process's soft limit of open files so far that the captures can be open at once.

    Raises CaptureError when the system's hard limit is lower. A system without such limits
    (Windows) needs nothing.
    """
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_PER_CAPTURE * captures + SPARE
    if captures < 2 or soft == resource.RLIM_INFINITY or wanted <= soft:
        return
    if hard not in (resource.RLIM_INFINITY, -1) and hard < wanted:
        raise CaptureError(
            f"{captures:,} captures need {wanted:,} open files, the system allows {hard:,}: raise "
            "the limit (ulimit -n), or name fewer captures"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
