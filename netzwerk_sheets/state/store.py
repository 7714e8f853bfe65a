"""What was agreed before: one small database for each workbook, in the user's state folder.

It holds the merged rows, what was last agreed with every tab, deleted rows, the history of values and the run
that is under way.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.merge import Change, Row, Rows, State
from netzwerk_sheets.state.codec import dump_row, encode, load_row, load_rows
from netzwerk_sheets.state.database import Database
from netzwerk_sheets.state.former import take_back
from netzwerk_sheets.state.pending import Pending, dump_pending, load_pending

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

TAKEN_OVER = "taken-over"
"""Under this name it is remembered which run took lists into use where they stand, and when the copy was made."""
KEPT_GENERATIONS = 50
"""For so many runs back it is known what was agreed, so that an older copy of a workbook merges as what it is."""
_BASE = "SELECT row, data FROM base WHERE replica = ? AND tbl = ? ORDER BY place"
_REPLICAS = """
WITH RECURSIVE found(name) AS (
    SELECT MIN(replica) FROM base UNION ALL
    SELECT (SELECT MIN(replica) FROM base WHERE replica > name) FROM found WHERE name IS NOT NULL
), shows(name, tbl) AS (
    SELECT name, (SELECT MIN(tbl) FROM base WHERE replica = name) FROM found WHERE name IS NOT NULL UNION ALL
    SELECT name, (SELECT MIN(tbl) FROM base WHERE replica = name AND base.tbl > shows.tbl) FROM shows
    WHERE tbl IS NOT NULL
) SELECT tbl, name FROM shows WHERE tbl IS NOT NULL ORDER BY name
"""


class Store(Database):
    """The state of one workbook.

    Args:
        path: The database file; made where it does not exist.
    """

    def __init__(self, path: Path) -> None:
        """Open or make it; errors are those of `Database`."""
        self._known: dict[str, State] = {}
        self._replicas: dict[str, list[str]] | None = None
        self._shown: dict[str, str] = {}
        super().__init__(path)

    def next_run(self) -> int:
        """Give the number of the run that begins."""
        return int(self._db.execute("SELECT COALESCE(MAX(run), 0) + 1 FROM run").fetchone()[0])

    def put_run(self, run: int, day: date, version: str, status: str, cells: int) -> None:
        """Write down a run."""
        started = datetime.now().astimezone().isoformat(timespec="seconds")
        self._db.execute(
            "INSERT OR REPLACE INTO run VALUES (?, ?, ?, ?, ?, ?)",
            (run, day.isoformat(), started, version, status, cells),
        )

    # rows

    def read(self, table: str) -> State:
        """Give what was agreed about one table; it is read once and kept in step, and its rows are shared."""
        if table not in self._known:
            self._known[table] = self._read(table)
        return self._known[table]

    def _read(self, table: str) -> State:
        """Read one table. Nearly every row is the same in the hub and in every tab: each text is read back once."""
        hub = self._texts("SELECT row, data FROM hub WHERE tbl = ? ORDER BY place", table)
        trash = self._texts("SELECT row, data FROM tombstone WHERE tbl = ?", table)
        bases = {name: self._texts(_BASE, name, table) for name in self._replicas_of(table)}
        known = list(dict.fromkeys(chain(hub.values(), trash.values(), *map(dict.values, bases.values()))))
        rows = dict(zip(known, load_rows(known), strict=True))
        agreed = {
            name: {row: rows[text] for row, text in texts.items() if row} for name, texts in bases.items() if texts
        }
        questions = self.meta(f"questions {table}")
        return State(
            {row: rows[text] for row, text in hub.items()},
            agreed,
            {row: rows[text] for row, text in trash.items()},
            json.loads(questions) if questions else {},
        )

    def _replicas_of(self, table: str) -> list[str]:
        """Give the tabs with which anything was agreed; found step by step, for rows are many and tabs are few."""
        if self._replicas is None:
            self._replicas = {}
            for code, name in self._db.execute(_REPLICAS):
                self._replicas.setdefault(code, []).append(name)
        return self._replicas.get(table, [])

    def _forget(self) -> None:
        """Forget what was read, because what is stored is no longer that."""
        self._known.clear()
        self._replicas = None
        self._shown.clear()

    def _texts(self, query: str, *facts: str) -> dict[str, str]:
        """Give row → text."""
        return dict(self._db.execute(query, facts))

    def _rows(self, query: str, table: str) -> dict[str, Row]:
        texts = self._texts(query, table)
        return dict(zip(texts, load_rows(list(texts.values())), strict=True))

    def _know(self, table: str, **parts: Any) -> None:  # noqa: ANN401 - parts of a `State`
        """Keep what was read in step with what is written."""
        if table in self._known:
            self._known[table] = replace(self._known[table], **parts)

    def write_questions(self, table: str, questions: Mapping[str, Mapping[str, str]]) -> None:
        """Store the open questions whether two rows are the same: replica → new id → missing id."""
        plain = {replica: dict(pairs) for replica, pairs in questions.items() if pairs}
        self._know(table, proposals=plain)
        self.put_meta(f"questions {table}", json.dumps(plain) if plain else "")

    def write_hub(self, table: str, old: Rows, new: Rows) -> None:
        """Store the merged rows of a table, only what differs."""
        self._replace("hub", (table,), old, new)
        self._know(table, hub=dict(new))

    def write_base(self, replica: str, table: str, old: Rows | None, new: Rows, run: int) -> None:
        """Store what is agreed with one replica, only what differs; the empty row says that a base exists.

        What was agreed before this run is kept for `bases_at`.
        """
        if old is not None and old == new and list(old) == list(new):
            return
        self._replicas = None
        if old is None:
            self._db.execute("INSERT OR REPLACE INTO base VALUES (?, ?, '', -1, '{}')", (replica, table))
            changed = [""]
        else:
            changed = [row for row in {**old, **new} if old.get(row) != new.get(row)]
        old = old or {}
        self._db.executemany(
            "INSERT INTO base_old(run, replica, tbl, row, data) VALUES (?, ?, ?, ?, ?)",
            [(run, replica, table, row, dump_row(old[row]) if row in old else None) for row in changed],
        )
        self._replace("base", (replica, table), old, new)
        if table in self._known:
            self._know(table, bases={**self._known[table].bases, replica: dict(new)})

    def remembers(self, run: int) -> bool:
        """Say whether it is still known what was agreed after a run."""
        newest = self.next_run() - 1
        return max(int(self.meta("archived since") or 0), newest - KEPT_GENERATIONS) <= run <= newest

    def bases_at(self, table: str, book: str, run: int) -> dict[str, dict[str, Row]]:
        """Give what was agreed with the tabs of one workbook after an earlier run.

        Args:
            table: Code of the table.
            book: Code of the workbook; empty for the first.
            run: The run; see `remembers`.
        """
        bases = {name: dict(rows) for name, rows in self.read(table).bases.items() if name.partition("@")[2] == book}
        for replica, row, data in self._db.execute(
            "SELECT replica, row, data FROM base_old WHERE tbl = ? AND run > ? ORDER BY seq DESC", (table, run)
        ):
            if not row:
                bases.pop(replica, None)
            elif replica in bases:
                if data is None:
                    bases[replica].pop(row, None)
                else:
                    bases[replica][row] = load_row(data)
        return bases

    def forget_old(self) -> None:
        """Drop what was agreed longer ago than is kept."""
        self._db.execute("DELETE FROM base_old WHERE run <= ?", (self.next_run() - 1 - KEPT_GENERATIONS,))

    def _replace(self, into: str, keys: tuple[str, ...], old: Rows, new: Rows) -> None:
        if old == new and list(old) == list(new):
            return
        where = " AND ".join(f"{name} = ?" for name in ("replica", "tbl")[-len(keys) :])
        gone = [(*keys, row) for row in old if row not in new]
        self._db.executemany(f"DELETE FROM {into} WHERE {where} AND row = ?", gone)  # noqa: S608 - fixed words
        places = {row: place for place, row in enumerate(old)}
        marks = ", ".join("?" * (len(keys) + 3))
        self._db.executemany(
            f"INSERT OR REPLACE INTO {into} VALUES ({marks})",  # noqa: S608 - fixed words
            [
                (*keys, row, place, dump_row(cells))
                for place, (row, cells) in enumerate(new.items())
                if old.get(row) != cells or places.get(row) != place
            ],
        )

    def write_tombstones(self, table: str, old: Rows, new: Rows, run: int | None) -> None:
        """Store the deleted rows of a table.

        Args:
            table: Its code.
            old: As stored.
            new: As they shall be.
            run: The run that deleted what is new; `None` for rows that are put back: the history knows.
        """
        self._know(table, tombstones=dict(new))
        for row in old:
            if row not in new:
                self._db.execute("DELETE FROM tombstone WHERE tbl = ? AND row = ?", (table, row))
        for row, cells in new.items():
            if old.get(row) != cells:
                self._db.execute(
                    "INSERT OR REPLACE INTO tombstone VALUES (?, ?, ?, ?)",
                    (table, row, dump_row(cells), self._deleted_in(table, row) if run is None else run),
                )

    def _deleted_in(self, table: str, row: str) -> int | None:
        query = "SELECT MAX(run) FROM change WHERE tbl = ? AND row = ? AND kind = 'delete' AND col = ''"
        return self._db.execute(query, (table, row)).fetchone()[0]  # type: ignore[no-any-return]

    # counters, proposals, what was shown

    def counter(self, table: str) -> int:
        """Give the largest number ever given to a row of a table."""
        found = self._db.execute("SELECT last FROM counter WHERE tbl = ?", (table,)).fetchone()
        return int(found[0]) if found else 0

    def put_counter(self, table: str, last: int) -> None:
        """Remember the largest number."""
        self._db.execute("INSERT OR REPLACE INTO counter VALUES (?, ?)", (table, last))

    def proposed(self, table: str) -> Rows:
        """Give what the tool last proposed."""
        return self._rows("SELECT row, data FROM proposed WHERE tbl = ?", table)

    def put_proposed(self, table: str, rows: Rows) -> None:
        """Remember what the tool proposes now."""
        texts = {row: dump_row(cells) for row, cells in rows.items()}
        if texts == self._texts("SELECT row, data FROM proposed WHERE tbl = ?", table):
            return
        self._db.execute("DELETE FROM proposed WHERE tbl = ?", (table,))
        self._db.executemany(
            "INSERT INTO proposed VALUES (?, ?, ?)", [(table, row, text) for row, text in texts.items()]
        )

    def shown(self, tab: str) -> str:
        """Give what the tool last showed on one of its tabs, as the planner wrote it down."""
        if tab not in self._shown:
            found = self._db.execute("SELECT data FROM shown WHERE tab = ?", (tab,)).fetchone()
            self._shown[tab] = str(found[0]) if found else ""
        return self._shown[tab]

    def put_shown(self, shown: Mapping[str, str]) -> None:
        """Remember what the tool shows."""
        self._shown.update(shown)
        self._db.executemany("INSERT OR REPLACE INTO shown VALUES (?, ?)", list(shown.items()))

    def add_changes(self, run: int, table: str, changes: Iterable[Change]) -> None:
        """Append to the history of values."""
        self._db.executemany(
            "INSERT INTO change(run, tbl, row, col, before, after, source, kind, reason) VALUES (?,?,?,?,?,?,?,?,?)",
            [
                (
                    run, table, each.row, each.column,
                    json.dumps(encode(each.before), ensure_ascii=False),
                    json.dumps(encode(each.after), ensure_ascii=False),
                    each.source, each.kind.value, each.reason,
                )
                for each in changes
            ],
        )  # fmt: skip

    def forget_undo(self, run: int) -> None:
        """Take the changes out of the history with which a run began to undo another, and what followed from them."""
        self._db.execute("DELETE FROM change WHERE run = ? AND (reason LIKE 'undo %' OR kind = 'tool')", (run,))

    # the write under way
    def pending(self, book: str = "") -> Pending | None:
        """Give the write to a workbook that was begun and whose end is not known."""
        found = self._db.execute("SELECT run, data FROM pending WHERE book = ?", (book,)).fetchone()
        return None if found is None else load_pending(*found)

    def put_pending(self, pending: Pending, book: str = "") -> None:
        """Write down what will be agreed once the write took place; what stays as it is need not be."""
        shown = {tab: text for tab, text in pending.shown.items() if text != self.shown(tab)}
        self._db.execute(
            "INSERT OR REPLACE INTO pending VALUES (?, ?, ?)",
            (book, pending.run, dump_pending(replace(pending, shown=shown))),
        )

    def put_sent(self, book: str, marker: str, data: str) -> None:
        """Write down what a write stands on, before it is sent; it goes once the write is settled.

        Args:
            book: Code of the workbook.
            marker: What the write leaves there.
            data: As the backend spells it; it holds what the workbook holds.
        """
        self._db.execute("INSERT OR REPLACE INTO sent VALUES (?, ?, ?)", (book, marker, data))

    def sent(self, book: str, marker: str) -> str:
        """Give what was written down for the write that left this marker, or empty."""
        found = self._db.execute("SELECT data FROM sent WHERE book = ? AND marker = ?", (book, marker)).fetchone()
        return str(found[0]) if found else ""

    def generation(self, book: str = "") -> str:
        """Give the number of the run that last wrote a workbook; empty where none did."""
        return self.meta(f"generation {book}".strip())

    def let_go(self, book: str = "") -> None:
        """Take it that people put another content in the place of the workbook: what stands there now counts."""
        self.put_meta(f"generation {book}".strip(), "")
        self.put_meta(TAKEN_OVER, "")

    def written(self, book: str = "") -> str:
        """Give the revision of a workbook as the last run left it; empty where it is not known."""
        return self.meta(f"written {book}".strip())

    def settle(self, book: str = "", *, applied: bool, since: int = 0, written: str = "") -> None:
        """End the write to a workbook that is under way: take its bases over, or forget it.

        Args:
            book: Code of the workbook.
            applied: Whether it took place.
            since: Number of a run; a write that an earlier one began is left alone.
            written: Revision of the workbook as it was left, where that is known.
        """
        pending = self.pending(book)
        if pending is None or pending.run < since:
            return
        with self.transaction():
            if applied:
                for (replica, table), rows in pending.bases.items():
                    old = self.read(table).bases.get(replica)
                    self.write_base(replica, table, old, rows, pending.run)
                self.put_shown(pending.shown)
                self.put_meta(f"generation {book}".strip(), str(pending.run))
                self.put_meta(f"written {book}".strip(), written)
            else:
                take_back(self, pending.run, pending.former)
            self._db.execute("DELETE FROM pending WHERE book = ?", (book,))
            self._db.execute("DELETE FROM sent WHERE book = ?", (book,))
            self._db.execute("UPDATE run SET status = ? WHERE run = ?", ("done" if applied else "dropped", pending.run))
