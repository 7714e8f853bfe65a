"""Values the tool computes: some are its own, some it only proposes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import shown
from netzwerk_sheets.merge.cells import unchanged
from netzwerk_sheets.merge.outcome import Change, ChangeKind
from netzwerk_sheets.merge.rows import set_cell
from netzwerk_sheets.merge.schema import Column, Owner, TableSchema
from netzwerk_sheets.merge.values import canonical

if TYPE_CHECKING:
    from netzwerk_sheets.grid import Value
    from netzwerk_sheets.merge.rows import Row, RowId, Rows


@dataclass(frozen=True, slots=True)
class Computed:
    """The hub with computed values.

    Attributes:
        hub: Rows.
        proposed: What the tool last proposed, for the next run: row → column → value.
        changes: History.
    """

    hub: Rows
    proposed: Rows
    changes: tuple[Change, ...]


def propose(hub: Rows, wanted: Rows, proposed: Rows, schema: TableSchema) -> Computed:
    """Lay computed values into the hub.

    The tool's own columns get them always. Columns for which it only proposes get them while they are empty
    or still hold what it proposed last; what a person typed there stays.

    Args:
        hub: The merged rows.
        wanted: row → column → value; columns people own are left alone, rows not in the hub ignored.
        proposed: `Computed.proposed` of the last run.
        schema: The table.
    """
    rows: dict[RowId, Row] = dict(hub)
    memory: dict[RowId, Row] = {row: cells for row, cells in proposed.items() if row in hub}
    changes: list[Change] = []
    for row, values in wanted.items():
        if row not in hub:
            continue
        present = hub[row]
        cells: dict[str, Value] | None = None  # most rows stay as they are, so they are not copied
        for key, value in values.items():
            column, shows = schema.by_key[key], present.get(key)
            if not _may_write(column, shows, memory.get(row, {}).get(key), schema):
                continue
            if column.owner is Owner.PROPOSES:
                memory[row] = {**memory.get(row, {}), key: value}
            if not unchanged(shows, value):
                changes.append(Change(row, key, shows, value, "", ChangeKind.TOOL))
                cells = dict(present) if cells is None else cells
                set_cell(cells, key, value)
        if cells is not None and cells != present:
            rows[row] = cells
    return Computed(rows, memory, tuple(changes))


def _may_write(column: Column, present: Value, last: Value, schema: TableSchema) -> bool:
    """Say whether the tool may write a cell."""
    if column.owner is Owner.TOOL:
        return True
    if column.owner is Owner.HUMAN:
        return False
    plain = shown(present)
    if last is None and plain is not None and not isinstance(plain, str):
        return False  # what is no text is never empty
    meaning = canonical(present, column, schema)
    return meaning is None or (last is not None and meaning == canonical(last, column, schema))
