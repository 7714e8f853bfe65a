"""Writing what leaves: each file at once or not at all, and never over a file that is not ours."""

from __future__ import annotations

import errno
import json
import os
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from netzwerk_sheets.errors import AccessDenied, DiskFull, WrongUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

LIST = "netzwerk-export.json"
"""Lies in every folder of ours and says which files we wrote, with their digests."""

TYPE = "netzwerk export"
FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
HEAD = 4096
"""The mark of a single file stands within so many bytes."""


def require_apart(target: Path, workbooks: Iterable[Path]) -> None:
    """Make sure that a target is none of the network's workbooks, by any name.

    Raises:
        WrongUse: It is one; nothing was written.
    """
    for workbook in workbooks:
        with suppress(OSError):
            if target.exists() and target.samefile(workbook):
                raise WrongUse("output-is-workbook", file=target.name)


def is_strange(target: Path, mark: bytes) -> bool:
    """Say whether something stands at a target that is not a file of ours of this kind.

    Raises:
        WrongUse: A folder or anything else that is no file stands there; nothing was written.
        AccessDenied: It may not be read; nothing was written.
    """
    if not target.exists():
        return False
    if not target.is_file():
        raise WrongUse("output-no-file", file=target.name)
    try:
        with target.open("rb") as file:
            return mark not in file.read(HEAD)
    except OSError as error:
        raise AccessDenied("output-not-written", file=target.name) from error


def write_file(target: Path, content: bytes, *, private: bool) -> None:
    """Write a file at once: killed at any moment, the old one or the new one stands there.

    Args:
        target: Where.
        content: What.
        private: Whether only its owner may read it.

    Raises:
        AccessDenied: The folder is missing or may not be written; what stood there stands there still.
        DiskFull: There is no room; likewise.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600 if private else 0o666)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull("disk-full", file=target.name) from error
        raise AccessDenied("output-not-written", file=target.name) from error


# --- folders ----------------------------------------------------------------------------------------------


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def listed(folder: Path) -> dict[str, list[str]]:
    """Give which files of a folder we wrote: name → digests; empty where we wrote none."""
    try:
        document = json.loads((folder / LIST).read_text(encoding="utf-8"))
        if document["type"] != TYPE:
            return {}
        return {str(name): [str(one) for one in digests] for name, digests in document["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def strange_in(folder: Path, names: Iterable[str]) -> list[str]:
    """Name the files that would be replaced though they are not as we wrote them.

    Raises:
        WrongUse: The folder is a file; nothing was written.
        AccessDenied: A file may not be read; nothing was written.
    """
    if folder.exists() and not folder.is_dir():
        raise WrongUse("output-no-folder", file=folder.name)
    known = listed(folder)
    found = []
    for name in names:
        path = folder / name
        if not path.exists():
            continue
        if not path.is_file():
            raise WrongUse("output-no-file", file=name)
        try:
            if _digest(path.read_bytes()) not in known.get(name, ()):
                found.append(name)
        except OSError as error:
            raise AccessDenied("output-not-written", file=name) from error
    return found


def make_folder(folder: Path) -> None:
    """Make a folder; its parent must exist.

    Raises:
        AccessDenied: It cannot be made.
    """
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise AccessDenied("output-not-written", file=folder.name) from error


def write_folder(folder: Path, files: Mapping[str, bytes], *, private: bool) -> list[str]:
    """Write a folder of files, and remove what we wrote earlier and nobody changed since.

    Args:
        folder: Is made where it is missing; its parent must exist.
        files: Name, with ``/`` for a folder within → content.
        private: Whether only its owner may read them.

    Returns:
        Names of files of earlier that were left because somebody changed them.

    Raises:
        AccessDenied: A file could not be written; each file is the old one or the new one.
        DiskFull: There is no room; likewise.
    """
    before = listed(folder)
    new = {name: [_digest(content)] for name, content in files.items()}
    try:
        folder.mkdir(exist_ok=True)
        for name in files:
            (folder / name).parent.mkdir(exist_ok=True)
    except OSError as error:
        raise AccessDenied("output-not-written", file=folder.name) from error
    # While we write, files of both kinds are ours: a run that is killed leaves nothing it would not know again.
    _note(folder, {name: [*before.get(name, ()), *new.get(name, ())] for name in {**before, **new}})
    for name, content in files.items():
        write_file(folder / name, content, private=private)
    left = [name for name in before if name not in files and not _removed(folder, name, before[name])]
    _note(folder, new)
    return left


def _removed(folder: Path, name: str, digests: Iterable[str]) -> bool:
    """Remove a file of an earlier run, where it still is as we wrote it and lies within the folder."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        return True
    try:
        if _digest(path.read_bytes()) not in digests:
            return False
        path.unlink()
    except OSError:
        return False
    return True


def _note(folder: Path, files: Mapping[str, list[str]]) -> None:
    document = {"type": TYPE, "schema": 1, "files": dict(sorted(files.items()))}
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    write_file(folder / LIST, text.encode(), private=False)
