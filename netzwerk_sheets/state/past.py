"""What the state remembers of earlier runs: what changed when, from what, and where it came from."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.merge import UNDOABLE, Change, ChangeKind
from netzwerk_sheets.state.codec import decode
from netzwerk_sheets.state.store import TAKEN_OVER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netzwerk_sheets.state.store import Store

UNDO = "undo "
"""How the reason of a change begins that takes another run back; the number of that run follows."""

WHOLE = frozenset({ChangeKind.INSERT, ChangeKind.DELETE, ChangeKind.RESURRECT})
"""What happens to a row as a whole; people are told once, not cell by cell."""

FIRST = "first"
"""Reason of a change that is none: the row was there when its table was read for the first time."""

_KINDS = ", ".join(sorted(f"'{kind.value}'" for kind in UNDOABLE))
_SELECT = (
    "SELECT change.run, run.day, tbl, row, col, before, after, source, kind, reason, seq "
    "FROM change LEFT JOIN run USING (run) "
)


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
    """One line of history.

    Attributes:
        run: Number of the run that saw the change.
        day: The day of that run; `None` where nobody knows.
        table: Code of the table, or of the tab where a computed cell was typed over.
        change: What changed.
        number: Its place in the history, counted from 1.
        others: For a deleted row that stays: codes of the tabs in which it was edited.
    """

    run: int
    day: date | None
    table: str
    change: Change
    number: int = 0
    others: tuple[str, ...] = ()


def lines(store: Store, *, run: int = 0, since: date | None = None) -> list[Line]:
    """Give the history of values, oldest first.

    Args:
        store: The state of a workbook.
        run: Only this run; 0 for all.
        since: Only runs of this day or later.
    """
    found = store.ask(
        f"{_SELECT} WHERE (? = 0 OR change.run = ?) AND (? = '' OR run.day >= ?) ORDER BY seq",
        run, run, *[since.isoformat() if since else ""] * 2,
    )  # fmt: skip
    return [_line(each) for each in found]


def newest(store: Store, most: int, without: str) -> list[Line]:
    """Give the changes that people are told of, newest first.

    Args:
        store: The state.
        most: At most so many.
        without: Code of the tab whose own cells are left out: it would tell of itself.
    """
    found = store.ask(
        f"{_SELECT} WHERE NOT (kind IN ('insert', 'delete', 'resurrect') AND col <> '') AND tbl <> ? "
        "AND tbl NOT LIKE ? AND reason <> ? AND kind <> 'contradict' ORDER BY seq DESC LIMIT ?",
        without, f"{without}@%", FIRST, most,
    )  # fmt: skip
    return [replace(line, others=_others(store, line)) for line in map(_line, found)]


def _line(parts: tuple[Any, ...]) -> Line:
    run, day, table, row, column, before, after, source, kind, reason, number = parts
    change = Change(
        row, column, decode(json.loads(before)), decode(json.loads(after)), source, ChangeKind(kind), reason
    )
    return Line(run, _day(day), table, change, number)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _others(store: Store, line: Line) -> tuple[str, ...]:
    if line.change.kind is not ChangeKind.RESTORE:
        return ()
    rows = store.ask(
        "SELECT DISTINCT source FROM change WHERE run = ? AND tbl = ? AND row = ? AND kind IN ('edit', 'merge')",
        line.run, line.table, line.change.row,
    )  # fmt: skip
    return tuple(sorted(source for (source,) in rows if source and source != line.change.source))


def buried(store: Store) -> dict[tuple[str, str], Burial]:
    """Give (table, row) → when and where it was deleted, for all deleted rows."""
    found = store.ask(
        "SELECT t.tbl, t.row, t.run, r.day, c.source FROM tombstone t LEFT JOIN run r ON r.run = t.run "
        "LEFT JOIN (SELECT run, tbl, row, MAX(source) AS source FROM change WHERE kind = 'delete' AND col = '' "
        "GROUP BY run, tbl, row) c ON c.run = t.run AND c.tbl = t.tbl AND c.row = t.row"
    )
    return {(tbl, row): Burial(run or 0, _day(day), source or "") for tbl, row, run, day, source in found}


def last_number(store: Store) -> int:
    """Give the place of the newest change."""
    return int(store.ask("SELECT COALESCE(MAX(seq), 0) FROM change")[0][0])


def last_run(store: Store) -> int:
    """Give the number of the last run in which a value of people changed; 0 where there is none."""
    query = f"SELECT COALESCE(MAX(run), 0) FROM change WHERE kind IN ({_KINDS}) AND reason <> ?"  # noqa: S608 - fixed
    return int(store.ask(query, FIRST)[0][0])


def taken_over(store: Store) -> str:
    """Say when the copy was made before lists were taken into use, where nothing of people changed since; or empty."""
    run, _, copy = store.meta(TAKEN_OVER).partition(" ")
    return copy if run and int(run) > last_run(store) else ""


def to_undo(store: Store, run: int) -> dict[str, tuple[Change, ...]]:
    """Give what an undo of a run takes back, table by table; empty where there is nothing.

    Of a run that was itself an undo only the undoing counts: what people had typed by then stays. For rows that
    the run inserted, what the tool has computed in them since belongs to it. Rows that stood there when their table
    was read for the first time are nobody's change: no undo takes them away.
    """
    every = lines(store, run=run)
    undoing = [line for line in every if line.change.reason.startswith(UNDO)]
    found = [line for line in undoing or every if line.change.kind in UNDOABLE and line.change.reason != FIRST]
    arrived = {
        (line.table, line.change.row)
        for line in found
        if line.change.kind in {ChangeKind.INSERT, ChangeKind.RESURRECT} and not line.change.column
    }
    return _by_table([*found, *_computed_since(store, run, arrived)])


def _computed_since(store: Store, run: int, arrived: set[tuple[str, str]]) -> list[Line]:
    if not arrived:
        return []
    return [
        line
        for line in lines(store)
        if line.run >= run and line.change.kind is ChangeKind.TOOL and (line.table, line.change.row) in arrived
    ]


def _by_table(found: Iterable[Line]) -> dict[str, tuple[Change, ...]]:
    tables: dict[str, list[Change]] = {}
    for line in found:
        tables.setdefault(line.table, []).append(line.change)
    return {table: tuple(changes) for table, changes in tables.items()}
