"""The database in which the state of one workbook lies: opened, brought up to date, changed as a whole, copied.

SQLite with a write-ahead log and full synchronisation: every transaction stands or does not. The folder is the user's
alone (0700) and so is the file (0600); it may hold personal data.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.errors import AccessDenied, DiskFull, StateDamaged, StateLocked
from netzwerk_sheets.state.folder import named, prepare_folder, state_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SCHEMA_VERSION = 4

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
CREATE TABLE pending(book TEXT PRIMARY KEY, run INTEGER, data TEXT) WITHOUT ROWID;
CREATE TABLE base_old(seq INTEGER PRIMARY KEY, run INTEGER, replica TEXT, tbl TEXT, row TEXT, data TEXT);
CREATE TABLE erased(row TEXT PRIMARY KEY, run INTEGER, day TEXT, salt TEXT, prints TEXT, cells TEXT, lengths TEXT,
                    unfinished INTEGER) WITHOUT ROWID;
CREATE TABLE sent(book TEXT, marker TEXT, data TEXT, PRIMARY KEY(book, marker)) WITHOUT ROWID;
"""
_SECOND = """
CREATE TABLE waiting(book TEXT PRIMARY KEY, run INTEGER, data TEXT) WITHOUT ROWID;
INSERT INTO waiting SELECT '', run, data FROM pending;
DROP TABLE pending;
ALTER TABLE waiting RENAME TO pending;
CREATE TABLE base_old(seq INTEGER PRIMARY KEY, run INTEGER, replica TEXT, tbl TEXT, row TEXT, data TEXT);
INSERT OR REPLACE INTO meta SELECT 'archived since', COALESCE(MAX(run), 0) FROM run;
"""
"""From the first version of the state to the second: several workbooks, and what was agreed in earlier runs."""

_THIRD = """
CREATE TABLE erased(row TEXT PRIMARY KEY, run INTEGER, day TEXT, salt TEXT, prints TEXT, cells TEXT, lengths TEXT,
                    unfinished INTEGER) WITHOUT ROWID;
"""
"""From the second to the third: who was erased."""

_FOURTH = "CREATE TABLE sent(book TEXT, marker TEXT, data TEXT, PRIMARY KEY(book, marker)) WITHOUT ROWID;"
"""From the third to the fourth: what a write at Google stood on."""

_STEPS = {0: _SCHEMA, 1: _SECOND + _THIRD + _FOURTH, 2: _THIRD + _FOURTH, 3: _FOURTH}
"""Version of a state → what makes it the present one."""


class Database:
    """The database of one workbook.

    Args:
        path: The file; made where it does not exist.
    """

    def __init__(self, path: Path) -> None:
        """Open or make the database.

        Raises:
            AccessDenied: The state folder cannot be used; nothing was written.
            DiskFull: There is no room.
        """
        prepare_folder(path.parent)
        self.path = path
        try:
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(path, isolation_level=None)
        except OSError as error:
            raise named(error, path.parent) from error
        except sqlite3.OperationalError as error:
            raise _sql(error, path.parent) from error
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")
            self._make()
        except sqlite3.OperationalError as error:
            self._db.close()
            raise _sql(error, path.parent) from error
        except BaseException:
            self._db.close()
            raise

    def _make(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version == SCHEMA_VERSION:
            return
        if version > SCHEMA_VERSION:
            raise AccessDenied("state-newer", folder=str(self.path.parent))
        with self.transaction():
            for statement in _STEPS[version].split(";"):
                if statement.strip():
                    self._db.execute(statement)
            if not version:
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
                self._forget()
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

    def _forget(self) -> None:
        """Forget what was read, because what is stored is no longer that."""

    def ask(self, query: str, *facts: object) -> list[tuple[Any, ...]]:
        """Give the rows of a query that only reads."""
        return self._db.execute(query, facts).fetchall()

    def write(self, query: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Carry a statement out for many rows; part of a transaction."""
        self._forget()
        self._db.executemany(query, rows)

    def compact(self) -> bool:
        """Let go of everything that was deleted, in the file and in the log beside it.

        Returns:
            Whether nothing of it is left; not where another process is reading just now.
        """
        try:
            self._db.execute("VACUUM")
            busy, *_ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            failed = _sql(error, self.path.parent)
            if isinstance(failed, StateLocked):
                return False
            raise failed from error
        return not busy

    def detach(self) -> None:
        """Let go of the file and go on with a copy in memory: for looking at what a change would lead to."""
        memory = sqlite3.connect(":memory:", isolation_level=None)
        self._db.backup(memory)
        self._db.close()
        self._db = memory

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


def damage_of(error: Exception, *likely: Path) -> StateDamaged | None:
    """Give the sentence for a state that its database cannot read: a disk or a cut-off copy spoilt it.

    Args:
        error: Whatever went wrong.
        likely: States that were in use; where one of several is damaged, it is named before others.
    """
    found = _damaged(likely) if isinstance(error, sqlite3.DatabaseError) else None
    return StateDamaged("state-damaged", file=str(found)) if found else None


def _damaged(likely: Iterable[Path]) -> Path | None:
    """Give the first state that cannot be read; `None` where each can. It reads them all, so only after a failure."""
    for path in (*filter(Path.exists, likely), *sorted((state_folder() / "networks").glob("*.sqlite"))):
        try:
            with closing(sqlite3.connect(path)) as database:
                if database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                    return path
        except sqlite3.DatabaseError:
            return path
    return None


def _sql(error: sqlite3.OperationalError, folder: Path) -> Exception:
    text = str(error)
    if "full" in text or "disk I/O" in text:
        return DiskFull("disk-full", folder=str(folder))
    if "locked" in text or "busy" in text:
        return StateLocked("state-locked", holder="", since="")
    return AccessDenied("state-denied", folder=str(folder))
