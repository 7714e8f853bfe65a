"""The copies that are saved of a workbook before every write: where they lie, and how many are kept."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel import ExcelWorkbook, list_backups
from netzwerk_sheets.errors import NetzwerkError
from netzwerk_sheets.sheets.locate import locate
from netzwerk_sheets.state.folder import key_of, state_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from netzwerk_sheets.backends.excel import Backup


def backup_folder(workbook: Path) -> Path:
    """Give the place of a workbook's saved copies."""
    return state_folder() / "backups" / key_of(workbook)


def saved_copies(workbook: Path) -> list[Backup]:
    """List them in the order in which `restore` counts them: newest first."""
    return list(reversed(list_backups(backup_folder(workbook))))


def copy_with(workbook: Path, table: str, rows: int) -> int:
    """Give the number of the newest saved copy in which a table has so many rows; 0 where there is none.

    After rows were deleted by mistake the newest copy lacks them as well: it was made when the run wrote that held them
    back.
    """
    for number, copy in enumerate(saved_copies(workbook), start=1):
        with suppress(NetzwerkError):  # one that cannot be read is no help
            seen = locate(ExcelWorkbook(copy.path).read()).tables.get(table)
            if seen is not None and len(seen.rows) >= rows:
                return number
    return 0


def keep_of(values: Mapping[str, object]) -> tuple[int, int]:
    """Give how many saved copies to keep and for how many days, from the settings."""
    keep, days = values.get("backups.keep"), values.get("backups.days")
    return (keep if isinstance(keep, int) and keep else 20), (days if isinstance(days, int) and days else 30)
