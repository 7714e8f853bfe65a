"""Inserting, deleting and moving rows and columns: everything that hangs on them moves along.

Cells, sizes, merges, validation, protections, named ranges, conditional formats, banding, tables, filters, metadata
and the references in formulas. What loses its last row or column is gone; a formula says #REF!.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from . import discovery
from .references import Edge, rewrite

if TYPE_CHECKING:
    from .document import Content, Json, Sheet, Spot
    from .references import Reference

Span = tuple[int | None, int | None]
SIDES = {"ROWS": ("startRowIndex", "endRowIndex"), "COLUMNS": ("startColumnIndex", "endColumnIndex")}
_OTHER = {"ROWS": "COLUMNS", "COLUMNS": "ROWS"}


class Mapping(Protocol):
    """Where rows (or columns) go."""

    def index(self, old: int) -> int | None:
        """The new place of one; None when it is deleted."""
        ...

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The new place of a run, half open; None when nothing is left."""
        ...


@dataclass(frozen=True)
class Insert:
    """So many new ones before ``at``."""

    at: int
    count: int

    def index(self, old: int) -> int | None:
        return old if old < self.at else old + self.count

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        return (
            start if start < self.at else start + self.count,
            end if end <= self.at else end + self.count,
        )


@dataclass(frozen=True)
class Delete:
    """Those from start to end are gone."""

    start: int
    end: int

    def index(self, old: int) -> int | None:
        if self.start <= old < self.end:
            return None
        return old if old < self.start else old - (self.end - self.start)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        def squeezed(edge: int) -> int:
            return edge if edge <= self.start else max(self.start, edge - (self.end - self.start))

        new = squeezed(start), squeezed(end)
        return new if new[0] < new[1] else None


@dataclass(frozen=True)
class Move:
    """Those from start to end stand before ``to`` now, counted as before the move."""

    start: int
    end: int
    to: int

    @property
    def _landing(self) -> int:
        return self.to if self.to <= self.start else self.to - (self.end - self.start)

    def index(self, old: int) -> int | None:
        if self.start <= old < self.end:
            return old - self.start + self._landing
        left = Delete(self.start, self.end).index(old)
        return left if left is None else Insert(self._landing, self.end - self.start).index(left)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        if self.start <= start and end <= self.end:
            return start - self.start + self._landing, end - self.start + self._landing
        left = Delete(self.start, self.end).span(start, end)
        return None if left is None else Insert(self._landing, self.end - self.start).span(*left)


