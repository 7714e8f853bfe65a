"""Requests about tabs and the document: add, delete, copy, rename, reorder, properties."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.sheetsim import blank
from tests.sheetsim.errors import invalid
from tests.sheetsim.masks import change
from tests.sheetsim.references import Reference, rewrite
from tests.sheetsim.styles import tab_colour, widen
from tests.sheetsim.view import sheet_properties

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sheetsim.document import Json, Sheet

    from .batch import Batch

_MAX_TITLE = 100


def check_title(batch: Batch, title: str, own: Sheet | None = None) -> None:
    """Refuse an empty, overlong or taken title."""
    if not title:
        raise invalid("Sheet title cannot be empty.")
    if len(title) > _MAX_TITLE:
        raise invalid(f"The sheet name cannot be greater than {_MAX_TITLE} characters.")
    for sheet in batch.content.sheets:
        if sheet is not own and sheet.title.casefold() == title.casefold():
            raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _fresh_id(batch: Batch, wanted: int | None) -> int:
    if wanted is None:
        return batch.new_id()
    if wanted < 0:
        raise invalid(f"Sheet ID must be non-negative: {wanted}")
    if any(sheet.id == wanted for sheet in batch.content.sheets):
        raise invalid(f"Sheet with id {wanted} already exists.")
    return wanted


def _free_title(batch: Batch, start: str) -> str:
    number = len(batch.content.sheets) + 1
    while batch.content.titled(f"{start}{number}") is not None:
        number += 1
    return f"{start}{number}"


def add_sheet(batch: Batch, request: Json) -> Json:
    """A new tab, at the end or where the index says."""
    asked = request.get("properties", {})
    title = asked.get("title") or _free_title(batch, blank.content("", batch.content.locale).sheets[0].title[:-1])
    check_title(batch, title)
    grid = {"rowCount": 1000, "columnCount": 26, **asked.get("gridProperties", {})}
    properties = {
        "sheetId": _fresh_id(batch, asked.get("sheetId")),
        "title": title,
        "sheetType": asked.get("sheetType", "GRID"),
        "gridProperties": grid,
        **{key: asked[key] for key in ("hidden", "tabColor", "tabColorStyle", "rightToLeft") if key in asked},
    }
    if properties["sheetType"] != "GRID":
        raise invalid(f"Cannot add a sheet of type {properties['sheetType']}.")
    sheet = blank.sheet(properties["sheetId"], title)
    sheet.properties = tab_colour(properties, set(asked))
    index = asked.get("index", len(batch.content.sheets))
    if index > len(batch.content.sheets):
        raise invalid(f"Invalid index: {index}")
    batch.content.sheets.insert(index, sheet)
    batch.check_size()
    return {"addSheet": {"properties": sheet_properties(sheet, index)}}


def _renamed(batch: Batch, old: str, new: str | None) -> None:
    """Let all formulas follow a tab's new title, or lose a deleted tab."""

    def follow(found: Reference) -> Reference | None:
        if found.title != old:
            return found
        return None if new is None else replace(found, title=new)

    for sheet in batch.content.sheets:
        for spot, cell in list(sheet.cells.items()):
            formula = cell.get("userEnteredValue", {}).get("formulaValue")
            if formula is not None:
                text = rewrite(formula, follow)
                if text != formula:
                    sheet.cells[spot] = {**cell, "userEnteredValue": {"formulaValue": text}}


def delete_sheet(batch: Batch, request: Json) -> None:
    """Take a tab away; a document keeps at least one visible tab."""
    sheet = batch.sheet(request)
    others = [other for other in batch.content.sheets if other is not sheet]
    if not any(not other.properties.get("hidden") for other in others):
        raise invalid("You can't remove all the visible sheets in a document.")
    batch.guard(sheet, sheet.whole)
    batch.content.sheets.remove(sheet)
    batch.content.named_ranges[:] = [
        item for item in batch.content.named_ranges if item["range"].get("sheetId", 0) != sheet.id
    ]
    _renamed(batch, sheet.title, None)


_NEW_IDS: dict[str, tuple[str, Callable[[int], int | str]]] = {
    "protectedRanges": ("protectedRangeId", int),
    "bandedRanges": ("bandedRangeId", int),
    "filterViews": ("filterViewId", int),
    "charts": ("chartId", int),
    "slicers": ("slicerId", int),
    "tables": ("tableId", str),
    "developerMetadata": ("metadataId", int),
    "_metadata": ("metadataId", int),
}


def duplicate(batch: Batch, source: Sheet, sheet_id: int, title: str) -> Sheet:
    """A copy of a tab with everything on it, its features under new ids."""

    def visit(name: str, message: Json) -> Json:
        if name in {"GridRange", "DimensionRange", "GridCoordinate", "DeveloperMetadataLocation"}:
            inner = message.get("sheetId", 0)
            if inner == source.id and ("sheetId" in message or name != "DeveloperMetadataLocation"):
                return {**message, "sheetId": sheet_id}
        return message

    copy = source.copy()
    copy.properties = {**source.properties, "sheetId": sheet_id, "title": title}
    known = batch.api.schemas["Sheet"]["properties"]
    for name, items in copy.features.items():
        schema = "DeveloperMetadata" if name == "_metadata" else known[name]["items"]["$ref"]
        moved = []
        for item in items:
            hidden = {key: value for key, value in item.items() if key.startswith("_")}
            new = batch.api.walk(schema, {k: v for k, v in item.items() if k not in hidden}, visit)
            if name in _NEW_IDS:
                key, kind = _NEW_IDS[name]
                new[key] = kind(batch.new_id())
            moved.append({**new, **hidden})
        items[:] = moved
    if copy.basic_filter is not None:
        copy.basic_filter = batch.api.walk("BasicFilter", copy.basic_filter, visit)
    return copy


