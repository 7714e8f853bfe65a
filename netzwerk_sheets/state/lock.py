"""One run at a time on one workbook; and what can be done where a lock was left behind."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import StateLocked
from netzwerk_sheets.state.folder import key_of, named, prepare_folder, state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Holder:
    """Who said that it works on a workbook.

    Attributes:
        pid: Number of the process.
        host: Name of the machine.
        since: When it began.
    """

    pid: int
    host: str
    since: datetime

    @property
    def here(self) -> bool:
        """Whether it is a process of this machine."""
        return self.host == _host()

    @property
    def minutes(self) -> int:
        """How long ago it began."""
        return max(0, int((datetime.now().astimezone() - self.since).total_seconds() // 60))


def _host() -> str:
    import socket

    return socket.gethostname()


def _places(workbook: Path | str) -> tuple[Path, Path]:
    """Give the lock and the note that says whose it is."""
    key = workbook if isinstance(workbook, str) else key_of(workbook)
    lock = state_folder() / "locks" / f"{key}.lock"
    return lock, lock.with_suffix(".txt")


@contextmanager
def locked(workbook: Path | str, *, wait: float) -> Iterator[None]:
    """Let only one run at a time work on a workbook, or on the state of this key.

    Raises:
        StateLocked: Another run is at work; the facts say which process and since when.
    """
    import filelock

    path, note = _places(workbook)
    prepare_folder(path.parent)
    try:
        lock = filelock.FileLock(path, timeout=wait or 0, mode=0o600)
        lock.acquire()
    except filelock.Timeout as error:
        raise _busy("state-locked", holder_of(workbook)) from error
    except OSError as error:
        raise named(error, path.parent) from error
    try:
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        with suppress(OSError):  # it only says who is at work
            note.write_text(json.dumps({"pid": os.getpid(), "host": _host(), "since": now}), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):  # a note of a process that is gone hinders nobody
            note.unlink(missing_ok=True)
        lock.release()


def _busy(reason: str, holder: Holder | None) -> StateLocked:
    if holder is None:
        return StateLocked(reason, holder="?", since="?")
    who = str(holder.pid) if holder.here else f"{holder.pid}@{holder.host}"
    return StateLocked(reason, holder=who, since=holder.since.strftime("%H:%M"))


def holder_of(workbook: Path | str) -> Holder | None:
    """Give who said last that it works on a workbook; `None` where nobody did, or said goodbye."""
    try:
        said = json.loads(_places(workbook)[1].read_text(encoding="utf-8"))
        return Holder(int(said["pid"]), str(said["host"]), datetime.fromisoformat(said["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_held(workbook: Path) -> bool:
    """Say whether a process holds the lock now: the system lets go of it when a process ends, however it ends."""
    import filelock

    path, _ = _places(workbook)
    if not path.exists():
        return False
    try:
        with filelock.FileLock(path, timeout=0, mode=0o600):
            return False
    except filelock.Timeout:
        return True
    except OSError as error:
        raise named(error, path.parent) from error


def tidy(workbook: Path) -> None:
    """Take away the note of a process that is gone.

    Raises:
        StateLocked: Meanwhile another run is at work; nothing was taken away.
    """
    import filelock

    path, note = _places(workbook)
    try:
        with filelock.FileLock(path, timeout=0, mode=0o600):
            note.unlink(missing_ok=True)
    except filelock.Timeout as error:
        raise _busy("state-locked", holder_of(workbook)) from error


def break_open(workbook: Path) -> None:
    """Take away a lock that a process on another machine holds, or left on a share."""
    for path in _places(workbook):
        path.unlink(missing_ok=True)


def require_gone(workbook: Path) -> None:
    """Make sure that no process of this machine holds the lock.

    Raises:
        StateLocked: One does; the facts say which and since when.
    """
    holder = holder_of(workbook)
    if is_held(workbook) and (holder is None or holder.here):
        raise _busy("lock-in-use", holder)
