"""Columns that come, go and change their headings."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from netzwerk_sheets.merge.cells import is_error, unchanged
from netzwerk_sheets.merge.deciding import Docket, seal
from netzwerk_sheets.merge.outcome import Change, ChangeKind, Conflict, ConflictKind, Side
from netzwerk_sheets.merge.values import canonical, same_look

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.merge.rowmerge import Draft
    from netzwerk_sheets.merge.rows import RowId, Snapshot, State
    from netzwerk_sheets.merge.schema import TableSchema

SAME_VALUES = 0.9
"""Share of equal values from which an unknown heading is a known column under a new name."""

_ENOUGH = 3  # fewer filled cells prove nothing about a column


def by_values(
    missing: Sequence[str],
    free: Sequence[int],
    values: Mapping[int, Sequence[Value]],
    known: Mapping[str, Sequence[Value]],
    schema: TableSchema,
) -> dict[str, int]:
    """Find renamed columns by what stands in them, where exactly one fits from either side.

    Args:
        missing: Columns whose heading is nowhere.
        free: Places of headings nobody knows.
        values: place → the column's values, one per row that the base knows (same rows as in `known`).
        known: column key → the values agreed for these rows.
        schema: The table.

    Returns:
        column key → its place.
    """
    fits = [
        (key, place)
        for key in missing
        for place in free
        if _share(values.get(place, ()), known.get(key, ()), key, schema) >= SAME_VALUES
    ]
    keys, places = Counter(key for key, _place in fits), Counter(place for _key, place in fits)
    return {key: place for key, place in fits if keys[key] == 1 and places[place] == 1}


def _share(values: Sequence[Value], known: Sequence[Value], key: str, schema: TableSchema) -> float:
    """Give the share of equal values among the rows where either holds one; 0 where there are too few."""
    column = schema.by_key[key]
    pairs = [
        (canonical(one, column, schema), canonical(other, column, schema))
        for one, other in zip(values, known, strict=False)
    ]
    filled = [(one, other) for one, other in pairs if one is not None or other is not None]
    if len(filled) < _ENOUGH:
        return 0.0
    return sum(1 for one, other in filled if one == other) / len(filled)


# --- columns given up -------------------------------------------------------------------------------------


def give_up(draft: Draft, snapshots: Sequence[Snapshot], state: State, docket: Docket) -> frozenset[str]:
    """Carry out the deletion of columns that people confirmed.

    A column into which somebody else has written meanwhile is not given up: every such cell is a conflict.

    Returns:
        The columns given up; their values are in the history.
    """
    gone: set[str] = set()
    for snapshot in snapshots:
        for key in sorted(docket.requests.dropped.get(snapshot.replica, ())):
            written = list(_written_elsewhere(key, snapshot, snapshots, state, docket.schema))
            if written:
                docket.conflicts += _column_conflicts(key, snapshot, written, docket)
            elif key in docket.schema.by_key and key not in gone:
                gone.add(key)
                _drop(key, snapshot, draft)
    return frozenset(gone)


def _written_elsewhere(
    key: str, dropper: Snapshot, snapshots: Sequence[Snapshot], state: State, schema: TableSchema
) -> Iterator[tuple[RowId, str, Value]]:
    """Give the cells of a column that the one who deleted it cannot have seen: row, replica, value."""
    column, seen = schema.by_key[key], set()
    for other in snapshots:
        if other.replica == dropper.replica or key not in other.columns:
            continue
        base = state.bases.get(other.replica, {})
        for row, cells in other.rows.items():
            value = cells.get(key)
            if not is_error(value) and not unchanged(base.get(row, {}).get(key), value):
                seen.add(row)
                yield row, other.replica, value
    base = state.bases.get(dropper.replica, {})
    for row, cells in state.hub.items():
        known = row in base and same_look(base[row].get(key), cells.get(key), column, schema)
        if row not in seen and not known and cells.get(key) is not None:
            yield row, "", cells[key]


def _column_conflicts(
    key: str, dropper: Snapshot, written: Sequence[tuple[RowId, str, Value]], docket: Docket
) -> Iterator[Conflict]:
    """Give one conflict per cell that somebody wrote into a column that somebody else deleted."""
    for row, replica, value in written:
        sides = (Side(replica, value), Side(dropper.replica, None))
        yield Conflict(
            id=docket.name((row, key, ConflictKind.COLUMN.value)),
            row=row,
            column=key,
            kind=ConflictKind.COLUMN,
            base=None,
            sides=sides,
            digest=seal(row, key, ConflictKind.COLUMN, sides),
        )


def _drop(key: str, dropper: Snapshot, draft: Draft) -> None:
    """Take a column out of the hub and out of what is agreed with the one who deleted it."""
    for row, cells in draft.hub.items():
        if cells.get(key) is not None:
            draft.changes.append(Change(row, key, cells[key], None, dropper.replica, ChangeKind.DROP))
            draft.hub[row] = {name: value for name, value in cells.items() if name != key}
    base = draft.bases[dropper.replica]
    for row, cells in list(base.items()):
        if key in cells:
            base[row] = {name: value for name, value in cells.items() if name != key}
