"""Putting a new tab into a workbook: its parts, their relationships, and its place behind all other tabs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.chartxml import CHART_TYPE, DRAWING_TYPE, chart_xml, drawing_xml
from netzwerk_sheets.backends.excel.design import sheet_xml
from netzwerk_sheets.backends.excel.links import is_outside
from netzwerk_sheets.backends.excel.references import on_tab, overlap, quoted
from netzwerk_sheets.backends.excel.spaces import spaces
from netzwerk_sheets.backends.excel.tablexml import TABLE_TYPE, table_xml
from netzwerk_sheets.backends.excel.texts import plain
from netzwerk_sheets.errors import WrongUse
from netzwerk_sheets.grid import Formula, TabDesign

if TYPE_CHECKING:
    from netzwerk_sheets.backends.excel.book import Book
    from netzwerk_sheets.backends.excel.bookedit import BookEdit
    from netzwerk_sheets.backends.excel.package import Package
    from netzwerk_sheets.backends.excel.stylesheet import Stylesheet

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TABLE_NAME = re.compile(r"[^\W\d]\w*")
_LOOKS_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|[RrCc]")


class Graft:
    """Adds tabs to one workbook; remembers the names it gave, so that several tabs do not collide."""

    def __init__(self, package: Package, book: Book, edit: BookEdit, styles: Stylesheet) -> None:
        """Begin with nothing added; tables are counted at the first tab that has one."""
        self._package, self._book, self._edit, self._styles = package, book, edit, styles
        self._folder = book.part.rpartition("/")[0] or "xl"
        self._spaces = spaces(strict=book.strict)
        self._tables: dict[str, int] | None = None
        self.has_formulas = False

    def add(self, design: TabDesign, *, selected: bool = False) -> None:
        """Add one tab.

        Raises:
            WorkbookRefused: The title is taken or not allowed, or the structure is protected.
            WrongUse: The design asks for what a workbook cannot hold.
        """
        self._edit.check_title(design.title)
        part = self._package.unused(self._folder + "/worksheets/sheet{}.xml")
        self._package.add(part, b"", _SHEET_TYPE)
        outside = {place: cell.link for place, cell in design.cells.items() if is_outside(cell.link)}
        identifiers = self._package.relate_all(
            part, "hyperlink", list(outside.values()), external=True, strict=self._book.strict
        )
        links = dict(zip(outside, identifiers, strict=True))
        tables = self._add_tables(part, design)
        drawing = self._add_charts(part, design) if design.charts else ""
        content = sheet_xml(
            design,
            self._styles,
            self._spaces,
            links,
            (drawing, tables),
            from_1904=self._book.from_1904,
            selected=selected,
        )
        self._package.write(part, content)
        place = self._edit.add_sheet(design.title, part)
        self._add_names(design, place)
        formulas = any(isinstance(cell.value, Formula) for cell in design.cells.values())
        self.has_formulas = self.has_formulas or formulas

    def _relate(self, part: str, kind: str, target: str) -> str:
        return self._package.relate(part, kind, target, strict=self._book.strict)

    # --- tables --------------------------------------------------------------------------------------------

    def _add_tables(self, part: str, design: TabDesign) -> list[str]:
        identifiers = []
        for index, table in enumerate(design.tables):
            if any(overlap(table.area, other.area) for other in design.tables[:index]):
                raise WrongUse("table-in-the-way", tab=design.title, table=table.name)
            number = self._table_number(table.name, design.title)
            target = self._package.unused(self._folder + "/tables/table{}.xml")
            self._package.add(target, table_xml(design, table, number, self._spaces), TABLE_TYPE)
            identifiers.append(self._relate(part, "table", target))
        return identifiers

    def _table_number(self, name: str, tab: str) -> int:
        """Give a new id; ids and names of tables are unique in the workbook, also against defined names."""
        if not _TABLE_NAME.fullmatch(name) or _LOOKS_LIKE_CELL.fullmatch(name):
            raise WrongUse("table-name-illegal", tab=tab, table=name)
        if self._tables is None:
            self._tables = self._known_tables()
        if name.lower() in self._tables or name.lower() in self._edit.taken_names():
            raise WrongUse("table-name-taken", tab=tab, table=name)
        number = max([0, *self._tables.values()]) + 1
        self._tables[name.lower()] = number
        return number

    def _known_tables(self) -> dict[str, int]:
        known = {}
        for sheet in self._book.sheets:
            for relation in self._package.relations(sheet.part) if sheet.part else ():
                if relation.kind == "table" and self._package.has(relation.target):
                    root = self._package.tree(relation.target)
                    known[plain(root.get("displayName") or root.get("name")).lower()] = root.number("id")
        return known

    # --- charts and names ----------------------------------------------------------------------------------

    def _add_charts(self, part: str, design: TabDesign) -> str:
        drawing = self._package.unused(self._folder + "/drawings/drawing{}.xml")
        self._package.add(drawing, b"", DRAWING_TYPE)
        identifiers = []
        for chart in design.charts:
            target = self._package.unused(self._folder + "/charts/chart{}.xml")
            content = chart_xml(design, chart, self._spaces, from_1904=self._book.from_1904)
            self._package.add(target, content, CHART_TYPE)
            identifiers.append(self._relate(drawing, "chart", target))
        self._package.write(drawing, drawing_xml(design.charts, identifiers, self._spaces))
        return self._relate(part, "drawing", drawing)

    def _add_names(self, design: TabDesign, place: int) -> None:
        for name, area in design.names.items():
            self._edit.set_name(name, on_tab(design.title, area))
        if design.page.repeat_rows:
            first, last = design.page.repeat_rows
            self._edit.set_name("_xlnm.Print_Titles", f"{quoted(design.title)}!${first}:${last}", place)
