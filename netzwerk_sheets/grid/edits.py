"""Edits of a workbook, wherever it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from netzwerk_sheets.grid.content import Area, Note, Scalar, Spot, Value
    from netzwerk_sheets.grid.designs import Cell, Chart, TabDesign


class SetCell(NamedTuple):
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


class ResizeTable(NamedTuple):
    """Let a marked table end at this row, and at this column where one is given.

    New columns take their names from the header cells that are written together with it.
    """

    tab: str
    table: str
    last_row: int
    last_column: int | None = None


class FollowChart(NamedTuple):
    """Let a chart of the tool show the rows its table has now, and say in its alternative text what it shows.

    A chart that people changed, copied or took away stays as it is, and so does an alternative text of their own.

    Attributes:
        tab: Title of its tab.
        chart: As it shall be; only its areas and its alternative text are written.
        points: What will stand in its categories, then in each series, row by row.
        spans: (first row, last row) it may show now to count as unchanged; empty for any last row.
        text: Alternative text the tool wrote last, or empty where nobody knows.
    """

    tab: str
    chart: Chart
    points: tuple[tuple[Scalar, ...], ...]
    spans: tuple[tuple[int, int], ...] = ()
    text: str = ""


class AddTab(NamedTuple):
    """Make a tab, behind all others unless it is the first of a new workbook."""

    design: TabDesign


class SetName(NamedTuple):
    """Let a defined name point to an area (absolute); it is made where it does not exist."""

    name: str
    tab: str
    area: Area


class SetMarker(NamedTuple):
    """Leave the tool's text in the workbook, in the same write as everything else."""

    text: str


class SetNote(NamedTuple):
    """Hang a note on a cell that has none; a cell with another note makes the write fail."""

    spot: Spot
    note: Note


class RemoveNote(NamedTuple):
    """Take this very note from a cell; where another one hangs there by now, the write fails."""

    spot: Spot
    note: Note


class SetSize(NamedTuple):
    """Let the tool's cell styles have another size, and columns and rows of its tabs the room for it.

    A style whose size people changed keeps theirs. Where cells have no styles, only new tabs follow.

    Attributes:
        before: Points of body text so far; every style of that look is this much larger or smaller.
        after: Points of body text from now on.
        tabs: Titles of the tool's tabs.
    """

    before: int
    after: int
    tabs: tuple[str, ...]


Edit = SetCell | ResizeTable | FollowChart | AddTab | SetName | SetMarker | SetNote | RemoveNote | SetSize


# --- taking people out ------------------------------------------------------------------------------------


class Trail(NamedTuple):
    """How people are recognised who shall be taken out of a workbook.

    Attributes:
        clean: Gives a text without them; the same text where none of them is in it.
        whole: Says whether a text is a cell of theirs; it goes where no cell shows it any more.
        rows: Title of a tab → numbers of the rows that are about them.
        gone: What stands in their place.
    """

    clean: Callable[[str], str]
    whole: Callable[[str], bool]
    rows: Mapping[str, Collection[int]]
    gone: str


class Left(NamedTuple):
    """What taking people out of a workbook came to.

    Attributes:
        places: How many parts of the file, or cells of the document, differ besides the edits.
        kept: Parts whose structure holds them, such as the title of a tab.
        unseen: Whether there are pictures, macros or embedded files, into which nobody can look.
    """

    places: int
    kept: tuple[str, ...] = ()
    unseen: bool = False
