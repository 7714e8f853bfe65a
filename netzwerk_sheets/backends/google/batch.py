"""The requests of one write, in the order Google shall carry them out, and what each of them is about."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netzwerk_sheets.backends.google.reading import range_of
from netzwerk_sheets.grid import Area

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netzwerk_sheets.backends.google.reading import Place
    from netzwerk_sheets.backends.google.values import Raw

VALUE, FORMAT, NUMBERS = "userEnteredValue", "userEnteredFormat", "userEnteredFormat.numberFormat"
NOTE = "note"


@dataclass(frozen=True, slots=True)
class Write:
    """One cell to be written.

    Attributes:
        raw: What it shall hold, as Google keeps it; `None` leaves the value alone.
        format: How it shall look, whole or (with `NUMBERS`) its number format alone; `None` leaves that alone.
        fields: Which of the cell's fields are meant.
    """

    raw: Raw | None
    format: Mapping[str, Any] | None
    fields: tuple[str, ...]

    def cell(self) -> dict[str, Any]:
        """Write it as Google's ``CellData``; a field that is meant and missing is emptied."""
        found: dict[str, Any] = {}
        if self.raw:
            found[VALUE] = self.raw
        if self.format:
            found[FORMAT] = dict(self.format)
        return found


@dataclass(slots=True)
class Batch:
    """One write.

    Attributes:
        requests: In order.
        owners: For each request, the title of the tab it is about, or empty.
        writes: Title of a tab that was there → cell → what is written into it; without those that are appended.
        appended: Title → (the row expected for the first, the rows: column → what is written).
        notes: Title of a tab that was there → cell → the note it gets; an empty one is taken away.
        fresh: Titles of the tabs that are made.
        links: Title of a tab, old or new → its number.
        inks: Name of a role's style → colour of its text; all the document knows once this is written.
        separator: The mark between the arguments of its formulas.
        marker: What tells that this very write was carried out; empty where nothing does.
        turn: How many requests, the first ones, make sure that no other run wrote meanwhile.
    """

    requests: list[dict[str, Any]] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    writes: dict[str, dict[Place, Write]] = field(default_factory=dict)
    appended: dict[str, tuple[int, list[dict[int, Write]]]] = field(default_factory=dict)
    notes: dict[str, dict[Place, str]] = field(default_factory=dict)
    fresh: dict[str, int] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    inks: dict[str, str] = field(default_factory=dict)
    separator: str = ","
    marker: str = ""
    turn: int = 0

    @property
    def tabs(self) -> tuple[str, ...]:
        """Titles of the tabs that were there and are written."""
        return tuple(dict.fromkeys((*self.writes, *self.appended, *self.notes)))

    def add(self, kind: str, content: Mapping[str, Any], tab: str = "") -> None:
        """Append a request."""
        self.requests.append({kind: content})
        self.owners.append(tab)

    def add_all(self, requests: Iterable[dict[str, Any]]) -> None:
        """Append requests that are about no tab."""
        for each in requests:
            self.requests.append(each)
            self.owners.append("")

    def leave_turn(self) -> None:
        """Write without making sure that no other run wrote meanwhile."""
        del self.requests[: self.turn], self.owners[: self.turn]
        self.turn = 0

    def update(self, tab: str, number: int, writes: Mapping[Place, Write]) -> None:
        """Write cells: those beside and below each other, of which the same is meant, in one request."""
        for (row, column), block in _blocks(writes):
            content = {
                "start": {"sheetId": number, "rowIndex": row - 1, "columnIndex": column - 1},
                "rows": [{"values": [write.cell() for write in line]} for line in block],
                "fields": ",".join(block[0][0].fields),
            }
            self.add("updateCells", content, tab)

    def annotate(self, tab: str, number: int, notes: Mapping[Place, str]) -> None:
        """Hang notes on cells, or take them away; nothing else of a cell is touched."""
        for (row, column), text in sorted(notes.items()):
            self.notes.setdefault(tab, {})[row, column] = text
            cell = {NOTE: text} if text else {}
            start = {"sheetId": number, "rowIndex": row - 1, "columnIndex": column - 1}
            self.add("updateCells", {"start": start, "rows": [{"values": [cell]}], "fields": NOTE}, tab)

    def look(self, tab: str, number: int, formats: Mapping[Place, Mapping[str, Any]]) -> None:
        """Give cells their looks: rectangles that look the same in one request each."""
        for area, each in _rectangles(formats):
            cell = {FORMAT: dict(each)}
            self.add("repeatCell", {"range": range_of(number, area), "cell": cell, "fields": FORMAT}, tab)


def _blocks(writes: Mapping[Place, Write]) -> list[tuple[Place, list[list[Write]]]]:
    """Part cells into blocks of which the same fields are meant."""
    runs: list[tuple[Place, list[Write]]] = []
    for place in sorted(writes):
        write = writes[place]
        if runs:
            (row, column), line = runs[-1]
            if (row, column + len(line)) == place and line[0].fields == write.fields:
                line.append(write)
                continue
        runs.append((place, [write]))
    blocks: list[tuple[Place, list[list[Write]]]] = []
    open_: dict[tuple[int, int, tuple[str, ...]], int] = {}
    for (row, column), line in runs:
        key = (column, len(line), line[0].fields)
        index = open_.get(key)
        if index is not None and blocks[index][0][0] + len(blocks[index][1]) == row:
            blocks[index][1].append(line)
        else:
            open_[key] = len(blocks)
            blocks.append(((row, column), [line]))
    return blocks


def _rectangles(formats: Mapping[Place, Mapping[str, Any]]) -> list[tuple[Area, Mapping[str, Any]]]:
    """Part cells into rectangles that look the same."""
    spelled: dict[int, str] = {}
    runs: list[list[Any]] = []  # [row, first column, last column, spelled, format]
    for place in sorted(formats):
        look = formats[place]
        key = spelled.setdefault(id(look), json.dumps(look, sort_keys=True))
        last = runs[-1] if runs else None
        if last and last[0] == place[0] and last[2] + 1 == place[1] and last[3] == key:
            last[2] = place[1]
        else:
            runs.append([place[0], place[1], place[1], key, look])
    found: list[list[Any]] = []
    open_: dict[tuple[int, int, str], list[Any]] = {}
    for row, first, last_column, key, look in runs:
        area = open_.get((first, last_column, key))
        if area is not None and area[1] + 1 == row:
            area[1] = row
        else:
            area = open_[first, last_column, key] = [row, row, first, last_column, look]
            found.append(area)
    return [(Area(top, left, bottom, right), look) for top, bottom, left, right, look in found]
