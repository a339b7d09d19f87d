"""Findings → what is shown of them: one block each, or one for many alike.

Alike are findings with the same rule, case and notes that are told in the same words, so that what
to do is the same for all of them. A finding on a hop that only passed the response on is told at
the block of the call it belongs to, unless everything is asked for.
"""

import numpy as np

from analyzer.frozen import frozen
from analyzer.tables.findings import FindingTable
from analyzer.tables.schema import Bool, Int64
from analyzer.tables.vector import IntArray, is_in

FEW = 3
"""As many alike are shown one by one."""
BLOCKS = 12
"""More blocks than these are not printed unless everything is asked for."""


@frozen
class Alike:
    """Rows of findings that share a block."""

    rows: Int64
    relayed: Int64
    """The same responses on hops that passed them on."""


def group_findings(
    table: FindingTable, rows: Int64, words: IntArray, *, everything: bool
) -> list[Alike]:
    """Return the groups to show, the gravest first, then the largest, then the earliest; `words`
    are numbers, one for each of the rows, equal where the words are.
    """
    if everything:
        return [Alike(rows[at : at + 1], rows[:0]) for at in range(len(rows))]
    is_told = _is_told_elsewhere(table, rows)
    own, relayed = rows[~is_told], rows[is_told]
    kinds = [
        Alike(each, _told_with(table, relayed, each))
        for each in _kinds(table, own, words[~is_told])
    ]
    kinds.sort(key=lambda kind: (-int(table.severity[kind.rows[0]]), -len(kind.rows), kind.rows[0]))
    singles = sum(len(kind.rows) for kind in kinds if len(kind.rows) <= FEW)
    few = FEW if singles <= BLOCKS else 1
    return [part for kind in kinds for part in _one_by_one(table, kind, few)]


def _is_told_elsewhere(table: FindingTable, rows: Int64) -> Bool:
    """Tell which findings are told with another one of the same call."""
    is_relayed = table.relayed[rows] & (table.call_row[rows] >= 0)
    own = rows[~is_relayed]
    told = _keys(table.rule[own], table.call_row[own])
    is_told: Bool = is_relayed & is_in(_keys(table.rule[rows], table.call_row[rows]), told)
    return is_told


def _keys(upper: IntArray, lower: IntArray) -> Int64:
    return (upper.astype(np.int64) << 32) | (lower.astype(np.int64) & 0xFFFFFFFF)


def _kinds(table: FindingTable, rows: Int64, words: IntArray) -> list[Int64]:
    """Return the rows of each kind, ascending."""
    if len(rows) == 0:
        return []
    case, notes = _keys(table.rule[rows], table.case[rows]), table.notes[rows]
    order = np.lexsort((rows, words, notes, case))
    changes = np.zeros(len(rows) - 1, np.bool_)
    for key in (case[order], notes[order], words[order]):
        changes |= key[1:] != key[:-1]
    return np.split(rows[order], np.flatnonzero(changes) + 1)


def _told_with(table: FindingTable, relayed: Int64, kind: Int64) -> Int64:
    """Pick the relayed findings of the same rule in the calls of a kind."""
    calls = _keys(table.rule[kind], table.call_row[kind])
    return relayed[is_in(_keys(table.rule[relayed], table.call_row[relayed]), calls)]


def _one_by_one(table: FindingTable, kind: Alike, few: int) -> list[Alike]:
    if len(kind.rows) > few:
        return [kind]
    calls = table.call_row[kind.relayed]
    return [
        Alike(kind.rows[at : at + 1], kind.relayed[calls == table.call_row[row]])
        for at, row in enumerate(kind.rows)
    ]
