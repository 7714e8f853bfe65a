"""New tabs: from a design to requests.

Tables stay plain cells with a header that stays in view. Google's own "tables" would set types and colours of their
own, draw their names over the tab, and be unknown to programs that read the document or its .xlsx export; people
may still turn ours into one, and it is then read and grown as theirs. Banding is left out: rows are told apart by
their lines, also where colours are not seen.

Validation only warns. Tabs that the tool computes warn before a person types into them; nobody is locked out.
"""

from __future__ import annotations

import zlib
from itertools import groupby
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.backends.google import formulas, ledger
from netzwerk_sheets.backends.google.batch import VALUE, Batch, Write
from netzwerk_sheets.backends.google.charts import chart_request
from netzwerk_sheets.backends.google.formats import colour, highlight_format
from netzwerk_sheets.backends.google.reading import EVERYWHERE, range_of
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import Area, Choice, TabDesign, Validation
from netzwerk_sheets.grid.titles import is_legal

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from netzwerk_sheets.backends.google.cells import Painter
    from netzwerk_sheets.grid import Look

_SPARE_ROWS, _SPARE_COLUMNS = 200, 3
_LARGEST_NUMBER = 1 << 31
_POINT = 96 / 72
_PLAIN_SIZE = 11
"""Pixels."""


def check_title(title: str, taken: Container[str]) -> None:
    """Refuse a title that is taken or that not every program allows.

    Args:
        title: The title.
        taken: Titles in use, in small letters.
    """
    if title.casefold() in taken:
        raise WorkbookRefused("tab-exists", tab=title)
    if not is_legal(title):
        raise WorkbookRefused("tab-name-illegal", tab=title)


def free_number(text: str, taken: Container[int]) -> int:
    """Give a number for something new: always the same for a text, so that it cannot be made twice."""
    number = zlib.crc32(text.encode()) % _LARGEST_NUMBER or 1
    while number in taken:
        number = number % (_LARGEST_NUMBER - 1) + 1
    return number


def sheet_request(design: TabDesign, number: int, index: int | None) -> dict[str, Any]:
    """Write the empty tab: size, colour and what stays in view."""
    areas = [*(each.area for each in design.validations), *(each.area for each in design.highlights)]
    last_row = max([1, *(row for row, _ in design.cells), *(area.last_row for area in areas)])
    last_column = max([1, *(column for _, column in design.cells), *(area.last_column for area in areas)])
    rows, columns = design.frozen
    grid: dict[str, int] = {"rowCount": last_row + _SPARE_ROWS, "columnCount": last_column + _SPARE_COLUMNS}
    if rows:
        grid["frozenRowCount"] = rows
    if columns:
        grid["frozenColumnCount"] = columns
    properties: dict[str, Any] = {"sheetId": number, "title": design.title, "gridProperties": grid}
    if index is not None:
        properties["index"] = index
    if design.colour:
        properties["tabColorStyle"] = colour(design.colour)
    return {"properties": properties}


def fill(batch: Batch, design: TabDesign, number: int, painter: Painter, separator: str) -> None:
    """Write everything that stands on a new tab."""
    tab = design.title
    writes: dict[tuple[int, int], Write] = {}
    looks: dict[tuple[int, int], Mapping[str, Any]] = {}
    for place, cell in design.cells.items():
        raw, look = painter.fresh(cell)
        if raw:
            writes[place] = Write(raw, None, (VALUE,))
        if look:
            looks[place] = look
    batch.look(tab, number, looks)
    batch.update(tab, number, writes)
    scale = min((style.size for style in painter.look.values()), default=_PLAIN_SIZE) / _PLAIN_SIZE
    for column, width in sorted(design.widths.items()):
        batch.add("updateDimensionProperties", _size(number, "COLUMNS", column, round(width * 7.5 * scale) + 5), tab)
    for row, points in sorted(design.heights.items()):
        batch.add("updateDimensionProperties", _size(number, "ROWS", row, round(points * _POINT * scale)), tab)
    _guide(batch, design, number, painter.look, separator)
    for name, area in design.names.items():
        spelled = ledger.spelled(name)
        if spelled is not None:
            range_ = {"namedRangeId": ledger.number_of(name), "name": spelled, "range": range_of(number, area)}
            batch.add("addNamedRange", {"namedRange": range_}, tab)
    for index, chart in enumerate(design.charts):
        batch.add("addChart", chart_request(chart, number, free_number(f"{tab} {index}", ())), tab)


def _guide(batch: Batch, design: TabDesign, number: int, look: Look, separator: str) -> None:
    """Write what guides people who type: dropdowns, warnings and highlights."""
    tab = design.title
    for each in design.validations:
        batch.add("setDataValidation", {"range": range_of(number, each.area), "rule": _rule(each)}, tab)
    for index, light in enumerate(design.highlights):
        text = "=" + formulas.spelled(light.formula.removeprefix("="), separator)
        condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": text}]}
        highlight: dict[str, Any] = {
            "ranges": [range_of(number, light.area)],
            "booleanRule": {"condition": condition, "format": highlight_format(look[light.role])},
        }
        batch.add("addConditionalFormatRule", {"rule": highlight, "index": index}, tab)
    protection = _protection(design, look, number)
    if protection is not None:
        batch.add("addProtectedRange", {"protectedRange": protection}, tab)


def _size(number: int, dimension: str, place: int, pixels: int) -> dict[str, Any]:
    return {
        "range": {"sheetId": number, "dimension": dimension, "startIndex": place - 1, "endIndex": place},
        "properties": {"pixelSize": pixels},
        "fields": "pixelSize",
    }


def _rule(each: Validation) -> dict[str, Any]:
    kinds: dict[Choice, tuple[str, tuple[str, ...]]] = {
        Choice.LIST: ("ONE_OF_LIST", each.options),
        Choice.RANGE: ("ONE_OF_RANGE", tuple("=" + text.removeprefix("=") for text in each.options[:1])),
        Choice.DATE: ("DATE_IS_VALID", ()),
        Choice.WHOLE: ("NUMBER_GREATER_THAN_EQ", ("0",)),
        Choice.ANY: ("CUSTOM_FORMULA", ("=1=1",)),
    }
    kind, values = kinds[each.choice]
    condition: dict[str, Any] = {"type": kind}
    if values:
        condition["values"] = [{"userEnteredValue": text} for text in values]
    menu = each.choice in {Choice.LIST, Choice.RANGE}
    return {"condition": condition, "inputMessage": each.prompt or each.title, "strict": False, "showCustomUi": menu}


def _protection(design: TabDesign, look: Look, number: int) -> dict[str, Any] | None:
    """Let tabs that the tool computes warn; columns that people fill there stay open, down to the last row."""
    cells = [(place, look[cell.role].locked) for place, cell in design.cells.items() if cell.role in look]
    people = sorted({column for (_, column), locked in cells if not locked})
    if sum(locked for _, locked in cells) < len(cells) / 2:
        return None
    first = min((row for (row, _), locked in cells if not locked), default=1)
    holes = [
        Area(first, columns[0], EVERYWHERE, columns[-1])
        for _, run in groupby(enumerate(people), key=lambda each: each[1] - each[0])
        for columns in [[column for _, column in run]]
    ]
    found: dict[str, Any] = {"range": {"sheetId": number}, "warningOnly": True}
    if holes:
        found["unprotectedRanges"] = [range_of(number, hole) for hole in holes]
    return found
