"""What was agreed before: one small database for each workbook, in the user's state folder.

It holds the merged rows, what was last agreed with every tab, deleted rows, the history of values and the run
that is under way. SQLite with a write-ahead log and full synchronisation: every transaction stands or does not.
The folder is the user's alone (0700) and so are the files (0600); it may hold personal data.
"""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import AccessDenied, DiskFull, StateLocked
from netzwerk_sheets.merge import Change, Row, Rows, State
from netzwerk_sheets.state.codec import decode, dump_row, encode, load_rows
from netzwerk_sheets.state.folder import named, prepare_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

SCHEMA_VERSION = 1
DENIED = "state-denied"

_SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE run(run INTEGER PRIMARY KEY, day TEXT, started TEXT, version TEXT, status TEXT, cells INTEGER);
CREATE TABLE hub(tbl TEXT, row TEXT, place INTEGER, data TEXT, PRIMARY KEY(tbl, row)) WITHOUT ROWID;
CREATE TABLE base(replica TEXT, tbl TEXT, row TEXT, place INTEGER, data TEXT,
                  PRIMARY KEY(replica, tbl, row)) WITHOUT ROWID;
CREATE TABLE tombstone(tbl TEXT, row TEXT, data TEXT, run INTEGER, PRIMARY KEY(tbl, row)) WITHOUT ROWID;
CREATE TABLE counter(tbl TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE proposed(tbl TEXT, row TEXT, data TEXT, PRIMARY KEY(tbl, row)) WITHOUT ROWID;
CREATE TABLE shown(tab TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE change(seq INTEGER PRIMARY KEY, run INTEGER, tbl TEXT, row TEXT, col TEXT,
                    before TEXT, after TEXT, source TEXT, kind TEXT, reason TEXT);
CREATE TABLE pending(one INTEGER PRIMARY KEY CHECK(one = 1), run INTEGER, data TEXT);
"""


# --- one workbook's state ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pending:
    """A write that was begun.

    Attributes:
        run: Its number; the marker in the workbook says whether it took place.
        bases: What is agreed if it did: (replica, table) → rows.
        shown: What the tool showed if it did: tab → text.
    """

    run: int
    bases: Mapping[tuple[str, str], Rows]
    shown: Mapping[str, str]


class Store:
    """The state of one workbook.

    Args:
        path: The database file; made where it does not exist.
    """

    def __init__(self, path: Path) -> None:
        """Open or make the database.

        Raises:
            AccessDenied: The state folder cannot be used; nothing was written.
            DiskFull: There is no room.
        """
        prepare_folder(path.parent)
        self.path = path
        self._known: dict[str, State] = {}
        try:
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")
            self._make()
        except OSError as error:
            raise named(error, path.parent) from error
        except sqlite3.OperationalError as error:
            raise _sql(error, path.parent) from error

    def _make(self) -> None:
        if self._db.execute("PRAGMA user_version").fetchone()[0] == 0:
            with self.transaction():
                for statement in _SCHEMA.split(";"):
                    if statement.strip():
                        self._db.execute(statement)
                self.put_meta("state", uuid.uuid4().hex[:16])
                self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do several things or none.

        Raises:
            DiskFull: There was no room; nothing of it stands.
            AccessDenied: The folder cannot be written; nothing of it stands.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._known.clear()
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            raise _sql(error, self.path.parent) from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def meta(self, key: str) -> str:
        """Give a remembered word, or empty."""
        found = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else ""

    def put_meta(self, key: str, value: str) -> None:
        """Remember a word."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

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
        hub = self._rows("SELECT row, data FROM hub WHERE tbl = ? ORDER BY place", table)
        bases: dict[str, dict[str, Row]] = {}
        found = self._db.execute(
            "SELECT replica, row, data FROM base WHERE tbl = ? ORDER BY replica, place", (table,)
        ).fetchall()
        for (replica, row, _), cells in zip(found, load_rows([data for *_, data in found]), strict=True):
            base = bases.setdefault(replica, {})
            if row:
                base[row] = cells
        questions = self.meta(f"questions {table}")
        trash = self._rows("SELECT row, data FROM tombstone WHERE tbl = ?", table)
        return State(hub, bases, trash, json.loads(questions) if questions else {})

    def _rows(self, query: str, table: str) -> dict[str, Row]:
        found = self._db.execute(query, (table,)).fetchall()
        return dict(zip([row for row, _ in found], load_rows([data for _, data in found]), strict=True))

    def write_questions(self, table: str, questions: Mapping[str, Mapping[str, str]]) -> None:
        """Store the open questions whether two rows are the same: replica → new id → missing id."""
        self._known.pop(table, None)
        plain = {replica: dict(pairs) for replica, pairs in questions.items() if pairs}
        self.put_meta(f"questions {table}", json.dumps(plain) if plain else "")

    def write_hub(self, table: str, old: Rows, new: Rows) -> None:
        """Store the merged rows of a table, only what differs."""
        self._replace("hub", (table,), old, new)
        if table in self._known:
            self._known[table] = replace(self._known[table], hub=dict(new))

    def write_base(self, replica: str, table: str, old: Rows | None, new: Rows) -> None:
        """Store what is agreed with one replica, only what differs; the empty row says that a base exists."""
        if old is None:
            self._db.execute("INSERT OR REPLACE INTO base VALUES (?, ?, '', -1, '{}')", (replica, table))
        self._replace("base", (replica, table), old or {}, new)
        if table in self._known:
            known = self._known[table]
            self._known[table] = replace(known, bases={**known.bases, replica: dict(new)})

    def _replace(self, into: str, keys: tuple[str, ...], old: Rows, new: Rows) -> None:
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

    def write_tombstones(self, table: str, old: Rows, new: Rows, run: int) -> None:
        """Store the deleted rows of a table."""
        self._known.pop(table, None)
        for row in old:
            if row not in new:
                self._db.execute("DELETE FROM tombstone WHERE tbl = ? AND row = ?", (table, row))
        for row, cells in new.items():
            if old.get(row) != cells:
                self._db.execute(
                    "INSERT OR REPLACE INTO tombstone VALUES (?, ?, ?, ?)", (table, row, dump_row(cells), run)
                )

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
        self._db.execute("DELETE FROM proposed WHERE tbl = ?", (table,))
        self._db.executemany(
            "INSERT INTO proposed VALUES (?, ?, ?)",
            [(table, row, dump_row(cells)) for row, cells in rows.items()],
        )

    def shown(self, tab: str) -> str:
        """Give what the tool last showed on one of its tabs, as the planner wrote it down."""
        found = self._db.execute("SELECT data FROM shown WHERE tab = ?", (tab,)).fetchone()
        return str(found[0]) if found else ""

    def put_shown(self, shown: Mapping[str, str]) -> None:
        """Remember what the tool shows."""
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

    # the write under way

    def pending(self) -> Pending | None:
        """Give the write that was begun and whose end is not known."""
        found = self._db.execute("SELECT run, data FROM pending").fetchone()
        if found is None:
            return None
        data = json.loads(found[1])
        bases = {
            (replica, table): {row: {key: decode(value) for key, value in cells.items()} for row, cells in rows.items()}
            for replica, table, rows in data["bases"]
        }
        return Pending(found[0], bases, data["shown"])

    def put_pending(self, pending: Pending) -> None:
        """Write down what will be agreed once the write took place."""
        data = {
            "bases": [
                (
                    replica,
                    table,
                    {row: {key: encode(value) for key, value in cells.items()} for row, cells in rows.items()},
                )
                for (replica, table), rows in pending.bases.items()
            ],
            "shown": pending.shown,
        }
        self._db.execute(
            "INSERT OR REPLACE INTO pending VALUES (1, ?, ?)",
            (pending.run, json.dumps(data, ensure_ascii=False)),
        )

    def settle(self, *, applied: bool) -> None:
        """End the write under way: take its bases over, or forget it."""
        pending = self.pending()
        if pending is None:
            return
        with self.transaction():
            if applied:
                for (replica, table), rows in pending.bases.items():
                    old = self.read(table).bases.get(replica)
                    self.write_base(replica, table, old, rows)
                self.put_shown(pending.shown)
                self.put_meta("generation", str(pending.run))
            self._db.execute("DELETE FROM pending")
            self._db.execute("UPDATE run SET status = ? WHERE run = ?", ("done" if applied else "dropped", pending.run))

    def copy_to(self, path: Path) -> None:
        """Copy everything into another database file, which then is the state of a copied workbook."""
        prepare_folder(path.parent)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        target = sqlite3.connect(path)
        with target:
            self._db.backup(target)
        target.execute("INSERT OR REPLACE INTO meta SELECT 'origin', value FROM meta WHERE key = 'state'")
        target.execute("UPDATE meta SET value = ? WHERE key = 'state'", (uuid.uuid4().hex[:16],))
        target.commit()
        target.close()


def _sql(error: sqlite3.OperationalError, folder: Path) -> Exception:
    text = str(error)
    if "full" in text or "disk I/O" in text:
        return DiskFull("disk-full", folder=str(folder))
    if "locked" in text or "busy" in text:
        return StateLocked("state-locked", holder="", since="")
    return AccessDenied(DENIED, folder=str(folder))
