"""What a workbook holds as it was read: tabs of cells, marked tables, names."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class CellError(NamedTuple):
    """A cell that shows an error, such as ``#REF!``."""

    code: str


Scalar = bool | int | float | str | date | datetime | time | CellError | None
"""A plain cell value: numbers that are whole are `int`, dates without a time of day are `date`."""


class Formula(NamedTuple):
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


class Area(NamedTuple):
    """A rectangle of cells, all four edges included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class TableArea(NamedTuple):
    """A marked table (Excel's ListObject) as found in a tab; the area includes header and totals rows."""

    name: str
    area: Area
    has_totals: bool = False


class Note(NamedTuple):
    """A note on a cell: who wrote it (a name the program gave, nobody proves it) and what it says."""

    author: str
    text: str


_NO_NOTES: Mapping[tuple[int, int], Note] = {}


class Tab(NamedTuple):
    """One sheet as read.

    Attributes:
        title: The name on the tab; unique within the workbook, ignoring case.
        rows: row → column → value; only filled cells. Numbers whose format shows a date arrive as dates.
        tables: The marked tables in it.
        merged: Merged areas.
        visible: Whether people see the tab.
        obstacle: Why nothing may be written here (code), or empty.
        annotated: Whether something hangs on cells that would not move with a row, such as notes and comments.
        notes: (row, column) → note; only read in tabs that the tool's names point into.
        takes_notes: Whether notes can be added.
        rich: Whether cells hold what a value written anew would lose, such as names in a text or words in bold.
    """

    title: str
    rows: Mapping[int, Mapping[int, Value]]
    tables: tuple[TableArea, ...] = ()
    merged: tuple[Area, ...] = ()
    visible: bool = True
    obstacle: str = ""
    annotated: bool = False
    notes: Mapping[tuple[int, int], Note] = _NO_NOTES
    takes_notes: bool = True
    rich: bool = False


class Spot(NamedTuple):
    """One cell of one tab."""

    tab: str
    row: int
    column: int


class Snapshot(NamedTuple):
    """A whole workbook, read once.

    Attributes:
        tabs: In the order people see them; only tabs of cells (chart sheets are left out).
        names: The tool's own defined names (they begin with ``NETZ_``) and where they point; `None` where the
            target was deleted by a person.
        marker: Text the tool left in the workbook, or `None`.
        revision: Changes with every change of the workbook; checked again before writing.
        taken: Every tab title in use, chart sheets and hidden ones included.
        styled: Whether cells follow named styles, so that all of them can be given another size at once.
    """

    tabs: tuple[Tab, ...]
    names: Mapping[str, Spot | None]
    marker: str | None
    revision: str
    taken: tuple[str, ...] = ()
    styled: bool = True

    def tab(self, title: str) -> Tab:
        """Give the tab of this exact title; raises `KeyError` where there is none."""
        for tab in self.tabs:
            if tab.title == title:
                return tab
        raise KeyError(title)
