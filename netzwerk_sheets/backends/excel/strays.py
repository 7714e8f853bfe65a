"""Copies that a synchronised folder laid beside a workbook because two machines saved it at once."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from netzwerk_sheets.place import document_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MARKS = ("conflict", "konflikt")
"""Nextcloud, Dropbox: ``(conflicted copy …)``, ``(In Konflikt stehende Kopie …)``; Syncthing: ``.sync-conflict-…``."""

_MACHINE = re.compile(r"-[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+")
"""OneDrive appends the name of the machine, such as ``-DESKTOP-1A2B3C``, at times with a number."""


def conflict_copies(workbook: Path, further: Sequence[Path] = ()) -> list[Path]:
    """Find the conflict copies beside a workbook; none is opened.

    Args:
        workbook: The workbook; a document at Google has none.
        further: Other workbooks of the network: what is named there is no stray copy.

    Returns:
        The copies, sorted by name; empty where the folder may not be listed.
    """
    if document_of(workbook):
        return []
    workbook = workbook.resolve()
    known = {workbook, *(path.resolve() for path in further if not document_of(path))}
    try:
        names = sorted(os.listdir(workbook.parent))  # noqa: PTH208 - names are enough, a share is slow
    except OSError:
        return []
    return [
        workbook.parent / name for name in names if _is_copy(name, workbook) and workbook.parent / name not in known
    ]


def _is_copy(name: str, workbook: Path) -> bool:
    if not (name.startswith(workbook.stem) and name.casefold().endswith(workbook.suffix.casefold())):
        return False
    rest = name[len(workbook.stem) : len(name) - len(workbook.suffix)]
    return any(mark in rest.casefold() for mark in _MARKS) or bool(_MACHINE.fullmatch(rest))
