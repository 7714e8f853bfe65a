"""Cell references as Excel writes them (``B7``, ``$A$1:$C$9``) ↔ numbers that count from 1."""

from __future__ import annotations

import re

from netzwerk_sheets.grid import Area

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

MOST_DIGITS = 9
"""More than any row, column or index of a sound workbook has; with some thousands Python refuses to count."""

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
_AREA = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6}))?")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = re.compile(r"\$?([1-9]\d{0,6}):\$?([1-9]\d{0,6})")


def column_number(letters: str) -> int:
    """Give the number of a column, ``A`` being 1; raises `ValueError` beyond ``XFD``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    if not 1 <= number <= LAST_COLUMN:
        raise ValueError(letters)
    return number


def column_letters(number: int) -> str:
    """Give the letters of a column, 1 being ``A``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Give the reference people see, such as ``B7``."""
    return f"{column_letters(column)}{row}"


def parse_cell(text: str) -> tuple[int, int]:
    """Give (row, column) of one cell; raises `ValueError` where the text is no reference."""
    match = _CELL.fullmatch(text)
    if not match:
        raise ValueError(text)
    row = int(match[2])
    if row > LAST_ROW:
        raise ValueError(text)
    return row, column_number(match[1])


def parse_area(text: str) -> Area:
    """Give the rectangle of ``A1``, ``A1:B2``, ``A:C`` or ``1:3``; raises `ValueError` for anything else."""
    match = _AREA.fullmatch(text)
    if match:
        first = parse_cell(match[1] + match[2])
        last = parse_cell(match[3] + match[4]) if match[3] else first
    elif match := _COLUMNS.fullmatch(text):
        first, last = (1, column_number(match[1])), (LAST_ROW, column_number(match[2]))
    elif match := _ROWS.fullmatch(text):
        first, last = (int(match[1]), 1), (int(match[2]), LAST_COLUMN)
    else:
        raise ValueError(text)
    return Area(min(first[0], last[0]), min(first[1], last[1]), max(first[0], last[0]), max(first[1], last[1]))


def area_name(area: Area, *, absolute: bool = False) -> str:
    """Give the reference of a rectangle; one cell stands alone."""
    mark = "$" if absolute else ""
    first = f"{mark}{column_letters(area.first_column)}{mark}{area.first_row}"
    last = f"{mark}{column_letters(area.last_column)}{mark}{area.last_row}"
    return first if first == last else f"{first}:{last}"


def quoted(title: str) -> str:
    """Give a tab title as formulas spell it: always in quotes, so that no title can be misread."""
    return "'" + title.replace("'", "''") + "'"


def on_tab(title: str, area: Area) -> str:
    """Give the absolute reference of an area of a tab, such as ``'Listen'!$A$2:$A$9``."""
    return f"{quoted(title)}!{area_name(area, absolute=True)}"


def split_target(text: str) -> tuple[str, Area]:
    """Give (tab title, area) of a reference with a tab; raises `ValueError` for anything else."""
    tab, mark, area = text.strip().lstrip("=").rpartition("!")
    if not mark or "#REF" in text.upper():
        raise ValueError(text)
    if len(tab) > 1 and tab[0] == tab[-1] == "'":
        tab = tab[1:-1].replace("''", "'")
    return tab, parse_area(area)


def covers(area: Area, row: int, column: int) -> bool:
    """Tell whether the cell lies in the area."""
    return area.first_row <= row <= area.last_row and area.first_column <= column <= area.last_column


def overlap(one: Area, other: Area) -> bool:
    """Tell whether two areas share a cell."""
    return (
        one.first_row <= other.last_row
        and other.first_row <= one.last_row
        and one.first_column <= other.last_column
        and other.first_column <= one.last_column
    )
