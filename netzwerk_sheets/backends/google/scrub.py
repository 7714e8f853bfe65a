"""Take people out of the cells and notes of a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netzwerk_sheets.backends.google.cells import letters
from netzwerk_sheets.grid import Cell, Edit, Formula, Note, RemoveNote, SetCell, SetNote, Spot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.backends.google.reading import Seen
    from netzwerk_sheets.grid import Trail, Value

_LITERAL = re.compile(r'"(?:[^"]|"")*"')
_FEWEST_DIGITS = 6


def cells_without(seen: Seen, edits: Sequence[Edit], trail: Trail) -> list[SetCell]:
    """Give the edits of cells that hold people and that no other edit is about."""
    taken = {edit.spot for edit in edits if isinstance(edit, SetCell)}
    found = []
    for tab in seen.snapshot.tabs:
        spilled = seen.pages[tab.title].spilled
        for row, cells in tab.rows.items():
            for column, value in cells.items():
                spot = Spot(tab.title, row, column)
                changed = without(value, trail)
                if changed != value and spot not in taken and (row, column) not in spilled:
                    found.append(SetCell(spot, Cell(changed), value, "erased"))
    return found


def without(value: Value, trail: Trail) -> Value:
    """Give a value without people; of a formula only the texts in it, for its result follows by itself."""
    if isinstance(value, Formula):
        text = _LITERAL.sub(lambda found: trail.clean(found[0]), value.text)
        return value if text == value.text else Formula(text, value.cached)
    if isinstance(value, str):
        return trail.clean(value)
    if isinstance(value, int) and not isinstance(value, bool) and len(str(value)) >= _FEWEST_DIGITS:
        return trail.clean(str(value)) if trail.clean(str(value)) != str(value) else value
    return value


def noted(seen: Seen, trail: Trail) -> list[tuple[str, str, str]]:
    """Give (``note``, tab, cell) of every note that changes or goes."""
    spots = dict.fromkeys(edit.spot for edit in notes_without(seen, (), trail))
    return [("note", spot.tab, f"{letters(spot.column)}{spot.row}") for spot in spots]


def notes_without(seen: Seen, edits: Sequence[Edit], trail: Trail) -> list[RemoveNote | SetNote]:
    """Give the edits of notes that hold people and that no other edit is about; on a row about them a note goes."""
    taken = {edit.spot for edit in edits if isinstance(edit, RemoveNote)}
    found: list[RemoveNote | SetNote] = []
    for tab in seen.snapshot.tabs:
        rows = trail.rows.get(tab.title, ())
        for place, note in tab.notes.items():
            spot = Spot(tab.title, *place)
            changed = "" if place[0] in rows else trail.clean(note.text)
            if changed != note.text and spot not in taken:
                found.append(RemoveNote(spot, note))
                found += [SetNote(spot, Note(note.author, changed))] if changed else []
    return found
