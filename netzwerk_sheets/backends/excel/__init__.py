"""Excel workbooks: read and changed in place, with everything in them that the tool does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netzwerk_sheets.backends.excel.backups import Backup, BackupPlace, backup, list_backups
    from netzwerk_sheets.backends.excel.workbook import ExcelWorkbook, create

_HOME = {
    "Backup": "backups",
    "BackupPlace": "backups",
    "ExcelWorkbook": "workbook",
    "backup": "backups",
    "list_backups": "backups",
    "create": "workbook",
}

__all__ = [
    "Backup", "BackupPlace", "ExcelWorkbook", "backup", "create", "list_backups",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Load a part of the package when it is first asked for; the check for changes needs almost nothing."""
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
