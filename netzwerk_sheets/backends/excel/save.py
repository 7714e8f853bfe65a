"""Putting a new file in the place of the old one, so that at any moment one of the two stands there whole."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.fingerprint import sha256
from netzwerk_sheets.backends.excel.locks import lock_of
from netzwerk_sheets.errors import AccessDenied, DiskFull, WorkbookChanged, WorkbookInUse, WorkbookNotFound

if TYPE_CHECKING:
    from pathlib import Path

_TEMPORARY = ".{name}.nstmp-{pid}"
_LEFTOVER = re.compile(r"\.(?P<name>.+)\.nstmp-(?P<pid>\d+)")
_ATTEMPTS = 5
_FIRST_PAUSE_SECONDS = 0.05
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}

Step = Callable[[str], None]
"""Called with the name of each durable step just done; tests stop the process there."""


def no_step(_name: str) -> None:
    """Do nothing between steps."""


def check_free(path: Path) -> None:
    """Make sure that nobody has the workbook open.

    Raises:
        WorkbookInUse: Excel or LibreOffice says that somebody has; nothing was written.
    """
    lock = lock_of(path)
    if lock:
        raise WorkbookInUse(
            "workbook-open", file=path.name, holder=lock.holder, minutes=lock.minutes, lock_file=lock.file
        )


def replace(path: Path, content: bytes, expected: str, *, step: Step = no_step) -> None:
    """Put new content in the place of a workbook.

    Args:
        path: The workbook, links already followed.
        content: The new file.
        expected: Hash of the file that may be replaced.
        step: Called after each durable step.

    Raises:
        WorkbookChanged: The file is no longer the expected one; nothing was written.
        WorkbookInUse: Another program holds it; nothing was written.
        AccessDenied: File or folder may not be written; nothing was written.
        DiskFull: There is no room; the old file stands as it was.
    """
    sweep(path)
    if not os.access(path, os.W_OK):
        raise AccessDenied("file-read-only", file=path.name)
    temporary = path.with_name(_TEMPORARY.format(name=path.name, pid=os.getpid()))
    try:
        _write_durably(temporary, content, path)
        step("written")
        if sha256(path) != expected:
            raise WorkbookChanged("workbook-changed", file=path.name)
        check_free(path)
        step("checked")
        _swap(temporary, path)
        step("replaced")
        _sync_folder(path.parent)
        step("done")
    except OSError as error:
        raise _named(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def create(path: Path, content: bytes, *, step: Step = no_step) -> None:
    """Put a file where none is.

    Raises:
        AccessDenied: Something stands there already, or the folder may not be written; nothing was written.
        DiskFull: There is no room; nothing was written.
        WorkbookNotFound: The folder does not exist.
    """
    temporary = path.with_name(_TEMPORARY.format(name=path.name, pid=os.getpid()))
    try:
        _write_durably(temporary, content, None)
        step("written")
        # A hard link fails where the name is taken; a rename would replace what another program put there.
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise AccessDenied("file-exists", file=path.name) from None
        except OSError:
            if path.exists():
                raise AccessDenied("file-exists", file=path.name) from None
            temporary.rename(path)
        step("replaced")
        _sync_folder(path.parent)
    except OSError as error:
        raise _named(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _write_durably(temporary: Path, content: bytes, model: Path | None) -> None:
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if model is None:
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        return
    status = model.stat()
    with contextlib.suppress(OSError, AttributeError):
        os.chown(temporary, status.st_uid, status.st_gid)
    temporary.chmod(stat.S_IMODE(status.st_mode))
    with contextlib.suppress(OSError, AttributeError):
        for name in os.listxattr(model):
            os.setxattr(temporary, name, os.getxattr(model, name))


def _swap(temporary: Path, path: Path) -> None:
    """Rename over the target; Windows refuses while another program has it open, if only for a moment."""
    pause = _FIRST_PAUSE_SECONDS
    for attempt in range(_ATTEMPTS):
        try:
            temporary.replace(path)
        except PermissionError as error:
            if not os.access(path.parent, os.W_OK | os.X_OK):
                raise  # no other program is in the way: the folder may no longer be written
            if attempt == _ATTEMPTS - 1:
                raise WorkbookInUse("workbook-held", file=path.name) from error
            time.sleep(pause)
            pause *= 2
        else:
            return


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sweep(path: Path) -> None:
    """Remove what processes that were killed left of their own temporary files of this workbook."""
    with contextlib.suppress(OSError):
        for entry in path.parent.iterdir():
            match = _LEFTOVER.fullmatch(entry.name)
            if match and match["name"] == path.name and not _is_alive(int(match["pid"])):
                entry.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    if pid == os.getpid():
        return False
    if os.name == "nt":
        # Signal 0 would end the process there; a leftover younger than a day may still be in use.
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _named(error: OSError, path: Path) -> Exception:
    """Give the error people understand for one of the operating system."""
    if error.errno in _FULL:
        return DiskFull("disk-full", file=path.name)
    if isinstance(error, FileNotFoundError):
        return WorkbookNotFound("workbook-missing", file=path.name)
    if error.errno in _FORBIDDEN:
        return AccessDenied("folder-read-only", file=path.name, folder=path.parent.name)
    return AccessDenied("file-not-writable", file=path.name)
