"""Open a workbook, wherever it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel import ExcelWorkbook, FreshWorkbook
from netzwerk_sheets.config import Google
from netzwerk_sheets.place import document_of

if TYPE_CHECKING:
    from pathlib import Path

    from netzwerk_sheets.backends.google import GoogleWorkbook


Step = Callable[[str], None]
"""Called after every durable step with its name; only tests do something there."""


def no_step(_name: str) -> None:
    """Do nothing between two durable steps."""


def open_workbook(
    place: Path, google: Google | None = None, step: Step = no_step, *, fresh: bool = False
) -> ExcelWorkbook | GoogleWorkbook:
    """Open a file, or a document at Google; nothing is read yet.

    Args:
        place: See `netzwerk_sheets.place`.
        google: How to sign in.
        step: Called after every durable step of a file's save; only tests use it.
        fresh: Whether a file that is not there counts as an empty workbook, and is made by the first write.

    Raises:
        WrongUse: gspread is not installed, or no key is named.
        AccessDenied: The key cannot be read, or others may read it.
        CredentialsRefused: The key is none.
    """
    document = document_of(place)
    if not document:
        return FreshWorkbook(place) if fresh and not place.exists() else ExcelWorkbook(place, step=step)
    from netzwerk_sheets.backends.google import open_google

    return open_google(document, google or Google())
