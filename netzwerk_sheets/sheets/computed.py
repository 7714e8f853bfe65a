"""Plan a table that the tool computes: where each row stands, and what people keep in it and beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netzwerk_sheets.grid import Cell, Formula, Spot, Value, shown
from netzwerk_sheets.sheets import charts, schema
from netzwerk_sheets.sheets.cells import text_of
from netzwerk_sheets.sheets.plan import Before, TabPlan, draw, ending, finish, show_intro
from netzwerk_sheets.sheets.render.frame import RowSheet, WantedRow, cell_for, human_role

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Mapping, Sequence

    from netzwerk_sheets.sheets.canvas import Canvas
    from netzwerk_sheets.sheets.locate import SeenTable


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
    show_intro(canvas, sheet, seen)
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
    sizes = ending(seen, max(last, seen.header_row + 1))
    wanted = [wanted_key(sheet, row) for row in sheet.rows]
    listed = set(wanted)
    order = [*wanted, *(slot.key for slot in slots if slot.wanted and slot.key not in listed)]
    drawn = [
        each
        for chart in sheet.charts
        for each in charts.placed(chart, seen.tab.title, seen.columns, seen.header_row, max(last, seen.header_row + 1))
    ]
    shapes, more = draw(canvas, sizes, before, drawn, moved)
    plan = finish(canvas, shapes, **more, order=order, header=seen.header_row)
    return replace(plan, rows={slot.key: slot.number for slot in slots if slot.number})


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
    keeps = not sheet.sorts or _sorted_by_people(present, before, seen, own, wanted)
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
        elif not keeps and (key not in order if order is not None else not _looks_ours(slot, sheet, seen, before)):
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


def _looks_ours(slot: _Slot, sheet: RowSheet, seen: SeenTable, before: Before) -> bool:
    """Say whether a row looks like one of the tool's: whole, and in its styles; asked where nobody remembers them."""
    number, roles, blank = slot.number or 0, before.roles(), before.names.get("blank")
    filled = [column for column in seen.columns.values() if text_of(seen.tab.rows[number].get(column))]
    named = all(seen.columns.get(code) in filled for code in sheet.key)
    return named and len(filled) > 1 and all(roles.get((number, column), blank) != blank for column in filled)


def _sorted_by_people(
    present: Sequence[tuple[str, _Slot]],
    before: Before,
    seen: SeenTable,
    own: Sequence[int],
    wanted: Collection[str],
) -> bool:
    """Say whether rows must stay where they are: people sorted them, or built something beside them.

    Where nobody remembers in which order the tool laid them, it is the one of today.
    """
    if seen.tab.annotated:
        return True
    keys, order = [key for key, _ in present], before.parts.get("order") or list(wanted)
    now, then = set(keys), set(order)
    if [key for key in keys if key in then] != [key for key in order if key in now]:
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
