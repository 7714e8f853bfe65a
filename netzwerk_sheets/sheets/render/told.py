"""How a value is told on a tab that speaks of other tabs: as people read it, short, and never a person's data."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import CellError, Value, shown
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.cells import text_of
from netzwerk_sheets.sheets.language import DECIMAL_MARK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netzwerk_sheets.sheets.language import Words

LONGEST = 400
"""Characters of one value; with every column of the widest table a cell still holds them all."""

NOTHING = "–"
"""Stands where there is nothing to tell: an empty cell would say nothing to a screen reader and lose its frame."""


def told(words: Words, value: Value) -> str:
    """Write a value as it looks in its cell, cut where it is very long."""
    plain = shown(value)
    if isinstance(plain, CellError):
        text = plain.code
    elif isinstance(plain, bool):
        text = words.word("yes_no", "yes" if plain else "no")
    elif isinstance(plain, datetime):
        text = f"{words.date(plain)} {plain:%H:%M}"
    elif isinstance(plain, date):
        text = words.date(plain)
    elif isinstance(plain, float):
        text = f"{plain:.12g}".replace(".", DECIMAL_MARK[words.language])
    else:
        text = text_of(plain)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def is_personal(code: str, column: str) -> bool:
    """Say whether a cell may hold a person's data.

    In a table with such columns that counts for a column nobody declared, too.
    """
    table = schema.tables().get(code)
    if table is None:
        return False
    known = {each.code: each.personal for each in table.columns}
    return known.get(column, any(known.values()))


def name_of(words: Words, code: str, cells: Mapping[str, Value]) -> str:
    """Give what people call a row; never a person's name, and empty where a table has no names."""
    label = schema.tables()[code].label
    return "" if label == "id" or is_personal(code, label) else told(words, cells.get(label))
