"""Who was erased, and taking them out of everything the state remembers.

The record of a person holds prints only (see `netzwerk_sheets.analysis.traces`). It is written first, as unfinished;
so a run that is killed at any moment is carried on by the next one, from the record alone.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.analysis.traces import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from netzwerk_sheets.analysis.traces import Traces
    from netzwerk_sheets.state.store import Store

CONTACTS = "contacts"
DEPUTY = "deputy_of"
"""The column in which other contacts name the row."""

_TABLES = {
    "hub": ("tbl, row", "data"),
    "base": ("replica, tbl, row", "data"),
    "base_old": ("seq", "data"),
    "tombstone": ("tbl, row", "data"),
    "proposed": ("tbl, row", "data"),
}
"""Tables that hold rows: their key, and the column with the cells."""


def erased(store: Store) -> list[Record]:
    """Give the records of everybody who was erased."""
    found = store.ask("SELECT row, run, day, salt, prints, cells, lengths, unfinished FROM erased ORDER BY row")
    return [
        Record(
            row, run, day, salt, frozenset(json.loads(prints)), frozenset(json.loads(cells)),
            frozenset(json.loads(lengths)), bool(unfinished),
        )
        for row, run, day, salt, prints, cells, lengths, unfinished in found
    ]  # fmt: skip


def put_erased(store: Store, record: Record) -> None:
    """Store a record; part of a transaction. What an earlier record of the row knew is kept."""
    before = next((each for each in erased(store) if each.row == record.row and each.salt == record.salt), record)
    sets = (
        json.dumps(sorted(part))
        for part in (
            record.prints | before.prints, record.cells | before.cells, record.lengths | before.lengths,
        )
    )  # fmt: skip
    values = (record.row, record.run, record.day, record.salt, *sets, int(record.unfinished))
    store.write("INSERT OR REPLACE INTO erased VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [values])


def drop_erased(store: Store, record: Record, before: Record | None) -> None:
    """Forget a record whose erasure did not begin, in favour of an earlier one; part of a transaction."""
    store.write("DELETE FROM erased WHERE row = ?", [(record.row,)])
    store.write("DELETE FROM change WHERE run = ? AND kind = 'erase'", [(record.run,)])
    if before is not None:
        put_erased(store, before)


def finish_erased(store: Store, rows: Collection[str]) -> None:
    """Note down that erasures ended; part of a transaction."""
    store.write("UPDATE erased SET unfinished = 0 WHERE row = ?", [(row,) for row in rows])


def salt_of(store: Store) -> str:
    """Give the salt of earlier records, or a new one."""
    return next((each.salt for each in erased(store)), "") or secrets.token_hex(16)


def texts_of(store: Store, row: str) -> Iterator[tuple[str, object]]:
    """Give (column, value) of everything that was ever known of a contact, in no order."""
    for table in ("hub", "base", "base_old", "tombstone", "proposed"):
        query = f"SELECT data FROM {table} WHERE tbl = ? AND row = ? AND data IS NOT NULL"  # noqa: S608 - fixed words
        for (data,) in store.ask(query, CONTACTS, row):
            yield from json.loads(data).items()
    for column, *values in store.ask("SELECT col, before, after FROM change WHERE tbl = ? AND row = ?", CONTACTS, row):
        for value in values:
            yield column, json.loads(value)
    for (data,) in store.ask("SELECT data FROM pending"):
        for _, table, rows in json.loads(data)["bases"]:
            if table == CONTACTS:
                yield from rows.get(row, {}).items()


def forget(store: Store, rows: Collection[str], traces: Traces) -> dict[str, int]:
    """Take people out of everything the state remembers; part of a transaction.

    Args:
        store: The state.
        rows: Ids of their rows.
        traces: Finds them in texts.

    Returns:
        Table of the state → how many of its rows were deleted or differ.
    """
    count: dict[str, int] = {}
    for table, (key, column) in _TABLES.items():
        count[table] = _delete(store, table, rows) + _clean_rows(store, table, key, column, rows, traces)
    count["change"] = _delete(store, "change", rows) + _clean_changes(store, traces)
    count["shown"] = _clean(store, "shown", "tab", "data", lambda tab, text: _shown(tab, text, rows, traces))
    count["pending"] = _clean(store, "pending", "book", "data", lambda _, text: _pending(text, rows, traces))
    # What writes stood on goes whole: no row of it can be told, and what is settled needs it no more.
    count["sent"] = sum(_any(text, traces.clean) != text for (text,) in store.ask("SELECT data FROM sent"))
    store.write("DELETE FROM sent WHERE 1 = ?", [(1,)])
    count["meta"] = _clean(store, "meta", "key", "value", lambda _, text: _any(text, traces.clean))
    return {table: number for table, number in count.items() if number}


def _delete(store: Store, table: str, rows: Collection[str]) -> int:
    where = f"FROM {table} WHERE tbl = ? AND row = ?"
    if table == "change":
        where += " AND kind <> 'erase'"
    number = sum(int(store.ask(f"SELECT COUNT(*) {where}", CONTACTS, row)[0][0]) for row in rows)
    store.write(f"DELETE {where}", [(CONTACTS, row) for row in rows])
    return number


def _clean_rows(store: Store, table: str, key: str, column: str, rows: Collection[str], traces: Traces) -> int:
    query = f"SELECT {key}, tbl, {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - fixed words
    changed = []
    for *keys, tbl, data in store.ask(query):
        cells = json.loads(data)
        after = _walked(cells, traces.clean)
        if tbl == CONTACTS and after.get(DEPUTY) in rows:
            del after[DEPUTY]
        if after != cells:
            changed.append((json.dumps(after, ensure_ascii=False), *keys))
    where = " AND ".join(f"{name} = ?" for name in key.split(", "))
    store.write(f"UPDATE {table} SET {column} = ? WHERE {where}", changed)  # noqa: S608 - fixed words
    return len(changed)


def _clean_changes(store: Store, traces: Traces) -> int:
    changed = []
    for number, before, after in store.ask("SELECT seq, before, after FROM change"):
        cleaned = (_any(before, traces.clean), _any(after, traces.clean))
        if cleaned != (before, after):
            changed.append((*cleaned, number))
    store.write("UPDATE change SET before = ?, after = ? WHERE seq = ?", changed)
    return len(changed)


def _clean(store: Store, table: str, key: str, column: str, change: Callable[[str, str], str]) -> int:
    changed = []
    for name, text in store.ask(f"SELECT {key}, {column} FROM {table}"):  # noqa: S608 - fixed words
        after = change(name, text)
        if after != text:
            changed.append((after, name))
    store.write(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", changed)  # noqa: S608 - fixed words
    return len(changed)


def _any(text: str, clean: Callable[[str], str]) -> str:
    """Clean a text that may be JSON; one in which nothing changes keeps its spelling."""
    try:
        before = json.loads(text)
    except ValueError:
        return clean(text)
    if isinstance(before, int | float | bool) or before is None:
        return text
    after = _walked(before, clean)
    return text if after == before else json.dumps(after, ensure_ascii=False)


def _walked(value: Any, clean: Callable[[str], str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_walked(each, clean) for each in value]
    if isinstance(value, dict):
        return {clean(key): _walked(each, clean) for key, each in value.items()}
    if isinstance(value, int) and not isinstance(value, bool):
        return value if clean(str(value)) == str(value) else clean(str(value))
    return value


def _shown(tab: str, text: str, rows: Collection[str], traces: Traces) -> str:
    """Clean what the tool showed; on the tab of conflicts whole cells of the people go, too."""
    cleaned = _any(text, traces.clean)
    if tab.partition("@")[0] != "conflicts" or not text:
        return cleaned
    data = json.loads(cleaned)
    cells: dict[str, str] = data.get("cells", {})
    about = {key.partition(",")[0]: row for key, shown in cells.items() for row in rows if row in shown.split()}
    changed = {
        key: traces.gone
        for key, shown in cells.items()
        if (row := about.get(key.partition(",")[0])) and traces.is_whole(shown, row)
    }
    if not changed:
        return cleaned
    return json.dumps({**data, "cells": {**cells, **changed}}, ensure_ascii=False)


def _pending(text: str, rows: Collection[str], traces: Traces) -> str:
    """Clean a write under way: rows are nested in it, some of them as text."""
    data = json.loads(text)
    for _, table, found in data["bases"]:
        _drop(table, found, rows)
    for table, former in data.get("former", {}).items():
        for part in former.values():
            _drop(table, part, rows)
            for row, cells in part.items():
                part[row] = None if cells is None else _any(cells, traces.clean)
    data["shown"] = {tab: _shown(tab, each, rows, traces) for tab, each in data["shown"].items()}
    data["bases"] = [
        [replica, table, {row: _walked(cells, traces.clean) for row, cells in found.items()}]
        for replica, table, found in data["bases"]
    ]
    after = json.dumps(data, ensure_ascii=False)
    return text if json.loads(text) == data else after


def _drop(table: str, found: dict[str, Any], rows: Collection[str]) -> None:
    for row in rows if table == CONTACTS else ():
        found.pop(row, None)
