"""The whole document, read in one reply, as a `Snapshot` and what writing needs to know beside it.

What is asked for is bounded by a field mask: values, the formats that carry meaning, notes, and what may stand in
the way. Of formats only two things are asked: the number format, which tells days from numbers, and the colour of
the text, which tells roles. Cells without any of that are not kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.backends.google import formulas, ledger
from netzwerk_sheets.backends.google.formats import spelled_colour
from netzwerk_sheets.backends.google.values import Raw, number_format, value_of
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import Area, Formula, Note, Snapshot, Tab, TableArea, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIELDS = (
    "spreadsheetId,properties(title,locale,timeZone),namedRanges,"
    "developerMetadata(metadataId,metadataKey,metadataValue,location(locationType)),"
    "sheets(properties(sheetId,title,index,sheetType,hidden,gridProperties(rowCount,columnCount)),"
    "merges,protectedRanges(range,warningOnly,requestingUserCanEdit,unprotectedRanges),"
    "tables(tableId,name,range,rowsProperties(footerColorStyle)),"
    "data(startRow,startColumn,rowData(values(userEnteredValue,effectiveValue,note,chipRuns,textFormatRuns,"
    "userEnteredFormat(numberFormat,textFormat(foregroundColorStyle)),effectiveFormat(numberFormat)))))"
)
MOST_CELLS = 8_000_000
PROTECTED = "google-protected"
EVERYWHERE = 1 << 30
_UNREAD = "ERROR"
"""The kind of error that a formula shows which Google could not read."""

Place = tuple[int, int]
"""(row, column), counted from 1."""


@dataclass(frozen=True, slots=True)
class Page:
    """What writing needs to know of one tab.

    Attributes:
        number: Google's ``sheetId``; it stays while people rename and move the tab.
        rows: How many rows the grid has.
        columns: How many columns the grid has.
        raw: Filled cells as Google keeps them.
        numbers: Number format, where a cell has one.
        inks: Colour of the text, where a cell has one.
        spilled: Cells that a formula elsewhere fills.
        merged: Merged areas.
        closed: Areas the signed-in account may not write, and the open areas within.
        tables: Name of a marked table → its id and area.
        last_row: The last row with a value.
        unread: Cells with a formula that Google could not read.
    """

    number: int
    rows: int
    columns: int
    raw: Mapping[Place, Raw]
    numbers: Mapping[Place, Mapping[str, str]]
    inks: Mapping[Place, str]
    spilled: frozenset[Place]
    merged: tuple[Area, ...]
    closed: tuple[tuple[Area, tuple[Area, ...]], ...]
    tables: Mapping[str, tuple[str, Area]]
    last_row: int
    unread: frozenset[Place] = frozenset()

    def kind(self, place: Place) -> str:
        """Give the type of a cell's number format, such as ``DATE`` or ``TEXT``, or empty."""
        return self.numbers.get(place, {}).get("type", "")


@dataclass(frozen=True, slots=True)
class Seen:
    """A document as read.

    Attributes:
        snapshot: What the rest of the program sees.
        title: The document's name.
        pages: Title of a tab → what writing needs.
        names: Our name → id of its named range, where there is one.
        book: What the tool left in the document.
        separator: The mark between a formula's arguments.
        formulas: Formula as the program spells it → as it stands in the document, where the two differ.
        numbers: Every ``sheetId`` in use.
    """

    snapshot: Snapshot
    title: str
    pages: Mapping[str, Page]
    names: Mapping[str, str]
    book: ledger.Ledger
    separator: str
    formulas: Mapping[str, str] = field(default_factory=dict)
    numbers: frozenset[int] = frozenset()


def read_document(reply: Mapping[str, Any], revision: str) -> Seen:
    """Turn a reply into what the program works with.

    Args:
        reply: Answer to a request for `FIELDS`.
        revision: What identifies exactly this reply.

    Raises:
        WorkbookRefused: There are more cells than can be handled.
    """
    properties = reply.get("properties") or {}
    book = ledger.Ledger.read(reply.get("developerMetadata") or ())
    sheets = reply.get("sheets") or []
    titles = {_number(sheet): str(_of(sheet, "title")) for sheet in sheets}
    names, ids = ledger.read_names(reply.get("namedRanges") or (), titles, book.tabs)
    other_spellings: dict[str, str] = {}
    tabs, pages, room = [], {}, MOST_CELLS
    for sheet in sheets:
        if _of(sheet, "sheetType") not in {None, "GRID"}:
            continue
        tab, page = _read_tab(sheet, room, other_spellings)
        room -= len(page.raw) + len(page.spilled)
        tabs.append(tab)
        pages[tab.title] = page
    snapshot = Snapshot(tuple(tabs), names, book.marker, revision, tuple(titles.values()), styled=False)
    separator = book.separator or formulas.separator_for(str(properties.get("locale", "")))
    return Seen(
        snapshot, str(properties.get("title", "")), pages, ids, book, separator, other_spellings, frozenset(titles)
    )  # fmt: skip


