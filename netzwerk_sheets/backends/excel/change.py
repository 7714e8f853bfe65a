"""All edits of one write, carried out on the bytes of a file; nothing here touches the disk.

What only few writes need is loaded where it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netzwerk_sheets.backends.excel.bookedit import BookEdit
from netzwerk_sheets.backends.excel.graft import Graft
from netzwerk_sheets.backends.excel.links import plan_links
from netzwerk_sheets.backends.excel.marker import write_marker
from netzwerk_sheets.backends.excel.opened import Opened, take_apart
from netzwerk_sheets.backends.excel.package import Package
from netzwerk_sheets.backends.excel.references import parse_area
from netzwerk_sheets.backends.excel.sheet import Table, obstacle, read_tables
from netzwerk_sheets.backends.excel.sheetedit import SheetEdit, Surroundings
from netzwerk_sheets.backends.excel.strings import some_strings
from netzwerk_sheets.backends.excel.stylesheet import Stylesheet
from netzwerk_sheets.backends.excel.tableedit import rename_columns, resize
from netzwerk_sheets.backends.excel.telling import telling
from netzwerk_sheets.backends.excel.values import Reading
from netzwerk_sheets.errors import WorkbookRefused
from netzwerk_sheets.grid import (
    AddTab,
    Area,
    Edit,
    FollowChart,
    Formula,
    Look,
    RemoveNote,
    ResizeTable,
    SetCell,
    SetMarker,
    SetName,
    SetNote,
    SetSize,
    Snapshot,
    TabDesign,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netzwerk_sheets.backends.excel.book import Book


def changed(data: bytes, edits: Sequence[Edit], look: Look, snapshot: Snapshot | None = None) -> bytes:
    """Give the file with all edits carried out.

    Args:
        data: The file as it is.
        edits: What shall differ.
        look: Role → style.
        snapshot: What was read from exactly these bytes, if at hand; it saves reading cells again.

    Raises:
        WorkbookRefused: An edit cannot be carried out safely.
        WorkbookChanged: A cell holds something else than the edit expects.
        WrongUse: An edit asks for what a workbook cannot hold.
    """
    return changed_in(take_apart(data), edits, look, snapshot)


def changed_in(opened: Opened, edits: Sequence[Edit], look: Look, snapshot: Snapshot | None = None) -> bytes:
    """Give an opened file with all edits carried out; see `changed`."""
    return _Change(opened, look, snapshot).carry_out(edits)


class _Change:
    """One write: the opened package and everything planned for it."""

    def __init__(self, opened: Opened, look: Look, snapshot: Snapshot | None) -> None:
        self.package = Package(opened.package.data, opened.package.known)
        self.book = opened.book
        check_writable(self.package, self.book)
        self.styles = Stylesheet(self.package, self.book, look)
        self.edit = BookEdit(self.package, self.book)
        self.snapshot = snapshot
        strings = some_strings(self.package, self.book.part)
        self.reading = Reading(strings, opened.formats, self.book.from_1904)
        self.own_tabs = {spot.tab for spot in self.book.own_names().values() if spot}
        self.formulas_moved = False
        self.formulas_seen = False

    def carry_out(self, edits: Sequence[Edit]) -> bytes:
        for size in (edit for edit in edits if isinstance(edit, SetSize)):
            self._resize(size)
        titles = dict.fromkeys(
            edit.tab if isinstance(edit, ResizeTable) else edit.spot.tab
            for edit in edits
            if isinstance(edit, SetCell | ResizeTable | SetNote | RemoveNote)
        )
        for title in titles:
            cells = [edit for edit in edits if isinstance(edit, SetCell) and edit.spot.tab == title]
            sizes = [edit for edit in edits if isinstance(edit, ResizeTable) and edit.tab == title]
            notes = [edit for edit in edits if isinstance(edit, SetNote | RemoveNote) and edit.spot.tab == title]
            with telling(tab=title):
                self._edit_tab(title, cells, sizes, notes)
        for edit in edits:
            if isinstance(edit, FollowChart):
                from netzwerk_sheets.backends.excel.chartedit import follow

                with telling(tab=edit.tab):
                    follow(self.package, self.book.sheet(edit.tab).part, edit, from_1904=self.book.from_1904)
        self._add_tabs([edit.design for edit in edits if isinstance(edit, AddTab)])
        for edit in edits:
            if isinstance(edit, SetName):
                self.edit.point(edit.name, edit.tab, edit.area)
            elif isinstance(edit, SetMarker):
                write_marker(self.package, edit.text, strict=self.book.strict)
        self._settle_calculation(inputs_changed=any(isinstance(edit, SetCell) for edit in edits))
        if any(isinstance(edit, SetCell | AddTab | SetSize) for edit in edits):
            self.styles.save()
        self.edit.save()
        return self.package.out()

    def _resize(self, edit: SetSize) -> None:
        """Give the tool's styles another size, and its tabs the room for it."""
        from netzwerk_sheets.backends.excel.sizes import BODY_SIZES, sized

        # Where nobody remembers the size before (another machine, an older copy), the styles themselves tell it.
        sizes = (size for size in (edit.before, *BODY_SIZES) if size != edit.after)
        before = next((size for size in sizes if self.styles.resize(edit.after - size)), None)
        for title in edit.tabs if before else ():
            part = self.book.sheet(title).part
            self.package.write(part, sized(self.package.read(part), edit.after / (before or edit.after)))

    def _edit_tab(
        self, title: str, cells: list[SetCell], sizes: list[ResizeTable], notes: list[SetNote | RemoveNote]
    ) -> None:
        sheet = self.book.sheet(title)
        tables = read_tables(self.package, sheet.part)
        for size in sizes:
            resize(self.package, tables, size, cells)
        if any(size.last_column for size in sizes):
            tables = read_tables(self.package, sheet.part)
        rename_columns(self.package, tables, title, cells)
        around = Surroundings(
            self.styles,
            self.reading,
            tuple(_body(table) for table in tables),
            self._pivots(sheet.part),
            self._present(title),
        )
        edit = SheetEdit(self.package, sheet.part, title, around)
        reason = obstacle(edit.root, own=title in self.own_tabs)
        if reason:
            raise WorkbookRefused(reason, tab=title)
        edit.put(cells)
        plan_links(edit.frame, self.package, sheet.part, cells, strict=self.book.strict)
        if notes:
            from netzwerk_sheets.backends.excel.notes import plan_notes

            plan_notes(edit.frame, self.package, sheet.part, notes, strict=self.book.strict)
        self.formulas_moved = self.formulas_moved or edit.formulas_moved
        self.formulas_seen = self.formulas_seen or edit.has_formulas()
        if edit.touched:
            self.package.write_large(sheet.part, edit.out())

    def _present(self, title: str) -> Callable[[int, int], Value] | None:
        if self.snapshot is None:
            return None
        rows = self.snapshot.tab(title).rows
        return lambda row, column: rows.get(row, {}).get(column)

    def _pivots(self, part: str) -> tuple[Area, ...]:
        found = []
        for relation in self.package.relations(part):
            if relation.kind == "pivotTable" and self.package.has(relation.target):
                place = self.package.tree(relation.target).child("location")
                if place:
                    found.append(_area(place.get("ref"), relation.target))
        return tuple(found)

    def _add_tabs(self, designs: list[TabDesign]) -> None:
        if not designs:
            return
        protection = self.book.root.child("workbookProtection")
        if protection and protection.flag("lockStructure"):
            raise WorkbookRefused("structure-protected", tab=designs[0].title)
        graft = Graft(self.package, self.book, self.edit, self.styles)
        for design in designs:
            with telling(tab=design.title):
                graft.add(design)
        self.formulas_moved = self.formulas_moved or graft.has_formulas
        self.formulas_seen = self.formulas_seen or graft.has_formulas

    # --- calculation ---------------------------------------------------------------------------------------

    def _settle_calculation(self, *, inputs_changed: bool) -> None:
        chain = next((one for one in self.package.relations(self.book.part) if one.kind == "calcChain"), None)
        if inputs_changed and (chain or self.formulas_seen or self._any_formula()):
            self.edit.recalculate()
        if self.formulas_moved and chain:
            # It lists the cells with formulas; Excel makes a new one.
            self.package.unrelate(self.book.part, {chain.identifier})
            if self.package.has(chain.target):
                self.package.drop(chain.target)

    def _any_formula(self) -> bool:
        # Unread, a workbook may hold formulas: to inflate every tab only to know costs more than to calculate anew.
        return self.snapshot is None or _snapshot_has_formula(self.snapshot)


