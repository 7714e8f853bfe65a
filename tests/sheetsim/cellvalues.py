"""The ``values`` half of the API: plain lists of lists in, plain lists of lists out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .document import Box, letters
from .errors import invalid
from .ranges import Place, locate
from .shown import is_moment, shown
from .typing_in import raw, typed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .document import Content, Json, Sheet
    from .formulas import Calculator

_INPUTS = {"RAW", "USER_ENTERED"}
_VALUE_FIELDS = {"userEnteredValue", "effectiveValue", "textFormatRuns", "chipRuns"}


def rendered(calculator: Calculator, sheet: Sheet, row: int, column: int, how: str, dates: str) -> Any:
    """One value; the empty text for a blank cell."""
    cell = sheet.cell(row, column)
    entered = cell.get("userEnteredValue")
    if entered is None:
        return ""
    number_format = cell.get("userEnteredFormat", {}).get("numberFormat")
    if how == "FORMULA" and "formulaValue" in entered:
        return entered["formulaValue"]
    value = calculator.effective(sheet, row, column)
    if how == "FORMATTED_VALUE" or "errorValue" in value:
        return shown(value, number_format, calculator.content.locale)
    if how == "UNFORMATTED_VALUE" and dates == "FORMATTED_STRING" and is_moment(number_format):
        return shown(value, number_format, calculator.content.locale)
    return next(iter(value.values()), "")


def value_range(calculator: Calculator, place: Place, *, how: str = "", dates: str = "", dimension: str = "") -> Json:
    """A ValueRange: empty ends cut off, no ``values`` at all where there is nothing."""
    how, dimension = how or "FORMATTED_VALUE", dimension or "ROWS"
    sheet, box = place.sheet, place.box
    lines: dict[int, dict[int, Any]] = {}
    for (row, column), _ in sheet.used(box):
        value = rendered(calculator, sheet, row, column, how, dates or "SERIAL_NUMBER")
        if value != "":
            line, at = (row - box.top, column - box.left)
            if dimension == "COLUMNS":
                line, at = at, line
            lines.setdefault(line, {})[at] = value
    reply: Json = {"range": place.text(), "majorDimension": dimension}
    if lines:
        reply["values"] = [
            [lines[line].get(at, "") for at in range(max(lines[line]) + 1)] if line in lines else []
            for line in range(max(lines) + 1)
        ]
    return reply


def set_value(sheet: Sheet, row: int, column: int, entered: Json | None, number_format: Json | None = None) -> None:
    """Put a value into a cell, keeping everything else of it; None empties it."""
    old = sheet.cell(row, column)
    cell = {key: item for key, item in old.items() if key not in _VALUE_FIELDS}
    if entered is not None and entered != {"stringValue": ""}:
        cell = {"userEnteredValue": entered, **cell}
        own = cell.get("userEnteredFormat", {})
        if number_format is not None and "numberFormat" not in own:
            cell["userEnteredFormat"] = {"numberFormat": number_format, **own}
    sheet.put(row, column, cell)


def enter(content: Content, sheet: Sheet, row: int, column: int, value: Any, how: str) -> None:
    """One value as the caller sends it: RAW or USER_ENTERED."""
    if how == "RAW":
        set_value(sheet, row, column, raw(value))
        return
    own = sheet.cell(row, column).get("userEnteredFormat", {}).get("numberFormat")
    understood = typed(value, content.locale, own)
    set_value(sheet, row, column, understood.value, understood.number_format)


def check_input(how: str | None) -> str:
    """The valueInputOption; 400 where it is missing."""
    if not how or how == "INPUT_VALUE_OPTION_UNSPECIFIED":
        raise invalid("'valueInputOption' is required but not specified")
    if how not in _INPUTS:
        raise invalid(
            f"Invalid value at 'value_input_option' (type.googleapis.com/google.apps.sheets.v4.ValueInputOption), \"{how}\""
        )
    return how


def turned(values: list[list[Any]], dimension: str) -> list[list[Any]]:
    """Rows, whichever way they were sent; None where a shorter column ended."""
    if dimension != "COLUMNS":
        return values
    height = max((len(column) for column in values), default=0)
    return [[column[row] if row < len(column) else None for column in values] for row in range(height)]


def update(content: Content, text: str, body: Json, how: str) -> tuple[Json, Place]:
    """Write values to a range: null leaves a cell alone, the empty text empties it."""
    place = locate(content, text)
    rows = turned(body.get("values", []), body.get("majorDimension", ""))
    height, width = len(rows), max((len(row) for row in rows), default=0)
    box = place.box
    if place.single:
        box = Box(box.top, box.left, box.top + max(height, 1), box.left + max(width, 1))
        grow(place.sheet, box)
    elif height > box.bottom - box.top or width > box.right - box.left:
        over = f"row [{box.bottom + 1}]" if height > box.bottom - box.top else f"column [{letters(box.right)}]"
        raise invalid(f"Requested writing within range [{place.text()}], but tried writing to {over}")
    return write(content, place.sheet, Box(box.top, box.left, box.top + height, box.left + width), rows, how)


def grow(sheet: Sheet, box: Box) -> None:
    """Make room for what lies beyond the grid."""
    if box.bottom > sheet.height or box.right > sheet.width:
        sheet.resize(max(box.bottom, sheet.height), max(box.right, sheet.width))


def write(content: Content, sheet: Sheet, box: Box, rows: list[list[Any]], how: str) -> tuple[Json, Place]:
    """Write rows into exactly that box and count what was touched."""
    touched: set[tuple[int, int]] = set()
    for row, line in enumerate(rows, box.top):
        for column, value in enumerate(line, box.left):
            if value is not None:
                enter(content, sheet, row, column, value, how)
                touched.add((row, column))
    place = Place(sheet, Box(box.top, box.left, max(box.bottom, box.top + 1), max(box.right, box.left + 1)))
    reply: Json = {"updatedRange": place.text()}
    if touched:
        reply["updatedRows"] = len({row for row, _ in touched})
        reply["updatedColumns"] = len({column for _, column in touched})
        reply["updatedCells"] = len(touched)
    return reply, place


def clear(place: Place) -> None:
    """Empty the cells of a range; formats, notes and validation stay."""
    for (row, column), _ in place.sheet.used(place.box):
        set_value(place.sheet, row, column, None)


def filled(cells: Iterable[tuple[tuple[int, int], Json]]) -> set[tuple[int, int]]:
    """The spots that hold a value."""
    return {spot for spot, cell in cells if "userEnteredValue" in cell}


def table_at(place: Place) -> Box | None:
    """The last table that the range meets: filled cells that touch, as a rectangle. None where it meets none.

    Recorded and documented: an empty cell beside a table is in no table, and writing begins at that cell.
    """
    spots = filled(place.sheet.cells.items())
    left = set(spots)
    tables: list[Box] = []
    while left:
        row, column = left.pop()
        box = _region(spots, Box(row, column, row + 1, column + 1))
        left = {spot for spot in left if not box.holds(*spot)}
        if box.meets(place.box):
            tables.append(box)
    return max(tables, key=lambda box: (box.bottom, box.right), default=None)


def _region(spots: set[tuple[int, int]], box: Box) -> Box:
    """Grow a box while anything filled touches it, corners included."""
    while True:
        around = Box(max(box.top - 1, 0), max(box.left - 1, 0), box.bottom + 1, box.right + 1)
        if (around.bottom - around.top) * (around.right - around.left) > len(spots):
            near = [spot for spot in spots if around.holds(*spot)]
        else:
            near = [spot for spot in around.spots() if spot in spots]
        grown = Box(
            min([box.top, *(row for row, _ in near)]),
            min([box.left, *(column for _, column in near)]),
            max([box.bottom, *(row + 1 for row, _ in near)]),
            max([box.right, *(column + 1 for _, column in near)]),
        )
        if grown == box:
            return box
        box = grown


def append(content: Content, text: str, body: Json, how: str) -> tuple[Json, Json, Place]:
    """Write below the table found in the range; says where the table was, and what was written."""
    place = locate(content, text)
    rows = turned(body.get("values", []), body.get("majorDimension", ""))
    height, width = max(len(rows), 1), max((len(row) for row in rows), default=1)
    table = table_at(place)
    top, left = (table.bottom, table.left) if table else (place.box.top, place.box.left)
    box = Box(top, left, top + height, left + width)
    grow(place.sheet, box)
    reply, written = write(content, place.sheet, box, rows, how)
    found: Json = {"tableRange": Place(place.sheet, table).text()} if table else {}
    return found, reply, written
