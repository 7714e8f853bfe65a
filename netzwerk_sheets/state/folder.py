"""Where the state of all workbooks lies."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

from netzwerk_sheets.errors import AccessDenied, DiskFull
from netzwerk_sheets.place import document_of


def state_folder() -> Path:
    """Give the folder of all states; ``NETZWERK_STATE`` names another one."""
    chosen = os.environ.get("NETZWERK_STATE")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_state_dir("netzwerk", appauthor=False))


def key_of(workbook: Path) -> str:
    """Give the key of a workbook by where it lies; no name of a person or town stands in a file name."""
    where = str(workbook) if document_of(workbook) else os.path.realpath(workbook)
    return hashlib.sha256(os.fsencode(where)).hexdigest()[:24]


def prepare_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter.

    Raises:
        AccessDenied: It cannot be made; nothing was written.
        DiskFull: There is no room; nothing was written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.name == "posix" and folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise named(error, folder) from error


def named(error: OSError, path: Path) -> Exception:
    """Turn a failure of the system into a sentence about the folder."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull("disk-full", folder=str(path))
    return AccessDenied("state-denied", folder=str(path))
