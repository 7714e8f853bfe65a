"""Take a run back: after merging, before anything is computed, so that everything follows from the old values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from netzwerk_sheets.merge import Former, invert, replaced
from netzwerk_sheets.state.past import UNDO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from netzwerk_sheets.merge import Change, MergeResult, Rows
    from netzwerk_sheets.sync.order import Undoing
    from netzwerk_sheets.sync.tables import Merged


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an undo left, and what it began with.

    Attributes:
        standing: (table, change) that stay, because people changed the value since or disagree about it.
        merged: Table code → as merged, before anything was taken back; empty where nothing was to be undone.
    """

    standing: tuple[tuple[str, Change], ...] = ()
    merged: Mapping[str, Merged] = field(default_factory=dict)

    def former(
        self, hubs: Mapping[str, Rows], tombstones: Mapping[str, Rows], proposed: Callable[[str], Rows]
    ) -> dict[str, Former]:
        """Note down what comes back if the undo cannot be written: rows, deleted rows, what the tool had proposed.

        Args:
            hubs: The rows in the end; tasks that the undo called for are among them.
            tombstones: The deleted rows in the end.
            proposed: Table code → what the tool proposed before.
        """
        return {
            code: Former(
                replaced(table.result.hub, hubs[code]),
                replaced(table.result.tombstones, tombstones.get(code, table.result.tombstones)),
                proposed(code),
            )
            for code, table in self.merged.items()
        }


def undo_in(tables: Mapping[str, Merged], undoing: Undoing | None) -> tuple[dict[str, Merged], Outcome]:
    """Take back what a run changed, as far as it still stands.

    Args:
        tables: Table code → as merged.
        undoing: The run; `None` for a pass that undoes nothing.

    Returns:
        The tables, and what stayed. Tables that were held back, or that stand in no tab, stay as they are.
    """
    if undoing is None:
        return dict(tables), Outcome()
    found, standing = dict(tables), []
    for code, changes in undoing.changes.items():
        table = tables.get(code)
        if table is None or table.result.held:
            standing += [(code, change) for change in changes]
            continue
        result, left = _undo(table.result, changes, f"{UNDO}{undoing.run}")
        standing += [(code, change) for change in left]
        found[code] = replace(table, result=result)
    return found, Outcome(tuple(standing), tables)


def _undo(result: MergeResult, changes: Sequence[Change], reason: str) -> tuple[MergeResult, Sequence[Change]]:
    rows, cells = _open(result)
    whole = {change.row for change in changes if not change.column} & (rows | {row for row, _ in cells})
    bound = [change.row in rows or change.row in whole or (change.row, change.column) in cells for change in changes]
    free = [change for change, stays in zip(changes, bound, strict=True) if not stays]
    done = invert(free, result.hub, result.tombstones)
    left = [*done.standing, *(change for change, stays in zip(changes, bound, strict=True) if stays)]
    if not done.changes:
        return result, left
    history = tuple(replace(change, reason=reason) for change in done.changes)
    return replace(result, hub=done.hub, tombstones=done.tombstones, changes=(*result.changes, *history)), left


def _open(result: MergeResult) -> tuple[set[str], set[tuple[str, str]]]:
    """Give the rows and the cells about which people have to decide something first; they are left alone."""
    cells = {(conflict.row, conflict.column) for conflict in result.conflicts}
    cells |= {(row, column) for _, row, column in result.unread}
    return {row for pairs in result.proposals.values() for pair in pairs.items() for row in pair}, cells
