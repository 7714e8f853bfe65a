"""Compare what a tab shall show with what it shows, and keep only what differs: what all tabs share."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.grid import Edit, ResizeTable, Spot, Tab, TabDesign, Value
from netzwerk_sheets.sheets import charts
from netzwerk_sheets.sheets.canvas import Canvas, Roles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netzwerk_sheets.grid import Chart
    from netzwerk_sheets.sheets.locate import SeenTable
    from netzwerk_sheets.sheets.render.frame import RowSheet


@dataclass(frozen=True, slots=True)
class TabPlan:
    """What to do on one tab.

    Attributes:
        edits: Must be written.
        soft: Worth writing only if anything else is.
        overtyped: Computed cells that people typed into, with what they typed.
        replaced: Cells whose words are kept in the history to be safe.
        blocked: Cells of people in the way; then nothing else is planned for this tab.
        memory: What the tab shows afterwards, for the next run.
        rows: Key of each computed row → where it stands afterwards.
    """

    edits: tuple[Edit, ...] = ()
    soft: tuple[Edit, ...] = ()
    overtyped: tuple[tuple[Spot, Value], ...] = ()
    blocked: tuple[Spot, ...] = ()
    memory: str = ""
    replaced: tuple[tuple[Spot, Value], ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Before:
    """What the tool showed on a tab last, and how to learn the looks of its cells.

    Attributes:
        names: Role → name of its cell style.
    """

    memory: str
    roles: Roles
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def parts(self) -> dict[str, Any]:
        """Give the memory in parts."""
        return json.loads(self.memory) if self.memory else {}

    def canvas(self, tab: Tab, moved: int = 0) -> Canvas:
        """Begin the edits of a tab whose table people may have moved down by some rows."""
        return Canvas(tab, self.roles, self.cells(moved), self.names)

    def cells(self, moved: int = 0) -> dict[str, str]:
        """Give what was shown last: cell ("row,column") → what stood there."""
        found: dict[str, str] = self.parts.get("cells", {})
        if not moved:
            return found
        places = {key: key.split(",") for key in found}
        return {f"{int(row) + moved},{column}": found[key] for key, (row, column) in places.items()}

    def moved(self, seen: SeenTable, header_row: int) -> int:
        """Say by how many rows people moved a table since the tool last wrote it."""
        return seen.header_row - int(self.parts.get("header", header_row))


def finish(canvas: Canvas, shapes: Sequence[Edit], **more: object) -> TabPlan:
    """End a plan; where people's cells are in the way, nothing is planned."""
    if canvas.blocked:
        return TabPlan(blocked=tuple(canvas.blocked), memory="")
    edits = (*canvas.edits, *shapes)
    kept = tuple(canvas.replaced)
    return TabPlan(edits, tuple(canvas.soft), tuple(canvas.overtyped), (), canvas.memory(**more), kept)


def fixed(tab: Tab, design: TabDesign, before: Before) -> TabPlan:
    """Plan a tab whose cells have fixed places."""
    canvas = before.canvas(tab)
    for (row, column), cell in design.cells.items():
        canvas.show(row, column, cell)
    canvas.sweep()
    # A marked table is known by where it begins: its name may have been changed by people.
    wanted = {(table.area.first_row, table.area.first_column): table.area for table in design.tables}
    sizes = [
        ResizeTable(
            tab.title,
            table.name,
            area.last_row,
            area.last_column if area.last_column != table.area.last_column else None,
        )
        for table in tab.tables
        if (area := wanted.get((table.area.first_row, table.area.first_column))) is not None
        and (area.last_row, area.last_column) != (table.area.last_row, table.area.last_column)
    ]
    shapes, more = draw(canvas, sizes, before, design.charts)
    return finish(canvas, shapes, **more)


def draw(
    canvas: Canvas, sizes: Sequence[Edit], before: Before, drawn: Sequence[Chart], moved: int = 0
) -> tuple[list[Edit], dict[str, object]]:
    """Let the charts of a tab follow; gives the edits with theirs, and what the next run must know of them."""
    known = before.parts.get("charts")
    if not drawn or (known is None and not canvas.edits and not sizes):
        return list(sizes), {}
    follows = charts.follow(canvas.tab, drawn, known, [*canvas.edits, *sizes], moved)
    return [*sizes, *follows], {"charts": charts.remembered(drawn)}


def ending(seen: SeenTable, last: int) -> list[ResizeTable]:
    """Let the marked table of a tab end at a row, where it does not yet."""
    marked = seen.marked
    if marked is None or marked.has_totals or marked.area.last_row == last:
        return []
    return [ResizeTable(seen.tab.title, marked.name, last)]


def show_intro(canvas: Canvas, sheet: RowSheet, seen: SeenTable) -> None:
    """Show the lines above a table; rows that people put above the header move them with it."""
    shift = seen.header_row - sheet.header_row
    for (row, column), cell in sheet.intro.items():
        if row + shift >= 1:
            canvas.show(row + shift, column, cell)
