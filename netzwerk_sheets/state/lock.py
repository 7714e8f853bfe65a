"""One run at a time on one workbook."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import StateLocked
from netzwerk_sheets.state.folder import key_of, named, prepare_folder, state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def locked(workbook: Path, *, wait: float) -> Iterator[None]:
    """Let only one run at a time work on a workbook.

    Raises:
        StateLocked: Another run is at work; the facts say which process and since when.
    """
    import filelock

    folder = state_folder() / "locks"
    prepare_folder(folder)
    path = folder / f"{key_of(workbook)}.lock"
    note = path.with_suffix(".txt")
    try:
        lock = filelock.FileLock(path, timeout=wait or 0, mode=0o600)
        lock.acquire()
    except filelock.Timeout as error:
        holder, _, since = (note.read_text(encoding="utf-8") if note.exists() else "").partition(" ")
        raise StateLocked("state-locked", holder=holder or "?", since=since or "?") from error
    except OSError as error:
        raise named(error, folder) from error
    try:
        now = datetime.now().astimezone().strftime("%H:%M")
        with suppress(OSError):  # it only says who is at work
            note.write_text(f"{os.getpid()} {now}", encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()
