"""Requests about rectangles of cells: insert, delete, sort, merge, copy, cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.sheetsim.document import Box
from tests.sheetsim.errors import invalid
from tests.sheetsim.formulas import Calculator
from tests.sheetsim.references import moved
from tests.sheetsim.shifting import Delete, Insert, Shift

if TYPE_CHECKING:
    from tests.sheetsim.document import Json, Sheet

    from .batch import Batch

_FORMATS = {"userEnteredFormat"}
_PASTED = {
    "PASTE_VALUES": {"userEnteredValue"},
    "PASTE_FORMAT": _FORMATS,
    "PASTE_NO_BORDERS": None,
    "PASTE_FORMULA": {"userEnteredValue"},
    "PASTE_DATA_VALIDATION": {"dataValidation"},
}


def _shift(batch: Batch, request: Json) -> tuple[Sheet, Box, str]:
    sheet, box = batch.content.box(request.get("range", {}))
    dimension = request.get("shiftDimension", "")
    if dimension not in {"ROWS", "COLUMNS"}:
        raise invalid("No shiftDimension specified.")
    batch.guard(sheet, box)
    return sheet, box, dimension


def insert_range(batch: Batch, request: Json) -> None:
    """Empty cells; what stood there moves down or to the right."""
    sheet, box, dimension = _shift(batch, request)
    if dimension == "ROWS":
        used = max(
            (row + 1 for (row, column) in sheet.cells if box.left <= column < box.right and row >= box.top), default=0
        )
        if used + box.bottom - box.top > sheet.height:
            sheet.resize(used + box.bottom - box.top, sheet.width)
        Shift(sheet, "ROWS", Insert(box.top, box.bottom - box.top), (box.left, box.right)).apply(batch.content)
        return
    used = max(
        (column + 1 for (row, column) in sheet.cells if box.top <= row < box.bottom and column >= box.left), default=0
    )
    if used + box.right - box.left > sheet.width:
        sheet.resize(sheet.height, used + box.right - box.left)
    Shift(sheet, "COLUMNS", Insert(box.left, box.right - box.left), (box.top, box.bottom)).apply(batch.content)


def delete_range(batch: Batch, request: Json) -> None:
    """Cells go; what stood below or to the right moves in. The grid keeps its size."""
    sheet, box, dimension = _shift(batch, request)
    if dimension == "ROWS":
        Shift(sheet, "ROWS", Delete(box.top, box.bottom), (box.left, box.right)).apply(batch.content)
    else:
        Shift(sheet, "COLUMNS", Delete(box.left, box.right), (box.top, box.bottom)).apply(batch.content)


def sort_range(batch: Batch, request: Json) -> None:
    """Order the rows of a range. Whether metadata of the rows moves along nobody knows (SIM-ASSUMPTION-SORT)."""
    sheet, box = batch.content.box(request.get("range", {}))
    batch.guard(sheet, box)
    if any(
        merge["endRowIndex"] - merge["startRowIndex"] > 1 and batch.content.box(merge)[1].meets(box)
        for merge in sheet.feature("merges")
    ):
        raise invalid("Your sort range contains vertical merges. Please unmerge and try again.")
    order = sort_rows(Calculator(batch.content, batch.now), sheet, box, request.get("sortSpecs", []))
    if batch.metadata_follows_sort:
        places = {old: new for new, old in enumerate(order, box.top)}
        sheet.features["_metadata"] = [_moved(item, places) for item in sheet.feature("_metadata")]


def _moved(item: Json, places: dict[int, int]) -> Json:
    span = item["location"]["dimensionRange"]
    if span["dimension"] != "ROWS" or span["startIndex"] not in places:
        return item
    new = places[span["startIndex"]]
    return {
        **item,
        "location": {**item["location"], "dimensionRange": {**span, "startIndex": new, "endIndex": new + 1}},
    }


def sort_rows(calculator: Calculator, sheet: Sheet, box: Box, specs: list[Json]) -> list[int]:
    """Sort the cells of a box by rows; answers the old row of each new one."""
    order = list(range(box.top, box.bottom))
    for spec in reversed(specs):
        column = spec.get("dimensionIndex", 0)
        keys = {row: _sort_key(calculator.effective(sheet, row, column)) for row in order}
        filled = [row for row in order if keys[row] is not None]
        empty = [row for row in order if keys[row] is None]  # blank cells stand last, whichever way
        filled.sort(key=lambda row, keys=keys: keys[row], reverse=spec.get("sortOrder") == "DESCENDING")
        order = filled + empty
    old = dict(sheet.used(box))
    for spot in old:
        del sheet.cells[spot]
    for new, row in enumerate(order, box.top):
        for column in range(box.left, box.right):
            if (row, column) in old:
                sheet.cells[new, column] = _carried(old[row, column], new - row)
    return order


def _carried(cell: Json, rows: int, columns: int = 0) -> Json:
    """A cell at its new place: relative references move along."""
    formula = cell.get("userEnteredValue", {}).get("formulaValue")
    if formula is None or (not rows and not columns):
        return cell
    return {**cell, "userEnteredValue": {"formulaValue": moved(formula, rows, columns)}}


def _sort_key(value: Json) -> Any:
    """Numbers, then texts, then truth values; None for blank."""
    if "numberValue" in value:
        return (0, value["numberValue"], "")
    if value.get("stringValue"):
        return (1, 0, value["stringValue"].casefold())
    if "boolValue" in value:
        return (2, int(value["boolValue"]), "")
    return (3, 0, "") if "errorValue" in value else None


def merge_cells(batch: Batch, request: Json) -> None:
    """Merge everything, or row by row, or column by column; only the first value stays."""
    sheet, box = batch.content.box(request.get("range", {}))
    batch.guard(sheet, box)
    how = request.get("mergeType", "MERGE_ALL")
    if how == "MERGE_ROWS":
        parts = [Box(row, box.left, row + 1, box.right) for row in range(box.top, box.bottom)]
    elif how == "MERGE_COLUMNS":
        parts = [Box(box.top, column, box.bottom, column + 1) for column in range(box.left, box.right)]
    else:
        parts = [box]
    kept = []
    for merge in sheet.feature("merges"):
        area = batch.content.box(merge)[1]
        if area.meets(box):
            if not area.inside(box):
                raise invalid("You must select all cells in a merged range to merge or unmerge them.")
            continue
        kept.append(merge)
    added = [part for part in parts if (part.bottom - part.top) * (part.right - part.left) > 1]
    for part in added:
        _keep_first(sheet, part)
    sheet.features["merges"] = kept + [part.range(sheet.id) for part in added]


def _keep_first(sheet: Sheet, box: Box) -> None:
    """Of a merged area only the first value stays, at its first cell."""
    values = sorted((spot, cell) for spot, cell in sheet.used(box) if "userEnteredValue" in cell)
    for (row, column), cell in values:
        sheet.put(row, column, {key: item for key, item in cell.items() if key != "userEnteredValue"})
    if values:
        first = values[0][1]["userEnteredValue"]
        sheet.put(box.top, box.left, {"userEnteredValue": first, **sheet.cell(box.top, box.left)})


def unmerge_cells(batch: Batch, request: Json) -> None:
    """Take all merges of a range apart."""
    sheet, box = batch.content.box(request.get("range", {}))
    batch.guard(sheet, box)
    kept = []
    for merge in sheet.feature("merges"):
        area = batch.content.box(merge)[1]
        if not area.meets(box):
            kept.append(merge)
        elif not area.inside(box):
            raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    sheet.features["merges"] = kept


def copy_paste(batch: Batch, request: Json) -> None:
    """Copy cells; a bigger destination is filled by repeating."""
    source, area = batch.content.box(request.get("source", {}))
    target, onto = batch.content.box(request.get("destination", {}))
    rows, columns = area.bottom - area.top, area.right - area.left
    turned = request.get("pasteOrientation") == "TRANSPOSE"
    if turned:
        rows, columns = columns, rows
    down = max((onto.bottom - onto.top) // rows, 1) * rows
    across = max((onto.right - onto.left) // columns, 1) * columns
    box = Box(onto.top, onto.left, min(onto.top + down, target.height), min(onto.left + across, target.width))
    batch.guard(target, box)
    cells = dict(source.used(area))
    fields = _PASTED.get(request.get("pasteType", "PASTE_NORMAL"))
    calculator = Calculator(batch.content, batch.now)
    for row, column in box.spots():
        y, x = (row - box.top) % rows, (column - box.left) % columns
        spot = (area.top + x, area.left + y) if turned else (area.top + y, area.left + x)
        cell = _carried(cells.get(spot, {}), row - spot[0], column - spot[1])
        if request.get("pasteType") == "PASTE_VALUES" and "userEnteredValue" in cell:
            cell = {**cell, "userEnteredValue": calculator.effective(source, *spot)}
        if fields is not None:
            kept = {key: item for key, item in target.cell(row, column).items() if key not in fields}
            cell = {**{key: item for key, item in cell.items() if key in fields}, **kept}
        target.put(row, column, cell)


def cut_paste(batch: Batch, request: Json) -> None:
    """Move cells to another place; formulas that named them follow."""
    source, area = batch.content.box(request.get("source", {}))
    to = request.get("destination", {})
    target = batch.sheet(to)
    top, left = to.get("rowIndex", 0), to.get("columnIndex", 0)
    box = Box(top, left, top + area.bottom - area.top, left + area.right - area.left)
    if box.bottom > target.height or box.right > target.width:
        raise invalid("The destination is outside the grid.")
    batch.guard(source, area)
    batch.guard(target, box)
    cells = dict(source.used(area))
    for spot in cells:
        source.put(*spot, {})
    for spot, _ in target.used(box):
        target.put(*spot, {})
    for (row, column), cell in cells.items():
        target.put(row - area.top + top, column - area.left + left, cell)


KINDS = {
    "insertRange": insert_range,
    "deleteRange": delete_range,
    "sortRange": sort_range,
    "mergeCells": merge_cells,
    "unmergeCells": unmerge_cells,
    "copyPaste": copy_paste,
    "cutPaste": cut_paste,
}
