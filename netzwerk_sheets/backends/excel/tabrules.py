"""Rules about one tab: what a reader meets first, its tables, links, guidance and print."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.backends.excel.colours import contrast
from netzwerk_sheets.backends.excel.issues import Issue
from netzwerk_sheets.backends.excel.references import area_name, cell_name, covers, parse_area, parse_cell
from netzwerk_sheets.backends.excel.sheet import Rows, Table, merged_areas
from netzwerk_sheets.backends.excel.stylerules import LEAST_CONTRAST, SMALLEST_FONT, Styles
from netzwerk_sheets.backends.excel.texts import length, plain
from netzwerk_sheets.grid import shown
from netzwerk_sheets.grid.titles import is_legal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from netzwerk_sheets.backends.excel.spans import Node

_DEFAULT_TAB = re.compile(r"(?:Tabelle|Sheet|Blatt|Feuil|Hoja|Foglio|Arkusz)\s?\d*", re.IGNORECASE)
_DEFAULT_TABLE = re.compile(r"(?:Tabelle|Table|Tableau|Tabla|Tabella)_?\d+(?:_\d+)*", re.IGNORECASE)
_DEFAULT_HEADER = re.compile(r"(?:Spalte|Column|Colonne|Columna)\s?\d+", re.IGNORECASE)
_EMPTY_WORDS = {
    "hier",
    "hier klicken",
    "klicken sie hier",
    "link",
    "mehr",
    "here",
    "click here",
    "more",
    "weiter",
}
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_ONLY_COLOUR = {"colorScale", "dataBar", "iconSet"}
_LIMITS = (("promptTitle", 32), ("prompt", 255), ("errorTitle", 32), ("error", 225))
_MANY_ROWS, _MOST_FROZEN_ROWS, _MOST_FROZEN_COLUMNS = 15, 6, 2
_ROWS_OF_DATA, _COLUMNS_OF_DATA = 3, 2
_A4 = "9"
_PLAIN_WIDTH = 8.43
_OVERFLOW = 1.15


class TabView(NamedTuple):
    """One tab, ready to be looked at.

    Attributes:
        title: Its title.
        visible: Whether people see it.
        rows: Filled cells.
        shapes: (row, column) → cell format, for filled cells.
        root: What stands around the rows.
        hidden_rows: Numbers of hidden rows.
        tables: Marked tables.
        styles: Looks.
        names: Defined names → what they point to, those of this tab included.
        titles: All tab titles of the workbook, in small letters.
        has_drawing: Whether something floats above the cells.
    """

    title: str
    visible: bool
    rows: Rows
    shapes: Mapping[tuple[int, int], int]
    root: Node
    hidden_rows: Collection[int]
    tables: tuple[Table, ...]
    styles: Styles
    names: Mapping[str, str]
    titles: Collection[str]
    has_drawing: bool

    def issue(self, rule: str, cell: str = "", **facts: str | int) -> Issue:
        """Make an issue of this tab."""
        return Issue(rule, self.title, cell, facts)


def tab_issues(view: TabView, *, prints_titles: bool, is_matrix: bool) -> Iterator[Issue]:
    """Check one tab; drawings are looked at elsewhere."""
    yield from _name(view)
    if not view.visible:
        yield view.issue("X07")
    if not view.rows and not view.has_drawing:
        yield view.issue("X08")
        return
    if shown(view.rows.get(1, {}).get(1)) is None:
        yield view.issue("X09", "A1")
    for area in merged_areas(view.root):
        yield view.issue("X10", area_name(area))
    yield from _view(view)
    yield from _tables(view, is_matrix=is_matrix)
    if is_matrix and not any(name.lower().startswith("titleregion") for name in view.names):
        yield view.issue("X19")
    yield from _hidden(view)
    yield from _links(view)
    yield from _looks(view)
    yield from _rules(view)
    yield from _guidance(view)
    yield from _print(view, prints_titles=prints_titles)
    yield from _protection(view)


def _name(view: TabView) -> Iterator[Issue]:
    if _DEFAULT_TAB.fullmatch(view.title):
        yield view.issue("X05")
    if not is_legal(view.title):
        yield view.issue("X06")


def _view(view: TabView) -> Iterator[Issue]:
    sheet_view = view.root.find("sheetViews", "sheetView")
    if sheet_view is None:
        return
    pane = sheet_view.child("pane")
    cursors = {node.get("activeCell", "A1") for node in sheet_view.named("selection")} or {"A1"}
    scrolled = sheet_view.get("topLeftCell", "A1") != "A1"
    rows = columns = 0
    if pane is not None and pane.get("state").startswith("frozen"):
        rows, columns = pane.number("ySplit"), pane.number("xSplit")
        scrolled = scrolled or pane.get("topLeftCell", "A1") != cell_name(rows + 1, columns + 1)
    if cursors != {"A1"} or scrolled:
        yield view.issue("X11")
    if rows > _MOST_FROZEN_ROWS or columns > _MOST_FROZEN_COLUMNS:
        yield view.issue("X20", rows=rows, columns=columns)
    for table in view.tables:
        many = table.area.last_row - table.area.first_row > _MANY_ROWS
        if many and rows < table.area.first_row:
            yield view.issue("X18", table=table.name)


# --- tables ------------------------------------------------------------------------------------------------


def _tables(view: TabView, *, is_matrix: bool) -> Iterator[Issue]:
    wide = [row for row, cells in view.rows.items() if len(cells) >= _COLUMNS_OF_DATA]
    if not view.tables and len(wide) >= _ROWS_OF_DATA:
        yield view.issue("X12")
    for table in view.tables:
        if not table.has_header:
            yield view.issue("X13", table=table.name)
        if _DEFAULT_TABLE.fullmatch(table.name):
            yield view.issue("X15", table=table.name)
        if not _description(table.root):
            yield view.issue("X16", table=table.name)
        yield from _header(view, table, is_matrix=is_matrix)
        yield from _blanks(view, table)


def _description(root: Node) -> str:
    return "".join(node.get("altText") + node.get("altTextSummary") for node in root.walk()).strip()


def _header(view: TabView, table: Table, *, is_matrix: bool) -> Iterator[Issue]:
    # the headings of a matrix are names that people gave, and somebody may be called „Spalte1“
    nameless = None if is_matrix else _DEFAULT_HEADER
    columns = table.root.child("tableColumns")
    names = [plain(node.get("name")).strip() for node in (columns.children if columns else ())]
    for index, name in enumerate(names):
        place = cell_name(table.area.first_row, table.area.first_column + index)
        cell = view.rows.get(table.area.first_row, {}).get(table.area.first_column + index)
        seen = str(shown(cell)).strip() if cell is not None else ""
        twice = name.lower() in {other.lower() for other in names[:index]}
        if not name or twice or (nameless and nameless.fullmatch(name)) or (table.has_header and seen != name):
            yield view.issue("X14", place, table=table.name)


def _blanks(view: TabView, table: Table) -> Iterator[Issue]:
    area = table.area
    first = area.first_row + table.has_header
    columns = range(area.first_column, area.last_column + 1)
    # A table without entries must hold one empty row; that is its beginning, no gap.
    for row in range(first, area.last_row + 1) if area.last_row > first else ():
        if not any(column in columns for column in view.rows.get(row, ())):
            yield view.issue("X17", f"{row}:{row}", table=table.name)
    for column in columns:
        if not any(column in view.rows.get(row, ()) for row in range(area.first_row, area.last_row + 1)):
            yield view.issue("X17", cell_name(area.first_row, column), table=table.name)


# --- cells -------------------------------------------------------------------------------------------------


def _hidden(view: TabView) -> Iterator[Issue]:
    for row in sorted(view.hidden_rows)[:1]:
        yield view.issue("X21", f"{row}:{row}")
    columns = view.root.child("cols")
    for node in columns.children if columns else ():
        if node.flag("hidden") or node.get("width") == "0":
            yield view.issue("X21", cell_name(1, node.number("min", 1)))


def _links(view: TabView) -> Iterator[Issue]:
    links = view.root.child("hyperlinks")
    for node in links.children if links else ():
        place = node.get("ref").replace("$", "").partition(":")[0]
        try:
            row, column = parse_cell(place)
        except ValueError:
            continue
        value = shown(view.rows.get(row, {}).get(column))
        text = str(value).strip() if value is not None else ""
        if not text or text.lower().strip(".… ") in _EMPTY_WORDS or _ADDRESS.fullmatch(text):
            yield view.issue("X22", place)
        if node.get("location") and not node.relation() and not _leads_somewhere(view, node.get("location")):
            yield view.issue("X23", place)


def _leads_somewhere(view: TabView, location: str) -> bool:
    tab, mark, area = location.removeprefix("#").rpartition("!")
    if not mark:
        return area.lower() in {name.lower() for name in view.names} or _is_area(area)
    if tab.startswith("'") and tab.endswith("'"):
        tab = tab[1:-1].replace("''", "'")
    return tab.lower() in view.titles and _is_area(area)


def _is_area(text: str) -> bool:
    try:
        parse_area(text)
    except ValueError:
        return False
    return True


def _looks(view: TabView) -> Iterator[Issue]:
    widths = _Widths(view.root)
    seen: set[tuple[str, int]] = set()
    for row, cells in view.rows.items():
        for column, value in cells.items():
            index = view.shapes.get((row, column), 0)
            for rule in _breaches(view, row, column, shown(value), widths):
                # One format is one fault, however many cells follow it; cut-off text is a fault of its cell.
                if rule == "X26" or (rule, index) not in seen:
                    seen.add((rule, index))
                    yield view.issue(rule, cell_name(row, column))


def _breaches(view: TabView, row: int, column: int, value: object, widths: _Widths) -> Iterator[str]:
    shape = view.styles.shape(view.shapes.get((row, column), 0))
    if shape.size < SMALLEST_FONT:
        yield "X24"
    if contrast(shape.ink, shape.ground) < LEAST_CONTRAST:
        yield "X25"
    if shape.red_only:
        yield "X27"
    if isinstance(value, str) and not shape.wraps and (column + 1) in view.rows[row]:
        longest = max(map(len, value.split("\n")))
        if "\n" in value or longest * shape.size / SMALLEST_FONT > widths.of(column) * _OVERFLOW:
            yield "X26"


class _Widths:
    """Widths of columns, in characters."""

    def __init__(self, root: Node) -> None:
        columns = root.child("cols")
        self._known = [
            (node.number("min"), node.number("max"), node.get("width"))
            for node in (columns.children if columns else ())
        ]

    def of(self, column: int) -> float:
        for first, last, width in self._known:
            if first <= column <= last:
                try:
                    return float(width)
                except ValueError:
                    break
        return _PLAIN_WIDTH


def _rules(view: TabView) -> Iterator[Issue]:
    for formatting in view.root.walk():
        if formatting.name != "conditionalFormatting":
            continue
        where = formatting.get("sqref")
        for rule in formatting.named("cfRule"):
            if rule.get("type") in _ONLY_COLOUR:
                yield view.issue("X28", where, kind=rule.get("type"))
            elif "dxfId" in rule.attributes and _too_weak(view, where, rule.number("dxfId")):
                yield view.issue("X25", where)


def _too_weak(view: TabView, where: str, rule: int) -> bool:
    areas = [parse_area(one) for one in where.replace("$", "").split() if _is_area(one)]
    under = {index for place, index in view.shapes.items() if any(covers(area, *place) for area in areas)} or {0}
    return any(view.styles.rule_contrast(rule, view.styles.shape(index)) < LEAST_CONTRAST for index in under)


# --- guidance, print, protection ---------------------------------------------------------------------------


def _guidance(view: TabView) -> Iterator[Issue]:
    for node in view.root.walk():
        if node.name != "dataValidation":
            continue
        where = node.get("sqref") or next((one.text for one in node.walk() if one.name == "sqref"), "")
        if not node.get("prompt").strip() or not node.flag("showInputMessage"):
            yield view.issue("X33", where)
        for name, limit in _LIMITS:
            if length(plain(node.get(name))) > limit:
                yield view.issue("X34", where, part=name, limit=limit)


def _print(view: TabView, *, prints_titles: bool) -> Iterator[Issue]:
    setup = view.root.child("pageSetup")
    fits = view.root.find("sheetPr", "pageSetUpPr")
    fitted = fits is not None and fits.flag("fitToPage")
    if setup is None or setup.get("paperSize") != _A4 or not fitted or setup.get("fitToWidth", "1") != "1":
        yield view.issue("X35")
    if view.tables and not prints_titles:
        yield view.issue("X36")


def _protection(view: TabView) -> Iterator[Issue]:
    node = view.root.child("sheetProtection")
    if node is None:
        return
    if node.get("password") or node.get("hashValue"):
        yield view.issue("X37")
    if node.flag("sheet") and node.flag("selectLockedCells"):
        yield view.issue("X38")
