"""Deleted rows: which ones the tab of deleted rows shows, and bringing back those that people ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from netzwerk_sheets.merge import Change, ChangeKind
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.render.trash import Deleted, trash_sheet
from netzwerk_sheets.state.past import Burial
from netzwerk_sheets.sync.tables import is_merged
from netzwerk_sheets.sync.teams import HOME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from netzwerk_sheets.merge import Rows
    from netzwerk_sheets.sheets.render.frame import RowSheet
    from netzwerk_sheets.sync.builder import Builder
    from netzwerk_sheets.sync.order import Pass
    from netzwerk_sheets.sync.tables import Merged

CODE = "trash"


def bring_back(tables: Mapping[str, Merged], wanted: Collection[str]) -> dict[str, Merged]:
    """Take deleted rows into the hub again, whole and under their old id; tables that are held back wait.

    Args:
        tables: Table code → what merging made of it.
        wanted: Ids of the rows that people ask for.
    """
    found = dict(tables)
    for code, table in tables.items():
        result = table.result
        rows = {row: cells for row, cells in result.tombstones.items() if row in wanted and row not in result.hub}
        if not rows or result.held:
            continue
        changes = [Change(row, "", None, None, CODE, ChangeKind.RESURRECT) for row in rows]
        changes += [
            Change(row, key, None, value, CODE, ChangeKind.RESURRECT)
            for row, cells in rows.items()
            for key, value in cells.items()
        ]
        kept = {row: cells for row, cells in result.tombstones.items() if row not in rows}
        changed = replace(
            result, hub={**result.hub, **rows}, tombstones=kept, changes=(*result.changes, *changes)
        )  # fmt: skip
        found[code] = replace(table, result=changed)
    return found


def restored(done: Pass) -> list[tuple[str, str]]:
    """Give (table, row) of what `bring_back` brought back."""
    return [
        (code, change.row)
        for code, changes in done.changes.items()
        for change in changes
        if change.kind is ChangeKind.RESURRECT and change.source == CODE and not change.column
    ]


def sheet(builder: Builder, done: Pass, title: str) -> RowSheet:
    """Make the tab: deleted rows of every table, newest first, as long as the network keeps them there."""
    days = int(builder.settings.values["trash.days"])
    found = [each for each in _deleted(builder, done, days) if each.until is None or each.until >= builder.order.today]
    codes = list(schema.tables())
    found.sort(key=lambda each: (-each.run, codes.index(each.table), each.key))
    return trash_sheet(builder.words, found, days, title)


def _deleted(builder: Builder, done: Pass, days: int) -> Iterator[Deleted]:
    past = builder.memory.past
    known = past.buried()
    for code in filter(is_merged, schema.tables()):
        before, now = _tombstones(builder, code)
        sources = {
            change.row: change.source
            for change in done.changes.get(code, ())
            if change.kind is ChangeKind.DELETE and not change.column
        }
        for row, cells in now.items():
            burial = known.get((code, row))
            if burial is None or before.get(row) != cells:
                burial = Burial(past.run, builder.order.today, sources.get(row, ""))
            until = None if burial.day is None else burial.day + timedelta(days=days)
            home = str(cells.get(HOME) or "")
            yield Deleted(
                row, code, cells, burial.day, burial.run, builder.tab_of(burial.source), until,
                builder.tab_of(home) if home else "",
            )  # fmt: skip


def _tombstones(builder: Builder, code: str) -> tuple[Rows, Rows]:
    """Give a table's deleted rows before this run and after it."""
    table = builder.tables.get(code)
    if table is not None:
        return table.state.tombstones, table.result.tombstones
    kept = builder.memory.state_of(code)[0].tombstones
    return kept, kept
