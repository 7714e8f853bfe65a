"""Texts that a program for tables may take for a formula, typed as text into every column of every tab."""

import itertools
import re

import openpyxl

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.grid import Cell, Formula, SetCell, Spot
from netzwerk_sheets.sheets.locate import locate

STARTS = ["=1+{}", "+{}", "-2+{}", "@SUM({})", "\t=1+{}", '=HYPERLINK("http://192.0.2.1/{}";"x")', "=cmd|'/C calc'!A{}", "\r=1+{}"]  # fmt: skip
TOKEN = re.compile(r"7000\d\d\d")
"""Every text holds a number of its own, by which it is found wherever it went."""


def texts():
    """One text after the other, each with a number of its own."""
    for number in itertools.count():
        yield STARTS[number % len(STARTS)].format(7000000 + number)


def typed_everywhere(person, how, *, below=False):
    """Type them; gives text → (tab, column).

    Args:
        how: ``inline`` or ``shared``: where the file keeps the text.
        below: Whether to fill one new row below each table, instead of a cell in a row of it.
    """
    snapshot = ExcelWorkbook(person.path).read()
    found, spots, taken, more = {}, {}, set(), texts()
    for seen in locate(snapshot).seen():
        for shift, (code, column) in enumerate(seen.columns.items()):
            owner = seen.table.column(code).owner
            if code == "id" or owner != "human" or (not below and not seen.rows):
                continue
            free = [row for row in seen.rows if (seen.code, row.cells.get("id"), code) not in taken]
            if not below and not free:
                continue
            row = free[shift % len(free)] if not below else None
            taken |= set() if below else {(seen.code, row.cells.get("id"), code)}
            text = next(more)
            found[text] = seen.tab.title, code
            spots[seen.tab.title, row.number if row else seen.last_row + 1, column] = text
    if how == "shared":
        with person.book() as book:
            for (tab, row, column), text in spots.items():
                cell = book[tab].cell(row, column)
                cell.value, cell.data_type = text.replace("\r", "_x000D_"), "s"
        return found
    workbook = ExcelWorkbook(person.path)
    snapshot = workbook.read()
    edits = [
        SetCell(Spot(tab, row, column), Cell(text), snapshot.tab(tab).rows.get(row, {}).get(column))
        for (tab, row, column), text in spots.items()
    ]
    workbook.apply(edits, expected=snapshot.revision, look={})
    return found


def formulas(path):
    """All formulas of a workbook: (tab, cell) → formula; and no other program's reader is asked for ours."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): str(getattr(cell.value, "text", cell.value))
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def carried(path):
    """Text → how often it stands whole in a cell; and whatever holds a number of ours and is no text."""
    counts, wrong = {}, []
    for tab in ExcelWorkbook(path).read().tabs:
        for row, cells in tab.rows.items():
            for column, value in cells.items():
                if isinstance(value, str):
                    counts[value] = counts.get(value, 0) + 1
                elif TOKEN.search(value.text if isinstance(value, Formula) else str(value)):
                    wrong.append((tab.title, row, column, value))
    return counts, wrong
