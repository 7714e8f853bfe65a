"""How cells look, and designs of tabs that shall be made."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from netzwerk_sheets.grid.content import Area, Spot, Value

# --- how cells look ---------------------------------------------------------------------------------------


class Style(NamedTuple):
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


class Cell(NamedTuple):
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


class TableDesign(NamedTuple):
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


class Validation(NamedTuple):
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


class Highlight(NamedTuple):
    """A conditional format: where the formula (for the area's first cell) is true, the role's look is laid over."""

    area: Area
    formula: str
    role: str


class Chart(NamedTuple):
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
        category_format: Number format of the categories where they are numbers or dates; empty for names.
        steady_text: Alternative text for a place where it cannot follow the numbers; empty where the other one holds
            whatever they are.
        limit: Last row the chart may come to show as its table grows, for places where a chart may cover empty cells;
            0 for no end, `None` for exactly these rows.
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
    category_format: str = ""
    steady_text: str = ""
    limit: int | None = None


class Page(NamedTuple):
    """How the tab prints: A4, fit to one page's width, these rows repeated on every page.

    Attributes:
        breaks: Rows behind which a new page begins.
    """

    header_left: str = ""
    header_right: str = ""
    footer_left: str = ""
    footer_right: str = ""
    landscape: bool = True
    repeat_rows: tuple[int, int] | None = None
    breaks: tuple[int, ...] = ()


class TabDesign(NamedTuple):
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
    widths: Mapping[int, float] = MappingProxyType({})
    heights: Mapping[int, float] = MappingProxyType({})
    frozen: tuple[int, int] = (0, 0)
    tables: tuple[TableDesign, ...] = ()
    validations: tuple[Validation, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    charts: tuple[Chart, ...] = ()
    names: Mapping[str, Area] = MappingProxyType({})
    page: Page = Page()
    colour: str = ""
