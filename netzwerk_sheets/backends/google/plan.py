"""All edits of one write, as one batch of requests that Google carries out together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netzwerk_sheets.backends.google import cells, designs, ledger
from netzwerk_sheets.backends.google.batch import FORMAT, NUMBERS, VALUE, Batch, Write
from netzwerk_sheets.backends.google.formats import inks
from netzwerk_sheets.backends.google.reading import range_of
from netzwerk_sheets.errors import WorkbookChanged, WrongUse
from netzwerk_sheets.grid import (
    AddTab,
    Area,
    Edit,
    Look,
    RemoveNote,
    ResizeTable,
    SetCell,
    SetMarker,
    SetName,
    SetNote,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netzwerk_sheets.backends.google.reading import Page, Seen

LONGEST_MARKER = 2_000


def batch_of(seen: Seen, edits: Sequence[Edit], look: Look, separator: str = "") -> tuple[Batch, cells.Painter]:
    """Give the requests that carry out all edits, and how their cells are written.

    Args:
        seen: The document as read.
        edits: What shall differ.
        look: Role → style.
        separator: The mark between a formula's arguments, where another one than the document's shall be tried.

    Raises:
        WorkbookChanged: A tab is not there, or a cell holds something else than its edit expects.
        WorkbookRefused: An edit cannot be carried out safely.
        WrongUse: An edit asks for what a workbook cannot hold.
    """
    return _Planner(seen, look, separator or seen.separator).carry_out(edits)


class _Planner:
    def __init__(self, seen: Seen, look: Look, separator: str) -> None:
        self.seen = seen
        self.separator = separator
        self.batch = Batch(links={title: page.number for title, page in seen.pages.items()})
        self.inks = inks(look, seen.book.inks)
        self.batch.inks.update({**seen.book.inks, **self.inks})
        self.batch.separator = separator
        self.painter = cells.Painter(look, self.inks, self.batch.links, separator, seen.formulas)
        self.known = dict(seen.book.tabs)
        self.named: dict[str, str] = dict(seen.names)

    def carry_out(self, edits: Sequence[Edit]) -> tuple[Batch, cells.Painter]:
        markers = [edit for edit in edits if isinstance(edit, SetMarker)]
        if markers and markers[-1].text != self.seen.book.marker:
            self.batch.add_all(self.seen.book.turn())
            self.batch.turn = len(self.batch.requests)
        added = [edit.design for edit in edits if isinstance(edit, AddTab)]
        self._add_sheets(added)
        for title in dict.fromkeys(edit.spot.tab for edit in edits if isinstance(edit, SetCell)):
            self._edit_tab(title, [edit for edit in edits if isinstance(edit, SetCell) and edit.spot.tab == title])
        for design in added:
            number = self.batch.fresh[design.title]
            designs.fill(self.batch, design, number, self.painter, self.separator)
            for name in design.names:
                if ledger.spelled(name) is not None:
                    self.known[name] = number
        for edit in edits:
            if isinstance(edit, ResizeTable):
                self._resize(edit)
            elif isinstance(edit, SetName):
                self._point(edit)
            elif isinstance(edit, SetNote | RemoveNote):
                self._annotate(edit)
        self._book(markers)
        return self.batch, self.painter

    def _add_sheets(self, added: list[Any]) -> None:
        taken = {title.casefold() for title in self.seen.snapshot.taken}
        numbers = set(self.seen.numbers)
        begin = _first_index(self.seen)
        for index, design in enumerate(added):
            designs.check_title(design.title, taken)
            taken.add(design.title.casefold())
            number = designs.free_number(design.title, numbers)
            numbers.add(number)
            self.batch.fresh[design.title] = self.batch.links[design.title] = number
            place = None if begin is None else begin + index
            self.batch.add("addSheet", designs.sheet_request(design, number, place), design.title)

    def _page(self, title: str) -> Page:
        try:
            return self.seen.pages[title]
        except KeyError:
            raise WorkbookChanged("workbook-changed", file=self.seen.title) from None

    def _edit_tab(self, title: str, edits: list[SetCell]) -> None:
        page = self._page(title)
        cells.check(edits, page, self.seen.snapshot.tab(title).rows, title)
        writes: dict[tuple[int, int], Write] = {}
        for edit in edits:
            place = (edit.spot.row, edit.spot.column)
            write = self.painter.write(edit, page.kind(place), page.inks.get(place, ""))
            if write is not None:
                writes[place] = write
        if not writes:
            return
        self._grow(title, page, max(row for row, _ in writes), max(column for _, column in writes))
        kept, appended = cells.part(writes, page.last_row)
        self.batch.writes[title] = {place: write for place, write in kept.items() if write.raw is not None}
        if appended is not None:
            self.batch.appended[title] = appended
            self._append(title, page, appended[1])
            kept |= _looks_of(appended)
        self.batch.update(title, page.number, kept)

    def _grow(self, title: str, page: Page, last_row: int, last_column: int) -> None:
        for dimension, size, wanted in (("ROWS", page.rows, last_row), ("COLUMNS", page.columns, last_column)):
            if wanted > size:
                more = {"sheetId": page.number, "dimension": dimension, "length": wanted - size}
                self.batch.add("appendDimension", more, title)

    def _append(self, title: str, page: Page, rows: list[dict[int, Write]]) -> None:
        empty = Write(None, None, ())
        lines = [
            {"values": [_value(line.get(column, empty)) for column in range(1, max(line, default=0) + 1)]}
            for line in rows
        ]
        self.batch.add("appendCells", {"sheetId": page.number, "rows": lines, "fields": VALUE}, title)

    def _annotate(self, edit: SetNote | RemoveNote) -> None:
        tab, row, column = edit.spot
        page = self._page(tab)
        cells.check_open(page, row, column, tab)
        here = self.seen.snapshot.tab(tab).notes.get((row, column))
        wanted = edit.note.text if isinstance(edit, SetNote) else ""
        expected = "" if isinstance(edit, SetNote) else edit.note.text
        # A note may be taken away and another one hung up in one write.
        present = self.batch.notes.get(tab, {}).get((row, column), here.text if here else "")
        if present != expected:
            raise WorkbookChanged("cell-changed", tab=tab, cell=f"{cells.letters(column)}{row}")
        self.batch.annotate(tab, page.number, {(row, column): wanted})

    def _resize(self, edit: ResizeTable) -> None:
        page = self._page(edit.tab)
        if edit.table not in page.tables:
            raise WorkbookChanged("workbook-changed", file=self.seen.title)
        identifier, area = page.tables[edit.table]
        wanted = Area(area.first_row, area.first_column, edit.last_row, edit.last_column or area.last_column)
        self._grow(edit.tab, page, wanted.last_row, min(wanted.last_column, page.columns))
        table = {"tableId": identifier, "range": range_of(page.number, wanted)}
        self.batch.add("updateTable", {"table": table, "fields": "range"}, edit.tab)

    def _point(self, edit: SetName) -> None:
        spelled = ledger.spelled(edit.name)
        if spelled is None:
            return
        number = self.batch.links.get(edit.tab)
        if number is None:
            raise WorkbookChanged("workbook-changed", file=self.seen.title)
        known = self.named.get(edit.name)
        identifier = known or ledger.number_of(edit.name)
        named = {"namedRangeId": identifier, "name": spelled, "range": range_of(number, edit.area)}
        if known:
            self.batch.add("updateNamedRange", {"namedRange": named, "fields": "range"}, edit.tab)
        else:
            self.batch.add("addNamedRange", {"namedRange": named}, edit.tab)
            self.named[edit.name] = identifier
        self.known[edit.name] = number

    def _book(self, markers: list[SetMarker]) -> None:
        book = self.seen.book
        for edit in markers[-1:]:
            if len(edit.text) > LONGEST_MARKER:
                raise WrongUse("marker-too-long", length=len(edit.text), limit=LONGEST_MARKER)
            self.batch.add_all(book.requests(ledger.MARKER, edit.text))
            self.batch.marker = edit.text if edit.text != book.marker else ""
        if self.known != book.tabs:
            self.batch.add_all(book.requests(ledger.NAMES, ledger.text_of(self.known)))
        looks = {**self.batch.inks, ledger.SEPARATOR: self.separator}
        if looks != {**book.inks, ledger.SEPARATOR: book.separator}:
            self.batch.add_all(book.requests(ledger.LOOKS, ledger.text_of(looks)))


def _value(write: Write) -> dict[str, Any]:
    return {VALUE: write.raw} if write.raw else {}


def _looks_of(appended: tuple[int, list[dict[int, Write]]]) -> dict[tuple[int, int], Write]:
    """Give the looks of rows that join, for where they are expected."""
    first, rows = appended
    return {
        (row, column): Write(None, write.format, tuple(name for name in write.fields if name in {FORMAT, NUMBERS}))
        for row, line in enumerate(rows, start=first)
        for column, write in line.items()
        if FORMAT in write.fields or NUMBERS in write.fields
    }


def _first_index(seen: Seen) -> int | None:
    """Say where new tabs stand: behind all others, or in front where the document holds one empty tab only.

    The empty tab that every new document has is a person's and stays; but people shall see the first tab first.
    """
    pages = list(seen.pages.values())
    empty = len(seen.snapshot.taken) == 1 and len(pages) == 1 and not pages[0].raw and not pages[0].spilled
    return 0 if empty else None