def _of(sheet: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - JSON
    return (sheet.get("properties") or {}).get(name)


def _number(sheet: Mapping[str, Any]) -> int:
    return int(_of(sheet, "sheetId") or 0)


def cells_of(sheet: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Give the cells of a tab that say anything."""
    for part in sheet.get("data") or ():
        top, left = int(part.get("startRow", 0)) + 1, int(part.get("startColumn", 0)) + 1
        for row, line in enumerate(part.get("rowData") or (), start=top):
            for column, cell in enumerate(line.get("values") or (), start=left):
                if cell:
                    yield (row, column), cell


def is_unread(cell: Mapping[str, Any]) -> bool:
    """Tell whether a cell holds a formula that Google could not read."""
    shown = (cell.get("effectiveValue") or {}).get("errorValue") or {}
    return "formulaValue" in cell["userEnteredValue"] and shown.get("type") == _UNREAD


def _read_tab(sheet: Mapping[str, Any], room: int, other_spellings: dict[str, str]) -> tuple[Tab, Page]:
    title, grid = str(_of(sheet, "title")), _of(sheet, "gridProperties") or {}
    rows: dict[int, dict[int, Value]] = {}
    raw: dict[Place, Raw] = {}
    numbers: dict[Place, Mapping[str, str]] = {}
    inks: dict[Place, str] = {}
    spilled: set[Place] = set()
    unread: set[Place] = set()
    notes: dict[Place, Note] = {}
    rich = False
    for place, cell in cells_of(sheet):
        rich = rich or bool(cell.get("chipRuns") or cell.get("textFormatRuns"))
        if cell.get("note"):
            notes[place] = Note("", str(cell["note"]))
        if number := number_format(cell):
            numbers[place] = number
        text = (cell.get("userEnteredFormat") or {}).get("textFormat") or {}
        if ink := spelled_colour(text.get("foregroundColorStyle")):
            inks[place] = ink
        value = value_of(cell)
        if value is None:
            continue
        if isinstance(value, Formula):
            value = _formula(value, other_spellings)
        rows.setdefault(place[0], {})[place[1]] = value
        if cell.get("userEnteredValue"):
            raw[place] = cell["userEnteredValue"]
            if is_unread(cell):
                unread.add(place)
        else:
            spilled.add(place)
        if len(raw) + len(spilled) > room:
            raise WorkbookRefused("workbook-too-large", tab=title, limit=MOST_CELLS)
    merged = tuple(area_of(each) for each in sheet.get("merges") or ())
    closed = tuple(
        (area_of(each.get("range") or {}), tuple(area_of(open_) for open_ in each.get("unprotectedRanges") or ()))
        for each in sheet.get("protectedRanges") or ()
        if "range" in each and not each.get("warningOnly") and not each.get("requestingUserCanEdit", False)
    )
    marked = {str(each.get("name", "")): each for each in sheet.get("tables") or ()}
    page = Page(
        _number(sheet), int(grid.get("rowCount", 0)), int(grid.get("columnCount", 0)), raw, numbers, inks,
        frozenset(spilled), merged, closed,
        {name: (str(each.get("tableId", "")), area_of(each.get("range") or {})) for name, each in marked.items()},
        max(rows, default=0), frozenset(unread),
    )  # fmt: skip
    tables = tuple(
        TableArea(name, page.tables[name][1], bool((each.get("rowsProperties") or {}).get("footerColorStyle")))
        for name, each in marked.items()
    )
    whole = any(area == Area(1, 1, EVERYWHERE, EVERYWHERE) and not holes for area, holes in closed)
    visible = not _of(sheet, "hidden")
    obstacle, annotated = PROTECTED if whole else "", rich or bool(notes)
    # Where cells are protected a note may be refused, and with it everything else.
    return Tab(title, rows, tables, merged, visible, obstacle, annotated, notes, not closed, rich), page


def _formula(value: Formula, other_spellings: dict[str, str]) -> Formula:
    found = formulas.plain(value.text)
    # A spelling that stands in the document is written as it stands there, when a row moves.
    other_spellings[found] = value.text
    return Formula(found, value.cached)


def area_of(found: Mapping[str, Any]) -> Area:
    """Read a rectangle; an edge that is left out lies at the end of the grid."""
    return Area(
        int(found.get("startRowIndex", 0)) + 1,
        int(found.get("startColumnIndex", 0)) + 1,
        int(found.get("endRowIndex", EVERYWHERE)),
        int(found.get("endColumnIndex", EVERYWHERE)),
    )


def range_of(number: int, area: Area) -> dict[str, int]:
    """Write a rectangle of a tab."""
    found = {
        "sheetId": number,
        "startRowIndex": area.first_row - 1,
        "startColumnIndex": area.first_column - 1,
    }
    if area.last_row < EVERYWHERE:
        found["endRowIndex"] = area.last_row
    if area.last_column < EVERYWHERE:
        found["endColumnIndex"] = area.last_column
    return found
