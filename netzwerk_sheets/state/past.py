"""What the history of a workbook's state tells people: which rows were deleted when, and what changed last."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from netzwerk_sheets.merge import Change, ChangeKind
from netzwerk_sheets.state.codec import decode

if TYPE_CHECKING:
    from netzwerk_sheets.state.store import Store

WHOLE = frozenset({ChangeKind.INSERT, ChangeKind.DELETE, ChangeKind.RESURRECT})
"""What happens to a row as a whole; people are told once, not cell by cell."""

FIRST = "first"
"""Reason of a change that is none: the row was there when its table was read for the first time."""


@dataclass(frozen=True, slots=True)
class Burial:
    """When and where a row was deleted.

    Attributes:
        run: Number of the run that took it in.
        day: The day of that run; `None` where nobody knows.
        source: Code of the tab; empty where nobody knows.
    """

    run: int
    day: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """One change as people are told of it.

    Attributes:
        number: Its place in the history, counted from 1.
        run: Number of the run.
        day: The day of the run; `None` where nobody knows.
        table: Code of the table, or of the tab for cells that belong to no table.
        others: For a deleted row that stays: codes of the tabs in which it was edited.
    """

    number: int
    run: int
    day: date | None
    table: str
    change: Change
    others: tuple[str, ...] = ()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def buried(store: Store) -> dict[tuple[str, str], Burial]:
    """Give (table, row) → when and where it was deleted, for all deleted rows."""
    found = store.select(
        "SELECT t.tbl, t.row, t.run, r.day, c.source FROM tombstone t LEFT JOIN run r ON r.run = t.run "
        "LEFT JOIN (SELECT run, tbl, row, MAX(source) AS source FROM change WHERE kind = 'delete' AND col = '' "
        "GROUP BY run, tbl, row) c ON c.run = t.run AND c.tbl = t.tbl AND c.row = t.row"
    )
    return {(tbl, row): Burial(run or 0, _day(day), source or "") for tbl, row, run, day, source in found}


def last_number(store: Store) -> int:
    """Give the place of the newest change."""
    return int(store.select("SELECT COALESCE(MAX(seq), 0) FROM change")[0][0])


def lines(store: Store, most: int, without: str) -> list[Line]:
    """Give the newest changes, newest first.

    Args:
        store: The state.
        most: At most so many.
        without: Code of the tab whose own cells are left out: it would tell of itself.
    """
    rows = store.select(
        "SELECT c.seq, c.run, r.day, c.tbl, c.row, c.col, c.before, c.after, c.source, c.kind, c.reason "
        "FROM change c LEFT JOIN run r ON r.run = c.run "
        "WHERE NOT (c.kind IN ('insert', 'delete', 'resurrect') AND c.col <> '') AND c.tbl <> ? AND c.reason <> ? "
        "ORDER BY c.seq DESC LIMIT ?",
        without,
        FIRST,
        most,
    )
    found = []
    for number, run, day, table, row, column, before, after, source, kind, reason in rows:
        change = Change(
            row, column, decode(json.loads(before)), decode(json.loads(after)), source, ChangeKind(kind), reason
        )
        found.append(Line(number, run, _day(day), table, change, _others(store, run, table, change)))
    return found


def _others(store: Store, run: int, table: str, change: Change) -> tuple[str, ...]:
    if change.kind is not ChangeKind.RESTORE:
        return ()
    rows = store.select(
        "SELECT DISTINCT source FROM change WHERE run = ? AND tbl = ? AND row = ? AND kind IN ('edit', 'merge')",
        run,
        table,
        change.row,
    )
    return tuple(sorted(source for (source,) in rows if source and source != change.source))
