"""Undo: the inverse of a run's changes, as far as nobody has changed the values since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.merge.cells import unchanged
from netzwerk_sheets.merge.outcome import Change, ChangeKind
from netzwerk_sheets.merge.rows import set_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.merge.rows import Row, RowId, Rows

_CELLS = frozenset(
    {
        ChangeKind.EDIT,
        ChangeKind.MERGE,
        ChangeKind.JOIN,
        ChangeKind.LEAVE,
        ChangeKind.UNDO,
        ChangeKind.DROP,
        ChangeKind.RESOLVE,
    }
)
_ARRIVALS = frozenset({ChangeKind.INSERT, ChangeKind.RESURRECT})

UNDOABLE = _CELLS | _ARRIVALS | {ChangeKind.DELETE}
"""Kinds of changes that an undo takes back; the others concern no value of the hub, or only the tool's own."""


@dataclass(frozen=True, slots=True)
class Undone:
    """The state after an undo; what follows is an ordinary run.

    Attributes:
        hub: Rows.
        tombstones: Deleted rows; rows whose insertion was undone are among them.
        changes: History of the undo, itself a run that can be undone.
        standing: Changes that were not undone because somebody has changed the value since.
    """

    hub: Rows
    tombstones: Rows
    changes: tuple[Change, ...]
    standing: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Former:
    """What stood in a table before a run undid another, for the case that it cannot be written after all.

    Attributes:
        rows: row → its cells, `None` where there was none; only rows that are different now.
        trash: row → its cells among the deleted rows, in the same way.
        proposed: What the tool had proposed.
    """

    rows: Mapping[RowId, Row | None]
    trash: Mapping[RowId, Row | None]
    proposed: Rows


def replaced(before: Rows, after: Rows) -> dict[RowId, Row | None]:
    """Give the rows that are different now, as they were before; `None` for those that were not there."""
    return {row: before.get(row) for row in {**before, **after} if before.get(row) != after.get(row)}


def invert(changes: Sequence[Change], hub: Rows, tombstones: Rows) -> Undone:
    """Undo the changes of one run, the last first.

    Args:
        changes: The history of that run, in order; for rows it inserted also what the tool has computed in
            them since, so that a row counts as untouched where only the tool wrote into it.
        hub: The rows now.
        tombstones: Deleted rows now.

    Returns:
        The state after it. A value is put back only where the one the run wrote still stands; a row it
        inserted goes only where it is still what was inserted; a row it deleted comes back unless it is
        there.
    """
    by_row: dict[RowId, list[Change]] = {}
    for change in changes:
        by_row.setdefault(change.row, []).append(change)
    work = _Undo({row: dict(hub[row]) for row in by_row if row in hub}, hub, tombstones)
    arrived = {change.row for change in changes if change.kind in _ARRIVALS and not change.column}
    deleted = {change.row for change in changes if change.kind is ChangeKind.DELETE and not change.column}
    for row in sorted(deleted):
        work.bring_back(row, by_row[row])
    for row in sorted(arrived):
        work.take_out(row, by_row[row])
    whole = arrived | deleted
    for change in reversed(_one_version(changes)):
        if change.row not in whole and change.column and change.kind in _CELLS:
            work.put_back(change)
    return work.result()


def _one_version(changes: Iterable[Change]) -> list[Change]:
    """Let a decision between more than two versions bring back one of those given up: the best by rank."""
    found: list[Change] = []
    decided: set[tuple[RowId, str]] = set()
    for change in changes:
        if change.kind is ChangeKind.RESOLVE:
            if (change.row, change.column) in decided:
                continue
            decided.add((change.row, change.column))
        found.append(change)
    return found


class _Undo:
    """The rows concerned while a run is undone."""

    def __init__(self, rows: dict[RowId, dict[str, Value]], hub: Rows, tombstones: Rows) -> None:
        """Begin with what stands now."""
        self.rows: dict[RowId, dict[str, Value] | None] = dict(rows)
        self.hub = hub
        self.tombstones: dict[RowId, Row] = dict(tombstones)
        self.changes: list[Change] = []
        self.standing: list[Change] = []

    def put_back(self, change: Change) -> None:
        """Put a value back where the one that replaced it still stands; where it is back already, all is well."""
        cells = self.rows.get(change.row)
        present = None if cells is None else cells.get(change.column)
        if cells is None or not (unchanged(present, change.after) or unchanged(present, change.before)):
            self.standing.append(change)
        elif not unchanged(present, change.before):
            set_cell(cells, change.column, change.before)
            self._note(change.row, change.column, change.after, change.before)

    def bring_back(self, row: RowId, changes: Sequence[Change]) -> None:
        """Bring a deleted row back."""
        if self.rows.get(row) is not None or row not in self.tombstones:
            self.standing += changes
            return
        cells = dict(self.tombstones.pop(row))
        self.rows[row] = cells
        self._note(row, "", None, None, ChangeKind.RESURRECT)
        for key, value in cells.items():
            self._note(row, key, None, value)

    def take_out(self, row: RowId, changes: Sequence[Change]) -> None:
        """Move an inserted row to the trash, unless somebody has written into it since."""
        inserted: dict[str, Value] = {}
        for change in changes:
            if change.column and change.kind in _CELLS | _ARRIVALS | {ChangeKind.TOOL}:
                set_cell(inserted, change.column, change.after)
        cells = self.rows.get(row)
        if cells is None or cells != inserted:
            self.standing += changes
            return
        self.tombstones[row] = cells
        self.rows[row] = None
        self._note(row, "", None, None, ChangeKind.DELETE)
        for key, value in cells.items():
            self._note(row, key, value, None, ChangeKind.DELETE)

    def result(self) -> Undone:
        """Put the new state together."""
        rows: dict[RowId, Row] = dict(self.hub)
        for row, cells in self.rows.items():
            if cells is None:
                rows.pop(row, None)
            else:
                rows[row] = cells
        return Undone(rows, self.tombstones, tuple(self.changes), tuple(self.standing))

    def _note(self, row: RowId, column: str, before: Value, after: Value, kind: ChangeKind = ChangeKind.UNDO) -> None:
        """Add a line of history."""
        self.changes.append(Change(row, column, before, after, "", kind))
