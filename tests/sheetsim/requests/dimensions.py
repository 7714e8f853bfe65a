"""Requests about whole rows and columns: insert, delete, move, append, size, group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sheetsim.document import Box
from tests.sheetsim.errors import invalid
from tests.sheetsim.masks import change
from tests.sheetsim.shifting import Delete, Insert, Move, Shift

if TYPE_CHECKING:
    from tests.sheetsim.document import Json, Sheet

    from .batch import Batch

_NAMES = {"ROWS": "rows", "COLUMNS": "columns"}
_GROUPS = {"ROWS": ("rowGroups", "rowGroupControlAfter"), "COLUMNS": ("columnGroups", "columnGroupControlAfter")}
_INHERITED = ("userEnteredFormat", "dataValidation")


def _span(sheet: Sheet, span: Json) -> tuple[str, int, int]:
    """Dimension, start and end; an open end is the grid's."""
    dimension = span.get("dimension", "")
    if dimension not in _NAMES:
        raise invalid("No dimension specified.")
    start, end = span.get("startIndex", 0), span.get("endIndex", length(sheet, dimension))
    if start < 0 or end <= start:
        raise invalid(f"range is not valid: [{start}, {end})")
    return dimension, start, end


def length(sheet: Sheet, dimension: str) -> int:
    """How many rows (or columns) the tab has."""
    return sheet.height if dimension == "ROWS" else sheet.width


def strip(sheet: Sheet, dimension: str, start: int, end: int) -> Box:
    """Whole rows (or columns) as a box."""
    if dimension == "ROWS":
        return Box(start, 0, end, sheet.width)
    return Box(0, start, sheet.height, end)


def _resize(sheet: Sheet, dimension: str, by: int) -> None:
    rows = dimension == "ROWS"
    sheet.resize(sheet.height + (by if rows else 0), sheet.width + (0 if rows else by))


def insert_dimension(batch: Batch, request: Json) -> None:
    """New empty rows or columns; they look like the one before, or the one after."""
    span = request.get("range", {})
    sheet = batch.sheet(span)
    dimension, start, end = _span(sheet, span)
    before = request.get("inheritFromBefore", False)
    if start > length(sheet, dimension):
        raise invalid(f"Cannot insert at index {start}: the sheet has {length(sheet, dimension)} {_NAMES[dimension]}.")
    if before and start == 0:
        raise invalid("inheritFromBefore cannot be true if inserting at index 0.")
    batch.guard(sheet, strip(sheet, dimension, start, start + 1))
    _resize(sheet, dimension, end - start)
    Shift(sheet, dimension, Insert(start, end - start)).apply(batch.content)
    _inherit(sheet, dimension, start, end, start - 1 if before else end)
    batch.check_size()


def _inherit(sheet: Sheet, dimension: str, start: int, end: int, source: int) -> None:
    rows = dimension == "ROWS"
    sizes = sheet.rows if rows else sheet.columns
    if source in sizes:
        sizes.update(dict.fromkeys(range(start, end), sizes[source]))
    for spot, cell in sheet.used(strip(sheet, dimension, source, source + 1)):
        look = {name: cell[name] for name in _INHERITED if name in cell}
        for index in range(start, end):
            if look:
                sheet.put(index if rows else spot[0], spot[1] if rows else index, look)


def delete_dimension(batch: Batch, request: Json) -> None:
    """Rows or columns go, with all that lies on them."""
    span = request.get("range", {})
    sheet = batch.sheet(span)
    dimension, start, end = _span(sheet, span)
    if end > length(sheet, dimension):
        raise invalid(
            f"Cannot delete a {_NAMES[dimension][:-1]} that doesn't exist. Tried to delete "
            f"{_NAMES[dimension][:-1]} index {end - 1} but there are only {length(sheet, dimension)} {_NAMES[dimension]}."
        )
    if end - start >= length(sheet, dimension):
        raise invalid(f"You can't delete all the {_NAMES[dimension]} on the sheet.")
    batch.guard(sheet, strip(sheet, dimension, start, end))
    Shift(sheet, dimension, Delete(start, end)).apply(batch.content)
    _resize(sheet, dimension, start - end)


def move_dimension(batch: Batch, request: Json) -> None:
    """Rows or columns to another place, counted as before the move."""
    span = request.get("source", {})
    sheet = batch.sheet(span)
    dimension, start, end = _span(sheet, span)
    to = request.get("destinationIndex", 0)
    if to > length(sheet, dimension) or end > length(sheet, dimension) or start < to < end:
        raise invalid(f"Invalid destinationIndex: {to}")
    block = strip(sheet, dimension, start, end)
    batch.guard(sheet, block)
    areas = [batch.content.box(merge)[1] for merge in sheet.feature("merges")]
    if any(area.meets(block) and not area.inside(block) for area in areas):
        raise invalid("You can't move a part of a merged cell.")
    Shift(sheet, dimension, Move(start, end, to)).apply(batch.content)


