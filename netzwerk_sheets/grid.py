"""What every workbook is made of, wherever it is kept: tabs of cells, designs for new tabs, edits.

No word of the domain stands here. Rows and columns count from 1, as people see them. A backend turns a file
or an online document into a `Snapshot` and carries out `Edit`s; everything between is pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that shows an error, such as ``#REF!``."""

    code: str


Scalar = bool | int | float | str | date | datetime | time | CellError | None
"""A plain cell value: numbers that are whole are `int`, dates without a time of day are `date`."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and the value it showed when the workbook was last calculated.

    Attributes:
        text: The formula without its equals sign, in the file's own (English) spelling. Empty where the
            file does not repeat it (followers of a shared formula).
        cached: The value shown; `None` where the file holds none.
    """

    text: str
    cached: Scalar = None


Value = Scalar | Formula


def shown(value: Value) -> Scalar:
    """Give the value a person sees in the cell: a formula's result, or the value itself."""
    return value.cached if isinstance(value, Formula) else value


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, all four edges included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class TableArea:
    """A marked table (Excel's ListObject) as found in a tab; the area includes header and totals rows."""

    name: str
    area: Area
    has_totals: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a cell: who wrote it (a name the program gave, nobody proves it) and what it says."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One sheet as read.

    Attributes:
        title: The name on the tab; unique within the workbook, ignoring case.
        rows: row → column → value; only filled cells. Numbers whose format shows a date arrive as dates.
        tables: The marked tables in it.
        merged: Merged areas.
        visible: Whether people see the tab.
        obstacle: Why nothing may be written here (code), or empty.
        annotated: Whether notes or comments hang on cells; those would not move with a row.
        notes: (row, column) → note; only read in tabs that the tool's names point into.
        takes_notes: Whether notes can be added.
    """

    title: str
    rows: Mapping[int, Mapping[int, Value]]
    tables: tuple[TableArea, ...] = ()
    merged: tuple[Area, ...] = ()
    visible: bool = True
    obstacle: str = ""
    annotated: bool = False
    notes: Mapping[tuple[int, int], Note] = field(default_factory=dict)
    takes_notes: bool = True


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell of one tab."""

    tab: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A whole workbook, read once.

    Attributes:
        tabs: In the order people see them; only tabs of cells (chart sheets are left out).
        names: The tool's own defined names (they begin with ``NETZ_``) and where they point; `None` where the
            target was deleted by a person.
        marker: Text the tool left in the workbook, or `None`.
        revision: Changes with every change of the workbook; checked again before writing.
        taken: Every tab title in use, chart sheets and hidden ones included.
    """

    tabs: tuple[Tab, ...]
    names: Mapping[str, Spot | None]
    marker: str | None
    revision: str
    taken: tuple[str, ...] = ()

    def tab(self, title: str) -> Tab:
        """Give the tab of this exact title; raises `KeyError` where there is none."""
        for tab in self.tabs:
            if tab.title == title:
                return tab
        raise KeyError(title)


# --- how cells look ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Style:
    """How a role looks; written once as a named cell style, so that people restyle all of it in one place.

    Attributes:
        name: Name of the cell style people see, for example ``NS Kopf``.
        size: Points.
        colour: Text colour, ``RRGGBB``.
        fill: Ground colour, ``RRGGBB``, or empty.
        border: Colour of thin borders on all sides, or empty.
        number_format: In the file's own (English) spelling.
        horizontal: ``left``, ``center``, ``right`` or ``general``.
        locked: Whether protection, where a person switches it on, covers the cell.
    """

    name: str
    size: int = 11
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = "1B2430"
    fill: str = ""
    border: str = ""
    number_format: str = "General"
    horizontal: str = "left"
    vertical: str = "center"
    wrap: bool = False
    indent: int = 0
    locked: bool = True


Look = Mapping[str, Style]
"""Role → style. Roles are the words the rest of the program uses; a style's name is what people see."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shall hold.

    Attributes:
        value: Written as it is typed here: text is never parsed as a formula or number.
        role: Role in the `Look`; empty leaves the cell's present format alone.
        link: Where a click leads: ``'Tab'!A1`` inside the workbook or an ``https:`` address; empty for none.
    """

    value: Value
    role: str = ""
    link: str = ""


# --- designs for new tabs ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TableDesign:
    """A marked table to be made.

    Attributes:
        name: Unique in the workbook, letters, digits and underscores.
        area: Header row included.
        title: Alternative text: what the table is.
        description: Alternative text: what it shows, one sentence.
    """

    name: str
    area: Area
    title: str
    description: str


class Choice(Enum):
    """What a validation allows."""

    LIST = "list"
    RANGE = "range"
    DATE = "date"
    WHOLE = "whole"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Validation:
    """Guidance on an area: an input message, and a warning (never a refusal) where a value is unusual.

    Attributes:
        area: The cells.
        choice: What is usual there.
        options: For `Choice.LIST` the words (joined at most 255 characters); for `Choice.RANGE` one reference
            such as ``'Listen'!$A$2:$A$9``.
        title: Title of the input message, at most 32 characters.
        prompt: The input message, at most 255 characters.
        error: What the warning says, at most 225 characters; empty for no warning.
    """

    area: Area
    choice: Choice
    title: str
    prompt: str
    options: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A conditional format: where the formula (for the area's first cell) is true, the role's look is laid over."""

    area: Area
    formula: str
    role: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart.

    Attributes:
        kind: ``bar`` (horizontal bars) or ``line``.
        title: Shown above the chart.
        alternative_text: For people who do not see it; at least 10 characters.
        anchor: Top left cell.
        width: Centimetres.
        height: Centimetres.
        categories: Cells with the names along the axis (one column).
        series: One area of numbers each (one column, the same rows as the categories).
        series_titles: One name each.
        number_format: Of the data labels.
        colours: One ``RRGGBB`` each.
    """

    kind: str
    title: str
    alternative_text: str
    anchor: Spot
    width: float
    height: float
    categories: Area
    series: tuple[Area, ...]
    series_titles: tuple[str, ...]
    number_format: str = "0"
    colours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """How the tab prints: A4, fit to one page's width, these rows repeated on every page."""

    header_left: str = ""
    header_right: str = ""
    footer_left: str = ""
    footer_right: str = ""
    landscape: bool = True
    repeat_rows: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class TabDesign:
    """A tab to be made.

    Attributes:
        title: Unique in the workbook; Excel's rules for names hold.
        cells: (row, column) → cell.
        widths: column → width in characters.
        heights: row → points; rows left out size themselves.
        frozen: Rows and columns that stay in view.
        names: Defined names to be made: name → area in this tab.
        colour: ``RRGGBB`` of the tab.
    """

    title: str
    cells: Mapping[tuple[int, int], Cell]
    widths: Mapping[int, float] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
    frozen: tuple[int, int] = (0, 0)
    tables: tuple[TableDesign, ...] = ()
    validations: tuple[Validation, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    charts: tuple[Chart, ...] = ()
    names: Mapping[str, Area] = field(default_factory=dict)
    page: Page = field(default_factory=Page)
    colour: str = ""


# --- edits ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetCell:
    """Put a cell. A value of `None` empties it; the format stays where the cell names no role.

    Attributes:
        spot: Where.
        cell: What it shall hold.
        expected: What was read there; a backend that can compare refuses when something else stands there.
        why: Code of the reason, for the plan people read.
    """

    spot: Spot
    cell: Cell
    expected: Value = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ResizeTable:
    """Let a marked table end at this row, and at this column where one is given.

    New columns take their names from the header cells that are written together with it.
    """

    tab: str
    table: str
    last_row: int
    last_column: int | None = None


@dataclass(frozen=True, slots=True)
class AddTab:
    """Make a tab, behind all others unless it is the first of a new workbook."""

    design: TabDesign


@dataclass(frozen=True, slots=True)
class SetName:
    """Let a defined name point to an area (absolute); it is made where it does not exist."""

    name: str
    tab: str
    area: Area


@dataclass(frozen=True, slots=True)
class SetMarker:
    """Leave the tool's text in the workbook, in the same write as everything else."""

    text: str


@dataclass(frozen=True, slots=True)
class SetNote:
    """Hang a note on a cell that has none; a cell with another note makes the write fail."""

    spot: Spot
    note: Note


@dataclass(frozen=True, slots=True)
class RemoveNote:
    """Take this very note from a cell; where another one hangs there by now, the write fails."""

    spot: Spot
    note: Note


Edit = SetCell | ResizeTable | AddTab | SetName | SetMarker | SetNote | RemoveNote


# --- where workbooks are kept -----------------------------------------------------------------------------


class Workbook(Protocol):
    """One workbook, wherever it is kept."""

    def read(self) -> Snapshot:
        """Read everything once.

        Raises:
            WorkbookNotFound: There is no such workbook.
            AccessDenied: It may not be read.
            WorkbookRefused: The content cannot be handled safely.
        """
        ...

    def roles(self, title: str) -> Mapping[tuple[int, int], str]:
        """Give the style names (those of the tool only, ``NS …``) of the cells of one tab of the last snapshot."""
        ...

    def apply(self, edits: Sequence[Edit], *, expected: str, look: Look) -> str:
        """Carry out all edits at once and give the new revision.

        Raises:
            WorkbookChanged: The workbook is no longer at the expected revision; nothing was written.
            WorkbookInUse: Somebody has it open; nothing was written.
            WorkbookRefused: An edit cannot be carried out safely; nothing was written.
            AccessDenied: It may not be written; nothing was written.
            DiskFull: There is no room; nothing was written.
        """
        ...
