"""Tells in JSON what another reader sees in workbooks; runs as a process of its own, since a reader may be killed."""

import json
import sys


def calamine(path):
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    tabs = {}
    for title in book.sheet_names:
        try:
            sheet = book.get_sheet_by_name(title)
        except Exception:  # noqa: BLE001 - a reader may fail in any way
            continue
        first_row, first_column = sheet.start or (0, 0)
        tabs[title] = {
            f"{first_row + row + 1},{first_column + column + 1}": str(value)
            for row, values in enumerate(sheet.to_python(skip_empty_area=True))
            for column, value in enumerate(values)
            if value != ""
        }
    return tabs


def _spelled(value):
    # Formulas of arrays and data tables are objects without a text of their own.
    return str(vars(value)) if type(value).__module__.startswith("openpyxl.worksheet.formula") else str(value)


def openpyxl(path):
    from openpyxl import load_workbook

    book = load_workbook(path)
    return {
        sheet.title: {
            f"{cell.row},{cell.column}": _spelled(cell.value)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        for sheet in book.worksheets
    }


for name in sys.argv[2:]:
    try:
        answer = {"path": name, "tabs": globals()[sys.argv[1]](name)}
    except Exception as error:  # noqa: BLE001 - a reader may fail in any way
        answer = {"path": name, "error": type(error).__name__}
    print(json.dumps(answer), flush=True)
