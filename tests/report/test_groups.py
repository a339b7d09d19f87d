"""Which findings share a block."""

import numpy as np

from analyzer.report.groups import BLOCKS, group_findings
from analyzer.tables.findings import FindingTable, Severity


def findings(*rows: tuple[int, int, int, Severity, int, bool]) -> FindingTable:
    """Return findings given as (rule, case, notes, severity, call, relayed)."""
    return FindingTable.from_rows(
        [
            (rule, case, notes, severity, at, at, call, -1, -1, relayed)
            for at, (rule, case, notes, severity, call, relayed) in enumerate(rows)
        ]
    )


def grouped(
    table: FindingTable, words: tuple[int, ...] = (), *, everything: bool = False
) -> list[tuple[list[int], list[int]]]:
    """Return the groups of all findings of a table as lists: own rows and relayed ones; all have
    the same words, or the words of these numbers.
    """
    rows = np.arange(len(table))
    numbers = np.array(words or [0] * len(table), np.int64)
    groups = group_findings(table, rows, numbers, everything=everything)
    return [(each.rows.tolist(), each.relayed.tolist()) for each in groups]


def test_no_findings_make_no_groups() -> None:
    """An empty table has nothing to show."""
    assert grouped(findings()) == []


def test_few_alike_are_shown_one_by_one() -> None:
    """Three alike have a block each, in the order of time."""
    table = findings(*((0, 1, 0, Severity.NOTICE, call, False) for call in range(3)))
    assert grouped(table) == [([0], []), ([1], []), ([2], [])]


def test_many_alike_share_a_block() -> None:
    """The fourth of a kind makes them one block; other notes make another kind."""
    table = findings(
        *((0, 1, 0, Severity.NOTICE, call, False) for call in range(4)),
        (0, 1, 1, Severity.NOTICE, 9, False),
        (0, 2, 0, Severity.NOTICE, 9, False),
        (1, 1, 0, Severity.NOTICE, 9, False),
    )
    assert grouped(table) == [([0, 1, 2, 3], []), ([4], []), ([5], []), ([6], [])]


def test_what_is_told_in_other_words_has_a_block_of_its_own() -> None:
    """One case may have several texts with other steps: a block says one thing to do for all."""
    table = findings(*((0, 1, 0, Severity.NOTICE, call, False) for call in range(9)))
    words = (0, 1, 0, 1, 0, 1, 0, 0, 0)
    assert grouped(table, words) == [
        ([0, 2, 4, 6, 7, 8], []),
        ([1], []),
        ([3], []),
        ([5], []),
    ]


def test_the_gravest_come_first_then_the_most() -> None:
    """Errors stand above notices, however many of those there are."""
    table = findings(
        (0, 1, 0, Severity.INFO, 0, False),
        *((0, 2, 0, Severity.NOTICE, call, False) for call in range(2)),
        (0, 3, 0, Severity.ERROR, 5, False),
    )
    assert [rows for rows, _ in grouped(table)] == [[3], [1], [2], [0]]


def test_a_response_passed_on_is_told_with_its_origin() -> None:
    """The same call's finding on another hop is no block, even when it has another verdict."""
    table = findings(
        (0, 1, 0, Severity.NOTICE, 7, False),
        (0, 2, 0, Severity.NOTICE, 7, True),
        (0, 1, 0, Severity.NOTICE, 8, True),
    )
    assert grouped(table) == [([0], [1]), ([2], [])]


def test_without_a_call_nothing_is_hidden() -> None:
    """Relayed findings that belong to no call have a block of their own."""
    table = findings((0, 1, 0, Severity.NOTICE, -1, False), (0, 1, 0, Severity.NOTICE, -1, True))
    assert grouped(table) == [([0], []), ([1], [])]


def test_everything_is_each_in_order() -> None:
    """`--all` shows each finding by itself in the order of time, relayed ones too."""
    table = findings(
        *((0, 1, 0, Severity.NOTICE, call, False) for call in range(5)),
        (0, 1, 0, Severity.ERROR, 0, True),
    )
    assert grouped(table, everything=True) == [([row], []) for row in range(6)]


def test_too_many_single_blocks_are_grouped_sooner() -> None:
    """When blocks one by one would fill pages, two alike are enough to share one."""
    table = findings(
        *((0, case, 0, Severity.NOTICE, call, False) for case in range(BLOCKS) for call in (0, 1))
    )
    assert [len(rows) for rows, _ in grouped(table)] == [2] * BLOCKS
