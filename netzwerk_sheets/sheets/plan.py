"""Compare what a tab shall show with what it shows, and keep only what differs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.grid import Cell, Edit, Formula, ResizeTable, Spot, Tab, TabDesign, Value, shown
from netzwerk_sheets.merge import ID, Insert, Op, Put, Remove
from netzwerk_sheets.sheets import charts, schema
from netzwerk_sheets.sheets.canvas import Canvas, Roles
from netzwerk_sheets.sheets.cells import text_of
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, cell_for, human_role

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from netzwerk_sheets.grid import Chart
    from netzwerk_sheets.sheets.locate import SeenTable


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
    """

    edits: tuple[Edit, ...] = ()
    soft: tuple[Edit, ...] = ()
    overtyped: tuple[tuple[Spot, Value], ...] = ()
    blocked: tuple[Spot, ...] = ()
    memory: str = ""
    replaced: tuple[tuple[Spot, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """What the tool showed on a tab last, and how to learn the looks of its cells.

    Attributes:
        names: Role → name of its cell style.
    """

    memory: str
    roles: Roles
    names: Mapping[str, str] = field(default_factory=dict)

    @property
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


def _finish(canvas: Canvas, shapes: Sequence[Edit], **more: object) -> TabPlan:
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
    shapes, more = _draw(canvas, sizes, before, design.charts)
    return _finish(canvas, shapes, **more)


def _draw(
    canvas: Canvas, sizes: Sequence[Edit], before: Before, drawn: Sequence[Chart], moved: int = 0
) -> tuple[list[Edit], dict[str, object]]:
    """Let the charts of a tab follow; gives the edits with theirs, and what the next run must know of them."""
    known = before.parts.get("charts")
    if not drawn or (known is None and not canvas.edits and not sizes):
        return list(sizes), {}
    follows = charts.follow(canvas.tab, drawn, known, [*canvas.edits, *sizes], moved)
    return [*sizes, *follows], {"charts": charts.remembered(drawn)}


# --- tables the tool computes -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Slot:
    """A row on its way to its place: what the tool shows, and the cells of people that go with it.

    Attributes:
        added: Where it stands, for a row that people added: all of its cells are theirs; else 0.
    """

    key: str
    wanted: WantedRow | None
    people: Mapping[int, Value]
    number: int | None = None
    new: bool = False
    added: int = 0


def computed(seen: SeenTable, sheet: RowSheet, before: Before) -> TabPlan:
    """Plan a tab of computed rows, which may have columns of people beside the tool's.

    Rows are in the tool's order until people sort them or write into columns of their own; from then on every
    row stays where it is and new ones join below. A row that is no longer wanted goes, unless people wrote
    something in it.
    """
    moved = before.moved(seen, sheet.header_row)
    canvas = before.canvas(seen.tab, moved)
    _intro(canvas, sheet, seen)
    own = _own_columns(seen, sheet)
    slots, keeps, notes = _slots(seen, sheet, before, own)
    _settle(slots, seen, keeps)
    theirs = _carry_added(canvas, seen, sheet, slots)
    for number in sorted(notes & {slot.number for slot in slots if slot.number is not None}):
        canvas.blocked.append(Spot(seen.tab.title, number, min(seen.tab.rows[number])))
    _show_rows(canvas, seen, sheet, slots, own)
    _empty_people(canvas, seen, slots, own, notes)
    used = {slot.number for slot in slots} | notes | theirs
    for row in seen.rows:
        for column in seen.columns.values() if row.number not in used else ():
            if column not in own:
                canvas.drop(row.number, column)
    canvas.sweep()
    canvas.leave_carried()
    last = max((slot.number or 0 for slot in slots), default=0)
    sizes = _size(seen, max(last, seen.header_row + 1))
    wanted = [wanted_key(sheet, row) for row in sheet.rows]
    order = [*wanted, *(slot.key for slot in slots if slot.wanted and slot.key not in set(wanted))]
    drawn = [
        each
        for chart in sheet.charts
        for each in charts.placed(chart, seen.tab.title, seen.columns, seen.header_row, max(last, seen.header_row + 1))
    ]
    shapes, more = _draw(canvas, sizes, before, drawn, moved)
    return _finish(canvas, shapes, **more, order=order, header=seen.header_row)


def _added_key(sheet: RowSheet, seen: SeenTable, number: int) -> str:
    """Give the key of a row that people added to a computed tab; empty for any other row."""
    column = seen.columns.get(sheet.added, 0)
    name = text_of(seen.tab.rows.get(number, {}).get(column))
    return added_key(name) if sheet.added and name else ""


def _carry_added(canvas: Canvas, seen: SeenTable, sheet: RowSheet, slots: Sequence[_Slot]) -> set[int]:
    """Let rows that people added move below the others, or go where they are carried out; say where they stood."""
    if not sheet.added:
        return set()
    columns = (*seen.columns.values(), *seen.unknown)
    found = {
        row.number
        for row in seen.rows
        if not text_of(row.cells.get(sheet.key[0])) and _added_key(sheet, seen, row.number)
    }
    moving = [slot for slot in slots if slot.added and slot.added != slot.number]
    staying = {slot.number for slot in slots if slot.added and slot.added == slot.number}
    canvas.carried |= {(number, column) for number in found - staying for column in columns}
    for slot in moving:
        for column in columns:
            number = slot.number or 0
            canvas.carried.discard((number, column))
            canvas.dropped.add(f"{number},{column}")
            canvas.write(number, column, Cell(slot.people.get(column)), "moved")
    return found


def _show_rows(canvas: Canvas, seen: SeenTable, sheet: RowSheet, slots: Sequence[_Slot], own: Sequence[int]) -> None:
    for slot in slots:
        if slot.wanted is not None and slot.number is not None:
            _show_row(canvas, seen, sheet, slot, own)
        elif sheet.stays and slot.number is not None:
            for column in seen.columns.values():
                canvas.keep(slot.number, column)


def _size(seen: SeenTable, last: int) -> list[ResizeTable]:
    """Let the marked table of a tab end at a row, where it does not yet."""
    marked = seen.marked
    if marked is None or marked.has_totals or marked.area.last_row == last:
        return []
    return [ResizeTable(seen.tab.title, marked.name, last)]


def _intro(canvas: Canvas, sheet: RowSheet, seen: SeenTable) -> None:
    # Rows that people put above the header move the title lines with it.
    shift = seen.header_row - sheet.header_row
    for (row, column), cell in sheet.intro.items():
        if row + shift >= 1:
            canvas.show(row + shift, column, cell)


def _own_columns(seen: SeenTable, sheet: RowSheet) -> list[int]:
    """Give the numbers of the columns that belong to people."""
    kept = {code for row in sheet.rows for code in (*row.cells, *row.live)}
    own = [
        number
        for code, number in seen.columns.items()
        if seen.code and code not in kept and sheet.table.column(code).owner != "tool" and code != "id"
    ]
    return sorted([*own, *seen.unknown])


def _key(sheet: RowSheet, cells: Mapping[str, Value]) -> str:
    return "|".join(text_of(cells.get(code)) for code in sheet.key)


def added_key(name: str) -> str:
    """Give the key of a row that people added, by the name they gave it."""
    return f"+{schema.fold(name)}"


def wanted_key(sheet: RowSheet, row: WantedRow) -> str:
    """Give the key of a wanted row as it will be read again."""
    values = {code: cell.value for code, cell in row.cells.items()}
    return _key(sheet, {**row.initial, **values})


def _slots(seen: SeenTable, sheet: RowSheet, before: Before, own: Sequence[int]) -> tuple[list[_Slot], bool, set[int]]:
    """Find a row for everything wanted; also say which rows are no rows of the table but notes of people."""
    wanted = {wanted_key(sheet, row): row for row in sheet.rows}
    present = _present(seen, sheet, before, own, wanted)
    keeps = not sheet.sorts or _sorted_by_people(present, before, seen, own)
    order = before.parts.get("order")
    slots: list[_Slot] = []
    taken: set[str] = set()
    notes: set[int] = set()
    for key, slot in present:
        found = wanted.get(key) if key not in taken else None
        if slot.added:
            if _settled(slot, sheet, seen):
                continue
        elif found is not None:
            taken.add(key)
            slot.wanted = found
        elif not keeps and order is not None and key not in order:
            notes.add(slot.number or 0)
            continue
        elif sheet.settles or _settled(slot, sheet, seen) or not (sheet.stays or keeps or _touched(slot, sheet, seen)):
            continue
        elif sheet.closed is not None:
            slot.wanted = sheet.closed(key)
        slots.append(slot)
    new = [_Slot(key, row, {}, new=True) for key, row in wanted.items() if key not in taken]
    if keeps:
        return [*slots, *new], True, notes
    places = {key: index for index, key in enumerate(wanted)}
    both = [*slots, *new]
    both.sort(key=lambda slot: places.get(slot.key, len(places)))
    return both, False, notes


def _present(
    seen: SeenTable, sheet: RowSheet, before: Before, own: Sequence[int], wanted: Container[str]
) -> list[tuple[str, _Slot]]:
    """Give the rows that stand there; where people typed over the name of a row, it is the row it was."""
    found: list[tuple[str, _Slot]] = []
    for row in seen.rows:
        raw = seen.tab.rows.get(row.number, {})
        people = {column: raw[column] for column in own if column in raw}
        key = _key(sheet, row.cells)
        if not key and (named := _added_key(sheet, seen, row.number)):
            whole = {column: raw[column] for column in (*seen.columns.values(), *seen.unknown) if column in raw}
            found.append((named, _Slot(named, None, whole, row.number, added=row.number)))
            continue
        found.append((key, _Slot(key, None, people, row.number)))
    keys = {key for key, _ in found}
    last = before.cells(before.moved(seen, sheet.header_row))
    columns = [seen.columns.get(code) for code in sheet.key]
    for place, (key, slot) in enumerate(found):
        was = "|".join(last.get(f"{slot.number},{column}", "") for column in columns)
        if key not in wanted and was in wanted and was not in keys:
            slot.key = was
            found[place] = (was, slot)
    return found


def _sorted_by_people(
    present: Sequence[tuple[str, _Slot]], before: Before, seen: SeenTable, own: Sequence[int]
) -> bool:
    """Say whether rows must stay where they are: people sorted them, or built something beside them."""
    order = before.parts.get("order")
    keys = [key for key, _ in present]
    if (
        seen.tab.annotated
        or order is None
        or [key for key in keys if key in set(order)] != [key for key in order if key in set(keys)]
    ):
        return True
    extra = set(seen.unknown) & set(own)
    return any(
        isinstance(value, Formula) or (column in extra and shown(value) not in (None, ""))
        for _, slot in present
        for column, value in slot.people.items()
    )


def _settled(slot: _Slot, sheet: RowSheet, seen: SeenTable) -> bool:
    """Say whether a row's decision is carried out; what people keep in columns of their own holds the row."""
    return slot.key in sheet.settled and not any(text_of(slot.people.get(column)) for column in seen.unknown)


def _touched(slot: _Slot, sheet: RowSheet, seen: SeenTable) -> bool:
    """Say whether people wrote something into a row."""
    codes = {number: code for code, number in seen.columns.items()}
    for column, value in slot.people.items():
        text = text_of(value)
        if text and text != sheet.untouched.get(codes.get(column, ""), ""):
            return True
    return False


def _settle(slots: Sequence[_Slot], seen: SeenTable, keeps: bool) -> None:  # noqa: FBT001 - private
    """Give every row its number."""
    next_row = seen.header_row + 1
    if keeps:
        next_row = max([seen.last_row, *(slot.number or 0 for slot in slots)]) + 1
    for slot in slots:
        if not keeps or slot.number is None:
            slot.number = next_row
            next_row += 1


def _show_row(canvas: Canvas, seen: SeenTable, sheet: RowSheet, slot: _Slot, own: Sequence[int]) -> None:
    row, number = slot.wanted, slot.number or 0
    if row is None:
        return
    fresh = number > seen.last_row
    kept = {*row.cells, *row.live} | ({"id"} if "id" in row.initial else set())
    for code, column in seen.columns.items():
        declared = sheet.table.column(code)
        if code in kept:
            canvas.show(number, column, cell_for(row, declared, seen.columns, number))
        elif slot.new and code in row.initial:
            canvas.write(number, column, Cell(row.initial[code], human_role(declared)), "new")
        elif column in own and column not in slot.people and fresh:
            canvas.write(number, column, Cell(None, human_role(declared)), "new")
    for column, value in slot.people.items():
        codes = {place: code for code, place in seen.columns.items()}
        role = human_role(sheet.table.column(codes[column])) if fresh and column in codes else ""
        canvas.write(number, column, Cell(value, role), "moved")


def _empty_people(
    canvas: Canvas, seen: SeenTable, slots: Sequence[_Slot], own: Sequence[int], notes: Container[int]
) -> None:
    """Empty the cells of people that moved elsewhere, unless something else of theirs has come there."""
    codes = {number: code for code, number in seen.columns.items()}
    used = {slot.number: slot for slot in slots}
    for row in seen.rows:
        slot = used.get(row.number)
        for column in own if row.number not in notes else ():
            if slot is not None and column in slot.people:
                continue
            begins = slot.wanted.initial if slot is not None and slot.new and slot.wanted is not None else {}
            if begins.get(codes.get(column, "")) is not None:
                continue
            canvas.write(row.number, column, Cell(None, "" if slot else "blank"), "moved")


# --- tables people fill -----------------------------------------------------------------------------------


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
        _intro(canvas, sheet, seen)
        for row in sheet.rows:
            if row.key in rows:
                for code in (*row.live, *(code for code in row.cells if table.column(code).owner == "tool")):
                    if code in seen.columns:
                        cell = cell_for(row, table.column(code), seen.columns, rows[row.key])
                        canvas.show(rows[row.key], seen.columns[code], cell)
        canvas.sweep()
    last = max([*rows.values(), seen.header_row + 1])
    grown = seen.marked is not None and last > seen.marked.area.last_row
    return _finish(canvas, _size(seen, last) if grown else [], header=seen.header_row)


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
