"""Patterns of recordings in a policy."""

import pytest

from analyzer.check.policy import matches


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("*.pcap", "recordings/a.pcap", True),
        ("*.pcap", "recordings/a.pcapng", False),
        ("nightly/*", "lab/nightly/a.pcap", True),
        ("nightly/*", "lab/nightly/monday/a.pcap", False),
        ("nightly/**", "lab/nightly/monday/a.pcap", True),
        ("nightly/**", "nightly/a.pcap", True),
        ("nightly/**", "weekly/a.pcap", False),
        ("nightly/**/a.pcap", "nightly/a.pcap", True),
        ("nightly/**/a.pcap", "/srv/nightly/x/y/a.pcap", True),
        ("**/a.pcap", "a.pcap", True),
        ("./nightly/*", "nightly/a.pcap", True),
        ("/srv/*", "/srv/a.pcap", True),
        ("/srv/*", "lab/srv/a.pcap", False),
        ("a[0-9].pcap", "a7.pcap", True),
    ],
)
def test_a_pattern_is_the_end_of_a_path(pattern: str, path: str, fits: bool) -> None:  # noqa: FBT001 - a case
    """As in the shell: `*` stays in a directory, `**` goes through any number of them."""
    assert matches(path, pattern) is fits