@dataclass(frozen=True)
class Shift:
    """One such change on one tab; ``band`` limits it to some columns (or rows), as insertRange does."""

    sheet: Sheet
    dimension: str
    mapping: Mapping
    band: tuple[int, int] | None = None

    def apply(self, content: Content) -> None:
        """Move everything in the document that this change moves, the size of the grid aside."""
        self._cells()
        if self.band is None:
            own = self.sheet.rows if self.dimension == "ROWS" else self.sheet.columns
            moved = {new: kept for old, kept in own.items() if (new := self.mapping.index(old)) is not None}
            own.clear()
            own.update(moved)
        for sheet in content.sheets:
            self._features(sheet)
            self._formulas(sheet)
        content.named_ranges[:] = self._listed("NamedRange", content.named_ranges)

    def _cells(self) -> None:
        cells: dict[Spot, Json] = {}
        for (row, column), cell in self.sheet.cells.items():
            along, across = (row, column) if self.dimension == "ROWS" else (column, row)
            if self.band is not None and not self.band[0] <= across < self.band[1]:
                cells[row, column] = cell
                continue
            new = self.mapping.index(along)
            if new is not None:
                cells[(new, column) if self.dimension == "ROWS" else (row, new)] = cell
        self.sheet.cells = cells

    def _features(self, sheet: Sheet) -> None:
        known = discovery.sheets().schemas["Sheet"]["properties"]
        for name, items in sheet.features.items():
            schema = "DeveloperMetadata" if name == "_metadata" else known[name]["items"]["$ref"]
            items[:] = self._listed(schema, items)
        sheet.features["merges"] = [item for item in sheet.feature("merges") if _cells_of(item) > 1]
        if sheet.basic_filter is not None:
            left = self._listed("BasicFilter", [sheet.basic_filter])
            sheet.basic_filter = left[0] if left else None

    def _listed(self, schema: str, items: list[Json]) -> list[Json]:
        """The features that are left, moved."""
        api = discovery.sheets()
        out = []
        for item in items:
            hidden = {key: value for key, value in item.items() if key.startswith("_")}
            visible = {key: value for key, value in item.items() if key not in hidden}
            new = api.walk(schema, visible, self._visit)
            if new is None or _lost(visible, new):
                continue
            out.append({**new, **hidden})
        return out

    def _visit(self, name: str, message: Json) -> Json | None:
        if name == "GridRange" and message.get("sheetId", 0) == self.sheet.id:
            return self.grid_range(message)
        if name == "DimensionRange" and message.get("sheetId", 0) == self.sheet.id and self.band is None:
            return self._dimension_range(message)
        if name == "GridCoordinate" and message.get("sheetId", 0) == self.sheet.id and self.band is None:
            key = "rowIndex" if self.dimension == "ROWS" else "columnIndex"
            new = self.mapping.index(message.get(key, 0))
            return {**message, key: new if new is not None else 0}
        if name == "ConditionValue" and message.get("userEnteredValue", "").startswith("="):
            return {**message, "userEnteredValue": self.formula(message["userEnteredValue"], None)}
        return message

    def grid_range(self, message: Json) -> Json | None:
        """A GridRange where it is now; None when nothing is left of it."""
        start_key, end_key = SIDES[self.dimension]
        if self.band is not None:
            start, end = (message.get(key) for key in SIDES[_OTHER[self.dimension]])
            if start is None or end is None or not (self.band[0] <= start and end <= self.band[1]):
                return message
        new = self._span((message.get(start_key), message.get(end_key)))
        if new is None:
            return None
        edges = zip((start_key, end_key), new, strict=True)
        return {**message, **{key: edge for key, edge in edges if edge is not None}}

    def _span(self, span: Span) -> Span | None:
        start, end = span
        far = 10**9
        if start is None and end is None:
            return span
        new = self.mapping.span(start or 0, far if end is None else end)
        if new is None:
            return None
        return (None if start is None else new[0]), (None if end is None else new[1])

    def _dimension_range(self, message: Json) -> Json | None:
        if message["dimension"] != self.dimension:
            return message
        new = self.mapping.span(message.get("startIndex", 0), message["endIndex"])
        return None if new is None else {**message, "startIndex": new[0], "endIndex": new[1]}

    def _formulas(self, sheet: Sheet) -> None:
        for spot, cell in list(sheet.cells.items()):
            new = self._cell(sheet, cell)
            if new is not cell:
                sheet.cells[spot] = new

    def _cell(self, sheet: Sheet, cell: Json) -> Json:
        formula = cell.get("userEnteredValue", {}).get("formulaValue")
        if formula is not None:
            new = self.formula(formula, sheet)
            if new != formula:
                cell = {**cell, "userEnteredValue": {"formulaValue": new}}
        rule = cell.get("dataValidation")
        if rule is not None and any(
            value.get("userEnteredValue", "").startswith("=") for value in rule.get("condition", {}).get("values", [])
        ):
            moved = discovery.sheets().walk("DataValidationRule", rule, self._visit)
            if moved != rule:
                cell = {**cell, "dataValidation": moved}
        return cell

    def formula(self, formula: str, own: Sheet | None) -> str:
        """The formula with its references moved; without an own tab a bare reference means the changed tab."""

        def change(found: Reference) -> Reference | None:
            here = (own is None or own is self.sheet) if found.title is None else found.title == self.sheet.title
            return self._reference(found) if here else found

        return rewrite(formula, change)

    def _reference(self, found: Reference) -> Reference | None:
        rows = self.dimension == "ROWS"
        first, last = (found.top, found.bottom) if rows else (found.left, found.right)
        if self.band is not None:
            start, end = (found.left.index, found.right.index) if rows else (found.top.index, found.bottom.index)
            if start is None or end is None or not (self.band[0] <= start and end < self.band[1]):
                return found
        new = self._span((first.index, None if last.index is None else last.index + 1))
        if new is None:
            return None
        start_edge = Edge(new[0], first.fixed)
        end_edge = Edge(None if new[1] is None else new[1] - 1, last.fixed)
        if rows:
            return replace(found, top=start_edge, bottom=end_edge)
        return replace(found, left=start_edge, right=end_edge)


def _lost(old: Json, new: Json) -> bool:
    """Whether the feature lost the range it lived on."""
    if "range" in old and "range" not in new:
        return True
    if old.get("ranges") and not new.get("ranges"):
        return True
    location = new.get("location")
    return location is not None and "dimensionRange" in old["location"] and "dimensionRange" not in location


def _cells_of(merge: Json) -> int:
    rows: int = merge["endRowIndex"] - merge["startRowIndex"]
    columns: int = merge["endColumnIndex"] - merge["startColumnIndex"]
    return rows * columns
