"""Copies of a workbook as it was before each write, kept where only its owner can read them."""

from __future__ import annotations

import contextlib
import os
import re
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.backends.excel.fingerprint import digest
from netzwerk_sheets.errors import AccessDenied, DiskFull, WorkbookNotFound

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"(?P<moment>\d{8}T\d{12}Z)-(?P<check>[0-9a-f]{12})(?P<ending>\.[A-Za-z]{4})")
_SECONDS_PER_DAY = 86_400


class BackupPlace(NamedTuple):
    """Where the copies of one workbook lie and how long they stay.

    Attributes:
        folder: One folder per workbook.
        keep: How many copies; 0 for all, whatever their age.
        max_age_days: How old a copy may become.
    """

    folder: Path
    keep: int = 20
    max_age_days: int = 30


class Backup(NamedTuple):
    """One copy.

    Attributes:
        path: The copy.
        moment: When it was made.
        check: First characters of the hash of its content.
    """

    path: Path
    moment: datetime
    check: str

    @property
    def made(self) -> str:
        """What its name begins with; that stays where its content is rewritten."""
        return self.path.name.partition("-")[0]


def backup(path: Path, folder: Path, *, keep: int = 20, max_age_days: int = 30) -> Path:
    """Copy a workbook's present bytes.

    Raises:
        WorkbookNotFound: There is no such file.
        AccessDenied: It cannot be read, or the folder cannot be written.
        DiskFull: There is no room; no half copy stays.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise WorkbookNotFound("workbook-missing", file=path.name) from error
    except OSError as error:
        raise AccessDenied("file-not-readable", file=path.name) from error
    return store(content, path.suffix, BackupPlace(folder, keep, max_age_days))


def store(content: bytes, ending: str, place: BackupPlace) -> Path:
    """Keep a copy of these bytes; the same bytes are not kept twice in a row."""
    check = digest(content)[:12]
    try:
        place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = list_backups(place.folder)
        if known and known[-1].check == check:
            return known[-1].path
        moment = datetime.now(UTC)
        if known and moment <= known[-1].moment:
            # The clock was put back: what is made last must still stand last, or it would be taken for the oldest.
            moment = known[-1].moment + timedelta(microseconds=1)
        target = place.folder / f"{moment:%Y%m%dT%H%M%S%fZ}-{check}{ending}"
        _write(target, content)
    except OSError as error:
        if error.errno == 28:
            raise DiskFull("disk-full", file=place.folder.name) from error
        raise AccessDenied("backup-not-writable", folder=place.folder.name) from error
    _forget(place, target)
    return target


def rewrite(copy: Backup, content: bytes) -> Path:
    """Let a copy hold something else; it keeps its moment. Killed in between, both stand there.

    Raises:
        AccessDenied: The folder cannot be written; the copy is as it was.
        DiskFull: There is no room; the copy is as it was.
    """
    match = _NAME.fullmatch(copy.path.name)
    check = digest(content)[:12]
    target = copy.path.with_name(copy.path.name.replace(copy.check, check)) if match else copy.path
    try:
        target.unlink(missing_ok=True)  # half of it, where an earlier run was killed
        _write(target, content)
        copy.path.unlink()
    except OSError as error:
        if error.errno == 28:
            raise DiskFull("disk-full", file=copy.path.parent.name) from error
        raise AccessDenied("backup-not-writable", folder=copy.path.parent.name) from error
    return target


def _write(target: Path, content: bytes) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with contextlib.suppress(OSError):
            target.unlink()
        raise


def list_backups(folder: Path) -> list[Backup]:
    """List the copies, oldest first; other files in the folder are not ours."""
    found = []
    names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    for name in names:
        match = _NAME.fullmatch(name)
        if match:
            moment = datetime.strptime(match["moment"], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
            found.append(Backup(folder / name, moment, match["check"]))
    return found


def _forget(place: BackupPlace, made: Path) -> None:
    """Delete copies that are too many or too old; the one just made always stays, whatever the clock says."""
    if not place.keep:
        return
    known = list_backups(place.folder)
    oldest = time.time() - place.max_age_days * _SECONDS_PER_DAY
    for index, copy in enumerate(known[:-1]):
        if copy.path == made:
            continue
        if len(known) - index > place.keep or copy.moment.timestamp() < oldest:
            with contextlib.suppress(OSError):
                copy.path.unlink()
