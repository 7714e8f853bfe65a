"""What ``spreadsheets.get`` shows of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import discovery, masks
from .document import FEATURES, Box
from .ranges import locate
from .shown import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .document import Content, Json, Sheet
    from .formulas import Calculator
    from .masks import Mask

ROW_PIXELS = 21
COLUMN_PIXELS = 100
_RANGES = {"GridRange", "DimensionRange", "GridCoordinate"}
_ON_THE_GRID = {"rowData", "rowMetadata", "columnMetadata", "startRow", "startColumn"}


def out(schema: str, value: Any) -> Any:
    """The value as a reply shows it: sheetId 0 is left out of ranges, other ids are not."""

    def visit(name: str, message: Json) -> Json:
        if message.get("sheetId") == 0 and name in _RANGES:
            return {key: item for key, item in message.items() if key != "sheetId"}
        return message

    return discovery.sheets().walk(schema, value, visit)


def spreadsheet(
    document_id: str,
    calculator: Calculator,
    user: str,
    *,
    ranges: Sequence[str] = (),
    boxes: Sequence[tuple[Sheet, Box]] | None = None,
    grid_data: bool = False,
    mask: Mask | None = None,
    with_comments: bool = False,
) -> Json:
    """A Spreadsheet, before the mask; ``boxes`` are ranges that are understood already."""
    content = calculator.content
    found = list(boxes) if boxes is not None else [(p.sheet, p.box) for p in (locate(content, text) for text in ranges)]
    limited = boxes is not None or bool(ranges)
    with_data = grid_data if mask is None else _asks_for_data(mask)
    reply: Json = {"spreadsheetId": document_id, "properties": content.properties}
    sheets = []
    for index, sheet in enumerate(content.sheets):
        mine = [box for owner, box in found if owner is sheet]
        if limited and not mine:
            continue
        shown_sheet = _sheet(content, sheet, index, user, mine if limited else None)
        if not with_comments:
            shown_sheet.pop("commentAnchors", None)
        if with_data:
            grids = mine if limited else [sheet.whole]
            shown_sheet["data"] = [_grid(calculator, sheet, box, mask, content) for box in grids]
        sheets.append(shown_sheet)
    if sheets:
        reply["sheets"] = sheets
    if content.named_ranges:
        reply["namedRanges"] = [out("NamedRange", item) for item in content.named_ranges]
    if content.metadata:
        reply["developerMetadata"] = [out("DeveloperMetadata", item) for item in content.metadata]
    if with_comments and content.comments:
        reply["comments"] = content.comments
    reply["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{document_id}/edit"
    return reply


def _asks_for_data(mask: Mask) -> bool:
    """A mask beats includeGridData: the grid is shown where the mask reaches it."""
    return not mask or "*" in mask or masks.reaches(mask, "sheets", "data")


def sheet_properties(sheet: Sheet, index: int) -> Json:
    """SheetProperties with the index in its place."""
    ordered: Json = {}
    for name, item in sheet.properties.items():
        ordered[name] = item
        if name == "title":
            ordered["index"] = index
    return ordered


def _sheet(content: Content, sheet: Sheet, index: int, user: str, boxes: list[Box] | None) -> Json:
    reply: Json = {"properties": sheet_properties(sheet, index)}
    for name in FEATURES:
        items = [item for item in sheet.features.get(name, []) if boxes is None or _meets(content, name, item, boxes)]
        if name == "protectedRanges":
            items = [_protection(item, user) for item in items]
        if items:
            schema = discovery.sheets().schemas["Sheet"]["properties"][name]["items"]["$ref"]
            reply[name] = [out(schema, item) for item in items]
    if sheet.basic_filter is not None:
        reply["basicFilter"] = out("BasicFilter", sheet.basic_filter)
    return reply


def _meets(content: Content, name: str, item: Json, boxes: list[Box]) -> bool:
    """Whether a feature touches the asked ranges; features without a range always do."""
    ranges = [item] if name == "merges" else item.get("ranges", [item["range"]] if "range" in item else [])
    ranges = [one for one in ranges if "dimension" not in one]
    if not ranges:
        return True
    return any(content.box(one)[1].meets(box) for one in ranges for box in boxes)


def _protection(item: Json, user: str) -> Json:
    """A protected range as that user sees it; only those who may edit it see the editors."""
    editors = item.get("editors", {})
    may = item.get("warningOnly", False) or user in editors.get("users", []) or item.get("_owner") == user
    shown_item = {key: value for key, value in item.items() if not key.startswith("_")}
    shown_item.pop("requestingUserCanEdit", None)
    if not may:
        shown_item.pop("editors", None)
        return shown_item
    ordered: Json = {}
    for key, value in shown_item.items():
        if key == "editors":
            ordered["requestingUserCanEdit"] = True
        ordered[key] = value
    return ordered


def _grid(calculator: Calculator, sheet: Sheet, box: Box, mask: Mask | None, content: Content) -> Json:
    inner = (mask or {}).get("sheets", {}).get("data", {}) if mask and "*" not in mask else {}
    wanted = set(inner) & _ON_THE_GRID if inner and "*" not in inner else _ON_THE_GRID
    reply: Json = {}
    if box.top and "startRow" in wanted:
        reply["startRow"] = box.top
    if box.left and "startColumn" in wanted:
        reply["startColumn"] = box.left
    if "rowData" in wanted:
        below = inner.get("rowData", {}).get("values", {}) if inner.get("rowData") else {}
        rows = _rows(calculator, sheet, box, below, content)
        if rows:
            reply["rowData"] = rows
    metadata = _dimension_metadata(sheet)
    if "rowMetadata" in wanted:
        reply["rowMetadata"] = _bands(sheet.rows, metadata["ROWS"], box.top, box.bottom, ROW_PIXELS)
    if "columnMetadata" in wanted:
        reply["columnMetadata"] = _bands(sheet.columns, metadata["COLUMNS"], box.left, box.right, COLUMN_PIXELS)
    return reply


def _dimension_metadata(sheet: Sheet) -> dict[str, dict[int, list[Json]]]:
    """Developer metadata of rows and columns, by index; kept on the tab, shown in the grid."""
    found: dict[str, dict[int, list[Json]]] = {"ROWS": {}, "COLUMNS": {}}
    for item in sheet.features.get("_metadata", []):
        span = item["location"]["dimensionRange"]
        found[span["dimension"]].setdefault(span["startIndex"], []).append(out("DeveloperMetadata", item))
    return found


def _bands(own: dict[int, Json], metadata: dict[int, list[Json]], first: int, end: int, pixels: int) -> list[Json]:
    bands = []
    for index in range(first, end):
        kept = own.get(index, {})
        band = {**{k: v for k, v in kept.items() if k != "pixelSize"}, "pixelSize": kept.get("pixelSize", pixels)}
        if index in metadata:
            band["developerMetadata"] = metadata[index]
        bands.append(band)
    return bands


def _rows(calculator: Calculator, sheet: Sheet, box: Box, mask: Mask, content: Content) -> list[Json]:
    """Rows up to the last cell that has something to show."""
    lines: dict[int, dict[int, Json]] = {}
    shown_cell = _CellView(calculator, sheet, mask, content).shown
    # Most cells hold no value and are one and the same message: it is seen the same way everywhere.
    known: dict[int, Json] = {}
    for (row, column), cell in sheet.used(box):
        if "userEnteredValue" in cell:
            found = shown_cell(row, column, cell)
        elif id(cell) in known:
            found = known[id(cell)]
        else:
            found = known[id(cell)] = shown_cell(row, column, cell)
        if found:
            lines.setdefault(row - box.top, {})[column - box.left] = found
    rows: list[Json] = []
    for row in range(max(lines, default=-1) + 1):
        line = lines.get(row, {})
        rows.append({"values": [line.get(column, {}) for column in range(max(line) + 1)]} if line else {})
    return rows


_COMPUTED = ("effectiveValue", "formattedValue", "effectiveFormat", "hyperlink")


class _CellView:
    """CellData of one tab, computing only what the mask asks for."""

    def __init__(self, calculator: Calculator, sheet: Sheet, mask: Mask, content: Content) -> None:
        self._calculator = calculator
        self._sheet = sheet
        self._content = content
        everything = not mask or "*" in mask
        self._wanted = None if everything else frozenset(mask)
        self._inner = {} if everything else {name: below for name, below in mask.items() if below}
        self._value, self._text, self._format, self._link = (everything or name in mask for name in _COMPUTED)

    def shown(self, row: int, column: int, cell: Json) -> Json:
        """What is seen of one cell."""
        wanted = self._wanted
        reply: Json = {
            key: value for key, value in cell.items() if key != "effectiveValue" and (wanted is None or key in wanted)
        }
        has_value = "userEnteredValue" in cell
        if has_value and (self._value or self._text):
            value = self._calculator.effective(self._sheet, row, column)
            if self._value:
                reply["effectiveValue"] = public(value)
            if self._text:
                number_format = cell.get("userEnteredFormat", {}).get("numberFormat")
                reply["formattedValue"] = shown(value, number_format, self._content.locale)
        if self._format and (has_value or "userEnteredFormat" in cell):
            reply["effectiveFormat"] = effective_format(self._content, cell.get("userEnteredFormat", {}))
        if self._link:
            link = hyperlink(cell)
            if link:
                reply["hyperlink"] = link
        for name, below in self._inner.items():
            if name in reply:
                reply[name] = masks.show(below, reply[name])
        return reply


def public(value: Json) -> Json:
    """An ExtendedValue without what only this server knows of it."""
    if "errorValue" in value:
        return {"errorValue": {k: v for k, v in value["errorValue"].items() if not k.startswith("_")}}
    return value


def effective_format(content: Content, own: Json) -> Json:
    """The document's default, with the cell's own format over it."""
    default = content.properties.get("defaultFormat", {})
    merged: Json = {**default, **own, "textFormat": {**default.get("textFormat", {}), **own.get("textFormat", {})}}
    merged.setdefault("hyperlinkDisplayType", "PLAIN_TEXT")
    return merged


def hyperlink(cell: Json) -> str:
    """The address of a HYPERLINK formula or of a link over the whole cell."""
    import re

    formula = cell.get("userEnteredValue", {}).get("formulaValue", "")
    match = re.match(r'=HYPERLINK\(\s*"([^"]*)"', formula, re.IGNORECASE)
    if match:
        return match[1]
    link = cell.get("userEnteredFormat", {}).get("textFormat", {}).get("link", {})
    return str(link.get("uri", ""))