def check_writable(package: Package, book: Book) -> None:
    """Refuse a workbook that any change would break or that its people asked to leave alone."""
    if any(name.lower().startswith("_xmlsignatures/") for name in package.names()):
        raise WorkbookRefused("workbook-signed")
    if any(relation.kind in {"revisionHeaders", "usernames"} for relation in package.relations(book.part)):
        raise WorkbookRefused("workbook-shared")
    sharing = book.root.child("fileSharing")
    if sharing and (
        sharing.flag("readOnlyRecommended") or sharing.get("hashValue") or sharing.get("reservationPassword")
    ):
        raise WorkbookRefused("workbook-read-only")


def _area(spelled: str, part: str) -> Area:
    try:
        return parse_area(spelled)
    except ValueError as error:
        raise WorkbookRefused("reference-broken", part=part, cell=spelled[:20]) from error


def _body(table: Table) -> Area:
    """Give the table's data rows, with the row above them counted in where it is a header."""
    area = table.area
    return Area(
        area.first_row if table.has_header else area.first_row - 1,
        area.first_column,
        area.last_row,
        area.last_column,
    )


def _snapshot_has_formula(snapshot: Snapshot) -> bool:
    return any(Formula in map(type, row.values()) for tab in snapshot.tabs for row in tab.rows.values())
