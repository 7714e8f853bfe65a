"""Rows as they were before an undo: they come back where the workbook could not be written.

An ordinary run may store what it merged before it writes, for merging again gives the same. An undo may not: called
once more, it would find its own work and take that back; and the next sync would carry it out unasked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netzwerk_sheets.merge import Former, Row
from netzwerk_sheets.state.codec import dump_row, load_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netzwerk_sheets.state.store import Store


def dump_former(former: Mapping[str, Former]) -> dict[str, Any]:
    """Write the rows down as plain data."""
    return {
        table: {"rows": _dump(each.rows), "trash": _dump(each.trash), "proposed": _dump(each.proposed)}
        for table, each in former.items()
    }


def load_former(data: Mapping[str, Any]) -> dict[str, Former]:
    """Read them back."""
    return {
        table: Former(_load(each["rows"]), _load(each["trash"]), _rows(each["proposed"]))
        for table, each in data.items()
    }


def _rows(rows: Mapping[str, str]) -> dict[str, Row]:
    return {row: load_row(text) for row, text in rows.items()}


def _dump(rows: Mapping[str, Row | None]) -> dict[str, str | None]:
    return {row: None if cells is None else dump_row(cells) for row, cells in rows.items()}


def _load(rows: Mapping[str, str | None]) -> dict[str, Row | None]:
    return {row: None if text is None else load_row(text) for row, text in rows.items()}


def take_back(store: Store, run: int, former: Mapping[str, Former]) -> None:
    """Let the rows be as they were and forget that the run undid anything; part of a transaction."""
    for table, before in former.items():
        old = store.read(table)
        store.write_hub(table, old.hub, _with(old.hub, before.rows))
        store.write_tombstones(table, old.tombstones, _with(old.tombstones, before.trash), None)
        store.put_proposed(table, before.proposed)
    if former:
        store.forget_undo(run)


def _with(rows: Mapping[str, Row], before: Mapping[str, Row | None]) -> dict[str, Row]:
    found = {row: cells for row, cells in rows.items() if before.get(row, cells) is not None}
    return {**found, **{row: cells for row, cells in before.items() if cells is not None}}
