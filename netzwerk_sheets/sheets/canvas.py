"""Collect the edits of one tab, knowing what the tool wrote there before and what people did.

A cell the tool shows may be overwritten when it is empty or still shows what the tool wrote last. What a person
typed over it is reported, so that it can be kept in the history. A cell that was never the tool's stands in the
way: then nothing on this tab is changed, and a person is told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isclose

from netzwerk_sheets.grid import Cell, Edit, Formula, SetCell, Spot, Tab, Value, shown
from netzwerk_sheets.sheets.cells import text_of

Roles = Callable[[], Mapping[tuple[int, int], str]]
BLANK = Cell(None, "blank")


def _plain_formula(text: str) -> str:
    return "".join(text.split()).casefold()


def same(one: Value, other: Value) -> bool:
    """Say whether two values show the same; formulas are the same where their text is."""
    if type(one) is str and type(other) is str:
        return one == other
    if isinstance(one, Formula) or isinstance(other, Formula):
        return (
            isinstance(one, Formula)
            and isinstance(other, Formula)
            and _plain_formula(one.text) == _plain_formula(other.text)
        )
    if isinstance(one, datetime) and one.time() == datetime.min.time():
        one = one.date()
    if isinstance(other, datetime) and other.time() == datetime.min.time():
        other = other.date()
    if one in (None, "") and other in (None, ""):
        return True
    if isinstance(one, bool) or isinstance(other, bool) or type(one) is not type(other):
        numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (one, other))
        return numbers and _close(one, other)
    if isinstance(one, float):
        return _close(one, other)
    return one == other


def _close(one: Value, other: Value) -> bool:
    """Compare numbers as programs keep them: LibreOffice saves 15 digits."""
    return isinstance(one, int | float) and isinstance(other, int | float) and isclose(one, other, rel_tol=1e-12)


def print_of(value: Value) -> str:
    """Write a value down so that it can be compared later."""
    if type(value) is str:
        return text_of(value)
    if isinstance(value, Formula):
        return "=" + _plain_formula(value.text)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, datetime | date):
        return str(value)[:10] if str(value).endswith("00:00:00") else str(value)
    return text_of(value)


@dataclass(slots=True)
class Canvas:
    """The edits of one tab.

    Attributes:
        tab: As read.
        last: Cell ("row,column") → what the tool showed there last, as `print_of` writes it.
        edits: Cells that must change.
        soft: Cells whose shown result alone is out of date; written only together with others.
        overtyped: Cells the tool restores, with what people had typed there.
        replaced: Cells whose words may be the tool's own, from elsewhere or from a time nobody remembers; they are
            kept in the history, but nobody needs to be told.
        blocked: Cells of people that stand in the way.
        now: What the tool shows now.
        dropped: Cells of rows that were taken out.
        carried: (row, column) of cells of people whose content moved elsewhere; they may be written over.
    """

    tab: Tab
    roles: Roles
    last: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    soft: list[Edit] = field(default_factory=list)
    overtyped: list[tuple[Spot, Value]] = field(default_factory=list)
    replaced: list[tuple[Spot, Value]] = field(default_factory=list)
    blocked: list[Spot] = field(default_factory=list)
    now: dict[str, str] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    carried: set[tuple[int, int]] = field(default_factory=set)

    def value(self, row: int, column: int) -> Value:
        """Give what stands in a cell."""
        return self.tab.rows.get(row, {}).get(column)

    def show(self, row: int, column: int, cell: Cell, why: str = "") -> None:
        """Show something the tool keeps up to date."""
        key = f"{row},{column}"
        self.now[key] = print_of(cell.value)
        present = self.value(row, column)
        if same(present, cell.value):
            self._refresh(row, column, present, cell, why)
            return
        known = print_of(present) == self.last.get(key) or (row, column) in self.carried
        if shown(present) not in (None, "") and not known:
            role = self.roles().get((row, column))
            if key not in self.last and (role is None or role == self.names.get("blank")):
                self.blocked.append(Spot(self.tab.title, row, column))
                return
            ours = not self.last or print_of(present) in self._column(column)
            (self.replaced if ours else self.overtyped).append((Spot(self.tab.title, row, column), present))
        self._set(row, column, cell, present, why)

    def keep(self, row: int, column: int) -> None:
        """Leave a cell as it stands, as part of what the tool shows."""
        self.now[f"{row},{column}"] = print_of(self.value(row, column))

    def drop(self, row: int, column: int, why: str = "gone") -> None:
        """Empty a cell of a row of the tool that is no longer wanted; what people typed there goes to the history."""
        key = f"{row},{column}"
        if key in self.now:
            return
        self.dropped.add(key)
        present = self.value(row, column)
        if shown(present) not in (None, ""):
            if print_of(present) != self.last.get(key) and print_of(present) not in self._column(column):
                (self.overtyped if self.last else self.replaced).append((Spot(self.tab.title, row, column), present))
            self._clear(row, column, present, why)
        elif (row, column) in self.roles():
            self._clear(row, column, present, why)

    def _column(self, column: int) -> set[str]:
        """Give everything the tool showed in one column: where rows moved, its words stand elsewhere now."""
        return {printed for key, printed in self.last.items() if key.endswith(f",{column}")}

    def _refresh(self, row: int, column: int, present: Value, cell: Cell, why: str) -> None:
        """Keep a cell whose value is right: its look, and the result its formula shows."""
        style = self.roles().get((row, column))
        if cell.role and style is not None and style != self.names.get(cell.role):
            self._set(row, column, cell, present, why or "look")
        elif isinstance(cell.value, Formula) and not same(shown(present), cell.value.cached):
            self.soft.append(SetCell(Spot(self.tab.title, row, column), cell, present, why or "refresh"))

    def write(self, row: int, column: int, cell: Cell, why: str) -> None:
        """Write a cell of people, because a merge or a move brings another value there."""
        present = self.value(row, column)
        if not same(present, cell.value):
            self._set(row, column, cell, present, why)

    def free(self, row: int, columns: range) -> bool:
        """Say whether nothing of people stands in a row that the tool wants to begin."""
        taken = [
            c for c, value in self.tab.rows.get(row, {}).items() if c in columns and shown(value) not in (None, "")
        ]
        if taken:
            self.blocked.append(Spot(self.tab.title, row, taken[0]))
        return not taken

    def sweep(self, why: str = "gone") -> None:
        """Empty the cells the tool showed before and shows no more, unless people wrote into them."""
        for key, printed in self.last.items():
            if key in self.now or key in self.dropped or "," not in key:
                continue
            row, column = (int(part) for part in key.split(","))
            present = self.value(row, column)
            if shown(present) not in (None, "") and print_of(present) != printed:
                continue
            if shown(present) not in (None, "") or (row, column) in self.roles():
                self._clear(row, column, present, why)

    def leave_carried(self) -> None:
        """Empty the cells whose content moved elsewhere, where nothing else has come."""
        written = {(edit.spot.row, edit.spot.column) for edit in self.edits if isinstance(edit, SetCell)}
        for row, column in sorted(self.carried - written):
            if f"{row},{column}" not in self.now:
                self.write(row, column, Cell(None), "moved")

    def _clear(self, row: int, column: int, present: Value, why: str) -> None:
        if present is None and self.roles().get((row, column)) == self.names.get("blank"):
            return
        self._set(row, column, BLANK, present, why)

    def _set(self, row: int, column: int, cell: Cell, present: Value, why: str) -> None:
        self.edits.append(SetCell(Spot(self.tab.title, row, column), cell, present, why))

    def memory(self, **more: object) -> str:
        """Write down what is shown now, for the next run."""
        return json.dumps({"cells": self.now, **more}, ensure_ascii=False)
