"""A document as the server keeps it: properties, tabs, cells, and everything that hangs on them.

Cells and features are JSON in the API's shape and are never changed in place, only replaced. A copy of a document
is therefore cheap, which makes every batch atomic: work on a copy, then put it in place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
Spot = tuple[int, int]
"""Row and column, both from 0."""

# Lists of a tab, under the names that the API's schema "Sheet" gives them.
FEATURES = (
    "merges",
    "conditionalFormats",
    "filterViews",
    "protectedRanges",
    "charts",
    "bandedRanges",
    "developerMetadata",
    "rowGroups",
    "columnGroups",
    "slicers",
    "tables",
    "commentAnchors",
)


class Box(NamedTuple):
    """A rectangle of cells, half open, from 0."""

    top: int
    left: int
    bottom: int
    right: int

    def spots(self) -> Iterator[Spot]:
        """Every cell, row by row."""
        for row in range(self.top, self.bottom):
            for column in range(self.left, self.right):
                yield row, column

    def holds(self, row: int, column: int) -> bool:
        """Whether that cell lies inside."""
        return self.top <= row < self.bottom and self.left <= column < self.right

    def meets(self, other: Box) -> bool:
        """Whether they share a cell."""
        return (
            self.top < other.bottom and other.top < self.bottom and self.left < other.right and other.left < self.right
        )

    def inside(self, other: Box) -> bool:
        """Whether it lies wholly in the other one."""
        return (
            other.top <= self.top
            and self.bottom <= other.bottom
            and other.left <= self.left
            and self.right <= other.right
        )

    def range(self, sheet_id: int) -> Json:
        """As a GridRange."""
        return {
            "sheetId": sheet_id,
            "startRowIndex": self.top,
            "endRowIndex": self.bottom,
            "startColumnIndex": self.left,
            "endColumnIndex": self.right,
        }


@dataclass
class Sheet:
    """One tab. ``properties`` is a SheetProperties without its index: that is the place in the list."""

    properties: Json
    cells: dict[Spot, Json] = field(default_factory=dict)
    rows: dict[int, Json] = field(default_factory=dict)
    columns: dict[int, Json] = field(default_factory=dict)
    features: dict[str, list[Json]] = field(default_factory=dict)
    basic_filter: Json | None = None

    @property
    def id(self) -> int:
        """Fixed for life."""
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        """What stands on the tab."""
        return str(self.properties["title"])

    @property
    def grid(self) -> Json:
        """GridProperties."""
        found: Json = self.properties["gridProperties"]
        return found

    @property
    def height(self) -> int:
        """Rows of the grid."""
        return int(self.grid["rowCount"])

    @property
    def width(self) -> int:
        """Columns of the grid."""
        return int(self.grid["columnCount"])

    @property
    def whole(self) -> Box:
        """The whole grid."""
        return Box(0, 0, self.height, self.width)

    def resize(self, height: int, width: int) -> None:
        """Set the size of the grid; cells outside are lost."""
        self.properties = {
            **self.properties,
            "gridProperties": {**self.grid, "rowCount": height, "columnCount": width},
        }
        self.cells = {spot: cell for spot, cell in self.cells.items() if spot[0] < height and spot[1] < width}
        self.rows = {index: kept for index, kept in self.rows.items() if index < height}
        self.columns = {index: kept for index, kept in self.columns.items() if index < width}

    def feature(self, name: str) -> list[Json]:
        """The features of that name, to be read or appended to."""
        return self.features.setdefault(name, [])

    def cell(self, row: int, column: int) -> Json:
        """The cell's data; empty where there is nothing."""
        return self.cells.get((row, column), {})

    def put(self, row: int, column: int, cell: Json) -> None:
        """Replace a cell; an empty one goes away."""
        if cell:
            self.cells[row, column] = cell
        else:
            self.cells.pop((row, column), None)

    def used(self, box: Box) -> list[tuple[Spot, Json]]:
        """The cells that hold something inside the box, in no order."""
        if box == self.whole:
            return list(self.cells.items())
        area = (box.bottom - box.top) * (box.right - box.left)
        if area > len(self.cells):
            return [(spot, cell) for spot, cell in self.cells.items() if box.holds(*spot)]
        return [(spot, self.cells[spot]) for spot in box.spots() if spot in self.cells]

    def copy(self) -> Sheet:
        """An independent copy."""
        return Sheet(
            self.properties,
            dict(self.cells),
            dict(self.rows),
            dict(self.columns),
            {name: list(items) for name, items in self.features.items()},
            self.basic_filter,
        )


@dataclass
class Content:
    """What a batch changes: one state of a document."""

    properties: Json
    sheets: list[Sheet] = field(default_factory=list)
    named_ranges: list[Json] = field(default_factory=list)
    metadata: list[Json] = field(default_factory=list)
    comments: list[Json] = field(default_factory=list)

    def copy(self) -> Content:
        """An independent copy."""
        return Content(
            self.properties,
            [sheet.copy() for sheet in self.sheets],
            list(self.named_ranges),
            list(self.metadata),
            list(self.comments),
        )

    @property
    def locale(self) -> str:
        """For example ``de_DE``."""
        return str(self.properties["locale"])

    def sheet(self, sheet_id: int) -> Sheet:
        """The tab with that id; 400 where there is none."""
        for sheet in self.sheets:
            if sheet.id == sheet_id:
                return sheet
        raise invalid(f"No grid with id: {sheet_id}")

    def titled(self, title: str) -> Sheet | None:
        """The tab with that title, or None."""
        return next((sheet for sheet in self.sheets if sheet.title == title), None)

    def box(self, grid_range: Json) -> tuple[Sheet, Box]:
        """A GridRange as tab and rectangle; open sides end with the grid."""
        sheet = self.sheet(grid_range.get("sheetId", 0))
        top, left = grid_range.get("startRowIndex", 0), grid_range.get("startColumnIndex", 0)
        bottom, right = grid_range.get("endRowIndex", sheet.height), grid_range.get("endColumnIndex", sheet.width)
        if not (0 <= top < bottom and 0 <= left < right):
            raise invalid(f"range is not valid: rows [{top}, {bottom}), columns [{left}, {right})")
        if top >= sheet.height or left >= sheet.width:
            raise invalid(
                f"Range ({sheet.title}!{a1_spot(top, left)}) exceeds grid limits. "
                f"Max rows: {sheet.height}, max columns: {sheet.width}"
            )
        return sheet, Box(top, left, min(bottom, sheet.height), min(right, sheet.width))


def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def a1_spot(row: int, column: int) -> str:
    """(0, 0) → A1."""
    return f"{letters(column)}{row + 1}"


@dataclass
class Document:
    """One spreadsheet file: its content now, and what Drive knows of it."""

    id: str
    content: Content
    owner: str
    created: str
    modified: str
    version: int = 1
    roles: dict[str, str] = field(default_factory=dict)
    last_user: str = ""
    history: list[Content] = field(default_factory=list)
    drive_comments: list[Json] = field(default_factory=list)

    @property
    def name(self) -> str:
        """File name, which is the title."""
        return str(self.content.properties["title"])

    def share(self, email: str, role: str = "writer") -> None:
        """Share with an account: reader, commenter, writer or owner."""
        self.roles[email] = role
