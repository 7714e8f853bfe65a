"""Copies that a synchronised folder laid beside a workbook because two machines saved it at once."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from netzwerk_sheets.place import document_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKS = ("conflict", "konflikt")
"""Nextcloud, Dropbox: ``(conflicted copy …)``, ``(In Konflikt stehende Kopie …)``; Syncthing: ``.sync-conflict-…``."""

_MACHINE = r"-[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+"
"""OneDrive appends the name of the machine, such as ``-DESKTOP-1A2B3C``, at times with a number."""

_SURELY = (
    r"[ _.]*[(\[][^()\[\]]*\b(?:conflict(?:ed)?|in konflikt stehende kopie|konfliktkopie)\b[^()\[\]]*[)\]]"
    r"|[._]sync-conflict-\d{8}.*|_conflict-\d{8}.*"
    r"|-(?:desktop|laptop|win|minint)-(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{6,}(?:-\d+)?"
)
"""What only a program writes, never a person who names a copy after a plan, a year, a machine or a department."""

_SETTLED_NS = 2_000_000_000
"""A folder that changed within the last nanoseconds may change again without showing it."""

_LISTED_S = 10.0
"""For so many seconds a list of names counts: not every drive tells that a folder changed."""

_known: dict[Path, tuple[int, float, list[str]]] = {}
"""Folder → when it changed last, when it was listed, and the names in it that are worth a look: a fleet asks for one
folder very often."""


def conflict_copies(workbook: Path, further: Sequence[Path] = ()) -> list[Path]:
    """Find the conflict copies beside a workbook; none is opened.

    Args:
        workbook: The workbook; a document at Google has none.
        further: Other workbooks of the network: what is named there is no stray copy.

    Returns:
        The copies, sorted by name; empty where the folder may not be listed. Those of another workbook whose name only
        begins the same are not among them.
    """
    if document_of(workbook):
        return []
    workbook, *others = (Path(os.path.realpath(path)) for path in (workbook, *further) if not document_of(path))
    known = {workbook, *others}
    beside = (workbook.parent / name for name in _suspects(workbook.parent) if _is_copy(name, workbook))
    return [path for path in beside if path not in known and _is_kept(path) and not _is_of_another(path, workbook)]


def _is_kept(path: Path) -> bool:
    """Say whether a path is a file, or a folder, which is told of: whoever reads a pipe waits for ever."""
    return path.is_file() or path.is_dir()


def is_surely_copy(copy: Path, workbook: Path) -> bool:
    """Say whether the name of a conflict copy was surely given by a program; who else named it may have meant it."""
    return bool(re.fullmatch(_SURELY, copy.stem[len(workbook.stem) :], re.IGNORECASE))


def originals(copy: Path) -> list[Path]:
    """Find the files whose conflict copy another one is, going by its name; none is opened."""
    if not _is_suspect(copy.stem):
        return []
    others = (copy.with_name(name) for name in _names(copy.parent) if name != copy.name)
    return [path for path in others if _is_copy(copy.name, path)]


def _is_of_another(copy: Path, workbook: Path) -> bool:
    """Say whether a copy is that of a file with a longer name, such as ``stadt-nord.xlsx`` beside ``stadt.xlsx``."""
    return any(len(path.stem) > len(workbook.stem) and not _is_copy(path.name, workbook) for path in originals(copy))


def _is_suspect(name: str) -> bool:
    """Say quickly whether a name may be that of a conflict copy."""
    return name.count("-") > 1 or any(mark in name.casefold() for mark in _MARKS)


def _suspects(folder: Path) -> list[str]:
    try:
        changed = folder.stat().st_mtime_ns
    except OSError:
        return []
    known = _known.get(folder)
    if known is None or known[0] != changed or time.monotonic() - known[1] > _LISTED_S:
        known = changed, time.monotonic(), [name for name in _names(folder) if _is_suspect(name)]
        if time.time_ns() - changed > _SETTLED_NS:
            _known[folder] = known
    return known[2]


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names are enough, a share is slow
    except OSError:
        return []


def _is_copy(name: str, workbook: Path) -> bool:
    if not (name.startswith(workbook.stem) and name.casefold().endswith(workbook.suffix.casefold())):
        return False
    rest = name[len(workbook.stem) : len(name) - len(workbook.suffix)]
    return any(mark in rest.casefold() for mark in _MARKS) or bool(re.fullmatch(_MACHINE, rest))
