"""Changing planned cells of one sheet: row by row, cell by cell, everything between stays byte for byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from netzwerk_sheets.backends.excel import heights
from netzwerk_sheets.backends.excel.cellread import cell_value, cells_by_column, same
from netzwerk_sheets.backends.excel.cellxml import cell_xml
from netzwerk_sheets.backends.excel.package import only
from netzwerk_sheets.backends.excel.references import (
    LAST_COLUMN,
    LAST_ROW,
    area_name,
    cell_name,
    covers,
    parse_area,
)
from netzwerk_sheets.backends.excel.rowindex import RowIndex, RowSpan
from netzwerk_sheets.backends.excel.sheet import merged_areas
from netzwerk_sheets.backends.excel.spans import Node, Xml
from netzwerk_sheets.errors import WorkbookChanged, WorkbookRefused
from netzwerk_sheets.grid import Area, Formula, SetCell, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from netzwerk_sheets.backends.excel.package import Package
    from netzwerk_sheets.backends.excel.stylesheet import Stylesheet
    from netzwerk_sheets.backends.excel.values import Reading

_GROUP = re.compile(rb"""\bt\s*=\s*["'](?:array|dataTable)["']""")
_MARK = b"\0rows\0"
"""Stands for the rows while what surrounds them is put together; no XML holds a zero byte."""

_GROUP_AREA = re.compile(rb"""\bref\s*=\s*["']([^"']*)["']""")


class Surroundings(NamedTuple):
    """What an edit of one sheet must know about the rest of the workbook.

    Attributes:
        styles: The style sheet.
        reading: How to read a cell that stands there.
        tables: Areas of the marked tables' bodies, from which a new row takes its formats.
        pivots: Areas of pivot tables.
        present: Value as the snapshot read it, where the snapshot is of exactly this file.
    """

    styles: Stylesheet
    reading: Reading
    tables: tuple[Area, ...]
    pivots: tuple[Area, ...]
    present: Callable[[int, int], Value] | None


class SheetEdit:
    """One sheet and the cells planned for it."""

    def __init__(self, package: Package, part: str, title: str, around: Surroundings) -> None:
        """Find the rows.

        Raises:
            WorkbookRefused: The sheet is broken.
        """
        self.title = title
        self._part = part
        self._data = package.read(part, keep=False)
        self._rows = RowIndex(self._data, part)
        span = self._rows.begin, self._rows.end
        self._head = self._data[: span[0]]
        self._around = around
        self.frame = Xml(self._head + self._data[span[1] :], part)
        self._prefix = self.frame.root.prefix
        self._body: list[tuple[int, int, bytes]] = []
        self._shapes: dict[tuple[int, int], int] = {}
        self.formulas_moved = False
        self.widest: Area | None = None

    @property
    def root(self) -> Node:
        """What stands around the rows."""
        return self.frame.root

    def has_formulas(self) -> bool:
        """Tell whether any cell of the sheet holds a formula."""
        return self._formula(rb"[\s/>]").search(self._data, self._rows.begin, self._rows.end) is not None

    def _formula(self, behind: bytes) -> re.Pattern[bytes]:
        """Give the pattern of a formula's tag, spelled out: a fixed beginning is found several times quicker."""
        return re.compile(rb"<%sf" % re.escape(self._prefix.encode()) + behind)

    # --- cells ---------------------------------------------------------------------------------------------

    def put(self, edits: Iterable[SetCell]) -> None:
        """Plan the cells.

        Raises:
            WorkbookChanged: Something else stands in a cell than was read there.
            WorkbookRefused: A cell must not be written: it carries the formula of others, hides under a
            merged
                cell, or lies in or beside a pivot table.
        """
        by_row: dict[int, dict[int, SetCell]] = {}
        for edit in edits:
            self._check_place(edit.spot.row, edit.spot.column)
            by_row.setdefault(edit.spot.row, {})[edit.spot.column] = edit
        self._check_ways({(row, column) for row, cells in by_row.items() for column in cells})
        missing: list[tuple[int, bytes]] = []
        for row in sorted(by_row):
            span = self._rows.find(row)
            cells = dict(sorted(by_row[row].items()))
            if span is None:
                missing.append((row, self._new_row(row, cells)))
            else:
                self._body.append((span.start, span.end, self._changed_row(span, cells)))
        for row, content in missing:
            if content:
                position = self._rows.before(row)
                self._body.append((position, position, content))

    def _check_place(self, row: int, column: int) -> None:
        if row > LAST_ROW or column > LAST_COLUMN:
            raise WorkbookRefused("sheet-full", tab=self.title)

    def _check_ways(self, places: set[tuple[int, int]]) -> None:
        """Refuse cells that belong to something larger."""
        merged = merged_areas(self.root)
        groups = self._formula_groups()
        for place in sorted(places):
            facts = {"tab": self.title, "cell": cell_name(*place)}
            for area in merged:
                if covers(area, *place) and place != (area.first_row, area.first_column):
                    raise WorkbookRefused("merged-cell", **facts, area=area_name(area))
            for area in groups:
                if covers(area, *place):
                    raise WorkbookRefused("formula-in-the-way", **facts, area=area_name(area))
            for area in self._around.pivots:
                if _near_pivot(area, *place):
                    raise WorkbookRefused("pivot-in-the-way", **facts, area=area_name(area))

    def _formula_groups(self) -> list[Area]:
        """Give the areas whose cells share one array formula or data table."""
        groups = []
        for match in self._formula(rb"\s[^>]*>").finditer(self._data, self._rows.begin, self._rows.end):
            area = _GROUP_AREA.search(match[0])
            if area and _GROUP.search(match[0]):
                try:
                    groups.append(parse_area(area[1].decode("ascii", "replace")))
                except ValueError:
                    continue
        return groups

    def _new_row(self, row: int, cells: Mapping[int, SetCell]) -> bytes:
        pieces = []
        for column, edit in cells.items():
            self._compare(edit, None)
            pieces.append(self._spelled(edit, None, self._inherited(row, column, None)))
        if not any(pieces):
            return b""
        p = self._prefix
        points = self._height(cells)
        tall = f' ht="{points:g}"' if points > heights.LEAST else ""
        return f'<{p}row r="{row}"{tall}>'.encode() + b"".join(pieces) + f"</{p}row>".encode()

    def _changed_row(self, span: RowSpan, cells: Mapping[int, SetCell]) -> bytes:
        xml = Xml(self._data[span.start : span.end], self._part)
        places = cells_by_column(xml.root)
        grown = []
        for column, edit in cells.items():
            node = places.get(column)
            self._compare(edit, node)
            shape = node.number("s") if node else self._inherited(span.number, column, xml.root)
            spelled = self._spelled(edit, node, shape)
            if node:
                self._check_formula(edit, node)
                xml.replace(node, spelled)
            elif spelled:
                grown.append(column)
                following = (other.start for place, other in places.items() if place > column)
                self._insert(xml, spelled, next(following, None))
        self._widen_row(xml, grown)
        self._raise_row(xml, self._height(cells))
        return xml.out()

    def _insert(self, xml: Xml, spelled: bytes, before: int | None) -> None:
        if before is None:
            other = next((child for child in xml.root.children if child.name != "c"), None)
            before = other.start if other else None
        if before is None:
            xml.append(xml.root, spelled)
        else:
            xml.insert(before, spelled)

    def _widen_row(self, xml: Xml, grown: list[int]) -> None:
        first, _, last = xml.root.get("spans").partition(":")
        if grown and first.isdigit() and last.isdigit():
            spans = f"{min(int(first), *grown)}:{max(int(last), *grown)}"
            xml.set(xml.root, spans=spans)

    def _raise_row(self, xml: Xml, points: float) -> None:
        """Make room for grown text in a row that no person has sized."""
        try:
            present = float(xml.root.get("ht") or heights.LEAST)
        except ValueError:
            return
        if points > present and not xml.root.flag("customHeight"):
            xml.set(xml.root, ht=f"{points:g}")

    def _height(self, cells: Mapping[int, SetCell]) -> float:
        """Give the points that the tool's own cells need; 0 where none asks for any."""
        styles = self._around.styles
        return max(
            (
                heights.needed(edit.cell.value, styles.style(edit.cell.role), self._width(column))
                for column, edit in cells.items()
                if edit.cell.role and edit.cell.value is not None
            ),
            default=0,
        )

    def _width(self, column: int) -> float:
        columns = self.root.child("cols")
        for child in columns.children if columns else ():
            if child.number("min") <= column <= child.number("max"):
                try:
                    return float(child.get("width") or heights.PLAIN_WIDTH)
                except ValueError:
                    break
        return heights.PLAIN_WIDTH

    def _check_formula(self, edit: SetCell, node: Node) -> None:
        """Refuse to take the formula away that other cells only refer to."""
        own = node.child("f")
        if own is None:
            return
        self.formulas_moved = True
        area = own.get("ref")
        if own.get("t") == "shared" and area and area != cell_name(edit.spot.row, edit.spot.column):
            facts = {"tab": self.title, "cell": cell_name(edit.spot.row, edit.spot.column)}
            raise WorkbookRefused("formula-in-the-way", **facts, area=area)

    def _spelled(self, edit: SetCell, node: Node | None, shape: int) -> bytes:
        row, column = edit.spot.row, edit.spot.column
        value = edit.cell.value
        if edit.cell.role:
            shape = self._around.styles.role(edit.cell.role)
        elif node is None and value in (None, ""):
            return b""
        shape = self._around.styles.fit(shape, value)
        self._shapes[row, column] = shape
        self.formulas_moved = self.formulas_moved or isinstance(value, Formula)
        self._grow(row, column)
        spelled = cell_xml((row, column), shape, value, from_1904=self._around.reading.from_1904, prefix=self._prefix)
        return spelled.encode()

    def _grow(self, row: int, column: int) -> None:
        area = self.widest or Area(row, column, row, column)
        self.widest = Area(
            min(area.first_row, row),
            min(area.first_column, column),
            max(area.last_row, row),
            max(area.last_column, column),
        )

    # --- what stands there ---------------------------------------------------------------------------------

    def _compare(self, edit: SetCell, node: Node | None) -> None:
        row, column = edit.spot.row, edit.spot.column
        if self._around.present:
            value = self._around.present(row, column)
        else:
            value = cell_value(node, self._around.reading) if node else None
        if not same(value, edit.expected):
            raise WorkbookChanged("cell-changed", tab=self.title, cell=cell_name(row, column))

    def _inherited(self, row: int, column: int, node: Node | None) -> int:
        """Give the format a new cell takes: of the table's row above, else of its row, else of its column."""
        for area in self._around.tables:
            if area.first_column <= column <= area.last_column and area.first_row < row - 1 <= area.last_row + 1:
                shape = self._shape_above(row - 1, column)
                if shape is not None:
                    return shape
        if node is not None and node.flag("customFormat"):
            return node.number("s")
        columns = self.root.child("cols")
        for child in columns.children if columns else ():
            if child.number("min") <= column <= child.number("max"):
                return child.number("style")
        return 0

    def _shape_above(self, row: int, column: int) -> int | None:
        if (row, column) in self._shapes:
            return self._shapes[row, column]
        span = self._rows.find(row)
        if span is None:
            return None
        for place, cell in cells_by_column(Xml(self._data[span.start : span.end], self._part).root).items():
            self._shapes.setdefault((row, place), cell.number("s"))
        return self._shapes.get((row, column))

    # --- the result ----------------------------------------------------------------------------------------

    @property
    def touched(self) -> bool:
        """Whether anything would differ."""
        return bool(self._body) or self.frame.touched

    def out(self) -> list[bytes | memoryview]:
        """Give the part with all changes done, in pieces: a large sheet is never copied whole."""
        self._widen_dimension()
        body = self._new_body()
        node = only(self.root.child("sheetData"), self._part, "sheetData")
        if not any(body):
            return [self.frame.out()]
        if node.closes_itself:
            self.frame.append(node, _MARK)
        else:
            self.frame.insert(node.opened, _MARK)
        head, _, tail = self.frame.out().partition(_MARK)
        return [head, *body, tail]

    def _new_body(self) -> list[bytes | memoryview]:
        pieces: list[bytes | memoryview] = []
        view = memoryview(self._data)
        position = self._rows.begin
        for start, end, content in sorted(self._body, key=lambda splice: splice[:2]):
            pieces += (view[position:start], content)
            position = end
        pieces.append(view[position : self._rows.end])
        return pieces

    def _widen_dimension(self) -> None:
        node = self.root.child("dimension")
        if node is None or self.widest is None:
            return
        try:
            area = parse_area(node.get("ref"))
        except ValueError:
            return
        wide = Area(
            min(area.first_row, self.widest.first_row),
            min(area.first_column, self.widest.first_column),
            max(area.last_row, self.widest.last_row),
            max(area.last_column, self.widest.last_column),
        )
        if wide != area:
            self.frame.set(node, ref=area_name(wide))


def _near_pivot(area: Area, row: int, column: int) -> bool:
    """Tell whether a pivot table covers the cell or would grow over it."""
    below = area.first_column <= column <= area.last_column and row >= area.first_row
    beside = area.first_row <= row <= area.last_row and column >= area.first_column
    return below or beside