def duplicate_sheet(batch: Batch, request: Json) -> Json:
    """Copy a tab within the document."""
    source = batch.sheet(request, "sourceSheetId")
    title = request.get("newSheetName")
    if title is None:
        title, number = f"Copy of {source.title}", 2
        while batch.content.titled(title) is not None:
            title, number = f"Copy of {source.title} {number}", number + 1
    check_title(batch, title)
    copy = duplicate(batch, source, _fresh_id(batch, request.get("newSheetId")), title)
    index = request.get("insertSheetIndex", 0)
    batch.content.sheets.insert(index, copy)
    batch.check_size()
    return {"duplicateSheet": {"properties": sheet_properties(copy, min(index, len(batch.content.sheets) - 1))}}


def update_sheet_properties(batch: Batch, request: Json) -> None:
    """Title, size, place, colour, visibility of a tab."""
    asked = request.get("properties", {})
    sheet = batch.sheet(asked)
    mask = batch.mask(request, "SheetProperties")
    whole = "*" in mask
    if (whole and "title" in asked) or "title" in mask:
        check_title(batch, asked.get("title", ""), sheet)
    old_title = sheet.title
    new = change({} if whole else widen(mask), sheet.properties, asked)
    grid = new.get("gridProperties", {})
    # The id is fixed for life, and a mask of "*" leaves out nothing that a tab must have.
    new = {**sheet.properties, **new} if whole else new
    new = {**new, "sheetId": sheet.id, "sheetType": sheet.properties["sheetType"]}
    new["gridProperties"] = {
        "rowCount": grid.get("rowCount", 0) if not whole else grid.get("rowCount", sheet.height),
        "columnCount": grid.get("columnCount", 0) if not whole else grid.get("columnCount", sheet.width),
        **{key: item for key, item in grid.items() if key not in {"rowCount", "columnCount"}},
    }
    _check_grid(new["gridProperties"])
    index = new.pop("index", 0)
    height, width = new["gridProperties"]["rowCount"], new["gridProperties"]["columnCount"]
    ordered = [*sheet.properties, *(key for key in new if key not in sheet.properties)]
    sheet.properties = tab_colour({key: new[key] for key in ordered if key in new}, set(asked) | set(mask))
    sheet.resize(height, width)
    _trim(sheet)
    if all(one.properties.get("hidden") for one in batch.content.sheets):
        raise invalid("You can't hide all the sheets in a document.")
    if "index" in mask or (whole and "index" in asked):
        _reorder(batch, sheet, index)
    if sheet.title != old_title:
        _renamed(batch, old_title, sheet.title)
    batch.check_size()


def _check_grid(grid: Json) -> None:
    if grid["rowCount"] < 1 or grid["columnCount"] < 1:
        raise invalid("The grid must have at least one row and one column.")
    if grid.get("frozenRowCount", 0) >= grid["rowCount"] > 1:
        raise invalid("You can't freeze all visible rows on the sheet.")
    if grid.get("frozenColumnCount", 0) >= grid["columnCount"] > 1:
        raise invalid("You can't freeze all visible columns on the sheet.")


def _trim(sheet: Sheet) -> None:
    """Cut merges at the new edge of the grid; drop what lies outside."""
    kept = []
    for merge in sheet.features.get("merges", []):
        bottom, right = min(merge["endRowIndex"], sheet.height), min(merge["endColumnIndex"], sheet.width)
        if merge["startRowIndex"] < bottom and merge["startColumnIndex"] < right:
            kept.append({**merge, "endRowIndex": bottom, "endColumnIndex": right})
    if "merges" in sheet.features:
        sheet.features["merges"] = kept


def _reorder(batch: Batch, sheet: Sheet, index: int) -> None:
    """Indexes are counted as before the move."""
    sheets = batch.content.sheets
    if index > len(sheets):
        raise invalid(f"Invalid index: {index}")
    old = sheets.index(sheet)
    sheets.remove(sheet)
    sheets.insert(index if index <= old else index - 1, sheet)


def update_spreadsheet_properties(batch: Batch, request: Json) -> None:
    """Title, locale, time zone of the document."""
    asked = request.get("properties", {})
    mask = batch.mask(request, "SpreadsheetProperties")
    new = change(mask, batch.content.properties, asked)
    if not new.get("title"):
        raise invalid("The spreadsheet title cannot be empty.")
    if "locale" in mask and not new.get("locale"):
        raise invalid("Invalid locale.")
    batch.content.properties = {key: new[key] for key in [*batch.content.properties, *new] if key in new}


KINDS = {
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "duplicateSheet": duplicate_sheet,
    "updateSheetProperties": update_sheet_properties,
    "updateSpreadsheetProperties": update_spreadsheet_properties,
}