def append_dimension(batch: Batch, request: Json) -> None:
    """More rows or columns at the end."""
    sheet = batch.sheet(request)
    count = request.get("length", 0)
    if count < 1 or request.get("dimension") not in _NAMES:
        raise invalid("length must be greater than zero and a dimension must be given.")
    _resize(sheet, request["dimension"], count)
    batch.check_size()


def update_dimension_properties(batch: Batch, request: Json) -> None:
    """Size and visibility of rows or columns."""
    span = request.get("range", {})
    sheet = batch.sheet(span)
    dimension, start, end = _span(sheet, span)
    mask = batch.mask(request, "DimensionProperties")
    own = sheet.rows if dimension == "ROWS" else sheet.columns
    for index in range(start, min(end, length(sheet, dimension))):
        new = change(mask, own.get(index, {}), request.get("properties", {}))
        new = {key: value for key, value in new.items() if value}
        if new:
            own[index] = new
        else:
            own.pop(index, None)


# Rough widths of letters in pixels; only that of the capital A is fitted to a recording.
_LETTER = {"A": 8.4678, "i": 2.89, "l": 2.89, "m": 10.83, "w": 9.39, " ": 3.61}
_PADDING = 20


def auto_resize_dimensions(batch: Batch, request: Json) -> None:
    """Columns as wide as their longest text."""
    span = request.get("dimensions", {})
    sheet = batch.sheet(span)
    dimension, start, end = _span(sheet, span)
    if dimension == "ROWS":
        for index in range(start, end):
            sheet.rows.pop(index, None)
        return
    for (_, column), cell in sheet.used(strip(sheet, dimension, start, end)):
        text = str(next(iter(cell.get("userEnteredValue", {}).values()), ""))
        width = round(sum(_LETTER.get(letter, 7.23) for letter in text)) + _PADDING
        kept = sheet.columns.get(column, {})
        sheet.columns[column] = {**kept, "pixelSize": max(width, kept.get("pixelSize", 0))}


def add_dimension_group(batch: Batch, request: Json) -> Json:
    """Group rows or columns; groups inside others lie deeper."""
    span = request.get("range", {})
    sheet = batch.sheet(span)
    dimension, start, end = _span(sheet, span)
    name, control = _GROUPS[dimension]
    groups = sheet.feature(name)
    depth = 1 + sum(g["range"]["startIndex"] <= start and end <= g["range"]["endIndex"] for g in groups)
    own = {"dimension": dimension, "startIndex": start, "endIndex": end}
    groups.append({"range": {"sheetId": sheet.id, **own}, "depth": depth})
    sheet.properties = {**sheet.properties, "gridProperties": {**sheet.grid, control: True}}
    from tests.sheetsim.view import out

    return {"addDimensionGroup": {"dimensionGroups": [out("DimensionGroup", group) for group in groups]}}


def delete_dimension_group(batch: Batch, request: Json) -> Json:
    """Take a group away, the innermost with that range."""
    span = request.get("range", {})
    sheet = batch.sheet(span)
    dimension, start, end = _span(sheet, span)
    groups = sheet.feature(_GROUPS[dimension][0])
    same = [g for g in groups if (g["range"]["startIndex"], g["range"]["endIndex"]) == (start, end)]
    if not same:
        raise invalid("The dimension range does not have a group.")
    groups.remove(max(same, key=lambda group: group["depth"]))
    from tests.sheetsim.view import out

    reply: Json = {}
    if groups:
        reply["dimensionGroups"] = [out("DimensionGroup", group) for group in groups]
    return {"deleteDimensionGroup": reply}


def update_dimension_group(batch: Batch, request: Json) -> None:
    """Collapse or open a group."""
    asked = request.get("dimensionGroup", {})
    span = asked.get("range", {})
    sheet = batch.sheet(span)
    dimension, start, end = _span(sheet, span)
    mask = batch.mask(request, "DimensionGroup")
    groups = sheet.feature(_GROUPS[dimension][0])
    for index, group in enumerate(groups):
        if (group["range"]["startIndex"], group["range"]["endIndex"]) == (start, end):
            groups[index] = {**change(mask, group, asked), "range": group["range"], "depth": group["depth"]}
            return
    raise invalid("The dimension range does not have a group.")


KINDS = {
    "insertDimension": insert_dimension,
    "deleteDimension": delete_dimension,
    "moveDimension": move_dimension,
    "appendDimension": append_dimension,
    "updateDimensionProperties": update_dimension_properties,
    "autoResizeDimensions": auto_resize_dimensions,
    "addDimensionGroup": add_dimension_group,
    "deleteDimensionGroup": delete_dimension_group,
    "updateDimensionGroup": update_dimension_group,
}
