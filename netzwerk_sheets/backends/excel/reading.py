"""The whole workbook, read once into a `Snapshot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel import guard
from netzwerk_sheets.backends.excel.marker import read_marker
from netzwerk_sheets.backends.excel.notes import Notes, read_notes
from netzwerk_sheets.backends.excel.opened import Opened, take_apart
from netzwerk_sheets.backends.excel.scan import Learnt
from netzwerk_sheets.backends.excel.sheet import merged_areas, obstacle, read_rows, table_areas
from netzwerk_sheets.backends.excel.strings import read_strings
from netzwerk_sheets.backends.excel.values import Reading, looker
from netzwerk_sheets.collector import paused
from netzwerk_sheets.grid import Snapshot, Tab

if TYPE_CHECKING:
    from netzwerk_sheets.backends.excel.book import Sheet
    from netzwerk_sheets.backends.excel.package import Package

_ASKED = (b"mergeCell", b"sheetProtection", b"legacyDrawing")
"""What is read of what stands around the rows of a tab."""


def read_snapshot(data: bytes, revision: str) -> Snapshot:
    """Read all tabs of cells.

    Args:
        data: The file.
        revision: What identifies exactly these bytes.

    Raises:
        WorkbookRefused: The content cannot be handled safely.
    """
    return snapshot_of(take_apart(data), revision)


def snapshot_of(opened: Opened, revision: str) -> Snapshot:
    """Read all tabs of cells of an opened file; see `read_snapshot`."""
    package, book, formats = opened
    reading = Reading(looker(read_strings(package, book.part)), formats, book.from_1904)
    learnt = Learnt(reading)
    names = book.own_names()
    own_tabs = {spot.tab for spot in names.values() if spot}
    room = guard.MOST_CELLS
    tabs = []
    with paused():
        for sheet in book.sheets:
            if sheet.kind != "worksheet" or not sheet.part:
                continue
            tab = _read_tab(package, sheet, learnt, room, own=sheet.title in own_tabs)
            room -= sum(map(len, tab.rows.values()))
            tabs.append(tab)
    taken = tuple(sheet.title for sheet in book.sheets)
    return Snapshot(tuple(tabs), names, read_marker(package), revision, taken)


def _read_tab(package: Package, sheet: Sheet, learnt: Learnt, room: int, *, own: bool) -> Tab:
    data = package.read(sheet.part, keep=False)
    rows, root = read_rows(data, sheet.part, learnt.reading, room, learnt, asked=_ASKED)
    tables = table_areas(package, sheet.part)
    notes = read_notes(package, sheet.part, root) if own else _unread(package, sheet.part)
    return Tab(
        sheet.title, rows, tables, merged_areas(root), sheet.visible, obstacle(root, own=own),
        annotated=notes.some, notes=notes.found, takes_notes=notes.takes,
    )  # fmt: skip


def _unread(package: Package, part: str) -> Notes:
    some = any(one.kind in {"comments", "threadedComment"} for one in package.relations(part))
    return Notes({}, takes=False, some=some)
