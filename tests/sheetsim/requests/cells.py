"""Requests that write cells: updateCells, appendCells, repeatCell, setDataValidation, updateBorders, findReplace."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.sheetsim.cellvalues import enter, filled, grow
from tests.sheetsim.document import Box
from tests.sheetsim.errors import invalid
from tests.sheetsim.masks import Mask, change
from tests.sheetsim.references import settled
from tests.sheetsim.styles import widen, with_styles
from tests.sheetsim.typing_in import tongue

from .batch import MAX_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sheetsim.document import Json, Sheet

    from .batch import Batch

_READ_ONLY = {"effectiveValue", "effectiveFormat", "formattedValue", "hyperlink"}
_BEYOND = "Attempting to write {what}: {first}, beyond the last requested {what} of: {last}"
_TIED_TO_THE_VALUE = ("textFormatRuns", "chipRuns", "effectiveValue")


def write_cell(sheet: Sheet, row: int, column: int, new: Json, mask: Mask, locale: str) -> None:
    """Set the fields of the mask; a new value takes the runs inside the text away."""
    sheet.put(row, column, _written(sheet.cell(row, column), new, mask, locale))


def _written(old: Json, new: Json, mask: Mask, locale: str) -> Json:
    value = new.get("userEnteredValue", {})
    if "formulaValue" in value and not value["formulaValue"].startswith("="):
        raise invalid(f"Invalid formula: {value['formulaValue']}")
    if len(value.get("stringValue", "")) > MAX_TEXT:
        raise invalid(f"Your input contains more than the maximum of {MAX_TEXT} characters in a single cell.")
    if "errorValue" in value:
        raise invalid("Setting userEnteredValue to an errorValue is not supported.")
    new = {key: item for key, item in new.items() if key not in _READ_ONLY}
    if "formulaValue" in value:
        formula = settled(value["formulaValue"], tongue(locale).list_separator)
        new["userEnteredValue"] = {"formulaValue": formula}
    if "userEnteredFormat" in new:
        new["userEnteredFormat"] = with_styles(new["userEnteredFormat"])
    whole = not mask or "*" in mask
    cell = change({} if whole else widen(mask), old, new)
    if "userEnteredFormat" in cell:
        cell["userEnteredFormat"] = with_styles(cell["userEnteredFormat"])
    if whole or "userEnteredValue" in mask:
        for name in _TIED_TO_THE_VALUE:
            if whole or name not in mask:
                cell.pop(name, None)
        if name_kept := [name for name in ("textFormatRuns", "chipRuns") if whole and name in new]:
            cell.update({name: new[name] for name in name_kept})
    if cell.get("userEnteredValue") in ({}, {"stringValue": ""}):
        del cell["userEnteredValue"]
    if not cell.get("note", "x"):
        del cell["note"]
    return {key: item for key, item in cell.items() if item not in ({}, [])}


def _everywhere(sheet: Sheet, box: Box, change: Callable[[Json], Json]) -> None:
    """Change all cells of a box; those that were one and the same message stay one, so each is changed once."""
    known: dict[int, tuple[Json, Json]] = {}
    blank: Json = {}
    for row, column in box.spots():
        old = sheet.cells.get((row, column), blank)
        if id(old) not in known:
            known[id(old)] = old, change(old)  # with the old one, so that no other gets its identity
        sheet.put(row, column, known[id(old)][1])


def update_cells(batch: Batch, request: Json) -> None:
    """Rows of cells at a start, or in a range whose other cells lose the listed fields."""
    mask = batch.mask(request, "CellData")
    rows = request.get("rows", [])
    if "range" in request:
        sheet, box = batch.content.box(request["range"])
        _check_inside(rows, box)
    elif "start" in request:
        start = request["start"]
        sheet = batch.sheet(start)
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        width = max((len(row.get("values", [])) for row in rows), default=0)
        box = Box(top, left, top + len(rows), left + width)
        _check_on_grid(sheet, box)
    else:
        raise invalid("Must specify either 'start' or 'range'.")
    batch.guard(sheet, box)
    for row, column in box.spots():
        given = rows[row - box.top].get("values", []) if row - box.top < len(rows) else []
        inside = column - box.left < len(given)
        if not inside and "start" in request:
            continue
        write_cell(sheet, row, column, given[column - box.left] if inside else {}, mask, batch.content.locale)


def _check_inside(rows: list[Json], box: Box) -> None:
    if len(rows) > box.bottom - box.top:
        raise invalid(_BEYOND.format(what="row", first=box.bottom, last=box.bottom - 1))
    if any(len(row.get("values", [])) > box.right - box.left for row in rows):
        raise invalid(_BEYOND.format(what="column", first=box.right, last=box.right - 1))


def _check_on_grid(sheet: Sheet, box: Box) -> None:
    if box.top >= sheet.height:
        raise invalid(f"GridCoordinate.rowIndex[{box.top}] is after last row in grid[{sheet.height - 1}]")
    if box.left >= sheet.width:
        raise invalid(f"GridCoordinate.columnIndex[{box.left}] is after last column in grid[{sheet.width - 1}]")
    if box.bottom > sheet.height:
        raise invalid(_BEYOND.format(what="row", first=sheet.height, last=sheet.height - 1))
    _check_width(sheet, box)


def _check_width(sheet: Sheet, box: Box) -> None:
    if box.right > sheet.width:
        raise invalid(_BEYOND.format(what="column", first=sheet.width, last=sheet.width - 1))


def append_cells(batch: Batch, request: Json) -> None:
    """Rows below the last row that holds a value, or below a table, which grows."""
    mask = batch.mask(request, "CellData")
    rows = request.get("rows", [])
    width = max((len(row.get("values", [])) for row in rows), default=0)
    if "tableId" in request:
        sheet, table = find_table(batch, request["tableId"])
        _, box = batch.content.box(table["range"])
        top, left = box.bottom, box.left
        grown = {**table, "range": {**table["range"], "endRowIndex": top + len(rows)}}
        sheet.features["tables"] = [grown if item is table else item for item in sheet.feature("tables")]
    else:
        sheet = batch.sheet(request)
        top = max((row + 1 for row, _ in filled(sheet.cells.items())), default=0)
        left = 0
    box = Box(top, left, top + len(rows), left + width)
    batch.guard(sheet, box)
    _check_width(sheet, box)  # reported: only rows are added
    grow(sheet, box)
    for row, line in enumerate(rows, top):
        for column, cell in enumerate(line.get("values", []), left):
            write_cell(sheet, row, column, cell, mask, batch.content.locale)


def find_table(batch: Batch, table_id: str) -> tuple[Sheet, Json]:
    """A table and its tab."""
    for sheet in batch.content.sheets:
        for table in sheet.feature("tables"):
            if table["tableId"] == table_id:
                return sheet, table
    raise invalid(f"No table with id: {table_id}")


def repeat_cell(batch: Batch, request: Json) -> None:
    """The same cell everywhere; references in a formula move with their cell."""
    from tests.sheetsim.references import moved

    mask = batch.mask(request, "CellData")
    sheet, box = batch.content.box(request.get("range", {}))
    batch.guard(sheet, box)
    cell = request.get("cell", {})
    formula = cell.get("userEnteredValue", {}).get("formulaValue")
    if formula is None:
        _everywhere(sheet, box, lambda old: _written(old, cell, mask, batch.content.locale))
        return
    for row, column in box.spots():
        text = moved(formula, row - box.top, column - box.left)
        here = {**cell, "userEnteredValue": {"formulaValue": text}}
        write_cell(sheet, row, column, here, mask, batch.content.locale)


def set_data_validation(batch: Batch, request: Json) -> None:
    """One rule for a range; without a rule the range loses its rules."""
    sheet, box = batch.content.box(request.get("range", {}))
    batch.guard(sheet, box)
    rule = request.get("rule")
    if rule is not None and "condition" not in rule:
        raise invalid("Data validation rule must have a condition.")

    def ruled(old: Json) -> Json:
        cell = {key: item for key, item in old.items() if key != "dataValidation"}
        return cell if rule is None else {**cell, "dataValidation": rule}

    _everywhere(sheet, box, ruled)


def update_borders(batch: Batch, request: Json) -> None:
    """Lines around and inside a range."""
    sheet, box = batch.content.box(request.get("range", {}))
    batch.guard(sheet, box)
    for row, column in box.spots():
        wanted = {
            "top": "top" if row == box.top else "innerHorizontal",
            "bottom": "bottom" if row == box.bottom - 1 else "innerHorizontal",
            "left": "left" if column == box.left else "innerVertical",
            "right": "right" if column == box.right - 1 else "innerVertical",
        }
        lines = {side: request[name] for side, name in wanted.items() if name in request}
        if not lines:
            continue
        cell = sheet.cell(row, column)
        own = cell.get("userEnteredFormat", {})
        borders = {**own.get("borders", {}), **lines}
        borders = {side: line for side, line in borders.items() if line.get("style", "NONE") != "NONE"}
        look = {
            **{key: item for key, item in own.items() if key != "borders"},
            **({"borders": borders} if borders else {}),
        }
        kept = {key: item for key, item in cell.items() if key != "userEnteredFormat"}
        sheet.put(row, column, {**kept, **({"userEnteredFormat": with_styles(look)} if look else {})})


def find_replace(batch: Batch, request: Json) -> Json:
    """Replace text in values (and formulas, when asked for)."""
    if request.get("allSheets"):
        areas = [(sheet, sheet.whole) for sheet in batch.content.sheets]
    elif "range" in request:
        areas = [batch.content.box(request["range"])]
    else:
        sheet = batch.sheet(request)
        areas = [(sheet, sheet.whole)]
    pattern = request["find"] if request.get("searchByRegex") else re.escape(request.get("find", ""))
    if request.get("matchEntireCell"):
        pattern = rf"\A(?:{pattern})\Z"
    searched = re.compile(pattern, 0 if request.get("matchCase") else re.IGNORECASE)
    counts = {"valuesChanged": 0, "formulasChanged": 0, "rowsChanged": 0, "sheetsChanged": 0, "occurrencesChanged": 0}
    for sheet, box in areas:
        rows: set[int] = set()
        for (row, column), cell in sheet.used(box):
            entered = cell.get("userEnteredValue", {})
            key = "formulaValue" if request.get("includeFormulas") and "formulaValue" in entered else "stringValue"
            if key not in entered:
                continue
            text, times = searched.subn(request.get("replacement", "").replace("\\", r"\\"), entered[key])
            if not times:
                continue
            batch.guard(sheet, Box(row, column, row + 1, column + 1))
            if key == "stringValue":
                enter(batch.content, sheet, row, column, text, "USER_ENTERED")
            else:
                sheet.put(row, column, {**cell, "userEnteredValue": {"formulaValue": text}})
            counts["formulasChanged" if key == "formulaValue" else "valuesChanged"] += 1
            counts["occurrencesChanged"] += times
            rows.add(row)
        counts["rowsChanged"] += len(rows)
        counts["sheetsChanged"] += bool(rows)
    return {"findReplace": {name: count for name, count in counts.items() if count}}


KINDS = {
    "updateCells": update_cells,
    "appendCells": append_cells,
    "repeatCell": repeat_cell,
    "setDataValidation": set_data_validation,
    "updateBorders": update_borders,
    "findReplace": find_replace,
}
