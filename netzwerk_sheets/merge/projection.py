"""What a replica should show, what must be written there for it, and what is agreed once it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Formula, Value, shown
from netzwerk_sheets.merge.engine import contested
from netzwerk_sheets.merge.ids import order
from netzwerk_sheets.merge.outcome import Change, ChangeKind, Insert, MergeResult, Op, Put, Remove
from netzwerk_sheets.merge.rows import Health, Row, RowId, Rows, Snapshot
from netzwerk_sheets.merge.schema import ID, Column, Owner, TableSchema
from netzwerk_sheets.merge.values import same_look

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


def project(result: MergeResult, snapshot: Snapshot, schema: TableSchema) -> Rows:
    """Say what a replica should show.

    Cells people disagree about keep what stands there, and so do cells that show an error and formulas whose
    result the hub has. A row that no longer belongs to the tab stays while the tab holds a version of its own
    in it.

    Returns:
        The rows in the replica's order, new ones behind by id. For a replica that took no part in the merge,
        or a table that was held back, what it shows now.
    """
    if result.held or snapshot.replica not in result.readable or snapshot.health is not Health.OK:
        return snapshot.rows
    own_cells, kept = _own(result, snapshot.replica), result.kept.get(snapshot.replica, {})
    columns = [c for c in schema.columns if c.key in snapshot.columns and c.key not in result.dropped]
    base = result.bases.get(snapshot.replica, {})
    wanted: dict[RowId, Row] = {}
    for row, seen in snapshot.rows.items():
        hub = result.hub.get(row)
        if hub is None or not (row in kept or _shows(snapshot, row, hub)):
            continue
        own = own_cells.get(row, ())
        wanted[row] = (
            seen
            if (hub is seen or hub == seen) and not own
            else _row(hub, seen, base.get(row, {}), own=own, columns=columns, schema=schema)
        )
    for row in sorted(result.hub.keys() - snapshot.rows.keys() - set(snapshot.proposals.values()), key=order):
        if _shows(snapshot, row, result.hub[row]):
            wanted[row] = _new_row(result.hub[row], columns)
    return wanted


def _own(result: MergeResult, replica: str) -> Mapping[RowId, Collection[str]]:
    """Give the cells that are not written: row → columns."""
    own = {row: set(columns) for row, columns in contested(result).items()}
    for name, row, column in result.unread:
        if name == replica:
            own.setdefault(row, set()).add(column)
    return own


def _shows(snapshot: Snapshot, row: RowId, hub: Row) -> bool:
    """Say whether a row belongs into a replica's tab."""
    return snapshot.part is None or snapshot.part.contains(row, hub)


def _row(
    hub: Row, seen: Row, base: Row, *, own: Collection[str], columns: Sequence[Column], schema: TableSchema
) -> Row:
    """Give a row as it should stand where it stands already; cells that need no writing stay as they are."""
    wanted = dict(seen)
    for column in columns:
        key = column.key
        value, present = hub.get(key), seen.get(key)
        stays = key in own and column.owner is not Owner.TOOL
        if stays or value == present or same_look(value, present, column, schema):
            continue
        if isinstance(present, Formula) and same_look(value, base.get(key), column, schema):
            continue  # the formula merely shows a new result; the hub has not moved
        if value is None:
            wanted.pop(key, None)
        else:
            wanted[key] = value
    return wanted


def _new_row(hub: Row, columns: Iterable[Column]) -> Row:
    """Give a row as it should stand where it is new."""
    return {column.key: value for column in columns if (value := hub.get(column.key)) is not None}


def diff(projected: Rows, snapshot: Snapshot) -> list[Op]:
    """Say what must be written so that a replica shows what it should; nothing where it does already."""
    ops: list[Op] = []
    for row, wanted in projected.items():
        seen = snapshot.rows.get(row)
        if seen is None:
            ops.append(Insert(row, wanted))
        elif seen is not wanted:
            ops += _puts(row, seen, wanted)
    if snapshot.health is Health.OK and projected is not snapshot.rows:
        ops += [Put(row, ID, shown_id, row) for row, shown_id in snapshot.shown_ids.items() if row in projected]
    for row, seen in snapshot.rows.items():
        if row not in projected:
            ops.append(Remove(row, seen, snapshot.private.get(row, {})))
    return ops


def _puts(row: RowId, seen: Row, wanted: Row) -> Iterable[Put]:
    """Give the cells of a row that must be written."""
    for key in dict.fromkeys((*seen, *wanted)):
        old, new = seen.get(key), wanted.get(key)
        if old != new or isinstance(old, bool) != isinstance(new, bool):
            yield Put(row, key, old, new)


def confirm(bases: Mapping[str, Rows], replica: str, ops: Iterable[Op]) -> dict[str, Rows]:
    """Give what is agreed once these edits stand in the replica; pass only edits that were carried out.

    Journal the edits before they are written: if the run is killed after the write, this function applied to
    the journalled edits restores what is agreed.
    """
    rows: dict[RowId, Row] = dict(bases.get(replica, {}))
    for op in ops:
        if isinstance(op, Insert):
            rows[op.row] = op.cells
        elif isinstance(op, Remove):
            rows.pop(op.row, None)
        elif op.column != ID:
            cells: dict[str, Value] = {**rows.get(op.row, {}), op.column: op.new}
            rows[op.row] = {key: value for key, value in cells.items() if value is not None}
    return {**bases, replica: rows}


def losses(ops: Iterable[Op], replica: str) -> list[Change]:
    """Give the history of what edits take away that no hub holds: private cells and formulas of people."""
    found: list[Change] = []
    for op in ops:
        if isinstance(op, Remove):
            gone = {**{k: v for k, v in op.expected.items() if isinstance(v, Formula)}, **op.private}
            found += [Change(op.row, key, value, None, replica, ChangeKind.REMOVED) for key, value in gone.items()]
        elif isinstance(op, Put) and isinstance(op.expected, Formula):
            found.append(Change(op.row, op.column, op.expected, shown(op.new), replica, ChangeKind.FORMULA))
    return found
