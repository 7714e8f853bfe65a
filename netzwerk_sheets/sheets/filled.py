"""Plan a table that people fill: what the merge brings into its rows, and what the tool shows beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell, Spot
from netzwerk_sheets.merge import ID, Insert, Op, Put, Remove
from netzwerk_sheets.sheets.cells import text_of
from netzwerk_sheets.sheets.plan import Before, TabPlan, ending, finish, show_intro
from netzwerk_sheets.sheets.render.frame import RowSheet, cell_for, human_role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netzwerk_sheets.sheets import schema
    from netzwerk_sheets.sheets.canvas import Canvas
    from netzwerk_sheets.sheets.locate import SeenTable


@dataclass(frozen=True, slots=True)
class Placed:
    """A table of people and where its rows stand.

    Attributes:
        places: Row id → number of its row in the tab.
    """

    seen: SeenTable
    places: Mapping[str, int]


def merged(
    placed: Placed, ops: Sequence[Op], before: Before, *, sheet: RowSheet | None = None, styled: bool = True
) -> TabPlan:
    """Plan a table whose rows are merged from several places.

    Args:
        placed: The table.
        ops: What the merge wants to be different.
        before: What the tool showed last.
        sheet: Cells the tool computes beside the rows (`RowSheet.live` and the lines above), if any.
        styled: Whether new rows get the tool's look; a list that people made keeps its own.
    """
    seen = placed.seen
    table = seen.table
    canvas = before.canvas(seen.tab, before.moved(seen, sheet.header_row) if sheet is not None else 0)
    rows = _numbers(placed, ops, canvas)
    for op in ops:
        if isinstance(op, Put):
            if op.column in seen.columns and op.row in rows:
                _put(canvas, seen, op, rows[op.row], styled=styled)
        elif isinstance(op, Insert):
            _insert(canvas, seen, table, op, rows[op.row], styled=styled)
        else:
            _take_out(canvas, placed, op)
    if sheet is not None:
        show_intro(canvas, sheet, seen)
        for row in sheet.rows:
            if row.key in rows:
                for code in (*row.live, *(code for code in row.cells if table.column(code).owner == "tool")):
                    if code in seen.columns:
                        cell = cell_for(row, table.column(code), seen.columns, rows[row.key])
                        canvas.show(rows[row.key], seen.columns[code], cell)
        canvas.sweep()
    last = max([*rows.values(), seen.header_row + 1])
    grown = seen.marked is not None and last > seen.marked.area.last_row
    return finish(canvas, ending(seen, last) if grown else [], header=seen.header_row)


def _put(canvas: Canvas, seen: SeenTable, op: Put, number: int, *, styled: bool) -> None:
    """Write one cell; words that people typed where a row's id belongs are kept in the history."""
    column = seen.columns[op.column]
    present = canvas.value(number, column)
    role = human_role(seen.table.column(op.column)) if styled and present is None else ""
    if op.column == ID and (words := text_of(present)) and seen.table.id_number(words) is None:
        canvas.overtyped.append((Spot(seen.tab.title, number, column), present))
    canvas.write(number, column, Cell(op.new, role), "id" if op.column == ID else "merge")


def _numbers(placed: Placed, ops: Sequence[Op], canvas: Canvas) -> dict[str, int]:
    """Give every row its number: those that stand keep theirs, new ones join below the last."""
    rows = dict(placed.places)
    gone = {op.row for op in ops if isinstance(op, Remove)}
    seen = placed.seen
    next_row = seen.last_row + 1
    known = [*seen.columns.values(), *seen.unknown] or [1]
    for op in ops:
        if isinstance(op, Insert):
            while not canvas.free(next_row, range(min(known), max(known) + 1)):
                return {row: number for row, number in rows.items() if row not in gone}
            rows[op.row] = next_row
            next_row += 1
    return {row: number for row, number in rows.items() if row not in gone}


def _insert(canvas: Canvas, seen: SeenTable, table: schema.Table, op: Insert, number: int, *, styled: bool) -> None:
    for column in table.columns:
        place = seen.columns.get(column.code)
        if place is None:
            continue
        value = op.row if column.code == ID else op.cells.get(column.code)
        if value is None and not styled:
            continue
        role = (human_role(column) if column.owner != "tool" else "cell") if styled else ""
        if value is not None or role:
            canvas.write(number, place, Cell(value, role), "row")


def _take_out(canvas: Canvas, placed: Placed, op: Remove) -> None:
    """Empty a row that left the tab; its private cells are kept in the history."""
    number = placed.places.get(op.row)
    if number is None:
        return
    for column in (*placed.seen.columns.values(), *placed.seen.unknown):
        if canvas.value(number, column) is not None:
            canvas.write(number, column, Cell(None), "left")
