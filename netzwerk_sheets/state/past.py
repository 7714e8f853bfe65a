"""What the state remembers of earlier runs: which value changed when, from what, and where it came from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from netzwerk_sheets.merge import UNDOABLE, Change, ChangeKind
from netzwerk_sheets.state.codec import decode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netzwerk_sheets.state.store import Store

UNDO = "undo "
"""How the reason of a change begins that takes another run back; the number of that run follows."""

_KINDS = ", ".join(sorted(f"'{kind.value}'" for kind in UNDOABLE))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of history.

    Attributes:
        run: Number of the run that saw the change.
        day: The day of that run.
        table: Code of the table, or of the tab where a computed cell was typed over.
        change: What changed.
    """

    run: int
    day: date
    table: str
    change: Change


def lines(store: Store, *, run: int = 0, since: date | None = None) -> list[Line]:
    """Give the history of values, oldest first.

    Args:
        store: The state of a workbook.
        run: Only this run; 0 for all.
        since: Only runs of this day or later.
    """
    found = store.ask(
        "SELECT change.run, COALESCE(run.day, ''), tbl, row, col, before, after, source, kind, reason "
        "FROM change LEFT JOIN run USING (run) "
        "WHERE (? = 0 OR change.run = ?) AND (? = '' OR run.day >= ?) ORDER BY seq",
        run, run, *[since.isoformat() if since else ""] * 2,
    )  # fmt: skip
    return [Line(each[0], date.fromisoformat(each[1] or "1970-01-01"), each[2], _change(each[3:])) for each in found]


def _change(parts: tuple[str, ...]) -> Change:
    row, column, before, after, source, kind, reason = parts
    return Change(row, column, decode(json.loads(before)), decode(json.loads(after)), source, ChangeKind(kind), reason)


def last_run(store: Store) -> int:
    """Give the number of the last run in which a value of people changed; 0 where there is none."""
    query = f"SELECT COALESCE(MAX(run), 0) FROM change WHERE kind IN ({_KINDS})"  # noqa: S608 - fixed words
    return int(store.ask(query)[0][0])


def to_undo(store: Store, run: int) -> dict[str, tuple[Change, ...]]:
    """Give what an undo of a run takes back, table by table; empty where there is nothing.

    Of a run that was itself an undo only the undoing counts: what people had typed by then stays. For rows that
    the run inserted, what the tool has computed in them since belongs to it.
    """
    every = lines(store, run=run)
    undoing = [line for line in every if line.change.reason.startswith(UNDO)]
    found = [line for line in undoing or every if line.change.kind in UNDOABLE]
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
