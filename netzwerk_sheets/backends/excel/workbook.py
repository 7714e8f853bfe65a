"""An Excel workbook in a file: read once, written in one step.

What only writing needs is loaded where it is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel import guard
from netzwerk_sheets.backends.excel.fingerprint import digest
from netzwerk_sheets.backends.excel.telling import telling
from netzwerk_sheets.errors import AccessDenied, WorkbookChanged, WorkbookNotFound, WorkbookRefused
from netzwerk_sheets.grid import Left

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netzwerk_sheets.backends.excel.backups import Backup, BackupPlace
    from netzwerk_sheets.backends.excel.opened import Opened
    from netzwerk_sheets.backends.excel.save import Step
    from netzwerk_sheets.grid import Edit, Look, Snapshot, Trail


def _no_step(_name: str) -> None:
    """Do nothing between steps."""


class ExcelWorkbook:
    """One workbook in a file.

    Args:
        path: The file; symbolic links are followed when it is written.
        backups: Where a copy is laid before each write; `None` for no copies.
        step: Called after each durable step of a write; only tests use it.
    """

    def __init__(self, path: Path, *, backups: BackupPlace | None = None, step: Step = _no_step) -> None:
        self.path = Path(path)
        self._backups = backups
        self._step = step
        self._snapshot: Snapshot | None = None
        self._opened: Opened | None = None

    def back_up_to(self, place: BackupPlace) -> None:
        """Lay a copy here before each write from now on."""
        self._backups = place

    def read(self) -> Snapshot:
        """Read everything once.

        Raises:
            WorkbookNotFound: There is no such file.
            AccessDenied: It may not be read.
            WorkbookRefused: The content cannot be handled safely.
        """
        from netzwerk_sheets.backends.excel.opened import take_apart
        from netzwerk_sheets.backends.excel.reading import snapshot_of

        with telling(file=self.path.name):
            data = content_of(self.path)
            opened = take_apart(data)
            snapshot = snapshot_of(opened, digest(data))
        self._snapshot, self._opened = snapshot, opened
        return snapshot

    def roles(self, title: str) -> Mapping[tuple[int, int], str]:
        """Give (row, column) → name of the tool's own cell style, for the cells of one tab that follow one.

        They are those of the revision that was read, also where somebody saved the file since: then nothing that
        follows from them can be written. Where nothing was read they are those that the file has now.

        Raises:
            WorkbookRefused: There is no such tab, or the content cannot be handled safely.
        """
        from netzwerk_sheets.backends.excel.opened import take_apart
        from netzwerk_sheets.backends.excel.roles import read_roles

        with telling(file=self.path.name, tab=title):
            package, book, formats = self._opened or take_apart(content_of(self.path))
            sheet = book.sheet(title)
            return read_roles(package.read(sheet.part, keep=False), sheet.part, formats)

    def apply(self, edits: Sequence[Edit], *, expected: str, look: Look) -> str:
        """Carry out all edits at once and give the new revision; without edits nothing is written.

        Raises:
            WorkbookChanged: The file is no longer at the expected revision, or a cell holds something else than its
                edit expects; nothing was written.
            WorkbookInUse: Somebody has it open; nothing was written.
            WorkbookRefused: An edit cannot be carried out safely; nothing was written.
            WrongUse: An edit asks for what a workbook cannot hold; nothing was written.
            AccessDenied: It may not be written; nothing was written.
            DiskFull: There is no room; the old file stands as it was.
        """
        if not edits:
            return expected
        from netzwerk_sheets.backends.excel import save
        from netzwerk_sheets.backends.excel.change import changed_in
        from netzwerk_sheets.backends.excel.opened import take_apart

        path = self.path.resolve()
        save.check_free(path)
        data = content_of(path)
        if digest(data) != expected:
            raise WorkbookChanged("workbook-changed", file=path.name)
        snapshot = self._snapshot if self._snapshot and self._snapshot.revision == expected else None
        with telling(file=path.name):
            opened = self._opened if snapshot and self._opened else take_apart(data)
            data = opened.package.data  # the same bytes, held once
            content = changed_in(opened, edits, look, snapshot)
        if self._backups:
            self._keep(data, path, self._backups)
            self._step("backed-up")
        save.replace(path, content, expected, step=self._step)
        self._snapshot = self._opened = None
        return digest(content)

    def forget(self, edits: Sequence[Edit], trail: Trail, *, expected: str, look: Look) -> Left:
        """Carry out edits and take people out of everything else in the file, in one write; no copy is kept.

        Raises:
            NetzwerkError: See `apply`; nothing was written.
        """
        from netzwerk_sheets.backends.excel import save

        path = self.path.resolve()
        save.check_free(path)
        data = content_of(path)
        if digest(data) != expected:
            raise WorkbookChanged("workbook-changed", file=path.name)
        content, left = self.without(data, edits, trail, look)
        if content != data:
            save.replace(path, content, expected, step=self._step)
            self._snapshot = self._opened = None
        return left

    def traces(self, trail: Trail) -> list[tuple[str, str, str]]:
        """Say where people stand besides the cells: (kind of place, tab, cell).

        Raises:
            NetzwerkError: See `read`.
        """
        from netzwerk_sheets.backends.excel.scrub import found_in

        with telling(file=self.path.name):
            return found_in(content_of(self.path), trail)

    def without(self, data: bytes, edits: Sequence[Edit], trail: Trail, look: Look) -> tuple[bytes, Left]:
        """Give a file without people, and what could not be reached in it; nothing is written.

        Raises:
            WorkbookRefused: It cannot be changed safely.
        """
        from netzwerk_sheets.backends.excel.change import changed
        from netzwerk_sheets.backends.excel.scrub import scrubbed

        with telling(file=self.path.name):
            content = changed(data, edits, look) if edits else data
            found = scrubbed(content, trail)
        return found.content, Left(len(found.parts), found.left, unseen=found.unseen)

    @staticmethod
    def _keep(data: bytes, path: Path, place: BackupPlace) -> None:
        from netzwerk_sheets.backends.excel.backups import store

        store(data, path.suffix, place)

    def restore(self, copy: Backup, *, expected: str) -> str:
        """Put a copy back in the place of the workbook, which is itself copied first; gives the new revision.

        Args:
            copy: The copy.
            expected: Revision of the file that may be replaced; empty where the file is gone.

        Raises:
            WorkbookNotFound: The copy is gone; nothing was written.
            WorkbookChanged: The file is no longer at the expected revision; nothing was written.
            WorkbookInUse: Somebody has it open; nothing was written.
            AccessDenied: It may not be written; nothing was written.
            DiskFull: There is no room; the old file stands as it was.
        """
        from netzwerk_sheets.backends.excel import save

        content = content_of(copy.path)
        path = self.path.resolve()
        save.check_free(path)
        if expected:
            data = content_of(path)
            if digest(data) != expected:
                raise WorkbookChanged("workbook-changed", file=path.name)
            if self._backups:
                self._keep(data, path, self._backups)
            save.replace(path, content, expected, step=self._step)
        else:
            save.create(path, content, step=self._step)
        self._snapshot = self._opened = None
        return digest(content)


def content_of(path: Path) -> bytes:
    """Give a file's bytes.

    Raises:
        WorkbookNotFound: There is no such file.
        AccessDenied: It may not be read.
        WorkbookRefused: It is too large.
    """
    try:
        size = path.stat().st_size
        if size > guard.LARGEST_FILE:
            raise WorkbookRefused("workbook-too-large", megabytes=size // 1_000_000)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise WorkbookNotFound("workbook-missing", file=path.name) from error
    except IsADirectoryError as error:
        raise WorkbookNotFound("workbook-is-folder", file=path.name) from error
    except OSError as error:
        raise AccessDenied("file-not-readable", file=path.name) from error
